package version

import "context"

// History is the history of one Worker, kept in one log of a [Store]. It holds the newest [Snapshot] that it has seen, and
// reads no more of the log than what is new. It is safe for concurrent use; any number of Histories, in any number of
// processes, may share a log.
type History struct {
	ring *ring[Snapshot]
}

// NewHistory returns the History that a log of store has. Worker is the name of the Worker, which errors show. Nothing is
// read before it is asked for. An empty log is the history of a Worker that has no versions yet.
func NewHistory(store Store, log, worker string, o Options) *History {
	return &History{newRing(store, log, worker, o, NewSnapshot(worker))}
}

// Read returns the newest Snapshot.
//
// If the Store or ctx fails, or the log has a record that can't be used (a [*RecordError]), it returns the error along
// with the last Snapshot that could be made.
func (h *History) Read(ctx context.Context) (Snapshot, error) { return h.ring.read(ctx) }

// Cached returns the newest Snapshot that h has seen, without asking the Store.
func (h *History) Cached() Snapshot { return h.ring.cached() }

// Update makes the changes that f makes, all in one record, and returns the Snapshot that has them. F is given a Tx upon
// the newest Snapshot. If something else changes the history meanwhile, f is run again, with a new Tx, until ctx ends;
// so it must do nothing but change the Tx and set variables of its caller. If f fails, nothing changes and Update returns
// that error with the newest Snapshot; if f changes nothing, nothing is stored.
//
// The changes of one History take their turns. F must not call methods of h that change it.
//
// It fails as [History.Read] does; with an [*OutcomeError] if the Store failed in a way that leaves open whether the
// changes are made; and with ErrLost.
func (h *History) Update(ctx context.Context, f func(*Tx) error) (Snapshot, error) {
	return h.ring.update(ctx, -1, h.step(f))
}

// UpdateAt is Update for a caller who has seen the Snapshot of a revision and wants the changes made upon that one or not
// at all: it runs f at most once, and fails with ErrConflict if the history has moved on.
func (h *History) UpdateAt(ctx context.Context, revision int, f func(*Tx) error) (Snapshot, error) {
	return h.ring.update(ctx, max(revision, 0), h.step(f))
}

// Plan runs f upon the newest Snapshot, as Update does, and tells what it would change. Nothing is changed. Key is for the
// fingerprints, see [FingerprintsOf]; without one there are none.
func (h *History) Plan(ctx context.Context, key []byte, f func(*Tx) error) (Plan, error) {
	s, err := h.Read(ctx)
	if err != nil {
		return Plan{}, err
	}
	tx := h.begin(s)
	if err := f(tx); err != nil {
		return Plan{}, err
	}
	return tx.Plan(key), nil
}

func (h *History) begin(s Snapshot) *Tx {
	o := h.ring.o
	return s.Begin(TxOptions{Now: o.now(), NewID: o.newID, Limits: o.Limits})
}

func (h *History) step(f func(*Tx) error) step[Snapshot] {
	return func(s Snapshot) (Record, func() Snapshot, error) {
		tx := h.begin(s)
		if err := f(tx); err != nil {
			return Record{}, nil, err
		}
		return tx.Record(), tx.Snapshot, nil
	}
}

// Record returns the changes of t in the form that a [Store] keeps, the zero Record if there are none. Unless NewID is
// missing, no two Records are equal.
func (t *Tx) Record() Record {
	if len(t.changes) == 0 {
		return Record{}
	}
	id := ""
	if t.o.NewID != nil {
		id = t.o.NewID()
	}
	return encode(id, t.changes)
}

// Apply returns the Snapshot that has the changes of records, which come right after s in its log. If one of them can't be
// used it fails with a [*RecordError], and returns the Snapshot of those before it.
func (s Snapshot) Apply(records ...Record) (Snapshot, error) { return s.apply(s.Revision(), records) }

func (s Snapshot) apply(after int, records []Record) (Snapshot, error) {
	records = records[min(max(s.Revision()-after, 0), len(records)):]
	if len(records) == 0 {
		return s, nil
	}
	next := s.data().successor()
	next.versions, next.deployments = next.versions.room(len(records)), next.deployments.room(len(records))
	d := &decoder{texts: make(texts)}
	for i, r := range records {
		d.left = len(records) - i
		if err := d.apply(r, next); err != nil {
			return Snapshot{next}, &RecordError{next.worker, next.revision + 1, err}
		}
	}
	return Snapshot{next}, nil
}
