package controlplane

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"

	"github.com/workerenv/workerenv/version"
)

// workerVersion is a version in the beta part of the API.
type workerVersion struct {
	ID                 string            `json:"id"`
	Number             int               `json:"number"`
	CreatedOn          timestamp         `json:"created_on"`
	Source             string            `json:"source"`
	Annotations        map[string]string `json:"annotations,omitempty"`
	Bindings           shownBindings     `json:"bindings"`
	MainModule         string            `json:"main_module,omitempty"`
	CompatibilityDate  string            `json:"compatibility_date,omitempty"`
	CompatibilityFlags []string          `json:"compatibility_flags,omitempty"`
	Limits             json.RawMessage   `json:"limits"`
	UsageModel         string            `json:"usage_model"`
	StartupTimeMS      int               `json:"startup_time_ms"`
	URLs               []string          `json:"urls"`
	Assets             json.RawMessage   `json:"assets,omitempty"`
	Modules            []moduleObject    `json:"modules,omitempty"`
}

// moduleObject is a module with its content.
type moduleObject struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Content     []byte `json:"content_base64"`
}

// showWorkerVersion returns v as the beta part of the API shows it, without the values of secrets.
func showWorkerVersion(v version.Version) workerVersion {
	code := v.Code()
	assets, _ := assetsOf(code)
	return workerVersion{
		ID: v.ID(), Number: v.Number(), CreatedOn: timestamp(v.Created()), Source: v.Source(), Annotations: maps.Collect(v.Annotations()),
		Bindings: shownBindings(v.Bindings()), MainModule: code.MainModule, CompatibilityDate: code.CompatibilityDate,
		CompatibilityFlags: code.CompatibilityFlags, Limits: limitsOf(code), UsageModel: "standard", StartupTimeMS: startupTimeMS, URLs: []string{},
		Assets: assets.value,
	}
}

// getWorkerVersion returns a version by its ID, or the latest one by that word; with include=modules in the query, with its modules.
func getWorkerVersion(c *call) (workerVersion, error) {
	s, err := c.snapshot()
	if err != nil {
		return workerVersion{}, err
	}
	v, err := namedVersion(s, c.params["version"])
	if err != nil {
		return workerVersion{}, err
	}
	shown := showWorkerVersion(v)
	if c.r.URL.Query().Get("include") == "modules" {
		shown.Modules, err = c.modules(v.Code())
	}
	return shown, err
}

// namedVersion returns a version by its ID, or the latest one by that word. For one that does not exist this part of the API says what it
// says for a Worker.
func namedVersion(s version.Snapshot, id string) (version.Version, error) {
	if id != "latest" {
		v, err := visibleVersion(s, id)
		if errors.Is(err, version.ErrNoVersion) {
			err = &version.Error{Worker: s.Worker(), Version: id, Err: version.ErrNotFound}
		}
		return v, err
	}
	v, ok := s.Latest()
	if !ok {
		return v, &version.Error{Worker: s.Worker(), Err: version.ErrNoVersions}
	}
	return v, nil
}

func (c *call) modules(code version.Code) ([]moduleObject, error) {
	list := make([]moduleObject, 0, len(code.Modules))
	for _, m := range code.Modules {
		text, err := c.content(c.ctx(), m)
		if err != nil {
			return nil, err
		}
		list = append(list, moduleObject{m.Name, m.Type, []byte(text)})
	}
	return list, nil
}

// uploadWorkerVersion makes a version of JSON with the modules in it, and does not deploy it unless the query has deploy=true. It has only those
// bindings that it is given.
func uploadWorkerVersion(c *call) (workerVersion, error) {
	h, err := c.history()
	if err != nil {
		return workerVersion{}, err
	}
	f, err := c.jsonForm()
	if err != nil {
		return workerVersion{}, err
	}
	if err := c.keep(c.ctx(), f.contents); err != nil {
		return workerVersion{}, err
	}
	var v version.Version
	_, err = h.Update(c.ctx(), func(tx *version.Tx) error {
		if c.r.URL.Query().Get("deploy") == "true" {
			v, err = tx.UploadAndDeploy(f.on(tx))
		} else {
			v, err = tx.Upload(f.on(tx))
		}
		return err
	})
	if err != nil {
		return workerVersion{}, err
	}
	return showWorkerVersion(v), nil
}

// jsonForm reads an upload whose modules are in the metadata.
func (c *call) jsonForm() (form, error) {
	text, err := io.ReadAll(c.r.Body) // which is bounded as that of any upload
	if err != nil {
		return form{}, unread(err)
	}
	var body struct{ Modules []moduleObject }
	if json.Unmarshal(text, &body) != nil {
		return form{}, errBody
	}
	if len(body.Modules) > maxParts {
		return form{}, errTooLarge
	}
	var modules []version.Module
	contents := make(map[string]string)
	for _, m := range body.Modules {
		modules, err = addModule(modules, contents, version.Module{Name: m.Name, Type: m.ContentType}, bytes.NewReader(m.Content))
		if err != nil {
			return form{}, err
		}
	}
	f, err := c.assemble(text, modules, contents)
	f.upload.Keep = nil
	return f, err
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
