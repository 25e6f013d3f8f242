package controlplane

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

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
	return c.showWorker(w)
}

func (c *call) showWorker(w version.Worker) (workerObject, error) {
	h, err := c.account.Open(c.ctx(), w.Name)
	if err != nil {
		return workerObject{}, err
	}
	s, set := h.Cached(), settingsOf(h.Cached())
	host := w.Name + "." + c.h.o.subdomain() + ".workers.dev"
	return workerObject{
		ID: w.ID, Name: w.Name, CreatedOn: timestamp(w.Created), Tags: set.Tags, Logpush: set.Logpush, Observability: set.Observability,
		TailConsumers: set.TailConsumers, Subdomain: workerSubdomain{subdomainOf(s), "https://" + host, "-" + host},
	}, nil
}

// listWorkers lists a page of the account's Workers by name.
func listWorkers(c *call) (paged, error) {
	all, err := c.account.Workers(c.ctx())
	if err != nil {
		return paged{}, err
	}
	page, size := c.natural("page", 1), min(c.natural("per_page", 10), 100)
	start := min(min(page-1, len(all))*size, len(all))
	list := []workerObject{}
	for _, w := range all[start:min(start+size, len(all))] {
		shown, err := c.showWorker(w)
		if err != nil {
			return paged{}, err
		}
		list = append(list, shown)
	}
	return paged{list, resultInfo{page, size, len(list), len(all)}}, nil
}

// createWorker makes a Worker that has no versions, with settings that the body may have.
func createWorker(c *call, text json.RawMessage) (workerObject, error) {
	var body struct {
		Name      string
		Subdomain subdomainSetting
	}
	if json.Unmarshal(text, &body) != nil || json.Unmarshal(text, new(settings)) != nil {
		return workerObject{}, errBody
	}
	if !scriptName.MatchString(body.Name) {
		return workerObject{}, errScriptName
	}
	beside, err := keepMembers(text, unversioned)
	if err != nil {
		return workerObject{}, err
	}
	h, err := c.account.Create(c.ctx(), body.Name)
	if err != nil {
		return workerObject{}, err
	}
	_, err = h.Update(c.ctx(), func(tx *version.Tx) error {
		if err := tx.Set(scriptSettingsName, binding.NewValue(string(beside))); err != nil {
			return err
		}
		return setSubdomainOf(tx, body.Subdomain)
	})
	if err != nil {
		return workerObject{}, err
	}
	c.params["script"] = body.Name
	return getWorker(c)
}

// keepMembers returns the object of those members of a JSON object that have one of the keys and are not null.
func keepMembers(text []byte, keys []string) ([]byte, error) {
	all, err := members(text)
	if err != nil {
		return nil, err
	}
	return object(slices.DeleteFunc(all, func(m member) bool { return !slices.Contains(keys, m.key) || string(m.value) == "null" })), nil
}

// workerVersion is a version in the beta part of the API.
type workerVersion struct {
	ID                 string            `json:"id"`
	Number             int               `json:"number"`
	CreatedOn          timestamp         `json:"created_on"`
	Source             string            `json:"source"`
	Annotations        map[string]string `json:"annotations,omitempty"`
	Bindings           []json.RawMessage `json:"bindings"`
	MainModule         string            `json:"main_module,omitempty"`
	CompatibilityDate  string            `json:"compatibility_date,omitempty"`
	CompatibilityFlags []string          `json:"compatibility_flags,omitempty"`
	Limits             json.RawMessage   `json:"limits"`
	UsageModel         string            `json:"usage_model"`
	StartupTimeMS      int               `json:"startup_time_ms"`
}

// showWorkerVersion returns v as the beta part of the API shows it, without the values of secrets.
func showWorkerVersion(v version.Version) workerVersion {
	o := showVersion(v)
	return workerVersion{
		ID: o.ID, Number: o.Number, CreatedOn: o.Metadata.CreatedOn, Source: o.Metadata.Source, Annotations: o.Annotations, Bindings: o.Resources.Bindings,
		MainModule: v.Code().MainModule, CompatibilityDate: o.Resources.Runtime.CompatibilityDate, CompatibilityFlags: o.Resources.Runtime.CompatibilityFlags,
		Limits: o.Resources.Runtime.Limits, UsageModel: "standard", StartupTimeMS: startupTimeMS,
	}
}

// getWorkerVersion returns a version by its ID, or the latest one by that word.
func getWorkerVersion(c *call) (workerVersion, error) {
	s, err := c.snapshot()
	if err != nil {
		return workerVersion{}, err
	}
	v, ok := s.Version(c.params["version"])
	cause := version.ErrNoVersion
	if c.params["version"] == "latest" {
		v, ok = s.Latest()
		cause = version.ErrNoVersions
	}
	if !ok {
		return workerVersion{}, &version.Error{Worker: c.script(), Version: c.params["version"], Err: cause}
	}
	return showWorkerVersion(v), nil
}

// listWorkerVersions lists a page of versions, the newest first.
func listWorkerVersions(c *call) (paged, error) {
	s, err := c.snapshot()
	if err != nil {
		return paged{}, err
	}
	list, info := pageOf(c, s, showWorkerVersion)
	return paged{list, info}, nil
}
