package controlplane

import "encoding/json"

// workerObject is a Worker in the beta part of the API.
type workerObject struct {
	ID            string          `json:"id"`
	Name          string          `json:"name"`
	CreatedOn     timestamp       `json:"created_on"`
	Tags          []string        `json:"tags"`
	Logpush       bool            `json:"logpush"`
	Observability json.RawMessage `json:"observability"`
	TailConsumers json.RawMessage `json:"tail_consumers"`
	Subdomain     workerSubdomain `json:"subdomain"`
}

type workerSubdomain struct {
	subdomainSetting
	URL              string `json:"url"`
	PreviewURLSuffix string `json:"preview_url_suffix"`
}

func getWorker(c *call) (workerObject, error) {
	w, err := c.account.Worker(c.ctx(), c.script())
	if err != nil {
		return workerObject{}, err
	}
	s, err := c.snapshot()
	if err != nil {
		return workerObject{}, err
	}
	set := settingsOf(s)
	host := w.Name + "." + c.h.o.subdomain() + ".workers.dev"
	return workerObject{
		ID: w.ID, Name: w.Name, CreatedOn: timestamp(w.Created), Tags: set.Tags, Logpush: set.Logpush, Observability: set.Observability,
		TailConsumers: set.TailConsumers, Subdomain: workerSubdomain{subdomainOf(s), "https://" + host, "-" + host},
	}, nil
}

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
