package versiontest_test

import (
	"context"
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

// The Recorder finds results that no order of single calls gives.
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
