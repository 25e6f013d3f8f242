package controlplane

import (
	"maps"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// schedulesResult are the cron triggers of a Worker. They are kept, but nothing runs.
type schedulesResult struct {
	Schedules []schedule `json:"schedules"`
}

type schedule struct {
	Cron       string `json:"cron"`
	CreatedOn  string `json:"created_on"`
	ModifiedOn string `json:"modified_on"`
}

func getSchedules(_ *call, s version.Snapshot) (any, error) {
	result := schedulesResult{[]schedule{}}
	readSetting(s, schedulesName, &result)
	return result, nil
}

// putSchedules replaces the schedules of a Worker.
func putSchedules(c *call, given []schedule) (any, error) {
	now := timestamp(c.h.o.Now()).String()
	result := schedulesResult{[]schedule{}}
	for _, s := range given {
		if s.Cron == "" {
			return nil, errBody
		}
		result.Schedules = append(result.Schedules, schedule{s.Cron, now, now})
	}
	return result, c.update(func(tx *version.Tx) error { return putSetting(tx, schedulesName, result) })
}

// triggers are the routes, custom domains and workflows of an account. A Worker is in here by its
// ID; one that has been deleted is ignored.
type triggers struct {
	Routes    map[string]string   `json:"routes"`              // the Worker by pattern
	RouteIDs  map[string]string   `json:"route_ids,omitempty"` // the ID by pattern, if it is not that of the pattern
	Domains   map[string]string   `json:"domains"`             // the Worker by host name
	Workflows map[string]workflow `json:"workflows"`
}

// routeID returns the ID of a route, which stays as it is when its pattern changes.
func (t triggers) routeID(pattern string) string {
	if id := t.RouteIDs[pattern]; id != "" {
		return id
	}
	return idOf(pattern)
}

// addRoute sets the Worker of a route and returns the ID of the route, which is new if another route has that of the
// pattern.
func (t triggers) addRoute(pattern, worker string, newID func() string) string {
	id := t.routeID(pattern)
	for other, taken := range t.RouteIDs {
		if taken == id && other != pattern {
			id = idOf(newID())
			break
		}
	}
	t.Routes[pattern], t.RouteIDs[pattern] = worker, id
	return id
}

// workflow is the class of a Worker that a workflow runs.
type workflow struct {
	Worker string `json:"worker"`
	Class  string `json:"class"`
}

func triggersOf(s version.Snapshot) triggers {
	t := triggers{make(map[string]string), make(map[string]string), make(map[string]string), make(map[string]workflow)}
	readSetting(s, triggersName, &t)
	return t
}

// triggers returns the triggers of the account, and the names of its Workers by their IDs.
func (c *call) triggers() (triggers, map[string]string, error) {
	s, err := c.account.settings.Read(c.ctx())
	if err != nil {
		return triggers{}, nil, err
	}
	names, err := c.workerNames()
	return triggersOf(s), names, err
}

// updateWorkerTriggers changes the triggers of the account for the Worker in the path.
func (c *call) updateWorkerTriggers(change func(w version.Worker, t triggers) error) error {
	w, err := c.account.Worker(c.ctx(), c.script())
	if err != nil {
		return err
	}
	return c.updateTriggers(func(t triggers) error { return change(w, t) })
}

// updateTriggers changes the triggers of the account. It drops those of deleted Workers.
func (c *call) updateTriggers(change func(triggers) error) error {
	_, err := c.account.settings.Update(c.ctx(), func(tx *version.Tx) error {
		t := triggersOf(tx.Snapshot())
		names, err := c.workerNames() // read after the triggers, so that it has all of their Workers
		if err != nil {
			return err
		}
		isDeleted := func(_, id string) bool { return names[id] == "" }
		maps.DeleteFunc(t.Routes, isDeleted)
		maps.DeleteFunc(t.Domains, isDeleted)
		if err := change(t); err != nil {
			return err
		}
		maps.DeleteFunc(t.RouteIDs, func(pattern, id string) bool {
			return t.Routes[pattern] == "" || id == idOf(pattern)
		})
		return putSetting(tx, triggersName, t)
	})
	return err
}

// routeResult is a route of a zone to a Worker. Its zone follows from the pattern.
type routeResult struct {
	ID      string `json:"id"`
	Pattern string `json:"pattern"`
	Script  string `json:"script"`
}

// routeBody is a route in a request that has all routes of a Worker.
type routeBody struct {
	Pattern string

	_ struct{} `accepts:"custom_domain zone_id zone_name"`
}

// putRoutes replaces the routes of a Worker. It fails for a route that another Worker has.
func putRoutes(c *call, given []routeBody) (any, error) {
	list := []routeResult{}
	for _, r := range given {
		if hostOf(r.Pattern) == "" {
			return nil, refuse(400, 10022, "The pattern of a route has a host name, and perhaps a path.")
		}
		list = append(list, routeResult{Pattern: r.Pattern, Script: c.script()})
	}
	return list, c.updateWorkerTriggers(func(w version.Worker, t triggers) error {
		maps.DeleteFunc(t.Routes, func(_, id string) bool { return id == w.ID })
		for i, r := range list {
			if id := t.Routes[r.Pattern]; id != "" && id != w.ID {
				return refuse(409, 10020, "workers.api.error.duplicate_route")
			}
			list[i].ID = t.addRoute(r.Pattern, w.ID, c.h.o.NewID)
		}
		return nil
	})
}

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

// workflowResult is a workflow as the API shows it.
type workflowResult struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	ScriptName string `json:"script_name"`
	ClassName  string `json:"class_name"`
}

func getWorkflow(c *call) (any, error) {
	t, names, err := c.triggers()
	if err != nil {
		return nil, err
	}
	name := c.r.PathValue("workflow")
	w := t.Workflows[name]
	if names[w.Worker] == "" {
		return nil, refuse(404, 10200, "workflow.not_found")
	}
	return workflowResult{idOf(name), name, names[w.Worker], w.Class}, nil
}

type workflowBody struct {
	ScriptName string `json:"script_name"`
	ClassName  string `json:"class_name"`
}

// putWorkflow creates a workflow, or gives one of another Worker to this one, as wrangler does
// after a warning.
func putWorkflow(c *call, b workflowBody) (any, error) {
	if b.ClassName == "" {
		return nil, errBody
	}
	w, err := c.account.Worker(c.ctx(), b.ScriptName)
	if err != nil {
		return nil, err
	}
	name := c.r.PathValue("workflow")
	return workflowResult{idOf(name), name, w.Name, b.ClassName}, c.updateTriggers(func(t triggers) error {
		t.Workflows[name] = workflow{w.ID, b.ClassName}
		return nil
	})
}
