package controlplane

import (
	"encoding/json"
	"reflect"

	"github.com/workerenv/workerenv/version"
)

// workerResult is a Worker in the beta API.
type workerResult struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	CreatedOn  timestamp  `json:"created_on"`
	UpdatedOn  timestamp  `json:"updated_on"`
	DeployedOn *timestamp `json:"deployed_on"`
	settings
	Subdomain  workerSubdomain  `json:"subdomain"`
	References workerReferences `json:"references"`
}

type workerSubdomain struct {
	subdomainResult
	URL              string `json:"url"`
	PreviewURLSuffix string `json:"preview_url_suffix"`
}

// byID returns e for paths that may have the ID of a Worker in the place of its name.
func byID(e endpoint) endpoint {
	return func(c *call) (any, error) {
		names, err := c.workerNames()
		if err != nil {
			return nil, err
		}
		if name, ok := names[c.script()]; ok {
			c.r.SetPathValue("script", name)
		}
		return e(c)
	}
}

// workerNames returns the names of the Workers of the account by their IDs.
func (c *call) workerNames() (map[string]string, error) {
	all, err := c.account.Workers(c.ctx())
	names := make(map[string]string, len(all))
	for _, w := range all {
		names[w.ID] = w.Name
	}
	return names, err
}

func getWorker(c *call) (any, error) {
	w, err := c.account.Worker(c.ctx(), c.script())
	if err != nil {
		return nil, err
	}
	return c.showWorker(w)
}

func (c *call) showWorker(w version.Worker) (workerResult, error) {
	h, err := c.account.Open(c.ctx(), w.Name)
	if err != nil {
		return workerResult{}, err
	}
	subdomain, err := c.subdomain()
	if err != nil {
		return workerResult{}, err
	}
	references, err := c.workerReferences(w.Name)
	s, set := h.Cached(), settingsOf(h.Cached())
	updated, deployed := lastChanges(w, s)
	return workerResult{
		ID:         w.ID,
		Name:       w.Name,
		CreatedOn:  timestamp(w.Created),
		UpdatedOn:  updated,
		DeployedOn: deployed,
		settings:   set,
		Subdomain:  showSubdomain(w.Name, subdomain, subdomainOf(s)),
		References: references,
	}, err
}

// showSubdomain returns the addresses of a Worker. There are none if the account has no subdomain.
func showSubdomain(worker, subdomain string, set subdomainResult) workerSubdomain {
	if subdomain == "" {
		return workerSubdomain{subdomainResult: set}
	}
	host := worker + "." + subdomain + ".workers.dev"
	return workerSubdomain{set, "https://" + host, "-" + host}
}

// listWorkers lists a page of the account's Workers by name.
func listWorkers(c *call) (any, error) {
	all, err := c.account.Workers(c.ctx())
	if err != nil {
		return nil, err
	}
	return pageOf(c, all, c.showWorker)
}

// workerBody is a Worker in a request of the beta API.
type workerBody struct {
	Name      *string
	Subdomain subdomainBody
	text      []byte // all members, for the settings

	_ struct{} `accepts:"logpush observability streaming_tail_consumers tags tail_consumers"`
	_ struct{} `accepts:"created_on deployed_on id references updated_on"`
}

func readWorkerBody(o object) (workerBody, error) {
	b := workerBody{text: []byte(o.text())}
	if json.Unmarshal(b.text, &b) != nil {
		return b, errBody
	}
	if err := checkMembers(b.text, reflect.TypeOf(b)); err != nil {
		return b, err
	}
	if _, err := (settings{}).with(b.text); err != nil {
		return b, err
	}
	if b.Name != nil && !isScriptName(*b.Name) {
		return b, errScriptName
	}
	return b, nil
}

// apply stores the settings of b. Those that b does not have stay as they are with keep, and otherwise
// become those of a new Worker. Null resets one.
func (b workerBody) apply(tx *version.Tx, keep bool) error {
	var set settings
	var subdomain subdomainResult
	if keep {
		set, subdomain = settingsOf(tx.Snapshot()), subdomainOf(tx.Snapshot())
	}
	set, err := set.with(b.text)
	if err != nil {
		return err
	}
	if err := putSetting(tx, scriptSettingsName, set); err != nil {
		return err
	}
	return putSetting(tx, subdomainName, b.Subdomain.apply(subdomain))
}

// createWorker creates a Worker without versions, with the settings in the body.
func createWorker(c *call, o object) (any, error) {
	b, err := readWorkerBody(o)
	if err != nil {
		return nil, err
	}
	if b.Name == nil {
		return nil, errScriptName
	}
	c.finish()
	_, err = c.account.CreateWith(c.ctx(), *b.Name, func(tx *version.Tx) error { return b.apply(tx, false) })
	if err != nil {
		return nil, err
	}
	c.r.SetPathValue("script", *b.Name)
	return getWorker(c)
}

// replaceWorker replaces all settings of a Worker.
func replaceWorker(c *call, o object) (any, error) { return c.editWorker(o, false) }

// patchWorker changes the settings of a Worker that the body has.
func patchWorker(c *call, o object) (any, error) { return c.editWorker(o, true) }

// editWorker renames the Worker if the body has another name, and changes its settings.
func (c *call) editWorker(o object, keep bool) (any, error) {
	b, err := readWorkerBody(o)
	if err != nil {
		return nil, err
	}
	c.finish()
	if b.Name != nil && *b.Name != c.script() {
		if err := c.account.Rename(c.ctx(), c.script(), *b.Name); err != nil {
			return nil, err
		}
		c.r.SetPathValue("script", *b.Name)
	}
	if err := c.update(func(tx *version.Tx) error { return b.apply(tx, keep) }); err != nil {
		return nil, err
	}
	return getWorker(c)
}
