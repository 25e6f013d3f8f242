package controlplane

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// workerVersionResult is a version in the beta API.
type workerVersionResult struct {
	ID          string            `json:"id"`
	Number      int               `json:"number"`
	CreatedOn   timestamp         `json:"created_on"`
	Source      string            `json:"source"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Bindings    []any             `json:"bindings"`
	MainModule  string            `json:"main_module,omitempty"`
	runtime
	Placement     rawMember      `json:"placement,omitempty"`
	StartupTimeMS int            `json:"startup_time_ms"`
	URLs          []string       `json:"urls"`
	Assets        rawMember      `json:"assets,omitempty"`
	Modules       []moduleResult `json:"modules,omitempty"`
}

// moduleResult is a module with its content, in an answer or in a request.
type moduleResult struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Content     []byte `json:"content_base64"`
}

func showWorkerVersion(v version.Version) workerVersionResult {
	code := v.Code()
	kept := metadataOf(code)
	return workerVersionResult{
		ID:            v.ID(),
		Number:        v.Number(),
		CreatedOn:     timestamp(v.Created()),
		Source:        v.Source(),
		Annotations:   maps.Collect(v.Annotations()),
		Bindings:      showBindings(v.Bindings()),
		MainModule:    code.MainModule,
		runtime:       kept.runtime,
		Placement:     kept.Placement,
		StartupTimeMS: startupTimeMS,
		URLs:          []string{},
		Assets:        kept.Assets,
	}
}

// listWorkerVersions lists a page of versions, the newest first.
func listWorkerVersions(c *call, s version.Snapshot) (any, error) {
	return pageOfVersions(c, s, showWorkerVersion)
}

// getWorkerVersion returns a version. With include=modules in the query, it has the modules.
func getWorkerVersion(c *call, s version.Snapshot) (any, error) {
	v, err := findBetaVersion(s, c.r.PathValue("version"))
	if err != nil {
		return nil, err
	}
	result := showWorkerVersion(v)
	if c.query("include") != "modules" {
		return result, nil
	}
	for _, m := range v.Code().Modules {
		text, err := c.content(m)
		if err != nil {
			return nil, err
		}
		result.Modules = append(result.Modules, moduleResult{m.Name, m.Type, []byte(text)})
	}
	return result, nil
}

// uploadWorkerVersion makes a version from a JSON body. It has no other bindings than those in the
// body, and it is deployed only with deploy=true in the query.
func uploadWorkerVersion(c *call) (any, error) {
	v, err := c.upload(c.readJSONUpload, c.query("deploy") == "true")
	return showWorkerVersion(v), err
}

// versionPatch is a merge patch (RFC 7396) of the latest version.
type versionPatch struct {
	Env         map[string]json.RawMessage // bindings by name, null for one to remove
	Annotations annotations
}

// patchLatest makes a version from the latest one. It is deployed only with deploy=true in the
// query.
func patchLatest(c *call, patch versionPatch) (any, error) {
	made, err := updateTo(c, func(tx *version.Tx) (made version.Version, err error) {
		latest, err := latestVersion(tx.Snapshot())
		if err != nil {
			return made, err
		}
		edit, err := patch.edit(latest, c)
		if err != nil {
			return made, err
		}
		if c.query("deploy") == "true" {
			return tx.EditAndDeploy(edit)
		}
		return tx.Edit(edit)
	})
	return showWorkerVersion(made), err
}

// edit returns the change of base. It names base, so that base need not be deployed.
func (p versionPatch) edit(base version.Version, c *call) (version.Edit, error) {
	if err := checkAlias(p.Annotations, c.script()); err != nil {
		return version.Edit{}, err
	}
	edit := version.Edit{Base: base.ID(), Meta: c.meta(p.annotations(base))}
	onlySecrets := len(p.Env) > 0
	for _, name := range slices.Sorted(maps.Keys(p.Env)) {
		if isNull(p.Env[name]) {
			edit.Unset = append(edit.Unset, name)
			continue
		}
		b, err := patchedBinding(base, name, p.Env[name])
		if err != nil {
			return version.Edit{}, err
		}
		onlySecrets = onlySecrets && b.Kind().IsSecret()
		edit.Set = append(edit.Set, b)
	}
	if err := checkOrigins(edit.Set); err != nil {
		return version.Edit{}, err
	}
	if onlySecrets {
		edit.Meta.Annotations[version.AnnotationTriggeredBy] = "secret"
	}
	return edit, nil
}

// annotations returns the annotations of the patch, with the tag of base if the patch has none. The
// message and the alias of base belong to its upload.
func (p versionPatch) annotations(base version.Version) annotations {
	all := make(annotations)
	if tag, ok := base.Annotation(version.AnnotationTag); ok {
		all[version.AnnotationTag] = &tag
	}
	maps.Copy(all, p.Annotations)
	return all
}

// patchedBinding applies a patch to the binding of base with a name. A binding whose kind changes
// keeps nothing of the old one: a secret that becomes a var would be shown.
func patchedBinding(base version.Version, name string, patch json.RawMessage) (binding.Binding, error) {
	changes, ok := decoded(patch).(map[string]any)
	if !ok {
		return binding.Binding{}, invalid("Binding '" + name + "' is not an object.")
	}
	var old any
	kind, given := changes["type"]
	if b, ok := base.Bindings().Lookup(name); ok && (!given || kind == string(b.Kind())) {
		old = decoded([]byte(membersOf(b).text()))
	}
	merged := mergePatch(old, changes).(map[string]any) // an object, since changes are one
	merged["name"] = name
	text, err := json.Marshal(merged)
	if err != nil {
		return binding.Binding{}, errBody
	}
	return readBinding(text)
}

// findBetaVersion returns the version with an ID, or the latest one for "latest". For a version
// that does not exist, the beta API has the error for a Worker.
func findBetaVersion(s version.Snapshot, id string) (version.Version, error) {
	if id == "latest" {
		return latestVersion(s)
	}
	v, err := findVersion(s, id)
	if errors.Is(err, version.ErrNoVersion) {
		err = &version.Error{Worker: s.Worker(), Version: id, Err: version.ErrNotFound}
	}
	return v, err
}

// deleteWorkerVersion deletes a version, unless it is the latest one, from which the next is made, or a
// deployment has it.
func deleteWorkerVersion(c *call) (any, error) {
	return nil, c.update(func(tx *version.Tx) error {
		s := tx.Snapshot()
		v, err := findBetaVersion(s, c.r.PathValue("version"))
		if err != nil {
			return err
		}
		if latest, _ := s.Latest(); latest.ID() == v.ID() || isDeployed(s, v) {
			return invalid("A version can't be deleted while it is the latest one or a deployment has it.")
		}
		return markDeleted(tx, v.ID())
	})
}

// isDeployed reports whether any deployment that has not been deleted has v.
func isDeployed(s version.Snapshot, v version.Version) bool {
	for d := range notDeleted(s, s.Deployments()) {
		if _, ok := d.Version(v.ID()); ok {
			return true
		}
	}
	return false
}
