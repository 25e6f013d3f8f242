package version

import (
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// SecretPut sets a secret in a new version and deploys it at 100 %: "wrangler secret put".
//
// It fails with ErrNoVersions; with a [*NotDeployedError] if the latest version is not what is deployed; and with
// ErrNameInUse if the latest version has a var or a resource of that name.
func (t *Tx) SecretPut(name, text string, m Meta) (Version, error) {
	return t.SecretBulk(map[string]string{name: text}, nil, m)
}

// SecretDelete removes a secret in a new version and deploys it at 100 %: "wrangler secret delete". It fails as
// SecretPut does, and with ErrNoSecret if the latest version has no secret of that name.
func (t *Tx) SecretDelete(name string, m Meta) (Version, error) {
	if err := t.latestDeployed(); err != nil {
		return Version{}, err
	}
	latest, _ := t.Latest()
	if old, _ := latest.v.lookup(name); !isSecretKind(old.kind) {
		return Version{}, t.failBinding(name, ErrNoSecret)
	}
	return t.editAndDeploy(Edit{Unset: []string{name}, Meta: m}, bySecret, bySecret)
}

// SecretBulk sets and removes any number of secrets in one new version and deploys it at 100 %: "wrangler secret
// bulk". Set has the texts by name. A name to remove that is not there changes nothing. It fails as SecretPut does,
// with every name that is in use, in a [*BindingsError] if there are several.
func (t *Tx) SecretBulk(set map[string]string, unset []string, m Meta) (Version, error) {
	if err := t.latestDeployed(); err != nil {
		return Version{}, err
	}
	if err := t.namesInUse(slices.Concat(slices.Sorted(maps.Keys(set)), unset)); err != nil {
		return Version{}, err
	}
	return t.editAndDeploy(Edit{Set: secretsWith(set), Unset: unset, Meta: m}, bySecret, bySecret)
}

// VersionsSecretPut sets a secret in a new version, made from the latest one, and does not deploy it: "wrangler
// versions secret put". A var or a resource of that name makes place, as the API's merge patch has it. It fails with
// ErrNoVersions.
func (t *Tx) VersionsSecretPut(name, text string, m Meta) (Version, error) {
	return t.VersionsSecretBulk(map[string]string{name: text}, nil, m)
}

// VersionsSecretDelete removes a secret in a new version, made from the latest one, and does not deploy it:
// "wrangler versions secret delete". A name that is not there changes nothing but makes a version, as the
// API's merge patch has it. It fails with ErrNoVersions.
func (t *Tx) VersionsSecretDelete(name string, m Meta) (Version, error) {
	return t.VersionsSecretBulk(nil, []string{name}, m)
}

// VersionsSecretBulk sets and removes any number of secrets in one new version, made from the latest one, and does not
// deploy it: "wrangler versions secret bulk". It fails with ErrNoVersions.
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

// namesInUse fails with all names that the latest version has for something that is not a secret.
func (t *Tx) namesInUse(names []string) error {
	var errs []*Error
	latest, _ := t.Latest()
	for _, name := range names {
		if old, ok := latest.v.lookup(name); ok && !isSecretKind(old.kind) {
			errs = append(errs, t.failBinding(name, ErrNameInUse))
		}
	}
	return joined(errs)
}
