package version

import (
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// deployable is how many of the newest versions can be deployed, according to Cloudflare's changelog of 2025-09-11.
const deployable = 100

// Deploy is a new division of the traffic, like "wrangler versions deploy".
type Deploy struct {
	// Splits are one or two versions, see [Full] and [Gradual]. A share may be 0 beside one of 100 %: that version gets
	// only requests with an override. Cloudflare's page "Version overrides" does so, and wrangler 4.164.0 sends it,
	// though the schema of the API says that a share is at least 0.01 %.
	Splits []Split

	// Force deploys an older version even if its secrets have changed since.
	Force bool

	Require       []string // names that every version must have as a var or a secret
	Meta          Meta     // who deploys, and why
	SkipUnchanged bool     // fail with ErrUnchanged instead of repeating the current deployment
}

// Deploy makes a deployment of versions that exist.
//
// It fails with ErrShares; with ErrNoVersion; with ErrNotDeployable for a version that is not among the newest 100; and
// with a [*MissingError], one for each version that lacks something. Unless forced, it fails with a
// [*SecretsChangedError] for a version that is older than the newest deployed one, is not deployed itself, and has
// other secrets than the newest deployed one. (Cloudflare does not document with which version its API compares secrets
// before it answers 10220.) With ErrUnchanged it returns the current deployment.
func (t *Tx) Deploy(d Deploy) (Deployment, error) {
	if err := t.open(); err != nil {
		return Deployment{}, err
	}
	parts := make([]part, 0, 2)
	var versions []Version
	for _, split := range d.Splits {
		v, ok := t.Version(split.Version)
		if !ok {
			return Deployment{}, t.failVersion(split.Version, ErrNoVersion)
		}
		parts, versions = append(parts, part{v.v, split.Share}), append(versions, v)
	}
	if !valid(parts) {
		return Deployment{}, t.fail(ErrShares)
	}
	for _, v := range versions {
		if !t.isDeployable(v) {
			return Deployment{}, t.failVersion(v.ID(), ErrNotDeployable)
		}
	}
	if err := t.require(d.Require, versions...); err != nil {
		return Deployment{}, err
	}
	for _, v := range versions {
		if names := t.changedSecrets(v); len(names) > 0 && !d.Force {
			return Deployment{}, t.failVersion(v.ID(), &SecretsChangedError{names})
		}
	}
	current, _ := t.Current()
	if d.SkipUnchanged && slices.Equal(current.data().parts, parts) {
		return current, t.fail(ErrUnchanged)
	}
	return t.addDeployment(parts, d.Meta, byDeployment)
}

func (t *Tx) isDeployable(v Version) bool {
	latest, _ := t.Latest()
	return latest.Number()-v.Number() < deployable
}

// changedSecrets returns the names of the secrets in which v differs from the newest deployed
// version, none if v is newer or is deployed itself.
func (t *Tx) changedSecrets(v Version) []string {
	current, _ := t.Current()
	newest := current.Newest()
	if _, deployed := current.Version(v.ID()); deployed || v.Number() > newest.Number() {
		return nil
	}
	var names []string
	for _, c := range secretsOf(v.Bindings()).Diff(secretsOf(newest.Bindings())) {
		names = append(names, c.Name)
	}
	return names
}

// Rollback is a return to an older version.
type Rollback struct {
	To      string   // the ID of the version, "" for that of [Snapshot.RollbackTarget]
	Force   bool     // deploy the version even if secrets have changed since
	Require []string // names that the version must have as a var or a secret
	Meta    Meta     // who rolls back, and why
}

// Rollback deploys an older version at 100 %, with its own vars and secrets, like "wrangler
// rollback". It makes no version. It fails as [Tx.Deploy] does, and with ErrNoTarget if r names
// no version and [Snapshot.RollbackTarget] has none.
func (t *Tx) Rollback(r Rollback) (Deployment, error) {
	id, err := t.target(r)
	if err != nil {
		return Deployment{}, err
	}
	return t.Deploy(Deploy{Splits: Full(id), Force: r.Force, Require: r.Require, Meta: r.Meta})
}

// RollbackCode makes a new version with the code, vars and resources of an older one and the
// secrets of the newest deployed version, and deploys it at 100 %. It undoes a bad upload after
// secrets have changed, so Force has no effect. Where the older version has another binding under
// the name of a secret, the secret replaces it. It fails as Rollback does.
func (t *Tx) RollbackCode(r Rollback) (Version, error) {
	id, err := t.target(r)
	if err != nil {
		return Version{}, err
	}
	old, err := t.version(id)
	if err != nil {
		return Version{}, err
	}
	current, ok := t.Current()
	if !ok {
		return Version{}, t.fail(ErrNoTarget)
	}
	rest := old.bindings.Filter(func(b binding.Binding) bool { return !isSecret(b) })
	draft := newVersion(old, rest.Merge(secretsOf(current.Newest().Bindings())), old.code)
	v, err := t.make(draft, false, r.Require, r.Meta, byVersionUpload)
	return t.deployMade(v, err, r.Meta.ofDeployment(), byDeployment)
}

// target returns the ID of the version to roll back to.
func (t *Tx) target(r Rollback) (string, error) {
	if err := t.open(); err != nil || r.To != "" {
		return r.To, err
	}
	_, v := rollbackTarget(slices.Concat(t.base.deployments.items, t.deployments))
	if v == nil {
		return "", t.fail(ErrNoTarget)
	}
	return v.id, nil
}
