// Package stores tests the Stores of this project with databases that are not part of it, and measures them.
package stores

import (
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/ncruces/go-sqlite3/driver"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

var databases atomic.Int32 // that were created

// postgresTarget makes an empty database on the server that WORKERENV_POSTGRES names.
func postgresTarget(t testing.TB) target {
	server := os.Getenv("WORKERENV_POSTGRES")
	if server == "" {
		t.Skip("WORKERENV_POSTGRES does not name a PostgreSQL server, such as postgres:///?host=/tmp; see .ci/run")
	}
	admin, err := sql.Open("pgx", server+"&dbname=postgres")
	require.NoError(t, err)
	name := fmt.Sprintf("workerenv_%d_%d", os.Getpid(), databases.Add(1))
	_, err = admin.Exec("CREATE DATABASE " + name)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)")
		require.NoError(t, err)
		admin.Close()
	})
	return target{driver: "pgx", source: server + "&dbname=" + name}
}

// openDB connects to the database of a target.
func (target target) openDB(t testing.TB) *sql.DB {
	db, err := sql.Open(target.driver, target.source)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestPostgreSQL(t *testing.T) {
	versiontest.Run(t, func(t *testing.T) version.Store {
		s, err := sqlstore.Open(t.Context(), postgresTarget(t).openDB(t))
		require.NoError(t, err)
		return s
	})
}

// TestPostgreSQLOpenTogether opens an empty database from many sessions at once.
func TestPostgreSQLOpenTogether(t *testing.T) {
	db := postgresTarget(t).openDB(t)
	errs := make([]error, 16)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = sqlstore.Open(t.Context(), db) })
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

// TestPostgreSQLRejects opens databases with tables that are not those of this release.
func TestPostgreSQLRejects(t *testing.T) {
	for name, statements := range map[string]string{
		"newer format": `CREATE TABLE workerenv_schema (format BIGINT PRIMARY KEY);
			INSERT INTO workerenv_schema VALUES (99)`,
		"schema of another application":  `CREATE TABLE workerenv_schema (x TEXT)`,
		"records of another application": `CREATE TABLE workerenv_records (x TEXT)`,
	} {
		t.Run(name, func(t *testing.T) {
			db := postgresTarget(t).openDB(t)
			_, err := db.Exec(statements)
			require.NoError(t, err)
			_, err = sqlstore.Open(t.Context(), db)
			require.ErrorIs(t, err, sqlstore.ErrSchema)
		})
	}
}

// TestPostgreSQLCompactedTogether changes one Worker from many Histories at once, which also compact its log: no change
// is lost, and no record gets a place from which another one was removed.
func TestPostgreSQLCompactedTogether(t *testing.T) {
	store, err := sqlstore.Open(t.Context(), postgresTarget(t).openDB(t))
	require.NoError(t, err)
	update := func(h *version.History, name string) error {
		_, err := h.Update(t.Context(), func(tx *version.Tx) error {
			return tx.PutSetting(name, binding.NewValue(rand.Text()))
		})
		return err
	}
	const clients, changes = 16, 40
	var wg sync.WaitGroup
	for i := range clients {
		h := version.NewHistory(store, "worker", version.Options{
			CompactAfter:  5,
			CompactFailed: func(err error) { t.Error(err) },
		})
		wg.Go(func() {
			for j := range changes {
				if err := update(h, fmt.Sprint(i, "-", j)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	s, err := version.NewHistory(store, "worker", version.Options{}).Read(t.Context())
	require.NoError(t, err)
	require.Len(t, s.Settings(), clients*changes)
}
