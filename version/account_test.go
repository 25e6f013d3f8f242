package version_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

func names(t *testing.T, a *version.Account) string {
	t.Helper()
	workers, err := a.Workers(t.Context())
	require.NoError(t, err)
	var list []string
	for _, w := range workers {
		list = append(list, w.Name)
	}
	return strings.Join(list, " ")
}

func TestAccount(t *testing.T) {
	store := new(version.MemStore)
	a, elsewhere := version.NewAccount(store, "acc", version.Options{}), version.NewAccount(store, "acc", version.Options{})
	another := version.NewAccount(store, "other", version.Options{})
	require.Empty(t, names(t, a))
	for _, name := range []string{"web", "api", "a/b %2F", ""} {
		h, err := a.Create(t.Context(), name)
		require.NoError(t, err)
		s, err := h.Update(t.Context(), uploadAndDeploy)
		require.NoError(t, err)
		require.Equal(t, name, s.Worker())
	}
	require.Equal(t, " a/b %2F api web", names(t, elsewhere))
	require.Empty(t, names(t, another))
	_, err := elsewhere.Create(t.Context(), "api")
	require.ErrorIs(t, err, version.ErrExists)
	_, err = a.Open(t.Context(), "nothing")
	require.ErrorIs(t, err, version.ErrNotFound)
	require.Equal(t, "worker nothing: worker does not exist", err.Error())

	h, err := elsewhere.Open(t.Context(), "api")
	require.NoError(t, err)
	require.Equal(t, 1, h.Cached().VersionCount())
	same, err := elsewhere.Open(t.Context(), "api")
	require.NoError(t, err)
	require.Same(t, h, same)
}

// TestCreateWithBadID makes a Worker with the ID of another one, and with none. The account stays as it is.
func TestCreateWithBadID(t *testing.T) {
	store, id := new(version.MemStore), "id"
	a := version.NewAccount(store, "acc", version.Options{NewID: func() string { return id }})
	_, err := a.Create(t.Context(), "api")
	require.NoError(t, err)
	for _, id = range []string{"id", ""} {
		_, err := a.Create(t.Context(), "web")
		require.ErrorIs(t, err, version.ErrID)
	}
	require.Equal(t, "api", names(t, version.NewAccount(store, "acc", version.Options{})))
}

func TestDeleteAndCreateAgain(t *testing.T) {
	a := version.NewAccount(new(version.MemStore), "acc", version.Options{})
	old, err := a.Create(t.Context(), "api")
	require.NoError(t, err)
	_, err = old.Update(t.Context(), uploadAndDeploy)
	require.NoError(t, err)
	before, err := a.Worker(t.Context(), "api")
	require.NoError(t, err)
	require.NoError(t, a.Delete(t.Context(), "api", false))
	require.ErrorIs(t, a.Delete(t.Context(), "api", true), version.ErrNotFound)
	s, err := old.Update(t.Context(), uploadAndDeploy)
	require.ErrorIs(t, err, version.ErrNotFound)
	require.True(t, s.IsDeleted())
	fresh, err := a.Create(t.Context(), "api")
	require.NoError(t, err)
	require.Zero(t, fresh.Cached().VersionCount())
	after, err := a.Worker(t.Context(), "api")
	require.NoError(t, err)
	require.NotEqual(t, before.ID, after.ID)
}

func TestRename(t *testing.T) {
	store := new(version.MemStore)
	a := version.NewAccount(store, "acc", version.Options{})
	for _, name := range []string{"api", "web"} {
		h, err := a.Create(t.Context(), name)
		require.NoError(t, err)
		_, err = h.Update(t.Context(), uploadAndDeploy)
		require.NoError(t, err)
	}
	require.ErrorIs(t, a.Rename(t.Context(), "api", "web"), version.ErrExists)
	require.ErrorIs(t, a.Rename(t.Context(), "none", "new"), version.ErrNotFound)
	require.NoError(t, a.Rename(t.Context(), "api", "core"))
	require.Equal(t, "core web", names(t, version.NewAccount(store, "acc", version.Options{})))
	h, err := a.Open(t.Context(), "core")
	require.NoError(t, err)
	require.Equal(t, 1, h.Cached().VersionCount())
	require.Equal(t, "core", h.Cached().Worker())
}

func TestReferencedWorkersStay(t *testing.T) {
	a := version.NewAccount(new(version.MemStore), "acc", version.Options{})
	for _, name := range []string{"api", "web", "jobs"} {
		_, err := a.Create(t.Context(), name)
		require.NoError(t, err)
	}
	bind := func(name string, bs ...binding.Binding) {
		h, err := a.Open(t.Context(), name)
		require.NoError(t, err)
		_, err = h.Update(t.Context(), func(tx *version.Tx) error {
			_, err := tx.UploadAndDeploy(version.Upload{Bindings: vars(bs...)})
			return err
		})
		require.NoError(t, err)
	}
	bind("web", binding.Resource("service", "API", `{"service":"api"}`), binding.Resource("service", "JOBS", `{"service":"jobs"}`), binding.Var("api", "api"))
	bind("jobs", binding.Resource("durable_object_namespace", "ROOM", `{"class_name":"Room","script_name":"api"}`))
	bind("api", binding.Resource("service", "SELF", `{"service":"api"}`))

	var referenced *version.ReferencedError
	err := a.Rename(t.Context(), "api", "core")
	require.ErrorAs(t, err, &referenced)
	want := []version.Reference{{Worker: "jobs", Binding: "ROOM", Kind: "durable_object_namespace"}, {Worker: "web", Binding: "API", Kind: "service"}}
	require.Equal(t, want, referenced.By)
	require.ErrorIs(t, a.Delete(t.Context(), "api", false), version.ErrReferenced)
	require.Equal(t, "worker api: other workers refer to it: jobs by binding ROOM, web by binding API", err.Error())
	require.Equal(t, "api jobs web", names(t, a))

	bind("web")
	require.NoError(t, a.Delete(t.Context(), "jobs", false))
	require.NoError(t, a.Rename(t.Context(), "api", "core"))
	require.Equal(t, "core web", names(t, a))
}

// Of those who create a Worker of one name at once, one wins.
func TestConcurrentCreate(t *testing.T) {
	store := new(version.MemStore)
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 32 {
		a := version.NewAccount(store, "acc", version.Options{})
		wg.Go(func() {
			for i := range 5 {
				if _, err := a.Create(t.Context(), fmt.Sprint("worker ", i)); err == nil {
					won.Add(1)
				}
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 5, won.Load())
	workers, err := version.NewAccount(store, "acc", version.Options{}).Workers(t.Context())
	require.NoError(t, err)
	require.Len(t, workers, 5)
}

// TestGoldenAccount pins the stored form of an account's list, and what becomes of it when it is damaged.
func TestGoldenAccount(t *testing.T) {
	store := new(version.MemStore)
	a := version.NewAccount(store, "acc", fixed())
	for _, name := range []string{"api", "web"} {
		_, err := a.Create(t.Context(), name)
		require.NoError(t, err)
	}
	require.NoError(t, a.Rename(t.Context(), "api", "core"))
	require.NoError(t, a.Delete(t.Context(), "web", false))
	records, err := store.Read(t.Context(), "account/acc", 0)
	require.NoError(t, err)
	requireStored(t, "account-2.txt", records)
	old := new(version.MemStore)
	for i, r := range stored(t, "account.txt") { // of format 1
		require.NoError(t, old.Append(t.Context(), "account/acc", i, r))
	}
	a = version.NewAccount(old, "acc", version.Options{})
	require.Equal(t, "core", names(t, a))
	_, err = a.Create(t.Context(), "new")
	require.NoError(t, err)
	require.Equal(t, "core new", names(t, version.NewAccount(old, "acc", version.Options{})))

	seal := func(message string) version.Record { return version.Seal("account/acc", records, message)[0] }
	for name, bad := range map[string]version.Record{
		"cut": version.NewRecord(records[0].Reveal()[:20]), "again": seal(version.Message(records[0])), "kind": seal("\x12\x02\x0a\x00"),
		"gone": seal(version.Message(records[3])), "format": version.NewRecord("\x03"), "nothing": seal(""), "misplaced": records[0],
	} {
		damaged := new(version.MemStore)
		for i, r := range append(records, bad) {
			require.NoError(t, damaged.Append(t.Context(), "account/acc", i, r))
		}
		list, err := version.NewAccount(damaged, "acc", fixed()).Workers(t.Context())
		var at *version.Error
		require.ErrorAs(t, err, &at, name)
		require.Equal(t, 5, at.Record)
		require.Regexp(t, `^account acc: record 5: record (is damaged|is of an unknown kind|belongs to another log or to another place in it)$`, err.Error())
		require.Len(t, list, 1)
	}
}

// A Worker that is made with its first upload is never seen without it, and a refused one leaves nothing.
func TestCreateWith(t *testing.T) {
	store := new(version.MemStore)
	a, elsewhere := version.NewAccount(store, "acc", version.Options{}), version.NewAccount(store, "acc", version.Options{})
	_, err := a.CreateWith(t.Context(), "api", put("KEY"))
	require.ErrorIs(t, err, version.ErrNoVersions)
	require.Empty(t, names(t, elsewhere))

	h, err := a.CreateWith(t.Context(), "api", func(tx *version.Tx) error {
		require.Empty(t, names(t, elsewhere))
		_, err := elsewhere.Open(t.Context(), "api")
		require.ErrorIs(t, err, version.ErrNotFound)
		return uploadAndDeploy(tx)
	})
	require.NoError(t, err)
	require.Equal(t, 1, h.Cached().VersionCount())
	same, err := a.Open(t.Context(), "api")
	require.NoError(t, err)
	require.Same(t, h, same)
	seen, err := elsewhere.Open(t.Context(), "api")
	require.NoError(t, err)
	require.True(t, seen.Cached().Equal(h.Cached()))
	w, err := a.Worker(t.Context(), "api")
	require.NoError(t, err)
	latest, _ := h.Cached().Latest()
	require.False(t, w.Created.After(latest.Created()))

	_, err = a.CreateWith(t.Context(), "api", func(*version.Tx) error { panic("not to be called") })
	require.ErrorIs(t, err, version.ErrExists)
	_, err = a.CreateWith(t.Context(), "web", func(tx *version.Tx) error {
		_, err := elsewhere.Create(t.Context(), "web") // comes first
		require.NoError(t, err)
		return uploadAndDeploy(tx)
	})
	require.ErrorIs(t, err, version.ErrExists)
	h, err = a.Open(t.Context(), "web")
	require.NoError(t, err)
	require.Zero(t, h.Cached().VersionCount())
}

// TestCreateAtOnce makes Workers through two Accounts on one Store, each read and changed by several goroutines. One of those who want
// a name gets it, and what is stored stays readable.
func TestCreateAtOnce(t *testing.T) {
	for range 300 {
		store := new(version.MemStore)
		accounts := []*version.Account{version.NewAccount(store, "a", version.Options{}), version.NewAccount(store, "a", version.Options{})}
		var made, taken atomic.Int64
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				a := accounts[i%2]
				name := "worker-" + strconv.Itoa(i/4)
				_, err := a.CreateWith(t.Context(), name, func(tx *version.Tx) error { return tx.PutSetting("by", binding.NewValue(name)) })
				switch {
				case err == nil:
					made.Add(1)
				case errors.Is(err, version.ErrExists):
					taken.Add(1)
				default:
					t.Error(err)
				}
				_, err = a.Worker(t.Context(), name)
				require.NoError(t, err)
			})
		}
		wg.Wait()
		require.Equal(t, []int64{3, 9}, []int64{made.Load(), taken.Load()})
		list, err := version.NewAccount(store, "a", version.Options{}).Workers(t.Context())
		require.NoError(t, err)
		require.Len(t, list, 3)
	}
}
