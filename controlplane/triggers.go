package controlplane

import (
	"cmp"
	"encoding/json"
	"maps"

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

// triggers are what runs the Workers of an account, apart from schedules: routes, custom domains,
// workflows and queues. A Worker is in here by its ID. What belongs to a deleted one is dropped.
type triggers struct {
	Routes    map[string]zoneRoute `json:"routes"`    // by pattern
	Domains   map[string]string    `json:"domains"`   // the Worker by host name
	Workflows map[string]workflow  `json:"workflows"` // by name
	Consumers map[string]consumer  `json:"consumers"` // by queue

	// RouteIDs are the IDs of routes that a program before release 0.1.0 stored with a new pattern.
	RouteIDs map[string]string `json:"route_ids,omitempty"`

	names map[string]string // of the Workers of the account by ID
}

// zoneRoute is a route of a zone. Its ID stays as it is when its pattern changes.
type zoneRoute struct {
	ID     string `json:"id"`
	Worker string `json:"worker"` // "" if no Worker runs on the route
}

// UnmarshalJSON also reads what programs before release 0.1.0 stored, which is the Worker only.
func (r *zoneRoute) UnmarshalJSON(text []byte) error {
	if json.Unmarshal(text, &r.Worker) == nil {
		return nil
	}
	type plain zoneRoute
	return json.Unmarshal(text, (*plain)(r))
}

// workflow is the class of a Worker that a workflow runs.
type workflow struct {
	Worker string `json:"worker"`
	Class  string `json:"class"`
}

// triggersIn returns the triggers in the settings of the account.
func (c *call) triggersIn(s version.Snapshot) (triggers, error) {
	names, err := c.workerNames() // read after s, so that it has all Workers in s
	t := triggers{
		Routes: make(map[string]zoneRoute), Domains: make(map[string]string),
		Workflows: make(map[string]workflow), Consumers: make(map[string]consumer), names: names,
	}
	readSetting(s, triggersName, &t)
	for pattern, r := range t.Routes {
		t.Routes[pattern] = zoneRoute{cmp.Or(r.ID, t.RouteIDs[pattern], idOf(pattern)), r.Worker}
	}
	t.RouteIDs = nil
	isGone := func(worker string) bool { return worker != "" && names[worker] == "" }
	maps.DeleteFunc(t.Routes, func(_ string, r zoneRoute) bool { return isGone(r.Worker) })
	maps.DeleteFunc(t.Domains, func(_, worker string) bool { return isGone(worker) })
	maps.DeleteFunc(t.Workflows, func(_ string, w workflow) bool { return isGone(w.Worker) })
	maps.DeleteFunc(t.Consumers, func(_ string, c consumer) bool { return isGone(c.Worker) })
	return t, err
}

// triggers returns the triggers of the account.
func (c *call) triggers() (triggers, error) {
	s, err := c.account.settings.Read(c.ctx())
	if err != nil {
		return triggers{}, err
	}
	return c.triggersIn(s)
}

// updateTriggers changes the triggers of the account.
func (c *call) updateTriggers(change func(triggers) error) error {
	_, err := c.account.settings.Update(c.ctx(), func(tx *version.Tx) error {
		t, err := c.triggersIn(tx.Snapshot())
		if err != nil {
			return err
		}
		if err := change(t); err != nil {
			return err
		}
		return putSetting(tx, triggersName, t)
	})
	return err
}

// updateWorkerTriggers changes the triggers of the account for the Worker in the path.
func (c *call) updateWorkerTriggers(change func(w version.Worker, t triggers) error) error {
	w, err := c.account.Worker(c.ctx(), c.script())
	if err != nil {
		return err
	}
	return c.updateTriggers(func(t triggers) error { return change(w, t) })
}

// workflowResult is a workflow as the API shows it.
type workflowResult struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	ScriptName string `json:"script_name"`
	ClassName  string `json:"class_name"`
}

func getWorkflow(c *call) (any, error) {
	t, err := c.triggers()
	if err != nil {
		return nil, err
	}
	name := c.r.PathValue("workflow")
	w, ok := t.Workflows[name]
	if !ok {
		return nil, refuse(404, 10200, "workflow.not_found")
	}
	return workflowResult{idOf(name), name, t.names[w.Worker], w.Class}, nil
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
