package controlplane

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
