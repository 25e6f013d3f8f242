package versiontest_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/workerenv/workerenv/version"
)

// broken is a MemStore with a fault.
type broken struct {
	version.MemStore
	read   func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error)
	append func(s *broken, ctx context.Context, log string, base int, r version.Record) error
	wait   func(s *broken, ctx context.Context, log string, length int) error
}

func (s *broken) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	if s.read == nil {
		return s.MemStore.Read(ctx, log, after)
	}
	return s.read(s, ctx, log, after)
}

func (s *broken) Append(ctx context.Context, log string, base int, r version.Record) error {
	if s.append == nil {
		return s.MemStore.Append(ctx, log, base, r)
	}
	return s.append(s, ctx, log, base, r)
}

func (s *broken) Wait(ctx context.Context, log string, length int) error {
	if s.wait == nil {
		return s.MemStore.Wait(ctx, log, length)
	}
	return s.wait(s, ctx, log, length)
}

// force appends r whatever the base is.
func (s *broken) force(ctx context.Context, log string, r version.Record) error {
	for {
		all, err := s.MemStore.Read(ctx, log, 0)
		if err != nil {
			return err
		}
		if err := s.MemStore.Append(ctx, log, len(all), r); !errors.Is(err, version.ErrConflict) {
			return err
		}
	}
}

// reads is a store that returns what change makes of all records of a log.
func reads(change func(all []version.Record, after int) []version.Record) *broken {
	return &broken{read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
		all, err := s.MemStore.Read(ctx, log, 0)
		if err != nil {
			return nil, err
		}
		return change(all, after), nil
	}}
}

// rest returns the records after the first after ones.
func rest(all []version.Record, after int) []version.Record { return all[min(after, len(all)):] }

// pages is a store that returns the first n records only.
func pages(n int) *broken {
	return reads(func(all []version.Record, after int) []version.Record {
		all = rest(all, after)
		return all[:min(n, len(all))]
	})
}

// names is a store that takes log for change(log).
func names(change func(log string) string) *broken {
	return &broken{
		read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
			return s.MemStore.Read(ctx, change(log), after)
		},
		append: func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
			return s.MemStore.Append(ctx, change(log), base, r)
		},
	}
}

// texts is a store that keeps change(text) in place of text.
func texts(change func(text string) string) *broken {
	return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
		return s.MemStore.Append(ctx, log, base, version.NewRecord(change(r.Reveal())))
	})
}

func appends(f func(s *broken, ctx context.Context, log string, base int, r version.Record) error) *broken {
	return &broken{append: f}
}

// after is a store whose Append returns what f makes of the error of a MemStore.
func after(f func(s *broken, ctx context.Context, log string, r version.Record, err error) error) *broken {
	return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
		return f(s, ctx, log, r, s.MemStore.Append(ctx, log, base, r))
	})
}

func cut(n int) func(string) string { return func(s string) string { return s[:min(n, len(s))] } }

// stale is a store that returns an earlier state in every nth read.
func stale(n int32) *broken {
	var calls atomic.Int32
	return reads(func(all []version.Record, after int) []version.Record {
		if calls.Add(1)%n == 0 && len(all) > 0 {
			all = all[:len(all)-1]
		}
		return rest(all, after)
	})
}

// delayed is a store whose records appear some time after their appends.
func delayed(d time.Duration) *broken {
	var mu sync.Mutex
	last := make(map[string]time.Time)
	return &broken{
		read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
			all, err := s.MemStore.Read(ctx, log, 0)
			mu.Lock()
			defer mu.Unlock()
			if time.Since(last[log]) < d && len(all) > 0 {
				all = all[:len(all)-1]
			}
			return rest(all, after), err
		},
		append: func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
			mu.Lock()
			defer mu.Unlock()
			last[log] = time.Now()
			return s.MemStore.Append(ctx, log, base, r)
		},
	}
}

// racing is a store that compares the length and appends in two steps.
func racing() *broken {
	return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
		all, err := s.MemStore.Read(ctx, log, 0)
		if err != nil {
			return err
		}
		time.Sleep(50 * time.Microsecond)
		if len(all) != base {
			return version.ErrConflict
		}
		return s.force(ctx, log, r)
	})
}

// losing is a store that forgets every nth record.
func losing(n int32) *broken {
	var calls atomic.Int32
	return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
		if calls.Add(1)%n == 0 {
			return nil
		}
		return s.MemStore.Append(ctx, log, base, r)
	})
}

// sharing is a store that keeps each text once, in the log that had it first.
func sharing() *broken {
	var seen sync.Map
	return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
		if first, ok := seen.LoadOrStore(r.Reveal(), log); ok && first != log {
			return nil
		}
		return s.MemStore.Append(ctx, log, base, r)
	})
}

// aliased is a store that returns its own slice.
func aliased() *broken {
	kept := make(map[string][]version.Record)
	return &broken{read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
		all, err := s.MemStore.Read(ctx, log, 0)
		if len(kept[log]) != len(all) {
			kept[log] = all
		}
		return rest(kept[log], after), err
	}}
}
