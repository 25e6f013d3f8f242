package controlplane

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// The names of settings in histories, see [version.Tx.PutSetting].
const (
	scriptSettingsName = "script-settings" // a settings
	subdomainName      = "subdomain"       // a subdomainResult; of an account, its subdomain
	deletedName        = "deleted"         // see deletedIn
	schedulesName      = "schedules"       // a schedulesResult
	migrationTagName   = "migration-tag"   // the tag of the last migration of Durable Objects
	triggersName       = "triggers"        // of an account, a triggers

	accountSettingsName = "account-settings" // of an account, an accountSettings
)

// settings are the settings of a Worker that belong to no version, by scriptSettingsMembers.
type settings struct {
	Logpush       flag      `json:"logpush"`
	Observability rawMember `json:"observability"`
	TailConsumers rawMember `json:"tail_consumers"`
	Tags          []string  `json:"tags"`

	StreamingTailConsumers rawMember `json:"streaming_tail_consumers,omitempty"`
}

// flag is a bool for which null is false.
type flag bool

// UnmarshalJSON sets f to false for null, which encoding/json ignores otherwise.
func (f *flag) UnmarshalJSON(text []byte) error {
	*f = false
	return json.Unmarshal(text, (*bool)(f))
}

func settingsOf(s version.Snapshot) settings {
	var set settings
	readSetting(s, scriptSettingsName, &set)
	set.Tags = orEmpty(set.Tags)
	return set
}

// with returns s with the settings in a JSON object in the place of its own. Null resets one.
func (s settings) with(text []byte) (settings, error) {
	if json.Unmarshal(text, &s) != nil {
		return s, errBody
	}
	s.Tags = orEmpty(s.Tags)
	return s, nil
}

func getScriptSettings(_ *call, s version.Snapshot) (any, error) {
	return settingsOf(s), nil
}

// patchScriptSettings replaces the settings that the body has. Null resets one.
func patchScriptSettings(c *call, patch object) (any, error) {
	if err := patch.onlyHas(scriptSettingsMembers); err != nil {
		return nil, err
	}
	var set settings
	err := c.update(func(tx *version.Tx) (err error) {
		if set, err = settingsOf(tx.Snapshot()).with([]byte(patch.text())); err != nil {
			return err
		}
		return putSetting(tx, scriptSettingsName, set)
	})
	return set, err
}

// settingsResult are the settings of a Worker, with those that belong to its latest version.
type settingsResult struct {
	Annotations        map[string]string `json:"annotations,omitempty"`
	Bindings           []any             `json:"bindings"`
	CompatibilityDate  string            `json:"compatibility_date"`
	CompatibilityFlags []string          `json:"compatibility_flags"`
	Limits             rawMember         `json:"limits"`
	Placement          rawMember         `json:"placement"` // {} if there is none, unlike in other answers
	UsageModel         string            `json:"usage_model"`
	rareMetadata
	Observability rawMember `json:"observability,omitempty"` // overrides that of settings, which may be null
	settings
}

func getSettings(c *call, s version.Snapshot) (any, error) {
	latest, _ := s.Latest()
	code, set := latest.Code(), settingsOf(s)
	kept := metadataOf(code)
	if kept.Placement == nil {
		kept.Placement = emptyObject
	}
	return settingsResult{
		Annotations:        maps.Collect(latest.Annotations()),
		Bindings:           showBindings(latest.Bindings()),
		CompatibilityDate:  code.CompatibilityDate,
		CompatibilityFlags: orEmpty(code.CompatibilityFlags),
		Limits:             kept.Limits,
		Placement:          kept.Placement,
		UsageModel:         kept.UsageModel,
		rareMetadata:       kept.rareMetadata,
		Observability:      set.Observability,
		settings:           set,
	}, nil
}

// patchSettings changes settings. If the latest version has any of them, it makes a new version and
// deploys it. The body is a form with one field, "settings".
func patchSettings(c *call) (any, error) {
	p, err := c.readParts("settings")
	if err == nil && (p.json == nil || len(p.modules) > 0) {
		err = invalid("The form does not consist of a field named settings.")
	}
	if err != nil {
		return nil, err
	}
	patch, err := readSettingsPatch(p.json)
	if err != nil {
		return nil, err
	}
	if err := c.update(func(tx *version.Tx) error { return patch.apply(tx, c) }); err != nil {
		return nil, settingsFailure(err)
	}
	return withSnapshot(getSettings)(c)
}

// settingsPatch is a change of settings.
type settingsPatch struct {
	metadata
	text      []byte
	versioned object // the members that belong to a version
}

func readSettingsPatch(text []byte) (settingsPatch, error) {
	p := settingsPatch{text: text}
	var all object
	if json.Unmarshal(text, &p.metadata) != nil || json.Unmarshal(text, &all) != nil {
		return p, errBody
	}
	p.versioned = all.without(scriptSettingsMembers...)
	return p, all.onlyHas(settingsMembers)
}

func (p settingsPatch) apply(tx *version.Tx, c *call) error {
	set, err := settingsOf(tx.Before()).with(p.text)
	if err != nil {
		return err
	}
	if err := putSetting(tx, scriptSettingsName, set); err != nil || len(p.versioned) == 0 {
		return err
	}
	latest, err := latestVersion(tx.Before())
	if err != nil {
		return err
	}
	edit, err := p.edit(latest, c)
	if err != nil {
		return err
	}
	if _, err := tx.EditAndDeploy(edit); err != nil || p.Migrations.NewTag == "" {
		return err
	}
	return tx.PutSetting(migrationTagName, binding.NewValue(p.Migrations.NewTag))
}

// edit returns the change of base. Bindings in p replace all bindings of base.
func (p settingsPatch) edit(base version.Version, c *call) (version.Edit, error) {
	if err := checkAlias(p.Annotations, c.script()); err != nil {
		return version.Edit{}, err
	}
	code := p.code(base.Code())
	edit := version.Edit{Code: &code, Meta: c.meta(p.Annotations)}
	if !p.versioned.has("bindings") {
		return edit, nil
	}
	texts := slices.Clone(p.Bindings)
	for i, text := range texts {
		var err error
		if texts[i], err = orInherit(base, text); err != nil {
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

// orInherit returns a binding as it is, or an inherit binding for one that has only the name and
// the type of a binding of base: clients such as older wranglers keep a binding so.
func orInherit(base version.Version, text json.RawMessage) (json.RawMessage, error) {
	var all object
	var b struct {
		Name string
		Type binding.Kind
	}
	if json.Unmarshal(text, &all) != nil || json.Unmarshal(text, &b) != nil {
		return nil, errBody
	}
	old, ok := base.Bindings().Lookup(b.Name)
	if len(all) != 2 || !ok || old.Kind() != b.Type {
		return text, nil
	}
	return json.RawMessage(object{{"name", quote(b.Name)}, {"type", quote(string(binding.Inherit))}}.text()), nil
}

func (p settingsPatch) code(code version.Code) version.Code {
	if p.versioned.has("compatibility_date") {
		code.CompatibilityDate = p.CompatibilityDate
	}
	if p.versioned.has("compatibility_flags") {
		code.CompatibilityFlags = p.CompatibilityFlags
	}
	var old object
	json.Unmarshal([]byte(code.Metadata.Reveal()), &old) // no text means no members
	if kept := old.merged(p.versioned.without(readMembers...)); len(kept) > 0 || len(old) > 0 {
		code.Metadata = binding.NewValue(kept.text())
	}
	return code
}

// listBindings lists the bindings of the latest version.
func listBindings(_ *call, s version.Snapshot) (any, error) {
	latest, _ := s.Latest()
	return showBindings(latest.Bindings()), nil
}
