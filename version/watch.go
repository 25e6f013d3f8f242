package version

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"
)

// Waiter is an optional interface of a [Store] that can report that a log has grown. Without it,
// [History.Watch] reads the log again and again, see Options.Poll.
type Waiter interface {
	// Wait returns nil once the log may have more than length records. It may return earlier, but
	// not many times a second while the log does not grow. If ctx ends first, it returns
	// ctx.Err(). An error that wraps errors.ErrUnsupported means that the Store cannot wait.
	Wait(ctx context.Context, log string, length int) error
}

// Watch returns the newest Snapshot, and then each newer one as soon as the Store shows that the history has grown,
// whichever process changed it. Every change is in a Snapshot, in order. Changes that arrive while the loop body runs
// are in the next Snapshot together, so that a slow consumer gets the newest one and nothing piles up in memory.
//
// If the Store fails or a record can't be used, the sequence has the error, with the last Snapshot
// that could be made. A consumer that goes on gets the next Snapshot once the Store works again.
// Watch tries again after Options.Poll.
//
// The sequence ends when ctx ends, without an error, and not before. It uses no goroutine: all
// work is done between the runs of the loop body.
func (h *History) Watch(ctx context.Context) iter.Seq2[Snapshot, error] { return h.journal.watch(ctx) }

// Watch returns the Workers in the byte order of their names, and then again whenever one is
// created, renamed or deleted. It behaves as [History.Watch] does. Changes of a Worker's history
// are not changes of the list; use [History.Watch] for those.
func (a *Account) Watch(ctx context.Context) iter.Seq2[[]Worker, error] {
	return func(yield func([]Worker, error) bool) {
		var last []Worker
		first := true
		for d, err := range a.journal.watch(ctx) {
			list := d.list()
			if err == nil {
				if !first && slices.Equal(list, last) {
					continue // the last list was made after this change
				}
				first, last = false, list
			}
			if !yield(slices.Clone(list), err) {
				return
			}
		}
	}
}

// watch returns the newest state, and then again whenever the log has grown, until ctx ends.
func (j *journal[S]) watch(ctx context.Context) iter.Seq2[S, error] {
	return func(yield func(S, error) bool) {
		for seen := -1; ; {
			s, err := j.read(ctx)
			if revision := s.Revision(); err == nil && revision > seen {
				seen = revision
				if !yield(s, nil) {
					return
				}
			}
			if err == nil {
				err = j.awaitGrowth(ctx, seen)
			}
			if ctx.Err() != nil || err != nil && !yield(s, err) {
				return
			}
			if err != nil {
				sleep(ctx, j.o.Poll)
			}
		}
	}
}

// awaitGrowth returns nil when it is time to read the log, which had length records, again.
func (j *journal[S]) awaitGrowth(ctx context.Context, length int) error {
	if w, ok := j.store.(Waiter); ok {
		err := w.Wait(ctx, j.log, length)
		if err == nil {
			return nil
		}
		if !errors.Is(err, errors.ErrUnsupported) {
			return j.fail(err)
		}
	}
	return sleep(ctx, j.o.Poll)
}

// sleep returns after d, or with ctx.Err() when ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
