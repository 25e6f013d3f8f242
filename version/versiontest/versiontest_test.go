package versiontest_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

func TestMemStore(t *testing.T) {
	versiontest.Run(t, func(*testing.T) version.Store { return new(version.MemStore) })
}

func TestFaultyWithoutFaults(t *testing.T) {
	versiontest.Run(t, func(*testing.T) version.Store { return &versiontest.Faulty{Store: new(version.MemStore)} })
}

// broken is a MemStore with a fault in what it does.
type broken struct {
	version.MemStore
	read   func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error)
	append func(s *broken, ctx context.Context, log string, base int, r version.Record) error
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

// Each store breaks one rule, at least, and the suite finds it.
func TestBrokenStores(t *testing.T) {
	unlocked := func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
		all, err := s.MemStore.Read(ctx, log, 0)
		if err != nil {
			return err
		}
		return s.MemStore.Append(ctx, log, len(all), r) // at any base
	}
	lossy := func() *broken {
		var n atomic.Int32
		return &broken{append: func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
			if n.Add(1)%10 == 0 {
				return nil
			}
			return s.MemStore.Append(ctx, log, base, r)
		}}
	}
	stores := map[string]func() *broken{
		"empty": func() *broken {
			return &broken{read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
				all, err := s.MemStore.Read(ctx, log, after)
				if len(all) == 0 && err == nil {
					err = errors.New("no such log")
				}
				return all, err
			}}
		},
		"order": func() *broken {
			return &broken{read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
				all, err := s.MemStore.Read(ctx, log, after)
				return all[:min(len(all), 100)], err
			}}
		},
		"conflict": func() *broken { return &broken{append: unlocked} },
		"logs": func() *broken {
			return &broken{append: func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
				return s.MemStore.Append(ctx, fmt.Sprintf("%.3s", log), base, r)
			}}
		},
		"data": func() *broken {
			return &broken{append: func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
				return s.MemStore.Append(ctx, log, base, version.NewRecord(string([]rune(r.Reveal()))))
			}}
		},
		"aliasing": func() *broken {
			kept := map[string][]version.Record{}
			return &broken{read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
				if kept[log] == nil {
					kept[log], _ = s.MemStore.Read(ctx, log, 0)
				}
				return kept[log][min(after, len(kept[log])):], nil
			}}
		},
		"canceled": func() *broken {
			return &broken{read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
				return s.MemStore.Read(context.WithoutCancel(ctx), log, after)
			}}
		},
		"linearizable": lossy,
		"history":      lossy,
	}
	for _, rule := range versiontest.Rules() {
		require.Contains(t, stores, rule.Name)
		require.Error(t, rule.Check(t.Context(), stores[rule.Name]()), rule.Name)
	}
}

// The Recorder finds answers that nobody who does one thing at a time could give.
func TestRecorderFindsStaleReads(t *testing.T) {
	ctx := t.Context()
	stale := false
	store := &broken{read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
		all, err := s.MemStore.Read(ctx, log, after)
		if stale {
			all = all[:len(all)-1]
		}
		return all, err
	}}
	r := versiontest.NewRecorder(store)
	require.NoError(t, r.Append(ctx, "log", 0, version.NewRecord("one")))
	_, err := r.Read(ctx, "log", 0)
	require.NoError(t, err)
	require.NoError(t, r.Check(ctx))
	stale = true
	_, err = r.Read(ctx, "log", 0)
	require.NoError(t, err)
	stale = false
	require.ErrorContains(t, r.Check(ctx), "began after its end saw 0")
}

func TestRecorderFindsFalseConflicts(t *testing.T) {
	ctx := t.Context()
	refuse := false
	store := &broken{append: func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
		if refuse {
			return version.ErrConflict
		}
		return s.MemStore.Append(ctx, log, base, r)
	}}
	r := versiontest.NewRecorder(store)
	require.NoError(t, r.Append(ctx, "log", 0, version.NewRecord("one")))
	refuse = true
	require.Error(t, r.Append(ctx, "log", 1, version.NewRecord("two")))
	require.ErrorContains(t, r.Check(ctx), "conflicted while the log had 1 records")
	refuse = false
	require.NoError(t, r.Append(ctx, "log", 1, version.NewRecord("three")))
	require.ErrorContains(t, r.Check(ctx), "conflicted while the log had 1 records")
}

func TestRecorderFindsLostRecords(t *testing.T) {
	ctx := t.Context()
	store := &broken{append: func(*broken, context.Context, string, int, version.Record) error { return nil }}
	r := versiontest.NewRecorder(store)
	require.NoError(t, r.Append(ctx, "log", 0, version.NewRecord("one")))
	require.ErrorContains(t, r.Check(ctx), "is not there")
}
