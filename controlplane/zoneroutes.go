package controlplane

import (
	"maps"
	"slices"
)

// errNoZoneRoute is the answer for a route that the zone does not have.
var errNoZoneRoute = refuse(404, 10009, "workers.api.error.route_not_found")

// routes returns the routes of a zone by pattern.
func (z zoneResult) routes(c *call) ([]routeResult, error) {
	t, names, err := c.triggers()
	list := []routeResult{}
	for _, pattern := range slices.Sorted(maps.Keys(t.Routes)) {
		if name := names[t.Routes[pattern]]; name != "" && z.has(pattern) {
			list = append(list, routeResult{t.routeID(pattern), pattern, name})
		}
	}
	return list, err
}

// has reports whether the host of a pattern is in the zone.
func (z zoneResult) has(pattern string) bool { return zoneOf(hostOf(pattern)) == z.Name }

func listZoneRoutes(c *call, z zoneResult) (any, error) { return z.routes(c) }

// findRoute returns the route whose ID is in the path.
func (z zoneResult) findRoute(c *call) (routeResult, error) {
	list, err := z.routes(c)
	i := slices.IndexFunc(list, func(r routeResult) bool { return r.ID == c.r.PathValue("route") })
	if err == nil && i < 0 {
		err = errNoZoneRoute
	}
	if err != nil {
		return routeResult{}, err
	}
	return list[i], nil
}

func getZoneRoute(c *call, z zoneResult) (any, error) { return z.findRoute(c) }

func createZoneRoute(c *call, z zoneResult) (any, error) { return z.putRoute(c, routeResult{}) }

// replaceZoneRoute changes the pattern and the Worker of a route, which keeps its ID.
func replaceZoneRoute(c *call, z zoneResult) (any, error) {
	old, err := z.findRoute(c)
	if err != nil {
		return nil, err
	}
	return z.putRoute(c, old)
}

func deleteZoneRoute(c *call, z zoneResult) (any, error) {
	r, err := z.findRoute(c)
	if err != nil {
		return nil, err
	}
	return map[string]string{"id": r.ID}, c.updateTriggers(func(t triggers) error {
		delete(t.Routes, r.Pattern)
		return nil
	})
}

// zoneRouteBody is a route in a request.
type zoneRouteBody struct {
	Pattern, Script string

	_ struct{} `accepts:"id"`
}

// putRoute stores the route in the body in the place of old, which is zero for a new route.
func (z zoneResult) putRoute(c *call, old routeResult) (any, error) {
	var b zoneRouteBody
	if err := c.decode(&b); err != nil {
		return nil, err
	}
	if b.Script == "" {
		return nil, notModeled("routes without a Worker")
	}
	if hostOf(b.Pattern) == "" || !z.has(b.Pattern) {
		return nil, refuse(400, 10022, "The pattern of a route has a host name of the zone, and perhaps a path.")
	}
	w, err := c.account.Worker(c.ctx(), b.Script)
	if err != nil {
		return nil, err
	}
	r := routeResult{Pattern: b.Pattern, Script: w.Name}
	err = c.updateTriggers(func(t triggers) error {
		if t.Routes[b.Pattern] != "" && b.Pattern != old.Pattern {
			return refuse(409, 10020, "workers.api.error.duplicate_route")
		}
		delete(t.Routes, old.Pattern)
		delete(t.RouteIDs, old.Pattern)
		if old.ID != "" {
			t.RouteIDs[b.Pattern] = old.ID
		}
		r.ID = t.addRoute(b.Pattern, w.ID, c.h.o.NewID)
		return nil
	})
	return r, err
}
