package version

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"github.com/workerenv/workerenv/binding"
)

// Options are what a [History] or an [Account] takes from the world around it. The zero Options are ready.
type Options struct {
	Now    func() time.Time // the clock; nil is time.Now
	NewID  func() string    // makes IDs, never one twice, and is safe for concurrent use; nil makes random UUIDs
	Limits binding.Limits   // the bounds of each new version's vars and secrets; zero is none

	// Backoff returns how long to wait before what conflicted, or failed, is tried again; attempt counts from 0. Nil
	// is a random time that doubles from 1 ms to at most 100 ms on average.
	Backoff func(attempt int) time.Duration
}

func (o Options) now() time.Time {
	if o.Now == nil {
		return time.Now()
	}
	return o.Now()
}

func (o Options) newID() string {
	if o.NewID == nil {
		return newUUID()
	}
	return o.NewID()
}

func (o Options) backoff(attempt int) time.Duration {
	if o.Backoff == nil {
		most := time.Millisecond << min(attempt+1, 8)
		return mathrand.N(min(most, 200*time.Millisecond))
	}
	return o.Backoff(attempt)
}

// newUUID returns a random UUID, of version 4.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // ends the program rather than fail
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	text := hex.AppendEncode(make([]byte, 0, 36), b[:4])
	for _, part := range [][]byte{b[4:6], b[6:8], b[8:10], b[10:]} {
		text = hex.AppendEncode(append(text, '-'), part)
	}
	return string(text)
}

// folded is what the records of a log amount to.
type folded[S any] interface {
	Revision() int // how many records

	// apply adds records, of which the first one is number after+1 of the log. Those that it has already are skipped.
	// If one is bad, it returns the S of those before it.
	apply(after int, records []Record) (S, error)
}

// ring is the ring of I/O around the rules: it keeps what a log amounts to, reads no more than what is new, and appends.
type ring[S folded[S]] struct {
	store Store
	log   string
	name  string // of the Worker, "" for an account
	scope string // how texts of errors begin, for an account
	o     Options
	turn  chan struct{} // has one element, which who appends takes out
	mu    sync.Mutex    // guards kept
	kept  S
}

func newRing[S folded[S]](store Store, log, name string, o Options, empty S) *ring[S] {
	r := &ring[S]{store: store, log: log, name: name, o: o, turn: make(chan struct{}, 1), kept: empty}
	r.turn <- struct{}{}
	return r
}

func (r *ring[S]) cached() S {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept
}

// read returns what the log amounts to now.
func (r *ring[S]) read(ctx context.Context) (S, error) {
	s := r.cached()
	after := s.Revision() // asked once: what is kept may go on meanwhile
	records, err := r.store.Read(ctx, r.log, after)
	if err != nil {
		return s, r.fail(err)
	}
	return r.add(after, records)
}

// add applies records to what is kept.
func (r *ring[S]) add(after int, records []Record) (S, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, err := r.kept.apply(after, records)
	r.kept = s
	if err != nil && r.scope != "" {
		err = r.fail(err)
	}
	return s, err
}

// keep makes next what is kept, if nothing newer than revision is, and returns what is kept then.
func (r *ring[S]) keep(revision int, next func() S) S {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept.Revision() == revision {
		r.kept = next()
	}
	return r.kept
}

// step makes the record of a change to s, the zero Record if nothing is to change, and what is to be kept once it is in
// the log.
type step[S any] func(s S) (r Record, next func() S, err error)

// update appends the record that change makes of the newest state. After a conflict it tries again with what is newest
// then, unless base is a revision, not negative, at which alone the change is to be made.
func (r *ring[S]) update(ctx context.Context, base int, change step[S]) (S, error) {
	select {
	case <-r.turn:
		defer func() { r.turn <- struct{}{} }()
	case <-ctx.Done():
		return r.cached(), r.fail(ctx.Err())
	}
	for attempt, lost := 0, -1; ; attempt++ {
		s, revision, err := r.once(ctx, base, change)
		if revision < 0 || base >= 0 {
			return s, err
		}
		if revision == lost {
			return s, r.fail(ErrLost)
		}
		lost = revision
		if err := r.wait(ctx, attempt); err != nil {
			return s, r.fail(err)
		}
	}
}

// once tries to change the newest state. If something else came first, it returns the revision that was no longer the newest one, and
// -1 otherwise.
func (r *ring[S]) once(ctx context.Context, base int, change step[S]) (s S, conflict int, err error) {
	s, err = r.read(ctx)
	if err != nil {
		return s, -1, err
	}
	// The record goes where s ended before change looked at it: what a change did not see must not come before its record.
	revision := s.Revision()
	if base >= 0 && revision != base {
		return s, revision, r.fail(ErrConflict)
	}
	record, next, err := change(s)
	if err != nil || record.IsZero() {
		return s, -1, err
	}
	if late, err := r.append(ctx, revision, record); late {
		return s, revision, err
	} else if err != nil {
		return s, -1, err
	}
	return r.keep(revision, next), -1, nil
}

// append adds record to the log, which has base records, and reports whether another one took its place.
func (r *ring[S]) append(ctx context.Context, base int, record Record) (conflict bool, _ error) {
	err := r.store.Append(ctx, r.log, base, record)
	switch {
	case err == nil:
		return false, nil
	case errors.Is(err, ErrConflict):
		return true, r.fail(ErrConflict)
	}
	return r.settle(ctx, base, record, err)
}

// attempts is how often a Store that does not say what it has done is asked again.
const attempts = 4

// settle finds out what became of an append that failed with err. The log tells whether it has the record; if it has none
// in that place, to append it again is safe, since a log has only one place for it. A conflict then does not tell whose
// record is there, so it is no better an answer than any other error.
func (r *ring[S]) settle(ctx context.Context, base int, record Record, err error) (conflict bool, _ error) {
	for attempt := 0; ; attempt++ {
		records, failed := r.store.Read(ctx, r.log, base)
		if failed == nil && len(records) > 0 {
			return r.whose(records[0], record)
		}
		if attempt == attempts || r.wait(ctx, attempt) != nil {
			return false, r.outcome(err)
		}
		if again := r.store.Append(ctx, r.log, base, record); again == nil {
			return false, nil
		} else if !errors.Is(again, ErrConflict) {
			err = again
		}
	}
}

// whose tells whether the record in place of ours is ours.
func (r *ring[S]) whose(there, ours Record) (conflict bool, _ error) {
	if there.Equal(ours) {
		return false, nil
	}
	return true, r.fail(ErrConflict)
}

func (r *ring[S]) outcome(err error) error {
	doubt := &OutcomeError{r.name, err}
	if r.scope != "" {
		return r.fail(doubt)
	}
	return doubt
}

func (r *ring[S]) wait(ctx context.Context, attempt int) error {
	timer := time.NewTimer(r.o.backoff(attempt))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// fail returns err with the name of what the log is about.
func (r *ring[S]) fail(err error) error {
	if r.scope != "" {
		return fmt.Errorf("%s: %w", r.scope, err)
	}
	return &Error{Worker: r.name, Err: err}
}
