package concurrency_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"

	_ "github.com/ncruces/go-sqlite3/driver"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/dashboard"
	"github.com/workerenv/workerenv/store/sealed"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

// history returns a History of three versions, with a gradual deployment of the newest two.
func history(t *testing.T, store version.Store) (*version.Account, *version.History) {
	a := version.NewAccount(store, "acc", version.Options{})
	h := must(a.Create(t.Context(), "api"))
	must(h.Update(t.Context(), func(tx *version.Tx) error {
		v, err := tx.UploadAndDeploy(version.Upload{Bindings: set(t).Without("I")})
		require.NoError(t, err)
		w := must(tx.SecretPut("S", "changed", version.Meta{}))
		x := must(tx.Edit(version.Edit{Set: []binding.Binding{binding.Var("V", "new")}}))
		_ = must(tx.Deploy(version.Deploy{Splits: []version.Split{
			{Version: w.ID(), Share: version.Percent(30)}, {Version: x.ID(), Share: version.Percent(70)},
		}}))
		return errUnless(v.Number() == 1)
	}))
	return a, h
}

func errUnless(ok bool) error {
	if !ok {
		return fmt.Errorf("unexpected version number")
	}
	return nil
}

func TestSnapshot(t *testing.T) {
	_, h := history(t, new(version.MemStore))
	s := must(h.Read(t.Context()))
	latest, _ := s.Latest()
	current, _ := s.Current()
	together(t, 100, func() []any {
		var all []any
		for v := range s.Versions() {
			all = append(all, v.String(), v.Number(), v.Env().Environ(), v.Bindings().String(), printed(v))
		}
		for i := range 20 {
			all = append(all, current.Pick(fmt.Sprint("user ", i)).Number())
		}
		tx := s.Begin(version.Options{}) // one for each goroutine
		_, err := tx.Edit(version.Edit{Set: []binding.Binding{binding.Secret("N", "n")}})
		return append(all, err, latest.Env().Get("S"), current.String(), printed(current), s.Equal(tx.Before()),
			len(s.Secrets()), s.Revision())
	})
}

// TestHistories changes one Worker through several Accounts and Histories with one Store, and checks
// that no change is lost.
func TestHistories(t *testing.T) {
	db := must(sql.Open("sqlite3", sqlstore.SQLite(filepath.Join(t.TempDir(), "history.db"))))
	t.Cleanup(func() { db.Close() })
	for name, store := range map[string]version.Store{
		"MemStore": new(version.MemStore),
		"sqlstore": must(sqlstore.Open(t.Context(), db)),
		"sealed":   sealed.New(new(version.MemStore), must(sealed.NewAESGCM(make([]byte, 32)))),
		"Recorder": versiontest.NewRecorder(new(version.MemStore)),
		"Faulty":   &versiontest.Faulty{Store: new(version.MemStore)},
	} {
		t.Run(name, func(t *testing.T) {
			a, h := history(t, store)
			var puts atomic.Int64
			before := must(h.Read(t.Context())).VersionCount()
			together(t, 5, func() []any {
				n := puts.Add(1)
				fresh := must(a.Open(context.Background(), "api"))
				for _, h := range []*version.History{h, fresh} {
					_, err := h.Update(context.Background(), func(tx *version.Tx) error {
						_, err := tx.Edit(version.Edit{Set: []binding.Binding{binding.Secret(fmt.Sprint("S", n), "x")}})
						return err
					})
					if err != nil {
						return []any{err.Error()}
					}
				}
				workers, err := a.Workers(context.Background())
				return []any{len(workers), err, h.Cached().Worker()}
			})
			require.Equal(t, before+2*int(puts.Load()), must(h.Read(t.Context())).VersionCount())
		})
	}
}

// TestDashboard requests pages of a Worker while it changes.
func TestDashboard(t *testing.T) {
	account, h := history(t, new(version.MemStore))
	pages := dashboard.New(dashboard.Options{
		Account:      account,
		Authenticate: func(*http.Request) (version.Author, bool) { return version.Author{}, true },
	})
	var puts atomic.Int64
	together(t, 10, func() []int {
		must(h.Update(context.Background(), func(tx *version.Tx) error {
			_, err := tx.VersionsSecretPut("S", fmt.Sprint(puts.Add(1)), version.Meta{})
			return err
		}))
		var statuses []int
		for _, path := range []string{"", "/versions", "/deployments", "/edit", "/deploy"} {
			w := httptest.NewRecorder()
			pages.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/workers/api"+path, nil))
			statuses = append(statuses, w.Code)
		}
		return statuses
	})
}
