package version

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/workerenv/workerenv/binding"
)

// Deployment is a division of a Worker's requests among one or two versions. It is immutable, one pointer wide and
// safe for concurrent use. The zero Deployment is none: nothing runs.
type Deployment struct{ d *deployment }

type deployment struct {
	_ *deployment // nil, for go-spew: see record in package binding
	stamp
	seed   uint64  // of the hash of keys: not the same ones are the first in each rollout
	splits [2]part // the first count of them
	count  uint8
	older  uint8 // which one's version has the lower number
}

// part is one version of a deployment.
type part struct {
	version *version
	share   Share
}

// Split says which share of the requests a version gets.
type Split struct {
	Version string `json:"version_id"` // its ID
	Share   Share  `json:"percentage"`
}

func (d Deployment) data() *deployment {
	if d.d == nil {
		return &deployment{stamp: stamp{origin: new(origin)}}
	}
	return d.d
}

// IsZero reports whether d is none.
func (d Deployment) IsZero() bool { return d.d == nil }

// divide gives d parts that are valid.
func (d *deployment) divide(parts []part) {
	d.count = uint8(copy(d.splits[:], parts))
	newest := d.splits[d.count-1].version
	if d.count == 2 && d.splits[0].version.number > newest.number {
		d.older, newest = 1, d.splits[0].version
	}
	d.seed = fnv(fnvOffset, newest.id)
}

// parts returns the parts in the order in which they were given, in the memory of d.
func (d *deployment) parts() []part { return d.splits[:d.count] }

// ID returns what identifies the deployment among all others, a UUID if nobody chose otherwise.
func (d Deployment) ID() string { return d.data().id }

// Created returns when the deployment was made, in UTC and microseconds, later than anything before it in the
// history.
func (d Deployment) Created() time.Time { return d.data().time() }

// Source returns the tool that made the deployment, see [Meta].
func (d Deployment) Source() string { return d.data().source }

// Author returns who made the deployment.
func (d Deployment) Author() Author { return d.data().author }

// Annotation returns the annotation under key, as [AnnotationMessage], and whether there is one.
func (d Deployment) Annotation(key string) (string, bool) { return d.data().note(key) }

// Annotations returns all annotations in the byte order of their keys.
func (d Deployment) Annotations() iter.Seq2[string, string] { return d.data().all() }

// Splits returns the IDs of the versions and their shares, in the order in which they were given, in a slice of the
// caller's own.
func (d Deployment) Splits() []Split {
	var splits []Split
	for _, p := range d.data().parts() {
		splits = append(splits, Split{p.version.id, p.share})
	}
	return splits
}

// All returns the versions and their shares, in the order in which they were given.
func (d Deployment) All() iter.Seq2[Version, Share] {
	return func(yield func(Version, Share) bool) {
		for _, p := range d.data().parts() {
			if !yield(Version{p.version}, p.share) {
				return
			}
		}
	}
}

// Newest returns the version with the highest number, the zero Version if d is none.
func (d Deployment) Newest() Version {
	var newest Version
	for v := range d.All() {
		if v.Number() > newest.Number() {
			newest = v
		}
	}
	return newest
}

// Only returns the version that gets all requests, alone in the deployment, and whether there is one.
func (d Deployment) Only() (Version, bool) {
	if parts := d.data().parts(); len(parts) == 1 {
		return Version{parts[0].version}, true
	}
	return Version{}, false
}

// IsGradual reports whether d has two versions.
func (d Deployment) IsGradual() bool { return d.data().count == 2 }

// Diff returns what requests to the one version of a gradual deployment find that is not what requests to the other one
// find, from the version with the lower number to the one with the higher. It is empty for any other deployment.
func (d Deployment) Diff() binding.Diff {
	if !d.IsGradual() {
		return nil
	}
	older, newer := d.d.splits[d.d.older], d.d.splits[1-d.d.older]
	return older.version.bindings().Diff(newer.version.bindings())
}

// Version returns the version of d that has that ID and whether there is one.
func (d Deployment) Version(id string) (Version, bool) {
	for v := range d.All() {
		if v.ID() == id {
			return v, true
		}
	}
	return Version{}, false
}

// Equal reports whether d and e are the same deployment: one ID, one time and the same versions and shares.
func (d Deployment) Equal(e Deployment) bool {
	a, b := d.data(), e.data()
	return a == b || a.equal(b)
}

func (a *deployment) equal(b *deployment) bool {
	return a.stamp.equal(&b.stamp) && slices.Equal(Deployment{a}.Splits(), Deployment{b}.Splits())
}

// String returns the versions and shares, as "3 (dc8dcd28-271b-4367-9840-6c244f84cb40) at 90%, ...", and "nothing"
// for the zero Deployment.
func (d Deployment) String() string {
	if d.IsZero() {
		return "nothing"
	}
	var texts []string
	for v, share := range d.All() {
		texts = append(texts, v.String()+" at "+share.String()+"%")
	}
	return strings.Join(texts, ", ")
}

// Format writes what String returns, for every verb and with every flag.
func (d Deployment) Format(f fmt.State, verb rune) { fmt.Fprint(f, d.String()) }

// valid reports whether parts divide all requests among one or two different versions.
func valid(parts []part) bool {
	switch len(parts) {
	case 1:
		return parts[0].share == All
	case 2:
		a, b := parts[0], parts[1]
		return a.version != b.version && a.share.isValid() && b.share.isValid() && a.share+b.share == All
	}
	return false
}
