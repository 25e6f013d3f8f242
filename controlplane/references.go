package controlplane

import "slices"

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
		if r.Kind == "durable_object_namespace" {
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

// referencesTo lists what would break if a Worker were deleted, each Worker once. A Durable Object's namespace has no ID here.
func (c *call) referencesTo(name string) (workerReferences, error) {
	result := workerReferences{
		DispatchNamespaceOutbounds: []any{}, Domains: []any{}, DurableObjects: []durableReference{}, Queues: []any{}, Workers: []workerReference{},
	}
	list, err := c.account.References(c.ctx(), name)
	if err != nil {
		return result, err
	}
	for _, r := range list {
		by, err := c.account.Worker(c.ctx(), r.Worker)
		if err != nil {
			return result, err
		}
		found := workerReference{by.ID, by.Name}
		if r.Kind == "durable_object_namespace" {
			result.DurableObjects = append(result.DurableObjects, durableReference{NamespaceName: r.Binding, WorkerID: by.ID, WorkerName: by.Name})
		} else if !slices.Contains(result.Workers, found) {
			result.Workers = append(result.Workers, found)
		}
	}
	return result, nil
}
