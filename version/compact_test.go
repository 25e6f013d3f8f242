package version_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

func updated(t testing.TB, h *version.History, f func(*version.Tx) error) version.Snapshot {
	s, err := h.Update(t.Context(), f)
	require.NoError(t, err)
	return s
}

func reading(t testing.TB, h *version.History) version.Snapshot {
	s, err := h.Read(t.Context())
	require.NoError(t, err)
	return s
}

// Histories that have all records, some of them, and none agree after a Compact, with and without removal of records.
func TestCompact(t *testing.T) {
	for name, hide := range map[string]bool{"removed": false, "kept": true} {
		t.Run(name, func(t *testing.T) {
			mem := new(version.MemStore)
			var store version.Store = mem
			if hide {
				store = polled{mem}
			}
			open := func() *version.History { return version.NewHistory(store, "api", version.Options{}) }
			writer, follower, behind := open(), open(), open()
			require.NoError(t, writer.Compact(t.Context()))
			require.Equal(t, 0, reading(t, writer).Revision())
			updated(t, writer, uploadAndDeploy)
			first, _ := reading(t, behind).Latest()
			for i := range 149 {
				updated(t, writer, put(fmt.Sprint("S", i)))
			}
			updated(t, writer, func(tx *version.Tx) error { return tx.PutSetting("tags", binding.NewValue("[]")) })
			before := reading(t, follower)

			require.NoError(t, writer.Compact(t.Context()))
			s := writer.Cached()
			for _, h := range []*version.History{follower, behind, open()} {
				require.True(t, s.Equal(reading(t, h)))
			}
			require.Equal(t, before.Revision()+1, s.Revision())
			require.Equal(t, 100, s.VersionCount())
			require.Equal(t, 100, s.DeploymentCount())
			for number := 51; number <= 150; number++ {
				require.True(t, mustNumbered(before, number).Equal(mustNumbered(s, number)))
			}
			_, ok := s.Numbered(50)
			require.False(t, ok)
			_, err := behind.Update(t.Context(), func(tx *version.Tx) error {
				_, err := tx.Edit(version.Edit{Base: first.ID()})
				return err
			})
			require.ErrorIs(t, err, version.ErrNoVersion)
			require.Equal(t, []string{"tags"}, s.Settings())

			_, err = mem.Read(t.Context(), "api", 0)
			var truncated *version.TruncatedError
			require.Equal(t, !hide, errors.As(err, &truncated) && truncated.Before == before.Revision())
			require.NoError(t, behind.Compact(t.Context())) // has nothing to do
			require.Equal(t, s.Revision(), reading(t, open()).Revision())
			latest, _ := updated(t, behind, put("NEXT")).Latest()
			require.Equal(t, 151, latest.Number())
			require.NoError(t, open().Compact(t.Context()))
			require.True(t, reading(t, writer).Equal(reading(t, open())))
			require.Equal(t, 100, writer.Cached().VersionCount())
		})
	}
}

// What is deployed, and what a rollback goes back to, stay, however old they are.
func TestCompactKeepsDeployed(t *testing.T) {
	h := version.NewHistory(new(version.MemStore), "api", version.Options{})
	for range 4 {
		updated(t, h, uploadAndDeploy)
	}
	for i := range 300 {
		updated(t, h, func(tx *version.Tx) error {
			if _, err := tx.Upload(version.Upload{}); err != nil || i > 90 {
				return err
			}
			_, err := tx.Deploy(version.Deploy{Splits: version.Gradual(mustNumbered(tx.Before(), 3+i%2).ID(), mustNumbered(tx.Before(), 2).ID(), version.Percent(1+i))})
			return err
		})
	}
	before := h.Cached()
	for range 20 {
		updated(t, h, func(tx *version.Tx) error { return tx.PutSetting("tags", binding.NewValue("[]")) })
		require.NoError(t, h.Compact(t.Context()))
	}
	s := reading(t, version.NewHistory(h.Store(), "api", version.Options{}))
	require.Equal(t, 100+4, s.VersionCount(), "the newest 100, and the first 4, which have been deployed")
	want, _ := before.Current()
	got, _ := s.Current()
	require.True(t, want.Equal(got))
	target, _ := s.RollbackTarget()
	require.Equal(t, 4, target.Number())
	checkInvariants(t, s)
}

// A program that dies at any call of a Compact leaves a log that others read and compact.
func TestCrashInCompact(t *testing.T) {
	for n := 1; n < 8; n++ {
		for _, fault := range []versiontest.Fault{versiontest.Before, versiontest.After, versiontest.Late} {
			store := new(version.MemStore)
			for i := range 3 {
				updated(t, version.NewHistory(store, "api", version.Options{}), []func(*version.Tx) error{uploadAndDeploy, put("A"), put("B")}[i])
			}
			before := reading(t, version.NewHistory(store, "api", version.Options{}))
			version.NewHistory(&versiontest.Faulty{Store: store, Fault: nth(n, fault)}, "api", version.Options{}).Compact(t.Context())
			h := version.NewHistory(store, "api", version.Options{})
			require.Equal(t, 3, reading(t, h).VersionCount())
			require.NoError(t, h.Compact(t.Context()))
			s := reading(t, version.NewHistory(store, "api", version.Options{}))
			require.True(t, mustNumbered(before, 1).Equal(mustNumbered(s, 1)))
			_, err := store.Read(t.Context(), "api", 2)
			require.Error(t, err, "records are left")
		}
	}
}

// Writers lose nothing while others compact the log again and again, and readers never fail.
func TestConcurrentCompact(t *testing.T) {
	store := new(version.MemStore)
	updated(t, version.NewHistory(store, "api", version.Options{}), uploadAndDeploy)
	ctx, stop := context.WithCancel(t.Context())
	var writers, others sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			h := version.NewHistory(store, "api", version.Options{})
			for i := range 25 {
				if _, err := h.Update(t.Context(), put(fmt.Sprintf("S_%d_%d", w, i))); err != nil {
					t.Error(err)
				}
			}
		})
		others.Go(func() {
			h := version.NewHistory(store, "api", version.Options{})
			for ; ctx.Err() == nil; runtime.Gosched() { // WebAssembly has one thread
				if w == 0 {
					h = version.NewHistory(store, "api", version.Options{})
				}
				if _, err := h.Read(t.Context()); err != nil {
					t.Error(err)
				}
				if err := h.Compact(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	stop()
	others.Wait()
	require.Len(t, reading(t, version.NewHistory(store, "api", version.Options{})).Secrets(), 100)
}

func TestErase(t *testing.T) {
	const canary = "c4n4ry"
	store := new(version.MemStore)
	account := version.NewAccount(store, "acc", version.Options{})
	for _, name := range []string{"gone", "other"} {
		_, err := account.CreateWith(t.Context(), name, func(tx *version.Tx) error {
			_, err := tx.UploadAndDeploy(version.Upload{Bindings: vars(binding.Secret(canary, canary))})
			return err
		})
		require.NoError(t, err)
	}
	w, err := account.Worker(t.Context(), "gone")
	require.NoError(t, err)
	require.ErrorIs(t, account.Erase(t.Context(), w.ID), version.ErrExists)
	require.ErrorIs(t, account.Erase(t.Context(), "nobody"), version.ErrNotFound)
	require.NoError(t, account.Delete(t.Context(), "gone", false))
	require.ErrorIs(t, version.NewAccount(polled{store}, "acc", version.Options{}).Erase(t.Context(), w.ID), errors.ErrUnsupported)
	for range 2 {
		require.NoError(t, account.Erase(t.Context(), w.ID))
	}
	log := "account/acc/worker/" + w.ID
	_, err = store.Read(t.Context(), log, 0)
	var truncated *version.TruncatedError
	require.ErrorAs(t, err, &truncated)
	records, err := store.Read(t.Context(), log, truncated.Before)
	require.NoError(t, err)
	require.Len(t, records, 1)
	require.False(t, strings.Contains(records[0].Reveal(), canary))
	s, err := version.NewHistory(store, log, version.Options{}).Read(t.Context())
	require.NoError(t, err)
	require.True(t, s.IsDeleted())
	_, err = account.Open(t.Context(), "other")
	require.NoError(t, err)
}

// A log that does not begin with a checkpoint of its own is refused, and so is a checkpoint that contradicts the history,
// and a record after a checkpoint that is not the next one.
func TestBadCheckpoints(t *testing.T) {
	records := golden(t)
	s, err := version.NewSnapshot("golden").Apply(records...)
	require.NoError(t, err)
	checkpoint := version.Compacted(s, 2, 2, version.Options{})
	place := len(records)
	next := checkpoint.Snapshot().Begin(version.Options{})
	require.NoError(t, uploadAndDeploy(next))
	after := next.Snapshot().Begin(version.Options{})
	require.NoError(t, uploadAndDeploy(after))
	resume := func(log string, removed int, records ...version.Record) error {
		_, err := version.Resume(log, removed, records...)
		return err
	}
	require.NoError(t, resume("golden", place, checkpoint.Record(), next.Record(), after.Record()))
	apply := func(records ...version.Record) error {
		_, err := s.Apply(records...)
		return err
	}
	require.NoError(t, apply(checkpoint.Record()))
	message := version.Message(checkpoint.Record())
	for name, err := range map[string]error{
		"another log":     resume("other", place, checkpoint.Record()),
		"another place":   resume("golden", place+1, checkpoint.Record()),
		"no checkpoint":   resume("golden", place-1, records[place-1]),
		"no change":       resume("golden", place, version.Seal("golden", records, "")...),
		"without one":     resume("golden", place, checkpoint.Record(), after.Record()),
		"another history": resume("golden", place, checkpoint.Record(), version.Compacted(s, 1, 1, version.Options{}).Record()),
	} {
		require.ErrorIs(t, err, version.ErrMisplaced, name)
	}
	require.ErrorIs(t, apply(version.Seal("golden", records, message+message)...), version.ErrUnknown, "two in a record")
	for name, err := range map[string]error{
		"damaged": resume("golden", place, version.NewRecord(checkpoint.Record().Reveal()[:100])),
		"empty":   resume("golden", place, version.NewRecord("")),
	} {
		require.ErrorIs(t, err, version.ErrCorrupt, name)
	}
	other, err := version.NewSnapshot("golden").Apply(records[:2]...)
	require.NoError(t, err)
	shorter := version.Message(version.Compacted(other, 2, 2, version.Options{}).Record())
	require.ErrorIs(t, apply(version.Seal("golden", records, shorter)...), version.ErrMisplaced)
	for len(records) > other.Revision() { // as many records, with other versions
		tx := other.Begin(version.Options{})
		require.NoError(t, uploadAndDeploy(tx))
		other = tx.Snapshot()
	}
	contradiction := version.Message(version.Compacted(other, 2, 2, version.Options{}).Record())
	require.ErrorIs(t, apply(version.Seal("golden", records, contradiction)...), version.ErrCorrupt)
}

// left returns how many records of a log are left.
func left(t *testing.T, store version.Store, log string) int {
	records, err := store.Read(t.Context(), log, 0)
	var truncated *version.TruncatedError
	if errors.As(err, &truncated) {
		records, err = store.Read(t.Context(), log, truncated.Before)
	}
	require.NoError(t, err)
	return len(records)
}

// Writers keep a log short together, and lose no version or secret of those that are left.
func TestCompactAfter(t *testing.T) {
	store := new(version.MemStore)
	o := version.Options{}
	o.CompactAfter = 20
	o.CompactFailed = func(err error) { t.Error(err) }
	updated(t, version.NewHistory(store, "api", version.Options{}), uploadAndDeploy)
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			h := version.NewHistory(store, "api", o)
			for i := range 100 {
				if _, err := h.Update(t.Context(), put(fmt.Sprintf("S_%d_%d", w, i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	s := reading(t, version.NewHistory(store, "api", version.Options{}))
	require.Less(t, left(t, store, "api"), 1+20+4)
	require.Len(t, s.Secrets(), 400)
	latest, _ := s.Latest()
	require.Equal(t, 401, latest.Number())
	require.Less(t, s.VersionCount(), 100+20+4)
	checkInvariants(t, s)

	h := version.NewHistory(store, "api", o)
	revision := reading(t, h).Revision()
	for i := range 50 { // each on the Snapshot that the last one returned
		s, err := h.UpdateAt(t.Context(), revision, put(fmt.Sprint("N", i)))
		require.NoError(t, err)
		require.LessOrEqual(t, left(t, store, "api"), 1+20)
		revision = s.Revision()
	}
}

// unshortened is a Store whose Truncate fails.
type unshortened struct{ *version.MemStore }

var errTruncate = errors.New("disk is full")

func (unshortened) Truncate(context.Context, string, int) error { return errTruncate }

// A Compact that fails is reported, and no change fails.
func TestCompactFailed(t *testing.T) {
	store := unshortened{new(version.MemStore)}
	var failures []error
	o := version.Options{}
	o.CompactAfter = 20
	account := version.NewAccount(store, "acc", o)
	_, err := account.CreateWith(t.Context(), "shop", uploadAndDeploy)
	require.NoError(t, err)
	o.CompactFailed = func(err error) { failures = append(failures, err) }
	account = version.NewAccount(store, "acc", o)
	h, err := account.Open(t.Context(), "shop")
	require.NoError(t, err)
	for i := range 50 {
		updated(t, h, put(fmt.Sprint("S", i)))
	}
	require.Len(t, failures, 2)
	require.NoError(t, account.Delete(t.Context(), "shop", false))
	require.Len(t, failures, 3)
	for _, err := range failures {
		require.ErrorIs(t, err, errTruncate)
		require.ErrorContains(t, err, "worker shop")
	}
}

// A deletion erases the values, also one that was interrupted before any call of the Store.
func TestDeleteErases(t *testing.T) {
	o := version.Options{}
	o.CompactAfter = 1000
	for n := 0; n < 12; n++ {
		store := new(version.MemStore)
		_, err := version.NewAccount(store, "acc", o).CreateWith(t.Context(), "gone", uploadAndDeploy)
		require.NoError(t, err)
		w, err := version.NewAccount(store, "acc", o).Worker(t.Context(), "gone")
		require.NoError(t, err)
		faulty := &versiontest.Faulty{Store: store, Fault: func(c versiontest.Call) versiontest.Fault {
			if c.N > n {
				return versiontest.Before
			}
			return versiontest.None
		}}
		version.NewAccount(faulty, "acc", o).Delete(t.Context(), "gone", true)
		account := version.NewAccount(store, "acc", o)
		if err := account.Delete(t.Context(), "gone", true); err != nil {
			require.ErrorIs(t, err, version.ErrNotFound)
		}
		_, err = account.Open(t.Context(), "gone")
		require.ErrorIs(t, err, version.ErrNotFound)
		s := reading(t, version.NewHistory(store, "account/acc/worker/"+w.ID, version.Options{}))
		require.True(t, s.IsDeleted())
		require.Equal(t, 1, left(t, store, "account/acc/worker/"+w.ID), n)
		require.Zero(t, s.VersionCount())
	}
}
