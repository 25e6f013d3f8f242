package version

import (
	"math"
	"time"

	"github.com/workerenv/workerenv/binding"
)

// Tx is a set of changes to one Worker's history that take effect together or not at all. Its methods are the
// changes; each one either does all that it says or fails and does nothing. They are pure: time and IDs come from
// [TxOptions], and nothing is stored before the Tx is given back to whoever made it.
//
// A Tx that [History.Update] made is valid during that call only. A Tx is not safe for concurrent use.
type Tx struct {
	base        *state
	o           TxOptions
	now         int64 // the time of the next version or deployment, at least
	changes     []change
	versions    additions[*version]    // those of changes
	deployments additions[*deployment] // those of changes
	closed      bool                   // whether one of changes is a closing
}

// TxOptions are what the changes of a Tx depend on beside the history.
type TxOptions struct {
	// Now is the time of the changes, cut to microseconds. Where it is not later than what is in the history, they get
	// the earliest time that is.
	Now time.Time

	// NewID makes an ID at each call, never the same one twice, for whatever a Tx makes. Without it, what needs an ID
	// fails with ErrID.
	NewID func() string

	// Limits are the bounds of each new version's vars and secrets; the zero Limits allow everything.
	Limits binding.Limits
}

// Begin returns a Tx upon s. It is the way to the rules without a [Store]: [Tx.Snapshot] tells what became of s.
func (s Snapshot) Begin(o TxOptions) *Tx {
	return &Tx{base: s.data(), o: o, now: max(o.Now.UnixMicro(), earliest(s.data()))}
}

// earliest returns the earliest time that is later than everything in s.
func earliest(s *state) int64 {
	now := int64(math.MinInt64)
	if v := s.versions.last(); v != nil {
		now = v.created + 1
	}
	if d := s.deployments.last(); d != nil {
		now = max(now, d.created+1)
	}
	return now
}

// Before returns the Snapshot that the changes are made upon.
func (t *Tx) Before() Snapshot { return Snapshot{t.base} }

// Snapshot returns what the history is with the changes made so far: that of Before if there are none, else one of
// the next revision.
func (t *Tx) Snapshot() Snapshot {
	if len(t.changes) == 0 {
		return Snapshot{t.base}
	}
	return Snapshot{t.base.with(t.changes)}
}

// IsEmpty reports whether nothing has been changed so far.
func (t *Tx) IsEmpty() bool { return len(t.changes) == 0 }

// Latest returns the latest version, with the changes made so far, and whether there is one.
func (t *Tx) Latest() (Version, bool) {
	if n := len(t.versions.items); n > 0 {
		return Version{t.versions.items[n-1]}, true
	}
	return t.Before().Latest()
}

// Current returns the current deployment, with the changes made so far, and whether there is one.
func (t *Tx) Current() (Deployment, bool) {
	if n := len(t.deployments.items); n > 0 {
		return Deployment{t.deployments.items[n-1]}, true
	}
	return t.Before().Current()
}

// Version returns the version of that ID, which may have been made by the changes so far, and whether there is one.
func (t *Tx) Version(id string) (Version, bool) {
	if v, ok := t.versions.find(id); ok {
		return Version{v}, true
	}
	return t.Before().Version(id)
}

// PutSetting keeps text under name beside the versions: settings of the Worker that no version has, as its tags. Text is
// opaque; the zero Value removes what is there.
func (t *Tx) PutSetting(name string, text binding.Value) error {
	if err := t.open(); err != nil {
		return err
	}
	t.changes = append(t.changes, setting{name, text})
	return nil
}

// fail returns an *Error about the Worker.
func (t *Tx) fail(err error) error { return &Error{Worker: t.base.worker, Err: err} }

func (t *Tx) failVersion(id string, err error) error {
	return &Error{Worker: t.base.worker, Version: id, Err: err}
}

func (t *Tx) failBinding(name string, err error) *Error {
	return &Error{Worker: t.base.worker, Binding: name, OfBinding: true, Err: err}
}

// open fails if the history has ended.
func (t *Tx) open() error {
	if t.base.closed || t.closed {
		return t.fail(ErrNotFound)
	}
	return nil
}

// version returns the version of that ID, the latest one if id is "".
func (t *Tx) version(id string) (*version, error) {
	if id == "" {
		v, ok := t.Latest()
		if !ok {
			return nil, t.fail(ErrNoVersions)
		}
		return v.v, nil
	}
	v, ok := t.Version(id)
	if !ok {
		return nil, t.failVersion(id, ErrNoVersion)
	}
	return v.v, nil
}

// stamp returns the stamp of what is made next. Trigger is the event, for whoever reads the history.
func (t *Tx) stamp(m Meta, trigger string, last *origin) (stamp, error) {
	id, err := t.newID()
	o := &origin{m.Source, m.Author, notesOf(m, trigger)}
	if o.source == "" {
		o.source = "api"
	}
	return stamp{id, t.now, o.shared(last)}, err
}

func (t *Tx) newID() (string, error) {
	if t.o.NewID == nil {
		return "", t.fail(ErrID)
	}
	id := t.o.NewID()
	if _, used := t.Version(id); used || id == "" || t.isDeployment(id) {
		return "", t.fail(ErrID)
	}
	return id, nil
}

func (t *Tx) isDeployment(id string) bool {
	_, before := t.base.deployments.find(id)
	_, now := t.deployments.find(id)
	return before || now
}

// addVersion makes the next version of what draft has beside its stamp and number.
func (t *Tx) addVersion(draft *version, m Meta, trigger string) (Version, error) {
	if err := t.withinLimits(draft); err != nil {
		return Version{}, err
	}
	latest, _ := t.Latest()
	s, err := t.stamp(m, trigger, latest.data().origin)
	if err != nil {
		return Version{}, err
	}
	draft.stamp, draft.number = s, latest.Number()+1
	t.now++
	t.versions.add(draft)
	t.changes = append(t.changes, draft)
	return Version{draft}, nil
}

func (t *Tx) withinLimits(v *version) error {
	if t.o.Limits == (binding.Limits{}) {
		return nil // without a look at the bindings
	}
	if err := t.o.Limits.Check(v.bindings()); err != nil {
		return t.fail(err)
	}
	return nil
}

// addDeployment makes the next deployment, of parts that are valid.
func (t *Tx) addDeployment(parts []part, m Meta, trigger string) (Deployment, error) {
	current, _ := t.Current()
	s, err := t.stamp(m, trigger, current.data().origin)
	if err != nil {
		return Deployment{}, err
	}
	d := &deployment{stamp: s}
	d.divide(parts)
	t.now++
	t.deployments.add(d)
	t.changes = append(t.changes, d)
	return Deployment{d}, nil
}

// mark is a place in a Tx to go back to.
type mark struct {
	now                            int64
	changes, versions, deployments int
}

func (t *Tx) mark() mark {
	return mark{t.now, len(t.changes), len(t.versions.items), len(t.deployments.items)}
}

func (t *Tx) undo(m mark) {
	t.now = m.now
	t.changes = t.changes[:m.changes]
	t.versions.cut(m.versions)
	t.deployments.cut(m.deployments)
}
