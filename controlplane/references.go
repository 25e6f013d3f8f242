package controlplane

// referencesResult are the bindings of other Workers that refer to a Worker.
type referencesResult struct {
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

// getReferences returns what would break if the Worker were deleted.
func getReferences(c *call) (any, error) {
	if _, err := c.account.Worker(c.ctx(), c.script()); err != nil {
		return nil, err
	}
	none := []reference{}
	result := referencesResult{serviceReferences{Incoming: none, Outgoing: none}, none, none}
	list, err := c.account.References(c.ctx(), c.script())
	for _, r := range list {
		found := reference{r.Worker, production, r.Binding}
		if r.Kind == durableObject {
			result.DurableObjects = append(result.DurableObjects, found)
		} else {
			result.Services.Incoming = append(result.Services.Incoming, found)
		}
	}
	return result, err
}

// workerReferences are references in the beta API. Those of products that are not modelled are
// empty.
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
	NamespaceID   string `json:"namespace_id"` // always "": namespaces have no IDs here
	NamespaceName string `json:"namespace_name"`
	WorkerID      string `json:"worker_id"`
	WorkerName    string `json:"worker_name"`
}

// workerReferences returns the references to a Worker, each other Worker once.
func (c *call) workerReferences(worker string) (workerReferences, error) {
	result := workerReferences{[]any{}, []any{}, []durableReference{}, []any{}, []workerReference{}}
	list, err := c.account.References(c.ctx(), worker)
	if err != nil {
		return result, err
	}
	seen := make(map[string]bool)
	for _, r := range list {
		from, err := c.account.Worker(c.ctx(), r.Worker)
		if err != nil {
			return result, err
		}
		if r.Kind == durableObject {
			result.DurableObjects = append(result.DurableObjects, durableReference{"", r.Binding, from.ID, from.Name})
		} else if !seen[from.ID] {
			seen[from.ID] = true
			result.Workers = append(result.Workers, workerReference{from.ID, from.Name})
		}
	}
	return result, nil
}
