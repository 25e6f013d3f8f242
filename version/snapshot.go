package version

import (
	"iter"
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// deployable is how many of the newest versions can be deployed, as Cloudflare's changelog of 2025-09-11 says.
const deployable = 100

// Snapshot is the history of one Worker at one revision. It is immutable, one pointer wide and safe for concurrent
// use. The zero Snapshot is that of a Worker without a name to which nothing has happened.
type Snapshot struct{ s *state }

// state is what a Snapshot points to. Nothing changes it once it is made.
type state struct {
	worker      string
	revision    int
	versions    trail[*version]
	deployments trail[*deployment]
	settings    map[string]binding.Value
	closed      bool

	settingsAreOwn bool // while the state is being made: no other one has the map
}

// successor returns a copy of s that is being made the next state.
func (s *state) successor() *state {
	next := *s
	next.settingsAreOwn = false
	return &next
}

// NewSnapshot returns the Snapshot at revision 0 of the Worker of that name, which errors show.
func NewSnapshot(worker string) Snapshot { return Snapshot{&state{worker: worker}} }

func (s Snapshot) data() *state {
	if s.s == nil {
		return new(state)
	}
	return s.s
}

// Worker returns the name of the Worker.
func (s Snapshot) Worker() string { return s.data().worker }

// Revision returns how many records the history had.
func (s Snapshot) Revision() int { return s.data().revision }

// Latest returns the version with the highest number, deployed or not, and whether there is one.
func (s Snapshot) Latest() (Version, bool) {
	v := s.data().versions.last()
	return Version{v}, v != nil
}

// Current returns the newest deployment, by which requests are divided, and whether there is one.
func (s Snapshot) Current() (Deployment, bool) {
	d := s.data().deployments.last()
	return Deployment{d}, d != nil
}

// Version returns the version of that ID and whether there is one.
func (s Snapshot) Version(id string) (Version, bool) {
	v, ok := s.data().versions.find(id)
	return Version{v}, ok
}

// Numbered returns the version of that number and whether there is one.
func (s Snapshot) Numbered(number int) (Version, bool) {
	items := s.data().versions.items
	if number < 1 || number > len(items) {
		return Version{}, false
	}
	return Version{items[number-1]}, true
}

// Deployment returns the deployment of that ID and whether there is one.
func (s Snapshot) Deployment(id string) (Deployment, bool) {
	d, ok := s.data().deployments.find(id)
	return Deployment{d}, ok
}

// Versions returns all versions, the newest first.
func (s Snapshot) Versions() iter.Seq[Version] { return newestVersions(s.data().versions.items) }

// VersionCount returns the number of versions.
func (s Snapshot) VersionCount() int { return s.data().versions.len() }

// Deployable returns the versions that can be deployed, the newest first: the newest 100.
func (s Snapshot) Deployable() iter.Seq[Version] {
	items := s.data().versions.items
	return newestVersions(items[max(0, len(items)-deployable):])
}

func newestVersions(items []*version) iter.Seq[Version] {
	return func(yield func(Version) bool) {
		for _, v := range slices.Backward(items) {
			if !yield(Version{v}) {
				return
			}
		}
	}
}

// Tagged returns the versions whose annotation [AnnotationTag] is tag, the newest first. Nothing keeps a tag from being used
// again.
func (s Snapshot) Tagged(tag string) iter.Seq[Version] {
	return func(yield func(Version) bool) {
		for v := range s.Versions() {
			if t, ok := v.Annotation(AnnotationTag); ok && t == tag && !yield(v) {
				return
			}
		}
	}
}

// Deployments returns all deployments, the newest first.
func (s Snapshot) Deployments() iter.Seq[Deployment] {
	return newestDeployments(s.data().deployments.items)
}

// newestDeployments returns the deployments of lists, the last one first.
func newestDeployments(lists ...[]*deployment) iter.Seq[Deployment] {
	return func(yield func(Deployment) bool) {
		for _, items := range slices.Backward(lists) {
			for _, d := range slices.Backward(items) {
				if !yield(Deployment{d}) {
					return
				}
			}
		}
	}
}

// DeploymentCount returns the number of deployments.
func (s Snapshot) DeploymentCount() int { return s.data().deployments.len() }

// LatestIsDeployed reports whether the current deployment is the latest version at 100 %, alone: what changes
// that deploy at once ask for.
func (s Snapshot) LatestIsDeployed() bool {
	latest, _ := s.Latest()
	current, _ := s.Current()
	only, ok := current.Only()
	return ok && only == latest
}

// RollbackTarget returns the version that a rollback goes to if it names none, and whether there is one: that of the
// newest deployment before the current one in which a version has 100 %, as wrangler 4.164.0.
func (s Snapshot) RollbackTarget() (Version, bool) {
	return rollbackTarget(s.Deployments())
}

// rollbackTarget is RollbackTarget of a history with those deployments, the newest first.
func rollbackTarget(deployments iter.Seq[Deployment]) (Version, bool) {
	current := true
	for d := range deployments {
		for v, share := range d.All() {
			if !current && share == All {
				return v, true
			}
		}
		current = false
	}
	return Version{}, false
}

// Secrets lists the secrets of the latest version, deployed or not, in the byte order of their names, as
// wrangler 4.164.0's "secret list" does.
func (s Snapshot) Secrets() []Secret {
	latest, _ := s.Latest()
	return latest.Secrets()
}

// Setting returns what [Tx.PutSetting] keeps under name, and whether there is something.
func (s Snapshot) Setting(name string) (binding.Value, bool) {
	v, ok := s.data().settings[name]
	return v, ok
}

// Settings returns the names for which there are settings, in byte order.
func (s Snapshot) Settings() []string { return slices.Sorted(maps.Keys(s.data().settings)) }

// IsDeleted reports whether the Worker has been deleted. No change is possible any more.
func (s Snapshot) IsDeleted() bool { return s.data().closed }

// Equal reports whether s and t tell the same history.
func (s Snapshot) Equal(t Snapshot) bool {
	a, b := s.data(), t.data()
	return a == b || a.worker == b.worker && a.revision == b.revision && a.closed == b.closed &&
		maps.Equal(a.settings, b.settings) &&
		slices.EqualFunc(a.versions.items, b.versions.items, func(v, w *version) bool { return v.equal(w) }) &&
		slices.EqualFunc(a.deployments.items, b.deployments.items, func(d, e *deployment) bool { return d.equal(e) })
}

// with returns a copy of s at the next revision with changes applied. They have been checked.
func (s *state) with(changes []change) *state {
	next := s.successor()
	next.revision++
	for _, c := range changes {
		c.apply(next)
	}
	return next
}
