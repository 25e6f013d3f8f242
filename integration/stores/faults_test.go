//go:build unix

package stores

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/store/sealed"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
)

// TestPostgreSQLCrashes crashes the server under writers, and starts it again. Their appends fail with
// errors that are not conflicts, and succeed later.
func TestPostgreSQLCrashes(t *testing.T) {
	restart := os.Getenv("WORKERENV_POSTGRES_RESTART")
	if restart == "" {
		t.Skip("WORKERENV_POSTGRES_RESTART has no command that crashes the server and starts it again; see .ci/run")
	}
	target := postgresTarget(t)
	store, db, err := target.open(t.Context())
	require.NoError(t, err)
	defer db.Close()
	ledger, logs := newLedger(), []string{"a", "b", "c"}
	ctx, cancel := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	var failures atomic.Int32
	for i := range 8 {
		writers.Go(func() {
			write(ctx, store, logs[i%len(logs)], ledger.ack, func(err error) {
				if ctx.Err() == nil {
					failures.Add(1)
					time.Sleep(10 * time.Millisecond)
				}
			})
		})
	}
	for range 3 {
		time.Sleep(200 * time.Millisecond)
		output, err := exec.CommandContext(t.Context(), "sh", "-c", restart).CombinedOutput()
		require.NoError(t, err, "%s", output)
	}
	time.Sleep(200 * time.Millisecond)
	cancel()
	writers.Wait()
	require.Positive(t, failures.Load())
	require.Positive(t, ledger.check(t, store, logs))
}

// TestPostgreSQLGone uses a Store whose connection the server ends, and one whose database is gone.
func TestPostgreSQLGone(t *testing.T) {
	target := postgresTarget(t)
	store, db, err := target.open(t.Context())
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	require.NoError(t, store.Append(t.Context(), "log", 0, version.NewRecord("first")))
	_, err = db.Exec("SELECT pg_terminate_backend(pg_backend_pid())")
	require.Error(t, err)
	records, err := store.Read(t.Context(), "log", 0) // on a new connection
	require.NoError(t, err)
	require.Len(t, records, 1)

	require.NoError(t, db.Close())
	err = store.Append(t.Context(), "log", 1, version.NewRecord("c4n4ry"))
	requireFault(t, err)
}

// requireFault requires that an append failed for another reason than a conflict, with an error that
// shows no value.
func requireFault(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	require.NotErrorIs(t, err, version.ErrConflict)
	require.NotContains(t, err.Error(), "c4n4ry")
}

// TestFullDatabase appends to an SQLite database of limited size until there is no space, and then
// without the limit.
func TestFullDatabase(t *testing.T) {
	full := sqliteTarget(t)
	unlimited := full
	full.source += "&_pragma=max_page_count(64)"
	store, db, err := full.open(t.Context())
	require.NoError(t, err)
	n := 0
	for ; err == nil; n++ {
		err = store.Append(t.Context(), "log", n, version.NewRecord("c4n4ry"+strings.Repeat("x", 20000)))
	}
	requireFault(t, err)
	require.ErrorIs(t, err, sqlite3.FULL)
	records, err := store.Read(t.Context(), "log", 0)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(records), n-1, "an acknowledged record is lost")

	require.NoError(t, db.Close())
	store, db, err = unlimited.open(t.Context())
	require.NoError(t, err)
	defer db.Close()
	again, err := store.Read(t.Context(), "log", 0)
	require.NoError(t, err)
	require.True(t, slices.EqualFunc(records, again, version.Record.Equal))
	for range 20 {
		require.NoError(t, store.Append(t.Context(), "log", len(again), version.NewRecord("more")))
		again = append(again, version.NewRecord("more"))
	}
}

// TestDamagedFile changes bytes of a database file. With encryption no record is ever another one:
// reading fails, or returns the records or the first of them.
func TestDamagedFile(t *testing.T) {
	source := sqliteTarget(t)
	source.sealed = true
	store, db, err := source.open(t.Context())
	require.NoError(t, err)
	for i := range 50 {
		require.NoError(t, store.Append(t.Context(), "log", i, newRecord("log", i)))
	}
	want, err := store.Read(t.Context(), "log", 0)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	matches, err := filepath.Glob(filepath.Join(filepath.Dir(pathOf(source)), "*"))
	require.NoError(t, err)
	require.Len(t, matches, 1, "SQLite did not put all into one file")
	text, err := os.ReadFile(matches[0])
	require.NoError(t, err)

	kinds := map[string]int{}
	for range 200 {
		damaged := append([]byte(nil), text...)
		for i := rand.IntN(len(damaged)); i < len(damaged) && rand.IntN(8) > 0; i++ {
			damaged[i] ^= byte(1 + rand.IntN(255))
		}
		path := filepath.Join(t.TempDir(), "d.db")
		require.NoError(t, os.WriteFile(path, damaged, 0o600))
		kinds[readDamaged(t, target{"sqlite3", sqlstore.SQLite(path), true}, want)]++
	}
	t.Log(kinds)
	require.Positive(t, kinds["decryption"])
	require.Positive(t, kinds["whole"]+kinds["beginning"])
}

// readDamaged returns how a database is damaged.
func readDamaged(t *testing.T, target target, want []version.Record) string {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	store, db, err := target.open(ctx)
	if err != nil {
		return "open"
	}
	defer db.Close()
	got, err := store.Read(ctx, "log", 0)
	_, isSealed := errors.AsType[*sealed.Error](err)
	switch {
	case isSealed:
		return "decryption"
	case errors.Is(err, version.ErrLost):
		return "missing"
	case err != nil:
		return "database"
	}
	require.True(t, slices.EqualFunc(want[:len(got)], got, version.Record.Equal), "a record is another one")
	if len(got) == len(want) {
		return "whole"
	}
	return "beginning"
}

// pathOf returns the file of an SQLite target.
func pathOf(target target) string {
	var number int
	var name, path string
	db, err := sql.Open(target.driver, target.source)
	if err == nil {
		defer db.Close()
		err = db.QueryRow("PRAGMA database_list").Scan(&number, &name, &path)
	}
	if err != nil {
		panic(err)
	}
	return path
}
