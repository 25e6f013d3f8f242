package version

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/workerenv/workerenv/binding"
)

// History is the history of one Worker in a [Store]. It keeps the newest [Snapshot] that it has read, and reads only
// records that are new. It comes from [NewHistory] or an [Account]; the zero History is not usable. It is safe for
// concurrent use. Any number of Histories, in any number of processes, may share a log.
type History struct {
	journal *journal[Snapshot]
}

// NewHistory returns the History of a Worker, in the log of store that has the Worker's name. It
// reads nothing yet. An empty log is the history of a Worker that has no versions.
func NewHistory(store Store, worker string, o Options) *History {
	return newHistory(store, worker, worker, o)
}

func newHistory(store Store, log, worker string, o Options) *History {
	return &History{newJournal(store, log, Error{Worker: worker}, o, newSnapshot(log, worker))}
}

// Options are settings of a [History], an [Account] or a [Tx]. The zero Options are ready to use.
type Options struct {
	Now    func() time.Time // the clock; nil is time.Now
	NewID  func() string    // returns new IDs, also concurrently; nil makes random UUIDs
	Limits binding.Limits   // of each new version's bindings; the zero Limits allow all

	// Poll is how often Watch reads a log of a Store that is not a [Waiter]; 0 is one second.
	Poll time.Duration

	// CompactAfter makes histories compact themselves: an Update that leaves more than that many records after the last
	// checkpoint calls [History.Compact], and [Account.Delete] calls [Account.Erase]. 0 means never.
	CompactAfter int

	// CompactFailed is called with the error if that fails; the Update or Delete has been made and returns nil. A later
	// Update compacts again, but nothing erases again. It may be called concurrently, and is not called if the
	// caller's context has ended. Nil ignores the errors.
	CompactFailed func(error)
}

// withDefaults returns o with the defaults for what is nil or 0.
func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = newUUID
	}
	if o.Poll <= 0 {
		o.Poll = time.Second
	}
	if o.CompactFailed == nil {
		o.CompactFailed = func(error) {}
	}
	return o
}

// newUUID returns a random UUID, of version 4.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Read returns the newest Snapshot.
//
// If the Store or ctx fails, or a record can't be used, it returns the error and the last Snapshot that it could make.
func (h *History) Read(ctx context.Context) (Snapshot, error) { return h.journal.read(ctx) }

// Cached returns the newest Snapshot that h has read, without asking the Store.
func (h *History) Cached() Snapshot { return h.journal.cached() }

// Update makes the changes that f makes, in one record, and returns the Snapshot with them. F gets a Tx on the newest
// Snapshot. If the history changes meanwhile, f runs again with a new Tx, until ctx ends; so it must have no effects
// besides changing the Tx and setting variables of its caller. If f fails, nothing changes, and Update returns that
// error with the newest Snapshot. If f changes nothing, nothing is stored.
//
// Updates of one History run one after the other. F must not call Update of h itself: that waits
// for f to return, and fails with ErrBusy after two seconds.
//
// Update fails as [History.Read] does; with ErrOutcome if the Store failed in a way that leaves open whether the
// changes are made; and with ErrLost. If ctx ends before the changes are sent to the Store, they are not made.
func (h *History) Update(ctx context.Context, f func(*Tx) error) (Snapshot, error) {
	return h.update(ctx, -1, f)
}

// UpdateAt is Update for a caller that has seen the Snapshot of a revision and wants to change
// that one only. It runs f at most once, and fails with ErrConflict if the history has moved on.
func (h *History) UpdateAt(ctx context.Context, revision int, f func(*Tx) error) (Snapshot, error) {
	return h.update(ctx, max(revision, 0), f)
}

// update is Update, or UpdateAt if base is not negative.
func (h *History) update(ctx context.Context, base int, f func(*Tx) error) (Snapshot, error) {
	s, err := h.journal.update(ctx, base, h.step(f))
	if n := h.journal.o.CompactAfter; err == nil && n > 0 && s.Revision()-s.data().checkpointed > n {
		h.tryCompact(ctx)
		s = h.Cached() // the caller may continue at its revision
	}
	return s, err
}

// Do is [History.Update] with a function that returns a result, for example the version that it makes:
//
//	v, err := version.Do(ctx, h, func(tx *version.Tx) (version.Version, error) { return tx.Upload(upload) })
//
// It returns the result of the last run of f, also if f or the Store failed. It fails as Update does.
func Do[T any](ctx context.Context, h *History, f func(*Tx) (T, error)) (T, error) {
	var result T
	_, err := h.Update(ctx, func(tx *Tx) (err error) {
		result, err = f(tx)
		return err
	})
	return result, err
}

// Plan runs f on the newest Snapshot, as Update does, and returns what it would change. It changes nothing. Key is for
// the fingerprints, see [FingerprintsOf]; without a key there are none.
func (h *History) Plan(ctx context.Context, key []byte, f func(*Tx) error) (Plan, error) {
	s, err := h.Read(ctx)
	if err != nil {
		return Plan{}, err
	}
	tx, err := h.run(s, f)
	if err != nil {
		return Plan{}, err
	}
	return tx.Plan(key), nil
}

func (h *History) step(f func(*Tx) error) step[Snapshot] {
	return func(s Snapshot) (Record, func() Snapshot, error) {
		tx, err := h.run(s, f)
		if err != nil {
			return Record{}, nil, err
		}
		return tx.Record(), tx.Snapshot, nil
	}
}

// run returns the changes that f makes to s.
func (h *History) run(s Snapshot, f func(*Tx) error) (*Tx, error) {
	tx := s.Begin(h.journal.o)
	err := f(tx)
	tx.done = true
	return tx, err
}
