package controlplane

import (
	"encoding/json"

	"github.com/workerenv/workerenv/version"
)

// contentMetadata names the module that runs.
type contentMetadata struct {
	MainModule string `json:"main_module"`
	BodyPart   string `json:"body_part"`
}

// putContent puts new code in the place of that of the latest version, in a new version that is deployed. All else stays: bindings,
// compatibility date, and what else an upload has.
func putContent(c *call) (scriptObject, error) {
	if _, err := c.history(); err != nil {
		return scriptObject{}, err
	}
	modules, main, contents, err := c.codeBody()
	if err != nil {
		return scriptObject{}, err
	}
	if err := c.keep(c.ctx(), contents); err != nil {
		return scriptObject{}, err
	}
	err = c.update(func(tx *version.Tx) error {
		latest, ok := tx.Latest()
		if !ok {
			return &version.Error{Worker: c.script(), Err: version.ErrNoVersions}
		}
		code := latest.Code()
		code.Modules, code.MainModule, code.BodyPart = modules, main.MainModule, main.BodyPart
		_, err := tx.EditAndDeploy(version.Edit{Base: latest.ID(), Code: &code, Meta: c.meta(nil)})
		return err
	})
	if err != nil {
		return scriptObject{}, err
	}
	return getScript(c)
}

// codeBody reads the modules of a request whose metadata may also be in headers.
func (c *call) codeBody() ([]version.Module, contentMetadata, map[string]string, error) {
	var main contentMetadata
	text, modules, contents, err := c.parts()
	if err != nil {
		return nil, main, nil, err
	}
	if text != nil && json.Unmarshal(text, &main) != nil {
		return nil, main, nil, invalid("The metadata is not a JSON object of the expected form.")
	}
	if name := c.r.Header.Get("Cf-Worker-Main-Module-Part"); name != "" {
		main = contentMetadata{MainModule: name}
	} else if name := c.r.Header.Get("Cf-Worker-Body-Part"); name != "" {
		main = contentMetadata{BodyPart: name}
	}
	return modules, main, contents, main.check(modules)
}

// check fails unless m names one of modules, which have names of their own.
func (m contentMetadata) check(modules []version.Module) error {
	if (m.MainModule == "") == (m.BodyPart == "") {
		return invalid("The metadata names either a main_module or a body_part.")
	}
	return checkModules(m.MainModule+m.BodyPart, modules)
}
