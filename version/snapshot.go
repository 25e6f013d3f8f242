package version

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"

	"github.com/workerenv/workerenv/binding"
)

// Snapshot is the history of one Worker at one revision. It is immutable, one pointer wide and
// safe for concurrent use. The zero Snapshot is the empty history of a Worker without a name.
type Snapshot struct{ s *state }

// state is what a Snapshot points to. It does not change once it is made.
type state struct {
	_           *state // always nil; it stops go-spew, see record in package binding
	worker      string
	revision    int
	chain       chain // of the log, up to revision
	versions    series[*version]
	deployments series[*deployment]
	settings    map[string]binding.Value
	closed      bool

	checkpointed   int  // the revision after the last checkpoint, 0 if there is none
	settingsAreOwn bool // while the state is being made: no other state has the map
}

// successor returns a copy of s, to become the next state.
func (s *state) successor() *state {
	next := *s
	next.settingsAreOwn = false
	return &next
}

// add applies the changes of r, which have been checked, to a state that is being made.
func (s *state) add(changes []change, r Record) {
	for _, c := range changes {
		c.apply(s)
	}
	s.revision++
	s.chain = s.chain.with(r)
}

// change is one part of a record: *version, *deployment, setting, closing or *checkpoint.
type change interface {
	apply(*state)       // adds it to a state that is being made; it has been checked
	write(*writer, *Tx) // writes it as a change of a record, that of the Tx
}

func (v *version) apply(s *state)    { s.versions = s.versions.with(v) }
func (d *deployment) apply(s *state) { s.deployments = s.deployments.with(d) }

// setting is the new text under a name. The zero Value removes the name.
type setting struct {
	name string
	text binding.Value
}

func (c setting) apply(s *state) {
	if !s.settingsAreOwn {
		s.settings, s.settingsAreOwn = maps.Clone(s.settings), true
	}
	if s.settings == nil {
		s.settings = make(map[string]binding.Value)
	}
	if c.text.IsZero() {
		delete(s.settings, c.name)
	} else {
		s.settings[c.name] = c.text
	}
}

// closing ends a history.
type closing struct{}

func (closing) apply(s *state) { s.closed = true }

// NewSnapshot returns the empty history, at revision 0, of the Worker of that name, whose log has
// that name too. Errors show the name.
func NewSnapshot(worker string) Snapshot { return newSnapshot(worker, worker) }

func newSnapshot(log, worker string) Snapshot {
	return Snapshot{&state{worker: worker, chain: newChain(log)}}
}

func (s Snapshot) data() *state {
	if s.s == nil {
		s = NewSnapshot("")
	}
	return s.s
}

// Worker returns the name of the Worker.
func (s Snapshot) Worker() string { return s.data().worker }

// Revision returns the number of records of the history.
func (s Snapshot) Revision() int { return s.data().revision }

// Latest returns the version with the highest number, deployed or not, and whether there is one.
func (s Snapshot) Latest() (Version, bool) {
	v := s.data().versions.last()
	return Version{v}, v != nil
}

// Current returns the current deployment, the newest one, and whether there is one.
func (s Snapshot) Current() (Deployment, bool) {
	d := s.data().deployments.last()
	return Deployment{d}, d != nil
}

// Version returns the version of that ID and whether there is one.
func (s Snapshot) Version(id string) (Version, bool) {
	v, ok := s.data().versions.find(id)
	return Version{v}, ok
}

// Numbered returns the version of that number and whether there is one. There is none for old numbers
// after [History.Compact].
func (s Snapshot) Numbered(number int) (Version, bool) {
	v, ok := numbered(s.data().versions.items, number)
	return Version{v}, ok
}

// numbered returns the version of that number among items, which are in the order of their numbers,
// most often without gaps.
func numbered(items []*version, number int) (*version, bool) {
	if n := len(items); n > 0 {
		if i := n - 1 - items[n-1].number + number; i >= 0 && i < n && items[i].number == number {
			return items[i], true
		}
	}
	i, ok := slices.BinarySearchFunc(items, number, func(v *version, n int) int { return cmp.Compare(v.number, n) })
	if !ok {
		return nil, false
	}
	return items[i], true
}

// Deployment returns the deployment of that ID and whether there is one.
func (s Snapshot) Deployment(id string) (Deployment, bool) {
	d, ok := s.data().deployments.find(id)
	return Deployment{d}, ok
}

// Versions returns all versions that have not been dropped by [History.Compact], the newest first.
func (s Snapshot) Versions() iter.Seq[Version] {
	return newestFirst(s.data().versions.items, asVersion)
}

// VersionCount returns the number of versions that Versions returns.
func (s Snapshot) VersionCount() int { return len(s.data().versions.items) }

// Deployable returns the versions that can be deployed, the newest first: the newest 100.
func (s Snapshot) Deployable() iter.Seq[Version] {
	items := s.data().versions.items
	return newestFirst(items[max(0, len(items)-deployable):], asVersion)
}

func asVersion(v *version) Version { return Version{v} }

// newestFirst returns as of each item, the last one first.
func newestFirst[T, V any](items []T, as func(T) V) iter.Seq[V] {
	return func(yield func(V) bool) {
		for _, item := range slices.Backward(items) {
			if !yield(as(item)) {
				return
			}
		}
	}
}

// Deployments returns all deployments that have not been dropped by [History.Compact], the newest first.
func (s Snapshot) Deployments() iter.Seq[Deployment] {
	return newestFirst(s.data().deployments.items, func(d *deployment) Deployment { return Deployment{d} })
}

// DeploymentCount returns the number of deployments that Deployments returns.
func (s Snapshot) DeploymentCount() int { return len(s.data().deployments.items) }

// LatestIsDeployed reports whether the current deployment is the latest version at 100 %, alone.
// Changes that deploy at once require that.
func (s Snapshot) LatestIsDeployed() bool {
	latest, _ := s.Latest()
	current, _ := s.Current()
	only, ok := current.Only()
	return ok && only == latest
}

// RollbackTarget returns the version that a rollback deploys if it names none, and whether there is one. As in wrangler
// 4.164.0, it is that of the newest deployment before the current one in which a version has 100 %.
func (s Snapshot) RollbackTarget() (Version, bool) {
	_, v := rollbackTarget(s.data().deployments.items)
	return Version{v}, v != nil
}

// rollbackTarget returns the place of the deployment that a rollback of the last one goes back to, and its version.
// They are -1 and nil if there is none.
func rollbackTarget(items []*deployment) (place int, v *version) {
	for place = len(items) - 2; place >= 0; place-- {
		for _, p := range items[place].parts {
			if p.share == All {
				return place, p.version
			}
		}
	}
	return -1, nil
}

// Secrets returns the names and kinds of the secrets of the latest version, deployed or not, in
// the byte order of names, like "secret list" of wrangler 4.164.0.
func (s Snapshot) Secrets() []Secret {
	latest, _ := s.Latest()
	return latest.Secrets()
}

// Setting returns the text that [Tx.PutSetting] stored under name, and whether there is one.
func (s Snapshot) Setting(name string) (binding.Value, bool) {
	v, ok := s.data().settings[name]
	return v, ok
}

// Settings returns the names of all settings in byte order.
func (s Snapshot) Settings() []string { return slices.Sorted(maps.Keys(s.data().settings)) }

// IsDeleted reports whether the Worker has been deleted. Then every change fails with ErrNotFound.
func (s Snapshot) IsDeleted() bool { return s.data().closed }

// Equal reports whether s and t are equal histories at the same revision.
func (s Snapshot) Equal(t Snapshot) bool {
	a, b := s.data(), t.data()
	return a == b || a.worker == b.worker && a.revision == b.revision && a.closed == b.closed &&
		maps.Equal(a.settings, b.settings) &&
		slices.EqualFunc(a.versions.items, b.versions.items, func(v, w *version) bool { return v.equal(w) }) &&
		slices.EqualFunc(a.deployments.items, b.deployments.items, func(d, e *deployment) bool { return d.equal(e) })
}

// String returns a summary, as "worker api: revision 7, 4 versions, current deployment 4 (dc8dcd28-...) at 100%".
func (s Snapshot) String() string {
	current, _ := s.Current()
	return about(s.Worker()) + "revision " + strconv.Itoa(s.Revision()) + ", " + strconv.Itoa(s.VersionCount()) +
		" versions, current deployment " + current.String()
}

// Format writes what String returns, for every verb and with every flag.
func (s Snapshot) Format(f fmt.State, verb rune) { io.WriteString(f, s.String()) }

// MarshalJSON returns an object of the Worker's name, the revision, the number of versions, the
// latest version and the current deployment.
func (s Snapshot) MarshalJSON() ([]byte, error) {
	latest, _ := s.Latest()
	current, _ := s.Current()
	return json.Marshal(struct {
		Worker   string     `json:"worker"`
		Revision int        `json:"revision"`
		Versions int        `json:"versions"`
		Latest   Version    `json:"latest,omitzero"`
		Current  Deployment `json:"current,omitzero"`
	}{s.Worker(), s.Revision(), s.VersionCount(), latest, current})
}
