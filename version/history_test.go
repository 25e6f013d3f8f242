package version_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

func TestNoUpdateIsLost(t *testing.T) {
	const writers, each = 64, 5
	ctx := t.Context()
	store := new(version.MemStore)
	first := version.NewHistory(store, "api", version.Options{})
	_, err := first.Update(ctx, func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{})
		return err
	})
	require.NoError(t, err)
	var wg sync.WaitGroup
	for w := range writers {
		h := first
		if w%2 == 0 { // half of them in what might be another process
			h = version.NewHistory(store, "api", version.Options{})
		}
		wg.Go(func() {
			for i := range each {
				_, err := h.Update(ctx, func(tx *version.Tx) error {
					_, err := tx.SecretPut(fmt.Sprintf("SECRET_%d_%d", w, i), "text", version.Meta{})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s, err := version.NewHistory(store, "api", version.Options{}).Read(ctx)
	require.NoError(t, err)
	require.Equal(t, 1+writers*each, s.VersionCount())
	require.Len(t, s.Secrets(), writers*each)
	cached, err := first.Read(context.Background())
	require.NoError(t, err)
	require.True(t, s.Equal(cached))
	latest, _ := s.Latest()
	require.Equal(t, writers*each, latest.Bindings().Filter(func(b binding.Binding) bool { return b.Kind().IsSecret() }).Len())
}

// countdown is a context that ends after so many calls of Err.
type countdown struct {
	context.Context
	calls int
}

func (c *countdown) Err() error {
	if c.calls--; c.calls < 0 {
		return context.Canceled
	}
	return nil
}

// A Read ends with its context while it applies records. The next one goes on where it ended.
func TestReadEndsWithContext(t *testing.T) {
	const n = 2_000
	store := new(version.MemStore)
	h := version.NewHistory(store, "api", version.Options{})
	for range n {
		_, err := h.Update(t.Context(), func(tx *version.Tx) error { return tx.PutSetting("name", binding.NewValue("text")) })
		require.NoError(t, err)
	}
	h = version.NewHistory(store, "api", version.Options{})
	s, err := h.Read(&countdown{t.Context(), 3})
	require.ErrorIs(t, err, context.Canceled)
	require.NotZero(t, s.Revision())
	require.Less(t, s.Revision(), n/2)
	s, err = h.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, n, s.Revision())
}

// canceling is a store that ends a context before its nth call.
type canceling struct {
	version.Store
	n      int
	cancel func()
}

func (s *canceling) call() {
	if s.n--; s.n == 0 {
		s.cancel()
	}
}

func (s *canceling) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	s.call()
	return s.Store.Read(ctx, log, after)
}

func (s *canceling) Append(ctx context.Context, log string, base int, r version.Record) error {
	s.call()
	return s.Store.Append(ctx, log, base, r)
}

// An Update on a MemStore whose context ends is not made, and its error does not leave that open.
func TestCanceledUpdate(t *testing.T) {
	for _, inside := range []bool{false, true} { // whether the context ends while the change is made
		for n := 1; n <= 2; n++ {
			ctx, cancel := context.WithCancel(t.Context())
			store := new(version.MemStore)
			_, err := version.NewHistory(&canceling{store, n, cancel}, "api", version.Options{}).Update(ctx, func(tx *version.Tx) error {
				if inside {
					cancel()
				}
				return uploadAndDeploy(tx)
			})
			require.ErrorIs(t, err, context.Canceled)
			require.NotErrorIs(t, err, version.ErrOutcome)
			records, err := store.Read(t.Context(), "api", 0)
			require.NoError(t, err)
			require.Empty(t, records)
		}
	}
}

// A Tx can't be changed when the function that was given it has returned, with or without an error.
func TestTxClosed(t *testing.T) {
	h := version.NewHistory(new(version.MemStore), "api", version.Options{})
	_, err := h.Update(t.Context(), uploadAndDeploy)
	require.NoError(t, err)
	var kept []*version.Tx
	keep := func(tx *version.Tx) error {
		kept = append(kept, tx)
		return uploadAndDeploy(tx)
	}
	s, err := h.Update(t.Context(), keep)
	require.NoError(t, err)
	_, err = h.Update(t.Context(), func(tx *version.Tx) error { return errors.Join(keep(tx), errors.New("no")) })
	require.Error(t, err)
	_, err = h.Plan(t.Context(), nil, keep)
	require.NoError(t, err)
	require.Len(t, kept, 3)
	for _, tx := range kept {
		for name, change := range map[string]func() error{
			"Upload":               func() error { _, err := tx.Upload(version.Upload{}); return err },
			"UploadAndDeploy":      func() error { _, err := tx.UploadAndDeploy(version.Upload{}); return err },
			"Edit":                 func() error { _, err := tx.Edit(version.Edit{}); return err },
			"EditAndDeploy":        func() error { _, err := tx.EditAndDeploy(version.Edit{}); return err },
			"SecretPut":            func() error { _, err := tx.SecretPut("A", "1", version.Meta{}); return err },
			"SecretDelete":         func() error { _, err := tx.SecretDelete("A", version.Meta{}); return err },
			"SecretBulk":           func() error { _, err := tx.SecretBulk(nil, nil, version.Meta{}); return err },
			"VersionsSecretPut":    func() error { _, err := tx.VersionsSecretPut("A", "1", version.Meta{}); return err },
			"VersionsSecretDelete": func() error { _, err := tx.VersionsSecretDelete("A", version.Meta{}); return err },
			"VersionsSecretBulk":   func() error { _, err := tx.VersionsSecretBulk(nil, nil, version.Meta{}); return err },
			"Deploy":               func() error { _, err := tx.Deploy(version.Deploy{}); return err },
			"Rollback":             func() error { _, err := tx.Rollback(version.Rollback{}); return err },
			"RollbackCode":         func() error { _, err := tx.RollbackCode(version.Rollback{}); return err },
			"PutSetting":           func() error { return tx.PutSetting("a", binding.Value{}) },
		} {
			require.ErrorIs(t, change(), version.ErrTxClosed, name)
		}
	}
	again, err := h.Read(t.Context())
	require.NoError(t, err)
	require.True(t, again.Equal(s))
}

// An Update inside an Update of the same History fails, one of another History does not.
func TestUpdateInsideUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := version.NewHistory(new(version.MemStore), "api", version.Options{})
		other := version.NewHistory(new(version.MemStore), "api", version.Options{})
		began := time.Now()
		_, err := h.Update(t.Context(), func(tx *version.Tx) error {
			_, err := other.Update(t.Context(), uploadAndDeploy)
			require.NoError(t, err)
			_, err = h.Update(t.Context(), uploadAndDeploy)
			return err
		})
		require.ErrorIs(t, err, version.ErrBusy)
		require.Less(t, time.Since(began), 5*time.Second)
		s, err := h.Update(t.Context(), uploadAndDeploy)
		require.NoError(t, err)
		require.Equal(t, 1, s.VersionCount())
	})
}

// slow is a store whose appends take a minute.
type slow struct{ version.Store }

func (s slow) Append(ctx context.Context, log string, base int, r version.Record) error {
	time.Sleep(time.Minute)
	return s.Store.Append(ctx, log, base, r)
}

// Updates wait for one another as long as the Store takes.
func TestUpdatesOnSlowStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := version.NewHistory(slow{new(version.MemStore)}, "api", version.Options{})
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				_, err := h.Update(t.Context(), uploadAndDeploy)
				require.NoError(t, err)
			})
		}
		wg.Wait()
		require.Equal(t, 3, h.Cached().VersionCount())
	})
}
