package version

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
)

// Plan is what a [Tx] would change, as data without values, to be shown or stored. The zero Plan changes nothing.
type Plan struct {
	Worker      string              `json:"worker"`
	Revision    int                 `json:"revision"` // before the changes, for UpdateAt
	Versions    []PlannedVersion    `json:"versions,omitempty"`
	Deployments []PlannedDeployment `json:"deployments,omitempty"`
}

// PlannedVersion is a version to be made.
type PlannedVersion struct {
	Number      int             `json:"number"`
	Base        int             `json:"base"` // number of the version it is made from, or 0
	Bindings    []PlannedChange `json:"bindings,omitempty"`
	CodeChanged bool            `json:"code_changed,omitempty"`
}

// PlannedChange is the change of one binding between the base and the version to be made. The
// fingerprints are those of [FingerprintsOf], "" without a key.
type PlannedChange struct {
	binding.Change
	BeforeFingerprint string `json:"before_fingerprint,omitempty"`
	AfterFingerprint  string `json:"after_fingerprint,omitempty"`
}

// PlannedDeployment is a deployment to be made.
type PlannedDeployment struct {
	Splits []PlannedSplit `json:"versions"`

	// Live is what changes for requests: the difference from the newest version deployed before
	// to the newest one after.
	Live binding.Diff `json:"live,omitempty"`
}

// PlannedSplit is the share of one version, by its number, since a version to be made has no ID yet.
type PlannedSplit struct {
	Number int   `json:"number"`
	Share  Share `json:"percentage"`
}

// IsEmpty reports whether the plan makes no version and no deployment.
func (p Plan) IsEmpty() bool { return len(p.Versions) == 0 && len(p.Deployments) == 0 }

// String returns a line for each version and deployment, and one for each binding that changes:
//
//	version 2 from 1
//	  + API_KEY (secret_text)
//	deployment of 2 at 10%, 1 at 90%
//
// It is "no changes" if the plan is empty.
func (p Plan) String() string {
	if p.IsEmpty() {
		return "no changes"
	}
	var lines []string
	for _, v := range p.Versions {
		line := fmt.Sprintf("version %d from %d", v.Number, v.Base)
		if v.CodeChanged {
			line += ", new code"
		}
		lines = append(lines, line)
		for _, c := range v.Bindings {
			lines = append(lines, "  "+c.Change.String())
		}
	}
	for _, d := range p.Deployments {
		var splits []string
		for _, s := range d.Splits {
			splits = append(splits, fmt.Sprintf("%d at %s%%", s.Number, s.Share))
		}
		lines = append(lines, "deployment of "+strings.Join(splits, ", "))
	}
	return strings.Join(lines, "\n")
}

// Plan returns what t would change. Key is for the fingerprints; without a key there are none.
func (t *Tx) Plan(key []byte) Plan {
	p := Plan{Worker: t.base.worker, Revision: t.base.revision}
	for _, v := range t.versions {
		p.Versions = append(p.Versions, t.planned(v, key))
	}
	live, _ := t.Before().Current()
	for _, d := range t.deployments {
		planned := PlannedDeployment{Live: live.Newest().Bindings().Diff(Deployment{d}.Newest().Bindings())}
		for _, part := range d.parts {
			planned.Splits = append(planned.Splits, PlannedSplit{part.version.number, part.share})
		}
		p.Deployments = append(p.Deployments, planned)
		live = Deployment{d}
	}
	return p
}

func (t *Tx) planned(v *version, key []byte) PlannedVersion {
	from, _ := t.numbered(v.base)
	base := Version{from}
	p := PlannedVersion{Number: v.number, Base: v.base, CodeChanged: !base.data().code.equal(v.code)}
	for _, c := range base.Bindings().Diff(v.bindings) {
		before, _ := base.Bindings().Lookup(c.Name)
		after, _ := v.bindings.Lookup(c.Name)
		p.Bindings = append(p.Bindings, PlannedChange{c, fingerprint(before, key), fingerprint(after, key)})
	}
	return p
}

// Fingerprints stand for the values of bindings, by name, so that they can be compared without the values. Two bindings
// of one name have the same fingerprint under the same key if and only if kind and value are equal. Fingerprints of
// different names do not show whether the values are equal. They can be stored, and compared on another machine.
type Fingerprints map[string]string

// FingerprintsOf returns the fingerprints of bindings under key: an HMAC-SHA256 each, as 64
// hexadecimal digits. Key should be secret and random, preferably 32 bytes; anyone who knows it
// can guess values. Without a key there are no fingerprints.
//
// Fingerprints under two keys differ for equal values. A program that stores fingerprints
// stores the name of the key beside them, and the key elsewhere. Do not use a key that encrypts a Store.
func FingerprintsOf(bindings binding.Set, key []byte) Fingerprints {
	if len(key) == 0 {
		return nil
	}
	prints := make(Fingerprints, bindings.Len())
	for b := range bindings.All() {
		prints[b.Name()] = fingerprint(b, key)
	}
	return prints
}

// Diff returns the names, in byte order, for which f and other differ.
func (f Fingerprints) Diff(other Fingerprints) []string {
	all := make(Fingerprints)
	maps.Copy(all, f)
	maps.Copy(all, other)
	var names []string
	for name := range all {
		if f[name] != other[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// fingerprint returns the fingerprint of b under a key derived for its kind and name. It is ""
// without a key and for the zero Binding.
func fingerprint(b binding.Binding, key []byte) string {
	if len(key) == 0 || b.Kind() == "" {
		return ""
	}
	mac := hmac.New(sha256.New, key)
	io.WriteString(mac, string(b.Kind())+"\x00"+b.Name())
	return textOf(b).FingerprintWith(mac.Sum(nil))
}

// textOf returns the text or the attributes of a binding.
func textOf(b binding.Binding) binding.Value {
	if text, ok := b.Value(); ok {
		return text
	}
	attributes, _ := b.Attributes()
	return attributes
}
