package version_test

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

// polled hides the Wait method of a Store.
type polled struct{ version.Store }

// deaf has a Wait method that does not work.
type deaf struct{ version.Store }

func (deaf) Wait(context.Context, string, int) error { return errors.ErrUnsupported }

// watchable are Stores with each way to wait, on top of one MemStore.
func watchable(store *version.MemStore) map[string]version.Store {
	return map[string]version.Store{"waiter": store, "polled": polled{store}, "unsupported": deaf{store}}
}

// A consumer that keeps up gets each change of another History alone, and one that does not gets the newest Snapshot.
func TestWatch(t *testing.T) {
	for name := range watchable(nil) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				mem := new(version.MemStore)
				store := watchable(mem)[name]
				writer := version.NewHistory(mem, "api", version.Options{})
				next, stop := iter.Pull2(version.NewHistory(store, "api", version.Options{}).Watch(t.Context()))
				defer stop()
				for revision := range 10 {
					s, err, ok := next()
					require.True(t, ok)
					require.NoError(t, err)
					require.Equal(t, revision, s.Revision())
					go writer.Update(t.Context(), uploadAndDeploy) // most often while next waits
				}
				synctest.Wait()
				for range 100 {
					_, err := writer.Update(t.Context(), put("A"))
					require.NoError(t, err)
				}
				s, err, _ := next()
				require.NoError(t, err)
				require.True(t, s.Equal(writer.Cached()))
			})
		})
	}
}

// A Watch ends with its context, while it waits and before it begins, or when the loop does. It leaves no goroutine,
// which synctest checks.
func TestWatchEnds(t *testing.T) {
	for name := range watchable(nil) {
		synctest.Test(t, func(t *testing.T) {
			h := version.NewHistory(watchable(new(version.MemStore))[name], "api", version.Options{})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			start, runs := time.Now(), 0
			for _, err := range h.Watch(ctx) {
				require.NoError(t, err)
				runs++
			}
			require.Equal(t, 1, runs)
			require.Equal(t, time.Minute, time.Since(start))
			for range h.Watch(ctx) {
				t.Fatal("the context had ended")
			}
			for range h.Watch(t.Context()) {
				break
			}
		})
	}
}

// counting counts the reads of a Store.
type counting struct {
	version.Store
	reads atomic.Int32
}

func (s *counting) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	s.reads.Add(1)
	return s.Store.Read(ctx, log, after)
}

func TestWatchPolls(t *testing.T) {
	for _, poll := range []time.Duration{0, time.Second, time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			store := &counting{Store: new(version.MemStore)}
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour-1)
			defer cancel()
			for range version.NewHistory(store, "api", version.Options{Poll: poll}).Watch(ctx) {
			}
			if poll == 0 {
				poll = time.Second
			}
			require.EqualValues(t, time.Hour/poll, store.reads.Load())
		})
	}
}

// Errors are in the sequence, with the last Snapshot. It goes on once the Store works again, and does not try all the
// time in between.
func TestWatchFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := new(version.MemStore)
		writer := version.NewHistory(mem, "api", version.Options{})
		down := false
		store := &versiontest.Faulty{Store: mem, Fault: func(versiontest.Call) versiontest.Fault {
			if down {
				return versiontest.Before
			}
			return versiontest.None
		}}
		errs := 0
		start := time.Now()
		for s, err := range version.NewHistory(store, "api", version.Options{}).Watch(t.Context()) {
			switch {
			case s.Revision() == 1:
				require.NoError(t, err)
				require.Equal(t, 61*time.Second, time.Since(start).Truncate(time.Second))
				require.Equal(t, 60, errs)
				return
			case err == nil:
				_, err := writer.Update(t.Context(), uploadAndDeploy)
				require.NoError(t, err)
				down = true
			default:
				require.ErrorIs(t, err, versiontest.ErrFault)
				errs++
				down = errs < 60
			}
		}
	})
}

// The Account's Watch has each list once, though the Account reads its list for other reasons too.
func TestAccountWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(version.MemStore)
		account := version.NewAccount(store, "acc", version.Options{})
		other := version.NewAccount(store, "acc", version.Options{})
		var lists []string
		steps := []func() error{
			func() error { _, err := other.Create(t.Context(), "one"); return err },
			func() error { _, err := account.CreateWith(t.Context(), "two", uploadAndDeploy); return err },
			func() error { return other.Rename(t.Context(), "one", "three") },
			func() error { return account.Delete(t.Context(), "two", false) },
		}
		for workers, err := range account.Watch(t.Context()) {
			require.NoError(t, err)
			list := ""
			for _, w := range workers {
				list += w.Name + " "
			}
			lists = append(lists, list)
			if len(steps) == 0 {
				break
			}
			go steps[0]()
			steps = steps[1:]
			synctest.Wait()
		}
		require.Equal(t, []string{"", "one ", "one two ", "three two ", "three "}, lists)
	})
}
