package version

import (
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// Edit is a change of any number of bindings that makes one version. The zero Edit changes
// nothing but makes a version too.
type Edit struct {
	// Base is the ID of the version to change, "" for the latest one.
	Base string

	// Set are the bindings to add. Each one replaces the binding of that name, whatever its kind. A binding of kind
	// Inherit is replaced by the one that it refers to, in the base or in the version that it names.
	Set []binding.Binding

	Unset   []string // the names to remove; a name that does not exist is ignored
	Encrypt []string // the names of plain_text vars that become secrets with the same text

	Code          *Code    // the new code, nil for that of the base
	Require       []string // names that the new version must have as a var or a secret
	Meta          Meta     // who edits, and why
	SkipUnchanged bool     // fail with ErrUnchanged instead of making a version equal to the base
}

// Edit makes a version and does not deploy it, like "Save" in the dashboard.
//
// It fails with ErrNoVersions or ErrNoVersion if there is no base, with ErrNotVar or
// ErrNamedTwice, with a [*binding.SetError], and as [Tx.Upload] does. The error covers all
// bindings that can't be changed. With ErrUnchanged it returns the base.
func (t *Tx) Edit(e Edit) (Version, error) { return t.edit(e, byVersionUpload) }

// EditAndDeploy makes a version and deploys it at 100 %, like "Save and deploy" in the dashboard. If e has no Base, it
// fails with a [*NotDeployedError] unless the latest version has all traffic; else it fails as Edit does.
func (t *Tx) EditAndDeploy(e Edit) (Version, error) {
	return t.editAndDeploy(e, byVersionUpload, byDeployment)
}

func (t *Tx) editAndDeploy(e Edit, trigger, deployTrigger string) (Version, error) {
	if e.Base == "" {
		if err := t.latestDeployed(); err != nil {
			return Version{}, err
		}
	}
	v, err := t.edit(e, trigger)
	return t.deployMade(v, err, e.Meta.ofDeployment(), deployTrigger)
}

func (t *Tx) edit(e Edit, trigger string) (Version, error) {
	if err := t.open(); err != nil {
		return Version{}, err
	}
	base, err := t.version(e.Base)
	if err != nil {
		return Version{}, err
	}
	given, err := t.given(base, e)
	if err != nil {
		return Version{}, err
	}
	code := base.code
	if e.Code != nil {
		clone := e.Code.clone()
		code = &clone
	}
	bindings := base.bindings.Without(e.Unset...).Merge(given)
	return t.make(newVersion(base, bindings, code), e.SkipUnchanged, e.Require, e.Meta, trigger)
}

// given returns the bindings that e sets.
func (t *Tx) given(base *version, e Edit) (binding.Set, error) {
	encrypted, err := t.encrypted(base, e.Encrypt)
	if err != nil {
		return binding.Set{}, err
	}
	given, err := binding.NewSet(append(encrypted, e.Set...)...)
	if err != nil {
		return binding.Set{}, t.fail(err)
	}
	var errs []error
	for _, name := range e.Unset {
		if _, both := given.Lookup(name); both {
			errs = append(errs, t.failBinding(name, ErrNamedTwice))
		}
	}
	if len(errs) > 0 {
		return binding.Set{}, join(errs)
	}
	return t.inherit(given, Version{base})
}

// encrypted returns the vars of those names as secrets.
func (t *Tx) encrypted(base *version, names []string) ([]binding.Binding, error) {
	var secrets []binding.Binding
	var errs []error
	for _, name := range names {
		old, _ := base.bindings.Lookup(name)
		if old.Kind() != binding.PlainText {
			errs = append(errs, t.failBinding(name, ErrNotVar))
			continue
		}
		secrets = append(secrets, binding.Secret(name, textOf(old).Reveal()))
	}
	return secrets, join(errs)
}

// SecretPut sets a secret in a new version and deploys it at 100 %, like "wrangler secret put".
//
// It fails with ErrNoVersions; with a [*NotDeployedError] unless the latest version has all
// traffic; and with ErrNameInUse if the latest version has a var or a resource of that name.
func (t *Tx) SecretPut(name, text string, m Meta) (Version, error) {
	return t.SecretBulk(map[string]string{name: text}, nil, m)
}

// SecretDelete removes a secret in a new version and deploys it at 100 %, like "wrangler secret delete". It fails as
// SecretPut does, and with ErrNoSecret if the latest version has no secret of that name.
func (t *Tx) SecretDelete(name string, m Meta) (Version, error) {
	if err := t.latestDeployed(); err != nil {
		return Version{}, err
	}
	latest, _ := t.Latest()
	if old, _ := latest.Bindings().Lookup(name); !isSecret(old) {
		return Version{}, t.failBinding(name, ErrNoSecret)
	}
	return t.editAndDeploy(Edit{Unset: []string{name}, Meta: m}, bySecret, bySecret)
}

// SecretBulk sets and removes any number of secrets in one new version and deploys it at 100 %,
// like "wrangler secret bulk". Set has the texts by name. A name to remove that does not exist is
// ignored. It fails as SecretPut does; the error covers every name that is in use.
func (t *Tx) SecretBulk(set map[string]string, unset []string, m Meta) (Version, error) {
	if err := t.latestDeployed(); err != nil {
		return Version{}, err
	}
	var errs []error
	latest, _ := t.Latest()
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(set)), unset) {
		if old, ok := latest.Bindings().Lookup(name); ok && !isSecret(old) {
			errs = append(errs, t.failBinding(name, ErrNameInUse))
		}
	}
	if len(errs) > 0 {
		return Version{}, join(errs)
	}
	return t.editAndDeploy(Edit{Set: secretsWith(set), Unset: unset, Meta: m}, bySecret, bySecret)
}

// VersionsSecretPut sets a secret in a new version made from the latest one, and does not deploy
// it, like "wrangler versions secret put". A var or a resource of that name is replaced, as the
// merge patch of the API does. It fails with ErrNoVersions.
func (t *Tx) VersionsSecretPut(name, text string, m Meta) (Version, error) {
	return t.VersionsSecretBulk(map[string]string{name: text}, nil, m)
}

// VersionsSecretDelete removes a secret in a new version made from the latest one, and does not
// deploy it, like "wrangler versions secret delete". If the name does not exist it makes a
// version all the same, as the merge patch of the API does. It fails with ErrNoVersions.
func (t *Tx) VersionsSecretDelete(name string, m Meta) (Version, error) {
	return t.VersionsSecretBulk(nil, []string{name}, m)
}

// VersionsSecretBulk sets and removes any number of secrets in one new version made from the latest one, and does not
// deploy it, like "wrangler versions secret bulk". It fails with ErrNoVersions.
func (t *Tx) VersionsSecretBulk(set map[string]string, unset []string, m Meta) (Version, error) {
	return t.edit(Edit{Set: secretsWith(set), Unset: unset, Meta: m}, bySecret)
}

func secretsWith(texts map[string]string) []binding.Binding {
	list := make([]binding.Binding, 0, len(texts))
	for name, text := range texts {
		list = append(list, binding.Secret(name, text))
	}
	return list
}
