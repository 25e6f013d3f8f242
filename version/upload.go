package version

import (
	"errors"
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// The values of AnnotationTriggeredBy in Cloudflare's API.
const (
	byUpload        = "upload"
	byVersionUpload = "version_upload"
	bySecret        = "secret"
	byDeployment    = "deployment"
)

// onUpload is the AnnotationMessage that Cloudflare's API gives to the deployment of an upload.
const onUpload = "Automatic deployment on upload."

// Upload is new code with its bindings. The zero Upload has neither.
type Upload struct {
	Code Code

	// Bindings are those of the upload. Each one of kind Inherit is replaced by the binding that
	// it refers to, in the latest version or in the version that it names.
	Bindings binding.Set

	// Keep are the kinds of bindings that the new version takes over from the latest one, except those whose names are
	// in Bindings. wrangler 4.164.0 always keeps secret_text and secret_key. Nil keeps none, so that secrets are lost.
	Keep []binding.Kind

	Require       []string // names that the new version must have as a var or a secret
	Meta          Meta     // who uploads, and why
	SkipUnchanged bool     // fail with ErrUnchanged if nothing would change
}

// Upload makes a version and does not deploy it, like "wrangler versions upload".
//
// It fails with a [*binding.InheritError] that lists all Inherit bindings that refer to nothing, with a [*MissingError]
// or with a [*binding.LimitError]. With ErrUnchanged it returns the latest version.
func (t *Tx) Upload(u Upload) (Version, error) { return t.upload(u, byVersionUpload) }

// UploadAndDeploy makes a version and deploys it at 100 %, like "wrangler deploy". The latest version need not be
// deployed. It fails as Upload does. With SkipUnchanged, it deploys the latest version if that is equal, and fails with
// ErrUnchanged if that already has all traffic.
func (t *Tx) UploadAndDeploy(u Upload) (Version, error) {
	m := Meta{Source: u.Meta.Source, Author: u.Meta.Author, Annotations: map[string]string{AnnotationMessage: onUpload}}
	v, err := t.upload(u, byUpload)
	return t.deployMade(v, err, m, byUpload)
}

func (t *Tx) upload(u Upload, trigger string) (Version, error) {
	if err := t.open(); err != nil {
		return Version{}, err
	}
	latest, _ := t.Latest()
	given, err := t.inherit(u.Bindings, latest)
	if err != nil {
		return Version{}, err
	}
	kept := latest.Bindings().Filter(func(b binding.Binding) bool { return slices.Contains(u.Keep, b.Kind()) })
	code := u.Code.clone()
	draft := newVersion(latest.v, kept.Merge(given), &code)
	return t.make(draft, u.SkipUnchanged, u.Require, u.Meta, trigger)
}

// inherit replaces the bindings of kind Inherit by those that they refer to, in base unless they name a version.
func (t *Tx) inherit(s binding.Set, base Version) (binding.Set, error) {
	resolved, err := s.InheritFunc(func(name, id string) (binding.Binding, bool) {
		v := base
		if id != "latest" {
			v, _ = t.Version(id)
		}
		return v.Bindings().Lookup(name)
	})
	if err != nil {
		return binding.Set{}, t.fail(err)
	}
	return resolved, nil
}

// make adds draft as a version, unless it is to be skipped and equal to its base.
func (t *Tx) make(draft *version, skip bool, require []string, m Meta, trigger string) (Version, error) {
	if err := t.require(require, Version{draft}); err != nil {
		return Version{}, err
	}
	base, ok := t.numbered(draft.base)
	if skip && ok && draft.code == base.code && draft.bindings.Equal(base.bindings) {
		return Version{base}, t.failVersion(base.id, ErrUnchanged)
	}
	return t.addVersion(draft, m, trigger)
}

// require fails if one of versions lacks one of names. The error lists all that is missing.
func (t *Tx) require(names []string, versions ...Version) error {
	var errs []error
	for _, v := range versions {
		if missing := v.Missing(names...); len(missing) > 0 {
			errs = append(errs, t.failVersion(v.ID(), &MissingError{missing}))
		}
	}
	return join(errs)
}

// deployMade deploys the version v at 100 %. V and err are what making it returned: with ErrUnchanged it is an existing
// version. If the deployment fails, the version is not made either.
func (t *Tx) deployMade(v Version, err error, m Meta, trigger string) (Version, error) {
	unchanged := errors.Is(err, ErrUnchanged)
	if err != nil && (!unchanged || t.hasAllTraffic(v)) {
		return v, err
	}
	if !t.isDeployable(v) {
		return Version{}, t.failVersion(v.ID(), ErrNotDeployable)
	}
	if _, err := t.addDeployment([]part{{v.v, All}}, m, trigger); err != nil {
		if !unchanged {
			t.undo(v.v)
		}
		return Version{}, err
	}
	return v, nil
}

// hasAllTraffic reports whether the current deployment is v at 100 %, alone.
func (t *Tx) hasAllTraffic(v Version) bool {
	current, _ := t.Current()
	only, ok := current.Only()
	return ok && only == v
}

// latestDeployed fails unless the latest version has all traffic.
func (t *Tx) latestDeployed() error {
	if err := t.open(); err != nil {
		return err
	}
	latest, ok := t.Latest()
	if !ok {
		return t.fail(ErrNoVersions)
	}
	if t.hasAllTraffic(latest) {
		return nil
	}
	current, _ := t.Current()
	return t.fail(&NotDeployedError{latest.ID(), current.Splits()})
}
