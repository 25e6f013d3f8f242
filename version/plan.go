package version

import "github.com/workerenv/workerenv/binding"

// Plan is what a [Tx] would change, as data without values, to be shown or stored. The zero Plan changes nothing.
type Plan struct {
	Worker      string              `json:"worker"`
	Revision    int                 `json:"revision"` // that of the history it was made for, for [History.UpdateAt]
	Versions    []PlannedVersion    `json:"versions,omitempty"`
	Deployments []PlannedDeployment `json:"deployments,omitempty"`
}

// PlannedVersion is a version to be made.
type PlannedVersion struct {
	Number      int             `json:"number"`
	Base        int             `json:"base"` // the number of the version it is made from, 0 if there is none
	Bindings    []PlannedChange `json:"bindings,omitempty"`
	CodeChanged bool            `json:"code_changed,omitempty"`
}

// PlannedChange is what becomes of one binding between the base and the version to be made. The fingerprints are those of
// [FingerprintsOf], "" without a key.
type PlannedChange struct {
	binding.Change
	BeforeFingerprint string `json:"before_fingerprint,omitempty"`
	AfterFingerprint  string `json:"after_fingerprint,omitempty"`
}

// PlannedDeployment is a deployment to be made.
type PlannedDeployment struct {
	Splits []PlannedSplit `json:"versions"`

	// Live is what changes for requests: from the newest version that runs before to the newest one after.
	Live binding.Diff `json:"live,omitempty"`
}

// PlannedSplit is the share of one version. A version to be made gets its ID only when it is made.
type PlannedSplit struct {
	Number int   `json:"number"`
	Share  Share `json:"percentage"`
}

// IsEmpty reports whether the plan is to change no version and no deployment.
func (p Plan) IsEmpty() bool { return len(p.Versions) == 0 && len(p.Deployments) == 0 }

// Plan tells what t would change. Key is for the fingerprints, without one there are none.
func (t *Tx) Plan(key []byte) Plan {
	p := Plan{Worker: t.base.worker, Revision: t.base.revision}
	for _, v := range t.versions.items {
		p.Versions = append(p.Versions, planned(v, key))
	}
	live, _ := t.Before().Current()
	for _, d := range t.deployments.items {
		next := Deployment{d}
		changes := live.Newest().Bindings().Diff(next.Newest().Bindings())
		p.Deployments = append(p.Deployments, PlannedDeployment{splitsOf(d), changes})
		live = next
	}
	return p
}

func planned(v *version, key []byte) PlannedVersion {
	base := Version{v.base}
	p := PlannedVersion{Number: v.number, Base: base.Number(), CodeChanged: !base.data().code.Equal(*v.code)}
	for _, c := range base.Bindings().Diff(v.bindings()) {
		before, _ := base.Bindings().Lookup(c.Name)
		after, _ := v.bindings().Lookup(c.Name)
		p.Bindings = append(p.Bindings, PlannedChange{c, fingerprint(before, key), fingerprint(after, key)})
	}
	return p
}

func splitsOf(d *deployment) []PlannedSplit {
	splits := make([]PlannedSplit, len(d.parts()))
	for i, p := range d.parts() {
		splits[i] = PlannedSplit{p.version.number, p.share}
	}
	return splits
}
