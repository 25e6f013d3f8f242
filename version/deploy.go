package version

import (
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// Deploy is a new division of the requests: "wrangler versions deploy".
type Deploy struct {
	// Splits are one or two versions. A share may be 0 beside one of 100 %, so that only requests with a version override
	// get to that version: Cloudflare's page "Version overrides" does so, and wrangler 4.164.0 sends it, though the schema
	// of the API says that a share is at least 0.01 %.
	Splits []Split

	// Force lets an older version run that has other secrets than those of today.
	Force bool

	Require       Requirements // what every version must have, checked before anything is deployed
	Meta          Meta         // who deploys, and why
	SkipUnchanged bool         // to fail with ErrUnchanged rather than repeat the current deployment
}

// Deploy makes a deployment of versions that exist.
//
// It fails with ErrShares; with ErrNoVersion, or ErrNotDeployable for a version that is not among the newest 100; with a
// [*MissingError] that lists all names that all versions lack; and, unless forced, with a [*SecretsChangedError] if
// a version is older than what runs, does not run itself, and its secrets are not those of the newest version that
// does. Cloudflare does not tell with which version its API compares secrets before it answers 10220; it is what
// requests find today, since secrets that are not deployed yet are not lost to anybody by a rollback. With ErrUnchanged it
// returns the current deployment.
func (t *Tx) Deploy(d Deploy) (Deployment, error) {
	if err := t.open(); err != nil {
		return Deployment{}, err
	}
	parts, err := t.parts(d.Splits)
	if err != nil {
		return Deployment{}, err
	}
	if err := t.mayRun(parts, d); err != nil {
		return Deployment{}, err
	}
	current, _ := t.Current()
	if d.SkipUnchanged && slices.Equal(current.data().parts(), parts) {
		return current, t.fail(ErrUnchanged)
	}
	return t.addDeployment(parts, d.Meta, byDeployment)
}

// parts finds the versions of splits.
func (t *Tx) parts(splits []Split) ([]part, error) {
	parts := make([]part, 0, 2)
	for _, split := range splits {
		if split.Version == "" {
			return nil, t.failVersion("", ErrNoVersion)
		}
		v, err := t.version(split.Version)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{v, split.Share})
	}
	if !valid(parts) {
		return nil, t.fail(ErrShares)
	}
	return parts, nil
}

// mayRun fails if one of the versions must not be deployed.
func (t *Tx) mayRun(parts []part, d Deploy) error {
	var versions []Version
	for _, p := range parts {
		if !t.isDeployable(Version{p.version}) {
			return t.failVersion(p.version.id, ErrNotDeployable)
		}
		versions = append(versions, Version{p.version})
	}
	if err := d.Require.check(t.base.worker, versions...); err != nil || d.Force {
		return err
	}
	for _, v := range versions {
		if names := t.changedSecrets(v); len(names) > 0 {
			return &SecretsChangedError{t.base.worker, v.ID(), names}
		}
	}
	return nil
}

func (t *Tx) isDeployable(v Version) bool {
	latest, _ := t.Latest()
	return latest.Number()-v.Number() < deployable
}

// changedSecrets returns the names of the secrets that v, if it is older than what runs and does not run itself,
// would bring back, change or take away.
func (t *Tx) changedSecrets(v Version) []string {
	current, _ := t.Current()
	newest := current.Newest()
	if _, runs := current.Version(v.ID()); runs || v.Number() > newest.Number() {
		return nil
	}
	var names []string
	for _, c := range secretsOf(v.Bindings()).Diff(secretsOf(newest.Bindings())) {
		names = append(names, c.Name)
	}
	return names
}

// Rollback is the way back to an older version.
type Rollback struct {
	To      string       // the ID of the version, "" for what [Snapshot.RollbackTarget] tells
	Force   bool         // to run the version with its own secrets where those of today are others
	Require Requirements // what the version must have
	Meta    Meta         // who rolls back, and why
}

// Rollback deploys an older version at 100 %, with its own vars and secrets: "wrangler rollback". It makes no
// version. It fails as [Tx.Deploy] does, and with ErrNoTarget if r names no version and there is none to go to.
func (t *Tx) Rollback(r Rollback) (Deployment, error) {
	id, err := t.target(r)
	if err != nil {
		return Deployment{}, err
	}
	return t.Deploy(Deploy{Splits: []Split{{id, All}}, Force: r.Force, Require: r.Require, Meta: r.Meta})
}

// RollbackCode makes a new version of an older one's code, vars and resources with the secrets that the newest
// deployed version has, and deploys it at 100 %: the way back after a bad upload when secrets have been changed since.
// It is never refused on account of secrets; Force means nothing. Where the older version has something else under
// the name of a secret, the secret takes its place.
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
	rest := old.bindings().Filter(func(b binding.Binding) bool { return !isSecret(b) })
	draft := replaced(old, rest.Merge(secretsOf(current.Newest().Bindings())), old.code)
	return t.andDeploy(r.Meta.ofDeployment(), byDeployment, func() (Version, error) {
		return t.derive(draft, false, r.Require, r.Meta, byVersionUpload)
	})
}

// target returns the ID of the version to go back to.
func (t *Tx) target(r Rollback) (string, error) {
	if err := t.open(); err != nil || r.To != "" {
		return r.To, err
	}
	v, ok := rollbackTarget(newestDeployments(t.base.deployments.items, t.deployments.items))
	if !ok {
		return "", t.fail(ErrNoTarget)
	}
	return v.ID(), nil
}
