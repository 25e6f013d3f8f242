package controlplane

import (
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// zoneResult is a zone. Each account has all zones of two labels.
type zoneResult struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Status  string      `json:"status"`
	Account zoneAccount `json:"account"`
}

type zoneAccount struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// zoneOf returns the zone of a host name: its last two labels.
func zoneOf(host string) string {
	labels := strings.Split(host, ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}

func zoneID(account, zone string) string { return idOf(account + "/" + zone) }

// zoneLog returns the log of a zone that listZones found. It has one record, since the ID
// identifies account and name.
func zoneLog(id string) string { return "zone/" + url.PathEscape(id) }

// anyAccount is the account of zones if every ID is an account.
const anyAccount = "0123456789abcdef0123456789abcdef"

// zoneAccount returns the account in the query, or the one that has the zones of all queries
// without an account.
func (c *call) zoneAccount() string {
	id := c.query("account.id")
	switch {
	case id != "":
		return id
	case len(c.h.o.Accounts) > 0:
		return c.h.o.Accounts[0]
	}
	return anyAccount
}

// listZones finds the zone whose name is in the query. Afterwards its ID is known.
func listZones(c *call) (any, error) {
	id, name := c.zoneAccount(), c.query("name")
	first, second, _ := strings.Cut(name, ".")
	if !c.h.serves(id) || !isLabel(first, maxLabel) || !isLabel(second, maxLabel) {
		return page{[]zoneResult{}, resultInfo{Page: 1, PerPage: 20}}, nil
	}
	z := zoneResult{zoneID(id, name), name, "active", zoneAccount{id, id}}
	text, err := json.Marshal(z)
	if err != nil {
		return nil, err
	}
	err = c.h.o.Store.Append(c.ctx(), zoneLog(z.ID), 0, version.NewRecord(string(text)))
	if err != nil && !errors.Is(err, version.ErrConflict) {
		return nil, err
	}
	return page{[]zoneResult{z}, resultInfo{1, 20, 1, 1}}, nil
}

// withZone returns the endpoint of a function that takes the zone in the path. The zone has an
// account, which becomes that of the call.
func withZone(f func(*call, zoneResult) (any, error)) endpoint {
	return func(c *call) (any, error) {
		records, err := c.h.o.Store.Read(c.ctx(), zoneLog(c.r.PathValue("zone")), 0)
		if err != nil {
			return nil, err
		}
		var z zoneResult
		if len(records) == 0 || json.Unmarshal([]byte(records[0].Reveal()), &z) != nil || !c.h.serves(z.Account.ID) {
			return nil, errNoRoute(c.r)
		}
		c.account = c.h.account(z.Account.ID)
		return f(c, z)
	}
}

func getZone(_ *call, z zoneResult) (any, error) { return z, nil }

// routeResult is a route of a zone to a Worker. Its zone follows from the pattern. On a route without
// a Worker, none runs.
type routeResult struct {
	ID      string `json:"id"`
	Pattern string `json:"pattern"`
	Script  string `json:"script,omitempty"`
}

var (
	errNoRouteOfZone  error = refuse(404, 10009, "workers.api.error.route_not_found")
	errDuplicateRoute       = refuse(409, 10020, "workers.api.error.duplicate_route")
	errPattern              = refuse(400, 10022, "The pattern of a route has a host name of the zone, and perhaps a path.")
)

// hostOf returns the host name in the pattern of a route, without a wildcard in front, "" if there
// is none.
func hostOf(pattern string) string {
	_, rest, found := strings.Cut(pattern, "://")
	if !found {
		rest = pattern
	}
	host, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(strings.TrimLeft(host, "*"), ".")
}

// addRoute adds a route, with a new ID unless the pattern has one.
func (t triggers) addRoute(pattern, worker string) routeResult {
	id := t.Routes[pattern].ID
	if id == "" {
		taken := make(map[string]bool)
		for _, r := range t.Routes {
			taken[r.ID] = true
		}
		for id = idOf(pattern); taken[id]; { // by a route that had this pattern
			id = idOf(id)
		}
	}
	t.Routes[pattern] = zoneRoute{id, worker}
	return routeResult{id, pattern, t.names[worker]}
}

// routeBody is a route in a request that has all routes of a Worker.
type routeBody struct {
	Pattern string

	_ struct{} `accepts:"custom_domain zone_id zone_name"`
}

// putRoutes replaces the routes of a Worker. It fails for a route that another Worker has.
func putRoutes(c *call, given []routeBody) (any, error) {
	var list []routeResult
	err := c.updateWorkerTriggers(func(w version.Worker, t triggers) error {
		list = []routeResult{}
		for _, r := range given {
			if hostOf(r.Pattern) == "" {
				return errPattern
			}
			if old, ok := t.Routes[r.Pattern]; ok && old.Worker != w.ID {
				return errDuplicateRoute
			}
			list = append(list, t.addRoute(r.Pattern, w.ID))
		}
		maps.DeleteFunc(t.Routes, func(pattern string, r zoneRoute) bool {
			return r.Worker == w.ID && !slices.Contains(given, routeBody{Pattern: pattern})
		})
		return nil
	})
	return list, err
}

// routesIn returns the routes of a zone by pattern.
func (z zoneResult) routesIn(t triggers) []routeResult {
	list := []routeResult{}
	for _, pattern := range slices.Sorted(maps.Keys(t.Routes)) {
		if zoneOf(hostOf(pattern)) == z.Name {
			r := t.Routes[pattern]
			list = append(list, routeResult{r.ID, pattern, t.names[r.Worker]})
		}
	}
	return list
}

func listZoneRoutes(c *call, z zoneResult) (any, error) {
	t, err := c.triggers()
	return z.routesIn(t), err
}

// findRoute returns the route whose ID is in the path.
func (z zoneResult) findRoute(c *call, t triggers) (routeResult, error) {
	for _, r := range z.routesIn(t) {
		if r.ID == c.r.PathValue("route") {
			return r, nil
		}
	}
	return routeResult{}, errNoRouteOfZone
}

func getZoneRoute(c *call, z zoneResult) (any, error) {
	t, err := c.triggers()
	if err != nil {
		return nil, err
	}
	return z.findRoute(c, t)
}

func deleteZoneRoute(c *call, z zoneResult) (any, error) {
	var r routeResult
	err := c.updateTriggers(func(t triggers) (err error) {
		r, err = z.findRoute(c, t)
		delete(t.Routes, r.Pattern)
		return err
	})
	return map[string]string{"id": r.ID}, err
}

// zoneRouteBody is a route in a request. Without a Script, no Worker runs on it.
type zoneRouteBody struct {
	Pattern, Script string

	_ struct{} `accepts:"id"`
}

// putZoneRoute adds a route, or changes the pattern and the Worker of the one in the path, which keeps its ID.
func putZoneRoute(c *call, z zoneResult) (any, error) {
	var b zoneRouteBody
	if err := c.decode(&b); err != nil {
		return nil, err
	}
	if host := hostOf(b.Pattern); host == "" || zoneOf(host) != z.Name {
		return nil, errPattern
	}
	var w version.Worker // none, for a route without a Script
	var err error
	if b.Script != "" {
		if w, err = c.account.Worker(c.ctx(), b.Script); err != nil {
			return nil, err
		}
	}
	var r routeResult
	err = c.updateTriggers(func(t triggers) error {
		var id string
		if c.r.PathValue("route") != "" {
			old, err := z.findRoute(c, t)
			if err != nil {
				return err
			}
			id = old.ID
			delete(t.Routes, old.Pattern)
		}
		if _, taken := t.Routes[b.Pattern]; taken {
			return errDuplicateRoute
		}
		t.Routes[b.Pattern] = zoneRoute{ID: id}
		r = t.addRoute(b.Pattern, w.ID)
		return nil
	})
	return r, err
}
