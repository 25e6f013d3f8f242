package controlplane

import (
	"encoding/json"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

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

// showReferences returns references to a Worker in the form of the beta API, each other Worker
// once.
func (c *call) showReferences(list []version.Reference) (workerReferences, error) {
	result := workerReferences{[]any{}, []any{}, []durableReference{}, []any{}, []workerReference{}}
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

// allReferences returns the references to each Worker, by its name. It does in one pass what
// [version.Account.References] does for one Worker.
func (c *call) allReferences(workers []version.Worker) (map[string][]version.Reference, error) {
	all := make(map[string][]version.Reference)
	for _, w := range workers {
		h, err := c.account.Open(c.ctx(), w.Name)
		if err != nil {
			return nil, err
		}
		for b := range bindingsInUse(h.Cached()).All() {
			if to := referredWorker(b); to != "" && to != w.Name {
				all[to] = append(all[to], version.Reference{Worker: w.Name, Binding: b.Name(), Kind: b.Kind()})
			}
		}
	}
	return all, nil
}

// bindingsInUse returns the bindings of the latest version and of the deployed ones.
func bindingsInUse(s version.Snapshot) binding.Set {
	latest, _ := s.Latest()
	all := latest.Bindings()
	current, _ := s.Current()
	for v := range current.All() {
		all = v.Bindings().Merge(all)
	}
	return all
}

// referringAttribute is the attribute of each kind that names a Worker.
var referringAttribute = map[binding.Kind]string{
	"service": "service", durableObject: "script_name", "workflow": "script_name",
}

// referredWorker returns the name of the Worker that a binding refers to, "" if there is none.
func referredWorker(b binding.Binding) string {
	key, refers := referringAttribute[b.Kind()]
	text, ok := b.Attributes()
	if !refers || !ok {
		return ""
	}
	var attributes map[string]json.RawMessage
	var name string
	json.Unmarshal([]byte(text.Reveal()), &attributes)
	json.Unmarshal(attributes[key], &name)
	return name
}
