package controlplane

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// versionPatch is a merge patch (RFC 7396) of the latest version, as wrangler 4.164.0 sends it.
type versionPatch struct {
	Env         map[string]json.RawMessage // bindings by name, null for one to remove
	Annotations annotations
}

// patchable are the members of a version that a patch may have here. A patch that has more would not do what it says.
var patchable = map[string]bool{"env": true, "annotations": true}

// patchLatest makes a version from the latest one, and does not deploy it unless the query has deploy=true.
func patchLatest(c *call, text json.RawMessage) (workerVersion, error) {
	patch, err := readPatch(text)
	if err != nil {
		return workerVersion{}, err
	}
	var made version.Version
	err = c.update(func(tx *version.Tx) error {
		latest, ok := tx.Latest()
		if !ok {
			return &version.Error{Worker: c.script(), Err: version.ErrNoVersions}
		}
		edit, err := patch.edit(latest, c)
		if err != nil {
			return err
		}
		if c.r.URL.Query().Get("deploy") == "true" {
			made, err = tx.EditAndDeploy(edit)
		} else {
			made, err = tx.Edit(edit)
		}
		return err
	})
	if err != nil {
		return workerVersion{}, err
	}
	return showWorkerVersion(made), nil
}

func readPatch(text json.RawMessage) (versionPatch, error) {
	all, err := members(text)
	if err != nil {
		return versionPatch{}, err
	}
	for _, m := range all {
		if !patchable[m.key] {
			return versionPatch{}, invalid("The patch of a version has members other than env and annotations.")
		}
	}
	var patch versionPatch
	if json.Unmarshal(text, &patch) != nil {
		return versionPatch{}, errBody
	}
	return patch, nil
}

// edit returns what the patch makes of base. It names the base, since the API does not ask here whether it is deployed.
func (p versionPatch) edit(base version.Version, c *call) (version.Edit, error) {
	edit := version.Edit{Base: base.ID(), Meta: c.meta(p.inherited(base))}
	secrets := true
	for _, name := range slices.Sorted(maps.Keys(p.Env)) {
		if string(p.Env[name]) == "null" {
			edit.Unset = append(edit.Unset, name)
			continue
		}
		b, err := patched(base, name, p.Env[name])
		if err != nil {
			return version.Edit{}, err
		}
		secrets = secrets && b.Kind().IsSecret()
		edit.Set = append(edit.Set, b)
	}
	if secrets && len(p.Env) > 0 {
		edit.Meta.Annotations[version.AnnotationTriggeredBy] = "secret"
	}
	return edit, nil
}

// inherited returns the annotations of the patch and those of base that it does not change: a tag, but not the message nor an alias, which
// are those of one upload.
func (p versionPatch) inherited(base version.Version) annotations {
	notes := make(annotations)
	if tag, ok := base.Annotation(version.AnnotationTag); ok {
		notes[version.AnnotationTag] = &tag
	}
	for key, text := range p.Annotations {
		notes[key] = text
	}
	return notes
}

// patched returns the binding of that name in base with a patch applied to it. One that becomes another kind keeps nothing of what it was: a
// secret that became a var would show.
func patched(base version.Version, name string, patch json.RawMessage) (binding.Binding, error) {
	changes, ok := decoded(patch).(map[string]any)
	if !ok {
		return binding.Binding{}, invalid("Binding '" + name + "' is not an object.")
	}
	var merged any
	kind, given := changes["type"]
	if b, ok := base.Bindings().Lookup(name); ok && (!given || kind == string(b.Kind())) {
		merged = decoded(object(revealed(b)))
	}
	merged = mergePatch(merged, changes)
	merged.(map[string]any)["name"] = name // since changes are an object
	text, err := json.Marshal(merged)
	if err != nil {
		return binding.Binding{}, errBody
	}
	return readBinding(text)
}

// decoded returns a JSON text that has been checked as Go values, with numbers as they are written.
func decoded(text []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	decoder.Decode(&value)
	return value
}

// mergePatch applies a JSON merge patch as RFC 7396 has it. It may change base.
func mergePatch(base, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	merged, ok := base.(map[string]any)
	if !ok {
		merged = make(map[string]any)
	}
	for key, value := range changes {
		if value == nil {
			delete(merged, key)
		} else {
			merged[key] = mergePatch(merged[key], value)
		}
	}
	return merged
}
