package version

import (
	"errors"

	"github.com/workerenv/workerenv/binding"
)

// Edit is a change of any number of bindings at once, by which exactly one version is made. The zero Edit changes
// nothing, and makes a version all the same.
type Edit struct {
	// Base is the ID of the version to change, "" for the latest one.
	Base string

	// Set are the bindings to add, or to put in the place of those of the same names, of whatever kinds: Var for a
	// variable of the dashboard, Secret for one with encryption on. One of kind Inherit stands for a binding of the
	// base.
	Set []binding.Binding

	Unset   []string // the names to remove; one that is not there changes nothing
	Encrypt []string // the names of plain_text vars that become secrets of the same text

	Code          *Code        // new code, nil for that of the base
	Require       Requirements // what the new version must have
	Meta          Meta         // who edits, and why
	SkipUnchanged bool         // to fail with ErrUnchanged rather than make a version equal to the base
}

// Edit makes a version, and does not deploy it: the dashboard's "save".
//
// It fails with ErrNoVersions or ErrNoVersion if there is no base; with an error that lists every name that can't be
// changed, a [*BindingsError] or a [*binding.SetError]; and as [Tx.Upload] does. With ErrUnchanged it returns the base.
func (t *Tx) Edit(e Edit) (Version, error) { return t.edit(e, byVersionUpload) }

// EditAndDeploy makes a version and deploys it at 100 %: the dashboard's "save and deploy". Unless the edit names its
// base, it fails with a [*NotDeployedError] if the latest version is not what is deployed; else as Edit does.
func (t *Tx) EditAndDeploy(e Edit) (Version, error) {
	return t.editAndDeploy(e, byVersionUpload, byDeployment)
}

func (t *Tx) editAndDeploy(e Edit, trigger, deployTrigger string) (Version, error) {
	if e.Base == "" {
		if err := t.latestDeployed(); err != nil {
			return Version{}, err
		}
	}
	return t.andDeploy(e.Meta.ofDeployment(), deployTrigger, func() (Version, error) { return t.edit(e, trigger) })
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
	draft := derived(base, edits(base, given, e.Unset), code)
	return t.derive(draft, e.SkipUnchanged, e.Require, e.Meta, trigger)
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
	if err := t.namedTwice(given, e.Unset); err != nil {
		return binding.Set{}, err
	}
	return t.inherit(given, base)
}

// without returns s less the bindings of those names. It does not look at s if there are none.
func without(s binding.Set, names []string) binding.Set {
	if len(names) == 0 {
		return s
	}
	return s.Without(names...)
}

// encrypted returns the vars of those names as secrets.
func (t *Tx) encrypted(base *version, names []string) (secrets []binding.Binding, err error) {
	var errs []*Error
	for _, name := range names {
		old, _ := base.lookup(name)
		if old.kind != binding.PlainText {
			errs = append(errs, t.failBinding(name, ErrNotVar))
			continue
		}
		secrets = append(secrets, binding.Secret(name, old.text))
	}
	return secrets, joined(errs)
}

func (t *Tx) namedTwice(set binding.Set, unset []string) error {
	var errs []*Error
	for _, name := range unset {
		if _, both := set.Lookup(name); both {
			errs = append(errs, t.failBinding(name, ErrNamedTwice))
		}
	}
	return joined(errs)
}

// latestDeployed fails unless the latest version gets all requests.
func (t *Tx) latestDeployed() error {
	if err := t.open(); err != nil {
		return err
	}
	latest, err := t.version("")
	if err != nil || t.runsOnly(Version{latest}) {
		return err
	}
	current, _ := t.Current()
	return &NotDeployedError{t.base.worker, latest.id, current.Splits()}
}

func isUnchanged(err error) bool { return errors.Is(err, ErrUnchanged) }
