package controlplane

import (
	"encoding/json"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// workerBody is a Worker in a request to the beta part of the API.
type workerBody struct {
	Name      *string
	Subdomain subdomainBody
	settings  []byte // the JSON object of the settings that no version has
}

func readWorker(text json.RawMessage) (workerBody, error) {
	var b workerBody
	if json.Unmarshal(text, &b) != nil || json.Unmarshal(text, new(settings)) != nil {
		return b, errBody
	}
	if b.Name != nil && !isScriptName(*b.Name) {
		return b, errScriptName
	}
	all, err := members(text)
	if err != nil {
		return b, err
	}
	b.settings = object(slices.DeleteFunc(all, func(m member) bool { return !slices.Contains(unversioned, m.key) }))
	return b, nil
}

// apply puts the settings of the body upon those given.
func (b workerBody) apply(tx *version.Tx, base []byte, subdomain subdomainSetting) error {
	merged, err := mergeObject(base, b.settings)
	if err != nil {
		return err
	}
	if err := tx.PutSetting(scriptSettingsName, binding.NewValue(string(merged))); err != nil {
		return err
	}
	return setSubdomainOf(tx, b.Subdomain.upon(subdomain))
}

// createWorker makes a Worker that has no versions, with settings that the body may have.
func createWorker(c *call, text json.RawMessage) (workerObject, error) {
	b, err := readWorker(text)
	if err != nil {
		return workerObject{}, err
	}
	if b.Name == nil {
		return workerObject{}, errScriptName
	}
	c.complete()
	_, err = c.account.CreateWith(c.ctx(), *b.Name, func(tx *version.Tx) error { return b.apply(tx, []byte("{}"), subdomainSetting{}) })
	if err != nil {
		return workerObject{}, err
	}
	c.params["script"] = *b.Name
	return getWorker(c)
}

// replaceWorker puts settings in the place of all that a Worker has. What the body does not have is as in a new Worker.
func replaceWorker(c *call, text json.RawMessage) (workerObject, error) {
	return c.editWorker(text, func(tx *version.Tx, b workerBody) error { return b.apply(tx, []byte("{}"), subdomainSetting{}) })
}

// patchWorker changes those settings of a Worker that the body has. Null puts one back to what it is in a new Worker.
func patchWorker(c *call, text json.RawMessage) (workerObject, error) {
	return c.editWorker(text, func(tx *version.Tx, b workerBody) error {
		s := tx.Snapshot()
		return b.apply(tx, storedSettings(s), subdomainOf(s))
	})
}

// editWorker renames the Worker if the body has another name, and changes its settings.
func (c *call) editWorker(text json.RawMessage, apply func(*version.Tx, workerBody) error) (workerObject, error) {
	b, err := readWorker(text)
	if err != nil {
		return workerObject{}, err
	}
	c.complete()
	if b.Name != nil && *b.Name != c.script() {
		if err := c.account.Rename(c.ctx(), c.script(), *b.Name); err != nil {
			return workerObject{}, err
		}
		c.params["script"] = *b.Name
	}
	if err := c.update(func(tx *version.Tx) error { return apply(tx, b) }); err != nil {
		return workerObject{}, err
	}
	return getWorker(c)
}
