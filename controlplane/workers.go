package controlplane

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/workerenv/workerenv/version"
)

// workerObject is a Worker in the beta part of the API.
type workerObject struct {
	ID            string           `json:"id"`
	Name          string           `json:"name"`
	CreatedOn     timestamp        `json:"created_on"`
	UpdatedOn     timestamp        `json:"updated_on"`
	DeployedOn    *timestamp       `json:"deployed_on"`
	Tags          []string         `json:"tags"`
	Logpush       bool             `json:"logpush"`
	Observability json.RawMessage  `json:"observability"`
	TailConsumers json.RawMessage  `json:"tail_consumers"`
	Subdomain     workerSubdomain  `json:"subdomain"`
	References    workerReferences `json:"references"`
}

type workerSubdomain struct {
	subdomainSetting
	URL              string `json:"url"`
	PreviewURLSuffix string `json:"preview_url_suffix"`
}

// byID lets the Worker that the path speaks of go by its ID, too.
func byID(e endpoint) endpoint {
	return func(c *call) (answer, error) {
		_, err := c.account.Worker(c.ctx(), c.script())
		if errors.Is(err, version.ErrNotFound) {
			err = c.resolveID()
		}
		if err != nil {
			return answer{}, err
		}
		return e(c)
	}
}

// resolveID puts the name of a Worker in the place of its ID.
func (c *call) resolveID() error {
	list, err := c.account.Workers(c.ctx())
	if i := slices.IndexFunc(list, func(w version.Worker) bool { return w.ID == c.script() }); i >= 0 {
		c.params["script"] = list[i].Name
	}
	return err
}

func getWorker(c *call) (workerObject, error) {
	w, err := c.account.Worker(c.ctx(), c.script())
	if err != nil {
		return workerObject{}, err
	}
	list, err := c.account.References(c.ctx(), w.Name)
	if err != nil {
		return workerObject{}, err
	}
	return c.showWorker(w, list)
}

// showWorker returns w as the beta part of the API shows it, with the bindings that refer to it.
func (c *call) showWorker(w version.Worker, by []version.Reference) (workerObject, error) {
	h, err := c.account.Open(c.ctx(), w.Name)
	if err != nil {
		return workerObject{}, err
	}
	subdomain, err := c.subdomain(c.ctx())
	if err != nil {
		return workerObject{}, err
	}
	refs, err := c.showReferences(by)
	s, set := h.Cached(), settingsOf(h.Cached())
	updated, deployed := changed(w, s)
	return workerObject{
		ID: w.ID, Name: w.Name, CreatedOn: timestamp(w.Created), UpdatedOn: updated, DeployedOn: deployed, Tags: set.Tags, Logpush: set.Logpush,
		Observability: set.Observability, TailConsumers: set.TailConsumers, Subdomain: showSubdomain(w.Name, subdomain, subdomainOf(s)), References: refs,
	}, err
}

// showSubdomain returns the addresses of a Worker, which there are none of if the account has no subdomain.
func showSubdomain(worker, subdomain string, set subdomainSetting) workerSubdomain {
	if subdomain == "" {
		return workerSubdomain{subdomainSetting: set}
	}
	host := worker + "." + subdomain + ".workers.dev"
	return workerSubdomain{set, "https://" + host, "-" + host}
}

// changed tells when a Worker was changed last, settings left aside, and when it was deployed last, nil if never.
func changed(w version.Worker, s version.Snapshot) (updated timestamp, deployed *timestamp) {
	last := w.Created
	if v, ok := s.Latest(); ok {
		last = v.Created()
	}
	d, ok := s.Current()
	if !ok {
		return timestamp(last), nil
	}
	at := timestamp(d.Created())
	if d.Created().After(last) {
		return at, &at
	}
	return timestamp(last), &at
}

// listWorkers lists a page of the account's Workers by name.
func listWorkers(c *call) (paged, error) {
	all, err := c.account.Workers(c.ctx())
	if err != nil {
		return paged{}, err
	}
	refs, err := c.allReferences()
	if err != nil {
		return paged{}, err
	}
	page, info := window(c, all)
	list := []workerObject{}
	for _, w := range page {
		shown, err := c.showWorker(w, refs[w.Name])
		if err != nil {
			return paged{}, err
		}
		list = append(list, shown)
	}
	return paged{list, info}, nil
}
