package controlplane

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// versionedSettings are those settings of a Worker that the latest version has.
type versionedSettings struct {
	Bindings           shownBindings   `json:"bindings"`
	CompatibilityDate  string          `json:"compatibility_date"`
	CompatibilityFlags []string        `json:"compatibility_flags"`
	UsageModel         string          `json:"usage_model"`
	Observability      json.RawMessage `json:"observability,omitempty"` // in the place of that of settings
	settings
}

func getSettings(c *call) (versionedSettings, error) {
	s, err := c.snapshot()
	if err != nil {
		return versionedSettings{}, err
	}
	latest, _ := s.Latest()
	code, set := latest.Code(), settingsOf(s)
	return versionedSettings{
		Bindings: shownBindings(latest.Bindings()), CompatibilityDate: code.CompatibilityDate,
		CompatibilityFlags: append([]string{}, code.CompatibilityFlags...), UsageModel: "standard",
		Observability: set.observability(), settings: set,
	}, nil
}

// settingsPatch is a change of the settings, by which a version is made if any of them is one that versions have.
type settingsPatch struct {
	metadata

	given     map[string]bool // the keys of the patch
	versioned bool            // whether any of them is one that versions have
	beside    []byte          // the JSON object of those members that no version has
	rest      []byte          // the JSON object of those members that are carried as they are
}

// unversioned are the settings that no version has.
var unversioned = []string{"logpush", "observability", "tail_consumers", "tags"}

// patchSettings changes settings of the latest version, in a new one that is deployed. It takes a form with the part
// "settings".
func patchSettings(c *call) (versionedSettings, error) {
	text, err := c.formField("settings")
	if err != nil {
		return versionedSettings{}, err
	}
	patch, err := readSettings(text)
	if err != nil {
		return versionedSettings{}, err
	}
	err = c.update(func(tx *version.Tx) error { return patch.apply(tx, c) })
	if _, ok := errors.AsType[*version.NotDeployedError](err); ok {
		err = refuse(http.StatusBadRequest, 10214, settingsEdit)
	}
	if err != nil {
		return versionedSettings{}, err
	}
	return getSettings(c)
}

// formField returns the JSON in the field of that name of a form that has no other.
func (c *call) formField(name string) ([]byte, error) {
	form, err := c.r.MultipartReader()
	if err != nil {
		return nil, invalid("The request is not a multipart form.")
	}
	part, err := form.NextRawPart()
	if err != nil {
		return nil, unread(err)
	}
	if part.FormName() != name {
		return nil, invalid("The form has no field named " + name + ".")
	}
	text, err := readJSON(part)
	if err != nil {
		return nil, err
	}
	if _, err := form.NextRawPart(); err != io.EOF {
		return nil, errBody
	}
	return text, nil
}

func readSettings(text []byte) (settingsPatch, error) {
	p := settingsPatch{given: make(map[string]bool)}
	if json.Unmarshal(text, &p.metadata) != nil || json.Unmarshal(text, new(settings)) != nil {
		return p, errBody
	}
	all, err := members(text)
	if err != nil {
		return p, err
	}
	var beside, rest []member
	for _, m := range all {
		p.given[m.key] = true
		switch {
		case slices.Contains(unversioned, m.key):
			beside = append(beside, m)
			continue
		case !slices.Contains(known, m.key):
			rest = append(rest, m)
		}
		p.versioned = true
	}
	p.beside, p.rest = object(beside), object(rest)
	return p, nil
}

func (p settingsPatch) apply(tx *version.Tx, c *call) error {
	merged, err := mergeObject(storedSettings(tx.Snapshot()), p.beside)
	if err != nil {
		return err
	}
	if err := tx.PutSetting(scriptSettingsName, binding.NewValue(string(merged))); err != nil {
		return err
	}
	if !p.versioned {
		return nil
	}
	latest, ok := tx.Latest()
	if !ok {
		return &version.Error{Worker: c.script(), Err: version.ErrNoVersions}
	}
	edit, err := p.edit(latest, c)
	if err != nil {
		return err
	}
	_, err = tx.EditAndDeploy(edit)
	return err
}

// edit returns the change of base. Bindings, where they are given, take the place of all that base has.
func (p settingsPatch) edit(base version.Version, c *call) (version.Edit, error) {
	code, err := p.code(base.Code())
	edit := version.Edit{Code: &code, Meta: c.meta(p.Annotations)}
	if err != nil || !p.given["bindings"] {
		return edit, err
	}
	texts := slices.Clone(p.Bindings)
	for i, text := range texts {
		if texts[i], err = kept(base, text); err != nil {
			return edit, err
		}
	}
	set, err := readBindings(texts)
	if err != nil {
		return edit, err
	}
	edit.Set = slices.Collect(set.All())
	for _, name := range base.Bindings().Names() {
		if _, ok := set.Lookup(name); !ok {
			edit.Unset = append(edit.Unset, name)
		}
	}
	return edit, nil
}

// kept returns what to read in the place of text: an inherit binding if it has a name and a type of base, and nothing else. So do clients
// say, as older wranglers, what is to stay as it is.
func kept(base version.Version, text json.RawMessage) (json.RawMessage, error) {
	all, err := members(text)
	if err != nil || len(all) != 2 {
		return text, err
	}
	var head struct {
		Name string
		Type binding.Kind
	}
	if json.Unmarshal(text, &head) != nil {
		return nil, errBody
	}
	if b, ok := base.Bindings().Lookup(head.Name); ok && b.Kind() == head.Type {
		return object([]member{{"name", quote(head.Name)}, {"type", quote(string(binding.Inherit))}}), nil
	}
	return text, nil
}

func (p settingsPatch) code(code version.Code) (version.Code, error) {
	if p.given["compatibility_date"] {
		code.CompatibilityDate = p.CompatibilityDate
	}
	if p.given["compatibility_flags"] {
		code.CompatibilityFlags = p.CompatibilityFlags
	}
	old := []byte(code.Metadata.Reveal())
	if code.Metadata.IsZero() {
		old = []byte("{}")
	}
	merged, err := mergeObject(old, p.rest)
	if err == nil && string(merged) != "{}" {
		code.Metadata = binding.NewValue(string(merged))
	}
	return code, err
}
