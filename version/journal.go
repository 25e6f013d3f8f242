package version

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// journal does the I/O for a log: it keeps the state that the log's records make, reads only new
// records, and appends. All rules are in S.
type journal[S folded[S]] struct {
	store Store
	log   string
	about Error // what the log is about, for errors
	o     Options
	turn  chan struct{}             // holds one token, which an append takes and puts back
	began atomic.Pointer[time.Time] // when the change that is being made began, nil if there is none
	mu    sync.Mutex                // guards state
	state S
}

// folded is the state that the records of a log make.
type folded[S any] interface {
	Revision() int // the number of records

	// apply adds records, the first of which is number after+1 of the log; after is at least Revision. If one is bad,
	// it returns the state of those before it.
	apply(after int, records []Record) (S, error)
}

func newJournal[S folded[S]](store Store, log string, about Error, o Options, empty S) *journal[S] {
	j := &journal[S]{store: store, log: log, about: about, o: o.withDefaults(), turn: make(chan struct{}, 1), state: empty}
	j.turn <- struct{}{}
	return j
}

func (j *journal[S]) cached() S {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.state
}

// read returns the newest state. It reads until there are no more records, although a Store returns all of them at
// once: with a Store that returned only the first page, an old state would look like the newest.
func (j *journal[S]) read(ctx context.Context) (S, error) {
	for {
		s := j.cached()
		after, records, err := j.rest(ctx, s.Revision())
		if err != nil {
			return s, j.fail(err)
		}
		if len(records) == 0 {
			return j.cached(), nil
		}
		for some := range slices.Chunk(records, 100) {
			if err := ctx.Err(); err != nil {
				return j.cached(), j.fail(err)
			}
			if s, err := j.apply(after, some); err != nil {
				return s, err
			}
			after += len(some)
		}
	}
}

// rest returns the records after the first after ones. If the Store has removed some of these, it
// returns all that are left. From is the number of records before those that it returns.
func (j *journal[S]) rest(ctx context.Context, after int) (from int, records []Record, err error) {
	for from = after; ; {
		records, err = j.store.Read(ctx, j.log, from)
		var truncated *TruncatedError
		switch {
		case errors.As(err, &truncated) && truncated.Before > from:
			from = truncated.Before
			continue
		case err == nil && len(records) == 0 && from > after:
			err = ErrLost
		}
		return from, records, err
	}
}

// apply adds the records that are new, the first of which is number after+1 of the log, and returns the state.
func (j *journal[S]) apply(after int, records []Record) (S, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var err error
	known := min(max(j.state.Revision()-after, 0), len(records))
	j.state, err = j.state.apply(after+known, records[known:])
	return j.state, err
}

// advance sets the state to next, unless it is not that of revision any more, and returns the state.
func (j *journal[S]) advance(revision int, next func() S) S {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.state.Revision() == revision {
		j.state = next()
	}
	return j.state
}

// step makes the record of a change to s, the zero Record for no change. Next returns the state
// once the record is appended.
type step[S any] func(s S) (r Record, next func() S, err error)

// update appends the record that change makes of the newest state. After a conflict it tries again with the state that
// is newest then. If base is not negative, it makes the change only at that revision, and does not try again.
func (j *journal[S]) update(ctx context.Context, base int, change step[S]) (S, error) {
	if err := j.takeTurn(ctx); err != nil {
		return j.cached(), j.fail(err)
	}
	defer func() { j.turn <- struct{}{} }()
	for attempt, conflict := 0, -1; ; attempt++ {
		s, err := j.read(ctx)
		if err != nil {
			return s, err
		}
		revision := s.Revision() // before change looks at s: a record that change has not seen must cause a conflict
		if base >= 0 && revision != base {
			return s, j.fail(ErrConflict)
		}
		record, next, err := j.run(change, s)
		if err != nil || record.IsZero() {
			return s, err
		}
		err = j.append(ctx, revision, record)
		if err == nil {
			return j.advance(revision, next), nil
		}
		if base >= 0 || !errors.Is(err, ErrConflict) {
			return s, err
		}
		if revision == conflict {
			return s, j.fail(ErrLost)
		}
		conflict = revision
		if err := sleep(ctx, backoff(attempt)); err != nil {
			return s, j.fail(err)
		}
	}
}

// patience is how long an update waits for a change that another one is making. Changes do no I/O and take
// microseconds, so that one which takes so long probably waits for this update, which is inside it.
const patience = 2 * time.Second

// takeTurn waits until no other update is running.
func (j *journal[S]) takeTurn(ctx context.Context) error {
	select {
	case <-j.turn:
		return nil
	default:
	}
	ticker := time.NewTicker(patience)
	defer ticker.Stop()
	for {
		select {
		case <-j.turn:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
			if began := j.began.Load(); began != nil && time.Since(*began) >= patience {
				return ErrBusy
			}
		}
	}
}

// run runs change on s.
func (j *journal[S]) run(change step[S], s S) (Record, func() S, error) {
	now := time.Now()
	j.began.Store(&now)
	defer j.began.Store(nil)
	return change(s)
}

// append adds record to the log, which has base records. It fails with ErrConflict if another
// record has taken the place.
func (j *journal[S]) append(ctx context.Context, base int, record Record) error {
	if err := ctx.Err(); err != nil {
		return j.fail(err)
	}
	err := j.store.Append(ctx, j.log, base, record)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrConflict):
		return j.fail(ErrConflict)
	case errors.Is(err, ErrNotAppended):
		return j.fail(err)
	}
	return j.settle(ctx, base, record, err)
}

// attempts is how often an append whose outcome is unknown is tried again.
const attempts = 4

// settle finds the outcome of an append that failed with err. The log shows whether it has the record. If it has none
// in that place, it is safe to append the record again, since a log has only one place for it. If that conflicts, the
// other record may be this one, appended late; so a conflict says no more than any other error.
func (j *journal[S]) settle(ctx context.Context, base int, record Record, err error) error {
	for attempt := 0; ; attempt++ {
		records, failed := j.store.Read(ctx, j.log, base)
		if failed == nil && len(records) > 0 {
			if records[0].Equal(record) {
				return nil
			}
			return j.fail(ErrConflict)
		}
		if attempt == attempts || sleep(ctx, backoff(attempt)) != nil {
			return j.fail(fmt.Errorf("%w: %w", ErrOutcome, err))
		}
		again := j.store.Append(ctx, j.log, base, record)
		if again == nil {
			return nil
		}
		if !errors.Is(again, ErrConflict) {
			err = again
		}
	}
}

// backoff returns how long to wait before what failed is tried again: a random time whose mean doubles with each attempt,
// from 1 ms up to 100 ms.
func backoff(attempt int) time.Duration {
	return rand.N(min(2*time.Millisecond<<min(attempt, 7), 200*time.Millisecond))
}

// fail returns err as an error about the log's Worker or account.
func (j *journal[S]) fail(err error) error {
	e := j.about
	e.Err = err
	return &e
}
