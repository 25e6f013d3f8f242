package version

import (
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// What Cloudflare's API gives as the annotation AnnotationTriggeredBy.
const (
	byUpload        = "upload"
	byVersionUpload = "version_upload"
	bySecret        = "secret"
	byDeployment    = "deployment"
)

// onUpload is the AnnotationMessage that Cloudflare's API gives to a deployment that an upload makes.
const onUpload = "Automatic deployment on upload."

// Upload is a new code with its bindings.
type Upload struct {
	Code Code

	// Bindings are those that the upload gives. Each one of kind Inherit becomes the binding that it stands for, of
	// the latest version or of the version that it names.
	Bindings binding.Set

	// Keep lists the kinds of bindings that the new version takes from the latest one wherever Bindings does not
	// have the name. wrangler 4.164.0 always keeps secret_text and secret_key. Nil is none: the secrets are gone.
	Keep []binding.Kind

	Require       Requirements // what the new version must have
	Meta          Meta         // who uploads, and why
	SkipUnchanged bool         // to fail with ErrUnchanged rather than make a version equal to the latest one
}

// Upload makes a version, and does not deploy it: "wrangler versions upload".
//
// It fails with a [*binding.InheritError] that names all bindings that stand for nothing, a [*MissingError], or a
// [*binding.LimitError]; with ErrUnchanged it returns the latest version.
func (t *Tx) Upload(u Upload) (Version, error) { return t.upload(u, byVersionUpload) }

// UploadAndDeploy makes a version and deploys it at 100 %: "wrangler deploy". The latest version need not be deployed.
// It fails as Upload does; a version that exists and would be equal is deployed if it is not, when unchanged
// ones are to be skipped.
func (t *Tx) UploadAndDeploy(u Upload) (Version, error) {
	deployed := Meta{u.Meta.Source, u.Meta.Author, map[string]string{AnnotationMessage: onUpload}}
	return t.andDeploy(deployed, byUpload, func() (Version, error) { return t.upload(u, byUpload) })
}

func (t *Tx) upload(u Upload, trigger string) (Version, error) {
	if err := t.open(); err != nil {
		return Version{}, err
	}
	latest, _ := t.Latest()
	explicit, err := t.inherit(u.Bindings, latest.v)
	if err != nil {
		return Version{}, err
	}
	kept := latest.Bindings().Filter(func(b binding.Binding) bool { return slices.Contains(u.Keep, b.Kind()) })
	code := u.Code.clone()
	draft := replaced(latest.v, kept.Merge(explicit), &code)
	return t.derive(draft, u.SkipUnchanged, u.Require, u.Meta, trigger)
}

// derive makes a version of draft, or none if it is to be skipped and equal to its base.
func (t *Tx) derive(draft *version, skip bool, require Requirements, m Meta, trigger string) (Version, error) {
	if err := require.check(t.base.worker, Version{draft}); err != nil {
		return Version{}, err
	}
	if skip && draft.changesNothing() {
		return Version{draft.base}, t.failVersion(draft.base.id, ErrUnchanged)
	}
	return t.addVersion(draft, m, trigger)
}

// inherit gives the bindings of kind Inherit what they stand for. Base, which may be nil, is the version that "latest"
// means.
func (t *Tx) inherit(s binding.Set, base *version) (binding.Set, error) {
	resolved, err := s.InheritFunc(func(name, id string) (binding.Binding, bool) {
		if id == "latest" {
			return Version{base}.Bindings().Lookup(name)
		}
		v, _ := t.Version(id)
		return v.Bindings().Lookup(name)
	})
	if err != nil {
		return binding.Set{}, t.fail(err)
	}
	return resolved, nil
}

// andDeploy deploys the version that make makes, or finds unchanged, at 100 %. If that fails, the version is not made
// either.
func (t *Tx) andDeploy(m Meta, trigger string, make func() (Version, error)) (Version, error) {
	start := t.mark()
	v, err := make()
	if unchanged := isUnchanged(err); err != nil && (!unchanged || t.runsOnly(v)) {
		return v, err
	}
	if err := t.deployOnly(v, m, trigger); err != nil {
		t.undo(start)
		return Version{}, err
	}
	return v, nil
}

// runsOnly reports whether v gets all requests now.
func (t *Tx) runsOnly(v Version) bool {
	current, _ := t.Current()
	only, ok := current.Only()
	return ok && only == v
}

// deployOnly deploys v at 100 %, whatever its secrets.
func (t *Tx) deployOnly(v Version, m Meta, trigger string) error {
	if !t.isDeployable(v) {
		return t.failVersion(v.ID(), ErrNotDeployable)
	}
	_, err := t.addDeployment([]part{{v.v, All}}, m, trigger)
	return err
}
