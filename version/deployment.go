package version

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/workerenv/workerenv/binding"
)

// Deployment is a division of a Worker's traffic among one or two versions. It is immutable, one pointer wide and safe
// for concurrent use. The zero Deployment means that there is none: no version gets traffic.
type Deployment struct{ d *deployment }

// deployment is what a Deployment points to. It does not change once it is made.
type deployment struct {
	_ *deployment // always nil; it stops go-spew, see record in package binding
	stamp
	seed  uint64 // of the hash of keys, so that each rollout starts with other keys
	parts []part // one or two, in the order in which they were given
}

// part is one version of a deployment.
type part struct {
	version *version
	share   Share
}

// Split is the share of the traffic that one version gets.
type Split struct {
	Version string `json:"version_id"` // its ID
	Share   Share  `json:"percentage"`
}

// Full returns the splits of a deployment in which one version gets all traffic. ID is that of the version.
func Full(id string) []Split { return []Split{{Version: id, Share: All}} }

// Gradual returns the splits of a gradual deployment: share is that of the version newID, and oldID gets the rest.
func Gradual(newID, oldID string, share Share) []Split {
	return []Split{{Version: newID, Share: share}, {Version: oldID, Share: All - share}}
}

func (d Deployment) data() *deployment {
	if d.d == nil {
		return &deployment{stamp: stamp{provenance: new(provenance)}}
	}
	return d.d
}

// newDeployment returns a deployment of parts that are valid.
func newDeployment(s stamp, parts []part) *deployment {
	d := &deployment{stamp: s, parts: parts}
	d.seed = fnv(fnvOffset, Deployment{d}.Newest().ID())
	return d
}

// ordered returns the parts with the lower and the higher number of a version, which are the same if there is one.
func (d *deployment) ordered() (older, newer part) {
	older, newer = d.parts[0], d.parts[len(d.parts)-1]
	if older.version.number > newer.version.number {
		older, newer = newer, older
	}
	return older, newer
}

// valid reports whether parts are one or two different versions whose shares sum to 100 %.
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

// IsZero reports whether d is the zero Deployment.
func (d Deployment) IsZero() bool { return d.d == nil }

// ID returns the ID of the deployment, which no other deployment or version has. It is a UUID
// unless [Options] say otherwise.
func (d Deployment) ID() string { return d.data().id }

// Created returns when the deployment was made, in UTC, to the microsecond. It is later than
// everything before it in the history.
func (d Deployment) Created() time.Time { return d.data().time() }

// Source returns the tool that made the deployment, see [Meta].
func (d Deployment) Source() string { return d.data().source }

// Author returns who made the deployment.
func (d Deployment) Author() Author { return d.data().author }

// Annotation returns the annotation under key, for example [AnnotationMessage], and whether there is one.
func (d Deployment) Annotation(key string) (string, bool) { return d.data().annotation(key) }

// Annotations returns all annotations in the byte order of their keys.
func (d Deployment) Annotations() iter.Seq2[string, string] { return d.data().all() }

// Splits returns the IDs of the versions and their shares, in the order in which they were given. The slice is a copy.
func (d Deployment) Splits() []Split {
	var splits []Split
	for _, p := range d.data().parts {
		splits = append(splits, Split{p.version.id, p.share})
	}
	return splits
}

// All returns the versions and their shares, in the order in which they were given.
func (d Deployment) All() iter.Seq2[Version, Share] {
	return func(yield func(Version, Share) bool) {
		for _, p := range d.data().parts {
			if !yield(Version{p.version}, p.share) {
				return
			}
		}
	}
}

// Newest returns the version with the highest number, the zero Version if d is zero.
func (d Deployment) Newest() Version {
	var newest Version
	for v := range d.All() {
		if v.Number() > newest.Number() {
			newest = v
		}
	}
	return newest
}

// Only returns the version that gets all traffic, alone in the deployment, and whether there is one.
func (d Deployment) Only() (Version, bool) {
	if parts := d.data().parts; len(parts) == 1 {
		return Version{parts[0].version}, true
	}
	return Version{}, false
}

// Diff returns the difference between the bindings of the two versions of a gradual deployment, from the version with
// the lower number to the one with the higher. It is empty for any other deployment.
func (d Deployment) Diff() binding.Diff {
	if len(d.data().parts) != 2 {
		return nil
	}
	older, newer := d.d.ordered()
	return older.version.bindings.Diff(newer.version.bindings)
}

// Version returns the version of d with that ID, and whether there is one.
func (d Deployment) Version(id string) (Version, bool) {
	for v := range d.All() {
		if v.ID() == id {
			return v, true
		}
	}
	return Version{}, false
}

// Equal reports whether d and e are the same deployment: same ID, same time and equal splits.
func (d Deployment) Equal(e Deployment) bool { return d.data().equal(e.data()) }

func (d *deployment) equal(e *deployment) bool {
	return d == e || d.stamp.equal(&e.stamp) && slices.Equal(Deployment{d}.Splits(), Deployment{e}.Splits())
}

// String returns the versions and shares, as "3 (dc8dcd28-271b-4367-9840-6c244f84cb40) at 90%,
// ...", and "none" for the zero Deployment.
func (d Deployment) String() string {
	if d.IsZero() {
		return "none"
	}
	var texts []string
	for v, share := range d.All() {
		texts = append(texts, v.String()+" at "+share.String()+"%")
	}
	return strings.Join(texts, ", ")
}

// Format writes what String returns, for every verb and with every flag.
func (d Deployment) Format(f fmt.State, verb rune) { io.WriteString(f, d.String()) }

// MarshalJSON returns an object of the ID, the time, the source, and the IDs and percentages of the versions.
func (d Deployment) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		ID       string    `json:"id"`
		Created  time.Time `json:"created"`
		Source   string    `json:"source"`
		Versions []Split   `json:"versions"`
	}{d.ID(), d.Created(), d.Source(), d.Splits()})
}
