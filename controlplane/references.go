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

// workerReferences are references in the beta API.
type workerReferences struct {
	DispatchNamespaceOutbounds []any              `json:"dispatch_namespace_outbounds"` // always empty
	Domains                    []domainReference  `json:"domains"`
	DurableObjects             []durableReference `json:"durable_objects"`
	Queues                     []queueReference   `json:"queues"`
	Workers                    []workerReference  `json:"workers"`
}

type domainReference struct {
	ID            string `json:"id"`
	CertificateID string `json:"certificate_id"` // always "": there are no certificates
	Hostname      string `json:"hostname"`
	ZoneID        string `json:"zone_id"`
	ZoneName      string `json:"zone_name"`
}

type durableReference struct {
	NamespaceID   string `json:"namespace_id"` // always "": namespaces have no IDs here
	NamespaceName string `json:"namespace_name"`
	WorkerID      string `json:"worker_id"`
	WorkerName    string `json:"worker_name"`
}

type queueReference struct {
	ConsumerID string `json:"queue_consumer_id"`
	QueueID    string `json:"queue_id"`
	QueueName  string `json:"queue_name"`
}

type workerReference struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// workerReferences returns the references to a Worker, each other Worker once.
func (c *call) workerReferences(worker string) (workerReferences, error) {
	result := workerReferences{[]any{}, []domainReference{}, []durableReference{}, []queueReference{}, []workerReference{}}
	domains, err := c.domains()
	if err != nil {
		return result, err
	}
	for _, d := range domains {
		if d.Service == worker {
			result.Domains = append(result.Domains, domainReference{d.ID, "", d.Hostname, d.ZoneID, d.ZoneName})
		}
	}
	consumers, err := c.consumers(worker)
	if err != nil {
		return result, err
	}
	for _, q := range consumers {
		result.Queues = append(result.Queues, queueReference{q.ID, q.QueueID, q.QueueName})
	}
	list, err := c.account.References(c.ctx(), worker)
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
	return result, err
}
