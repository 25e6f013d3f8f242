package controlplane

import (
	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// durableObject is the kind of a binding to a Durable Object.
const durableObject binding.Kind = "durable_object_namespace"

// references are the bindings of other Workers to a Worker.
type references struct {
	Services          serviceReferences `json:"services"`
	DurableObjects    []reference       `json:"durable_objects"`
	DispatchOutbounds []reference       `json:"dispatch_outbounds"`
}

type serviceReferences struct {
	Incoming      []reference `json:"incoming"`
	Outgoing      []reference `json:"outgoing"`
	PagesFunction bool        `json:"pages_function"`
}

type reference struct {
	Service     string `json:"service"`
	Environment string `json:"environment"`
	Name        string `json:"name"`
}

// getReferences tells what else would break if the Worker were deleted.
func getReferences(c *call) (references, error) {
	none := []reference{}
	result := references{Services: serviceReferences{Incoming: none, Outgoing: none}, DurableObjects: none, DispatchOutbounds: none}
	if _, err := c.account.Worker(c.ctx(), c.script()); err != nil {
		return result, err
	}
	list, err := c.account.References(c.ctx(), c.script())
	for _, r := range list {
		found := reference{Service: r.Worker, Environment: "production", Name: r.Binding}
		if r.Kind == durableObject {
			result.DurableObjects = append(result.DurableObjects, found)
		} else {
			result.Services.Incoming = append(result.Services.Incoming, found)
		}
	}
	return result, err
}

// workerReferences are references in the beta part of the API. Those by products that are not modelled are empty.
type workerReferences struct {
	DispatchNamespaceOutbounds []any              `json:"dispatch_namespace_outbounds"`
	Domains                    []any              `json:"domains"`
	DurableObjects             []durableReference `json:"durable_objects"`
	Queues                     []any              `json:"queues"`
	Workers                    []workerReference  `json:"workers"`
}

type workerReference struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type durableReference struct {
	NamespaceID   string `json:"namespace_id"`
	NamespaceName string `json:"namespace_name"`
	WorkerID      string `json:"worker_id"`
	WorkerName    string `json:"worker_name"`
}

// showReferences lists what would break if a Worker were deleted that the list refers to, each other Worker once. A Durable Object's
// namespace has no ID here.
func (c *call) showReferences(list []version.Reference) (workerReferences, error) {
	result := workerReferences{
		DispatchNamespaceOutbounds: []any{}, Domains: []any{}, DurableObjects: []durableReference{}, Queues: []any{}, Workers: []workerReference{},
	}
	seen := make(map[string]bool)
	for _, r := range list {
		by, err := c.account.Worker(c.ctx(), r.Worker)
		if err != nil {
			return result, err
		}
		if r.Kind == durableObject {
			result.DurableObjects = append(result.DurableObjects, durableReference{NamespaceName: r.Binding, WorkerID: by.ID, WorkerName: by.Name})
		} else if !seen[by.ID] {
			seen[by.ID] = true
			result.Workers = append(result.Workers, workerReference{by.ID, by.Name})
		}
	}
	return result, nil
}

// allReferences returns what [version.Account.References] does of every Worker, by its name, in one pass.
func (c *call) allReferences() (map[string][]version.Reference, error) {
	workers, err := c.account.Workers(c.ctx())
	if err != nil {
		return nil, err
	}
	all := make(map[string][]version.Reference)
	for _, w := range workers {
		h, err := c.account.Open(c.ctx(), w.Name)
		if err != nil {
			return nil, err
		}
		for b := range inUse(h.Cached()).All() {
			if to := referred(b); to != "" && to != w.Name {
				all[to] = append(all[to], version.Reference{Worker: w.Name, Binding: b.Name(), Kind: b.Kind()})
			}
		}
	}
	return all, nil
}

// inUse returns the bindings of the latest version and of those that run.
func inUse(s version.Snapshot) binding.Set {
	latest, _ := s.Latest()
	all := latest.Bindings()
	current, _ := s.Current()
	for v := range current.All() {
		all = v.Bindings().Merge(all)
	}
	return all
}

// refersBy are the attributes that name a Worker.
var refersBy = map[binding.Kind]string{"service": "service", durableObject: "script_name", "workflow": "script_name"}

// referred returns the name of the Worker that a binding refers to, "" if it refers to none.
func referred(b binding.Binding) string {
	key, refers := refersBy[b.Kind()]
	text, ok := b.Attributes()
	if !refers || !ok {
		return ""
	}
	to, _ := field(decoded([]byte(text.Reveal())), key)
	name, _ := to.(string)
	return name
}
