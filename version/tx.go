package version

import (
	"math"

	"github.com/workerenv/workerenv/binding"
)

// Tx is a set of changes to one Worker's history that take effect together or not at all. Each method that changes it
// makes the whole change, or fails and makes none. The methods do no I/O: time and IDs come from [Options], and nothing
// is stored before the function that was given the Tx returns.
//
// A Tx comes from [Snapshot.Begin], or from [History.Update] and similar methods. A Tx of a History can be changed only
// until the function that received it returns. After that, changes fail with ErrTxClosed. The zero Tx is not usable. A
// Tx is not safe for concurrent use.
type Tx struct {
	base    *state
	o       Options
	now     int64 // the earliest time for the next version or deployment
	changes []change

	// The versions and deployments of changes, and both by ID.
	versions    []*version
	deployments []*deployment
	byID        map[string]change

	closed bool   // whether changes has a closing
	done   bool   // whether the function that was given the Tx has returned
	record Record // of changes, zero until it is needed
}

// Begin returns a Tx on s. It applies the rules without a [Store]: [Tx.Snapshot] returns s with the changes.
//
// The changes have the time of o.Now. If that is not later than everything in the history, they
// get the earliest time that is.
func (s Snapshot) Begin(o Options) *Tx {
	o = o.withDefaults()
	return &Tx{base: s.data(), o: o, now: max(o.Now().UnixMicro(), earliest(s.data()))}
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

// Before returns the Snapshot that the changes start from.
func (t *Tx) Before() Snapshot { return Snapshot{t.base} }

// Snapshot returns the history with the changes made so far: that of Before if there are none,
// else that of the next revision, whose last record is [Tx.Record].
func (t *Tx) Snapshot() Snapshot {
	if len(t.changes) == 0 {
		return Snapshot{t.base}
	}
	next := t.base.successor()
	next.add(t.changes, t.Record())
	return Snapshot{next}
}

// Record returns the changes made so far in the form that a [Store] keeps, the zero Record if
// there are none. It has an ID from [Options], and stays the same until there are more changes.
func (t *Tx) Record() Record {
	if len(t.changes) > 0 && t.record.IsZero() {
		w := newRecordWriter(t.base.chain, t.o.NewID())
		for _, c := range t.changes {
			w.message(recordChange, func() { c.write(w, t) })
		}
		t.record = w.seal()
	}
	return t.record
}

// Latest returns the latest version, including the changes made so far, and whether there is one.
func (t *Tx) Latest() (Version, bool) {
	if n := len(t.versions); n > 0 {
		return Version{t.versions[n-1]}, true
	}
	return t.Before().Latest()
}

// Current returns the current deployment, including the changes made so far, and whether there is one.
func (t *Tx) Current() (Deployment, bool) {
	if n := len(t.deployments); n > 0 {
		return Deployment{t.deployments[n-1]}, true
	}
	return t.Before().Current()
}

// Version returns the version of that ID, including the changes made so far, and whether there is one.
func (t *Tx) Version(id string) (Version, bool) {
	if v, ok := t.byID[id].(*version); ok {
		return Version{v}, true
	}
	return t.Before().Version(id)
}

// PutSetting stores text under name beside the versions, for settings of the Worker that no
// version has, such as its tags. The package does not interpret text. The zero Value removes the
// setting. It fails with ErrNotFound if the Worker has been deleted.
func (t *Tx) PutSetting(name string, text binding.Value) error {
	if err := t.open(); err != nil {
		return err
	}
	t.add(setting{name, text})
	return nil
}

// close ends the history.
func (t *Tx) close() error {
	if err := t.open(); err != nil {
		return err
	}
	t.add(closing{})
	t.closed = true
	return nil
}

// open fails if t can't be changed any more. Every change calls it first.
func (t *Tx) open() error {
	if t.done {
		return t.fail(ErrTxClosed)
	}
	if t.base.closed || t.closed {
		return t.fail(ErrNotFound)
	}
	return nil
}

// fail returns an error about the Worker.
func (t *Tx) fail(err error) error { return &Error{Worker: t.base.worker, Err: err} }

func (t *Tx) failVersion(id string, err error) error {
	return &Error{Worker: t.base.worker, Version: id, Err: err}
}

func (t *Tx) failBinding(name string, err error) error {
	return &Error{Worker: t.base.worker, Binding: name, Err: err}
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

// numbered returns the version of that number, including the changes made so far, and whether there is one.
func (t *Tx) numbered(n int) (*version, bool) {
	if v, ok := numbered(t.versions, n); ok {
		return v, true
	}
	return numbered(t.base.versions.items, n)
}

// uses reports whether a version or a deployment has that ID.
func (t *Tx) uses(id string) bool {
	_, added := t.byID[id]
	_, version := t.base.versions.find(id)
	_, deployment := t.base.deployments.find(id)
	return added || version || deployment
}

// stamp returns the stamp of the next version or deployment. Last is the provenance of the one
// before it. Trigger is the event for [AnnotationTriggeredBy].
func (t *Tx) stamp(m Meta, trigger string, last *provenance) (stamp, error) {
	id := t.o.NewID()
	if id == "" || t.uses(id) {
		return stamp{}, t.fail(ErrID)
	}
	p := newProvenance(m, trigger)
	if p.equal(last) {
		p = last
	}
	return stamp{id, t.now, p}, nil
}

// addVersion adds draft, which has no stamp and number yet, as the next version.
func (t *Tx) addVersion(draft *version, m Meta, trigger string) (Version, error) {
	if err := t.o.Limits.Check(draft.bindings); err != nil {
		return Version{}, t.fail(err)
	}
	latest, _ := t.Latest()
	s, err := t.stamp(m, trigger, latest.data().provenance)
	if err != nil {
		return Version{}, err
	}
	draft.stamp, draft.number = s, latest.Number()+1
	t.take(draft)
	return Version{draft}, nil
}

// addDeployment makes the next deployment, of parts that are valid.
func (t *Tx) addDeployment(parts []part, m Meta, trigger string) (Deployment, error) {
	current, _ := t.Current()
	s, err := t.stamp(m, trigger, current.data().provenance)
	if err != nil {
		return Deployment{}, err
	}
	d := newDeployment(s, parts)
	t.take(d)
	return Deployment{d}, nil
}

// take adds a version or a deployment that is complete.
func (t *Tx) take(c change) {
	var s stamp
	switch c := c.(type) {
	case *version:
		t.versions, s = append(t.versions, c), c.stamp
	case *deployment:
		t.deployments, s = append(t.deployments, c), c.stamp
	}
	t.now = s.created + 1
	t.add(c)
	if t.byID == nil {
		t.byID = make(map[string]change)
	}
	t.byID[s.id] = c
}

// add adds a change that is complete.
func (t *Tx) add(c change) { t.changes, t.record = append(t.changes, c), Record{} }

// undo removes the last change, which is a version.
func (t *Tx) undo(v *version) {
	t.now = v.created
	t.changes, t.record = t.changes[:len(t.changes)-1], Record{}
	t.versions = t.versions[:len(t.versions)-1]
	delete(t.byID, v.id)
}
