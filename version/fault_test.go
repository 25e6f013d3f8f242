package version_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

func uploadAndDeploy(tx *version.Tx) error {
	_, err := tx.UploadAndDeploy(version.Upload{})
	return err
}

func put(name string) func(tx *version.Tx) error {
	return func(tx *version.Tx) error {
		_, err := tx.SecretPut(name, "text", version.Meta{})
		return err
	}
}

// nth fails the nth call, and no other.
func nth(n int, fault versiontest.Fault) func(versiontest.Call) versiontest.Fault {
	return func(c versiontest.Call) versiontest.Fault {
		if c.N == n {
			return fault
		}
		return versiontest.None
	}
}

// A store that fails once in an append, whichever way, neither loses a change nor makes it twice, and the caller does not
// notice.
func TestUnknownOutcomeIsSettled(t *testing.T) {
	for name, fault := range map[string]versiontest.Fault{"before": versiontest.Before, "after": versiontest.After, "late": versiontest.Late} {
		t.Run(name, func(t *testing.T) {
			store := &versiontest.Faulty{Store: new(version.MemStore), Fault: nth(2, fault)}
			s, err := version.NewHistory(store, "api", version.Options{}).Update(t.Context(), uploadAndDeploy)
			require.NoError(t, err)
			require.Equal(t, 1, s.VersionCount())
			s, err = version.NewHistory(store, "api", version.Options{}).Read(t.Context())
			require.NoError(t, err)
			require.Equal(t, 1, s.VersionCount())
			require.Equal(t, 1, s.Revision())
		})
	}
}

// A store that stays broken leaves the caller in doubt, and says so. Its log is sound.
func TestOutcomeError(t *testing.T) {
	broken := true
	store := &versiontest.Faulty{Store: new(version.MemStore)}
	calls := 0
	store.Fault = func(c versiontest.Call) versiontest.Fault {
		calls++
		if broken && c.N > 1 {
			return versiontest.After
		}
		return versiontest.None
	}
	h := version.NewHistory(store, "api", version.Options{})
	_, err := h.Update(t.Context(), uploadAndDeploy)
	require.ErrorIs(t, err, version.ErrOutcome)
	require.ErrorIs(t, err, versiontest.ErrFault)
	require.Less(t, calls, 20, "no end of attempts")
	broken = false
	s, err := h.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, s.VersionCount())
}

// The record of somebody else takes the place while the outcome is unknown: the change is made upon it.
func TestOthersWinWhileOutcomeIsUnknown(t *testing.T) {
	store := new(version.MemStore)
	other := version.NewHistory(store, "api", version.Options{})
	faulty := &versiontest.Faulty{Store: store}
	faulty.Fault = func(c versiontest.Call) versiontest.Fault {
		if c.N != 2 {
			return versiontest.None
		}
		_, err := other.Update(t.Context(), uploadAndDeploy)
		require.NoError(t, err)
		return versiontest.Late
	}
	runs := 0
	s, err := version.NewHistory(faulty, "api", version.Options{}).Update(t.Context(), func(tx *version.Tx) error {
		runs++
		return uploadAndDeploy(tx)
	})
	require.NoError(t, err)
	require.Equal(t, 2, runs)
	require.Equal(t, 2, s.VersionCount())
}

func TestUpdateAt(t *testing.T) {
	h := version.NewHistory(new(version.MemStore), "api", version.Options{})
	s, err := h.UpdateAt(t.Context(), 0, uploadAndDeploy)
	require.NoError(t, err)
	require.Equal(t, 1, s.Revision())
	runs := 0
	for _, revision := range []int{0, 2, -1} {
		_, err = h.UpdateAt(t.Context(), revision, func(*version.Tx) error { runs++; return nil })
		require.ErrorIs(t, err, version.ErrConflict)
	}
	require.Zero(t, runs)
	other := version.NewHistory(h.Store(), "api", version.Options{})
	_, err = h.UpdateAt(t.Context(), 1, func(tx *version.Tx) error {
		runs++
		_, err := other.Update(t.Context(), put("A"))
		require.NoError(t, err)
		return put("B")(tx)
	})
	require.ErrorIs(t, err, version.ErrConflict)
	require.Equal(t, 1, runs)
	s, err = h.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, s.VersionCount())
}

func TestUpdateEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	store := new(version.MemStore)
	h := version.NewHistory(outrun{store}, "api", version.Options{})
	runs := 0
	_, err := h.Update(ctx, func(tx *version.Tx) error {
		if runs++; runs == 10 {
			cancel()
		}
		return uploadAndDeploy(tx)
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 10, runs)
	_, err = h.Read(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

// outrun is a store where somebody else always comes first.
type outrun struct{ version.Store }

func (s outrun) Append(ctx context.Context, log string, base int, r version.Record) error {
	if _, err := version.NewHistory(s.Store, log, version.Options{}).Update(context.WithoutCancel(ctx), uploadAndDeploy); err != nil {
		return err
	}
	return fmt.Errorf("lost the race: %w", s.Store.Append(context.WithoutCancel(ctx), log, base, r))
}

// A store that was put back to an earlier state conflicts for ever. That comes to an end, and the histories that were
// read before keep what they know.
func TestLostRecords(t *testing.T) {
	store := &version.MemStore{}
	h := version.NewHistory(swap{&store}, "api", version.Options{})
	for range 3 {
		_, err := h.Update(t.Context(), uploadAndDeploy)
		require.NoError(t, err)
	}
	store = new(version.MemStore)
	s, err := h.Update(t.Context(), uploadAndDeploy)
	require.ErrorIs(t, err, version.ErrLost)
	require.Equal(t, 3, s.VersionCount())
}

// swap is a store that can be replaced.
type swap struct{ now **version.MemStore }

func (s swap) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	return (*s.now).Read(ctx, log, after)
}

func (s swap) Append(ctx context.Context, log string, base int, r version.Record) error {
	return (*s.now).Append(ctx, log, base, r)
}

// paged is a store that breaks its contract: it returns one record at a time.
type paged struct{ version.Store }

func (s paged) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	records, err := s.Store.Read(ctx, log, after)
	return records[:min(1, len(records))], err
}

// A new History and Account on a store that returns pages see all records all the same.
func TestPagedReads(t *testing.T) {
	store := new(version.MemStore)
	account := version.NewAccount(store, "acc", version.Options{})
	for _, name := range []string{"one", "two"} {
		h, err := account.CreateWith(t.Context(), name, uploadAndDeploy)
		require.NoError(t, err)
		for range 3 {
			_, err = h.Update(t.Context(), put("KEY"))
			require.NoError(t, err)
		}
	}
	account = version.NewAccount(paged{store}, "acc", version.Options{})
	require.Equal(t, "one two", names(t, account))
	h, err := account.Open(t.Context(), "two")
	require.NoError(t, err)
	require.Equal(t, 4, h.Cached().Revision())
}

func TestFailedUpdateChangesNothing(t *testing.T) {
	h := version.NewHistory(new(version.MemStore), "api", version.Options{})
	_, err := h.Update(t.Context(), uploadAndDeploy)
	require.NoError(t, err)
	failure := errors.New("on second thoughts")
	s, err := h.Update(t.Context(), func(tx *version.Tx) error {
		require.NoError(t, put("A")(tx))
		return failure
	})
	require.Equal(t, failure, err)
	require.Equal(t, 1, s.Revision())
	s, err = h.Update(t.Context(), func(*version.Tx) error { return nil })
	require.NoError(t, err)
	require.Equal(t, 1, s.Revision())
}

// A program dies at each store call of a series of changes in turn, its last call done or not. Who comes next finds
// a history that holds, and can go on.
func TestCrashAnywhere(t *testing.T) {
	for n := 1; n < 40; n++ {
		for _, fault := range []versiontest.Fault{versiontest.Before, versiontest.After} {
			store := new(version.MemStore)
			crash := func(c versiontest.Call) versiontest.Fault {
				switch {
				case c.N == n:
					return fault
				case c.N > n:
					return versiontest.Before
				}
				return versiontest.None
			}
			changeManyThings(t.Context(), version.NewAccount(&versiontest.Faulty{Store: store, Fault: crash}, "acc", version.Options{}))

			account := version.NewAccount(store, "acc", version.Options{})
			workers, err := account.Workers(t.Context())
			require.NoError(t, err)
			for _, w := range workers {
				if h, err := account.Open(t.Context(), w.Name); !errors.Is(err, version.ErrNotFound) {
					require.NoError(t, err)
					checkInvariants(t, h.Cached())
				}
			}
			changeManyThings(t.Context(), account)
			_, err = account.Open(t.Context(), "one")
			require.ErrorIs(t, err, version.ErrNotFound, "call %d", n)
			two, err := account.Open(t.Context(), "three")
			require.NoError(t, err, "call %d", n)
			require.Len(t, two.Cached().Secrets(), 2)
			checkInvariants(t, two.Cached())
		}
	}
}

// changeManyThings makes two Workers, changes them, deletes one and renames the other. It goes on after errors.
func changeManyThings(ctx context.Context, a *version.Account) {
	for _, name := range []string{"one", "two"} {
		a.Create(ctx, name)
		h, err := a.Open(ctx, name)
		if err != nil {
			continue
		}
		for _, f := range []func(*version.Tx) error{uploadAndDeploy, put("A"), put("B")} {
			h.Update(ctx, f)
		}
	}
	a.Delete(ctx, "one", false)
	a.Delete(ctx, "three", false)
	a.Rename(ctx, "two", "three")
}

// Many writers on a store that fails at random: every change whose Update succeeded is there once, none that failed for
// certain is, and the calls could have been one after the other.
func TestConcurrentWritersOnFaultyStore(t *testing.T) {
	const writers, each = 16, 10
	store := new(version.MemStore)
	faults := false
	recorder := versiontest.NewRecorder(&versiontest.Faulty{Store: store, Fault: func(versiontest.Call) versiontest.Fault {
		if !faults {
			return versiontest.None
		}
		return versiontest.Fault(max(0, rand.IntN(12)-8)) // None in three of four calls
	}})
	_, err := version.NewHistory(recorder, "api", version.Options{}).Update(t.Context(), uploadAndDeploy)
	require.NoError(t, err)
	faults = true
	var mu sync.Mutex
	outcome := map[string]error{}
	var wg sync.WaitGroup
	for w := range writers {
		h := version.NewHistory(recorder, "api", version.Options{})
		wg.Go(func() {
			for i := range each {
				name := fmt.Sprintf("S_%d_%d", w, i)
				_, err := h.Update(t.Context(), put(name))
				mu.Lock()
				outcome[name] = err
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	faults = false
	require.NoError(t, recorder.Check(t.Context()))
	s, err := version.NewHistory(store, "api", version.Options{}).Read(t.Context())
	require.NoError(t, err)
	times := map[string]int{}
	for v := range s.Versions() {
		base, _ := s.Numbered(v.Base())
		for _, c := range base.Bindings().Diff(v.Bindings()) {
			times[c.Name]++
		}
	}
	for name, err := range outcome {
		switch {
		case err == nil:
			require.Equal(t, 1, times[name], name)
		case errors.Is(err, version.ErrOutcome):
			require.LessOrEqual(t, times[name], 1, name)
		default:
			require.Zero(t, times[name], "%s: %v", name, err)
		}
	}
}

// blind is a store that can't be read any more after its first read, and whose first append fails though it is done.
type blind struct {
	version.Store
	reads, appends int
}

func (s *blind) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	if s.reads++; s.reads > 1 {
		return nil, versiontest.ErrFault
	}
	return s.Store.Read(ctx, log, after)
}

func (s *blind) Append(ctx context.Context, log string, base int, r version.Record) error {
	err := s.Store.Append(ctx, log, base, r)
	if s.appends++; s.appends == 1 {
		return versiontest.ErrFault
	}
	return err
}

// A conflict after an append in doubt may be with the very record: the change is not made again.
func TestConflictWithOwnRecord(t *testing.T) {
	store := new(version.MemStore)
	runs := 0
	_, err := version.NewHistory(&blind{Store: store}, "api", version.Options{}).Update(t.Context(), func(tx *version.Tx) error {
		runs++
		return uploadAndDeploy(tx)
	})
	require.ErrorIs(t, err, version.ErrOutcome)
	require.NotErrorIs(t, err, version.ErrConflict)
	require.Equal(t, 1, runs)
	s, err := version.NewHistory(store, "api", version.Options{}).Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, s.VersionCount())
}

// A conflict that f itself reports, from another history, is no reason to run it again.
func TestConflictOfTheCaller(t *testing.T) {
	runs := 0
	_, err := version.NewHistory(new(version.MemStore), "api", version.Options{}).Update(t.Context(), func(*version.Tx) error {
		runs++
		return version.ErrConflict
	})
	require.Equal(t, version.ErrConflict, err)
	require.Equal(t, 1, runs)
}

// What fails half way, after many other changes in the same Tx, leaves nothing: not even its ID is in use.
func TestHalfAChangeIsUndone(t *testing.T) {
	for _, before := range []int{0, 1, 8, 9, 100} {
		var next []string
		tx := version.NewSnapshot("api").Begin(version.Options{NewID: func() string {
			if len(next) == 0 {
				return "record"
			}
			id := next[0]
			next = next[1:]
			return id
		}})
		for i := range before {
			next = []string{fmt.Sprint("v", i), fmt.Sprint("d", i)}
			require.NoError(t, uploadAndDeploy(tx))
		}
		next = []string{"half", ""} // the deployment gets no ID
		require.ErrorIs(t, uploadAndDeploy(tx), version.ErrID)
		_, ok := tx.Version("half")
		require.False(t, ok)
		require.Equal(t, before, tx.Snapshot().VersionCount())
		next = []string{"half", "whole", "record"}
		require.NoError(t, uploadAndDeploy(tx))
		for i := range before {
			v, ok := tx.Version(fmt.Sprint("v", i))
			require.True(t, ok)
			require.Equal(t, i+1, v.Number())
		}
		replayed, err := version.NewSnapshot("api").Apply(tx.Record())
		require.NoError(t, err)
		require.True(t, replayed.Equal(tx.Snapshot()))
	}
}
