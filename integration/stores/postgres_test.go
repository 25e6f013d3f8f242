// Package stores tests the Stores of this project with databases that are not part of it.
package stores

import (
	"database/sql"
	"fmt"
	"os"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

// openPostgreSQL makes an empty database on the server that WORKERENV_POSTGRES names, and connects to it.
func openPostgreSQL(t testing.TB) *sql.DB {
	server := os.Getenv("WORKERENV_POSTGRES")
	if server == "" {
		t.Skip("WORKERENV_POSTGRES does not name a PostgreSQL server, such as postgres:///?host=/tmp; see .ci/run")
	}
	admin, err := sql.Open("pgx", server+"&dbname=postgres")
	require.NoError(t, err)
	name := fmt.Sprintf("workerenv_%d", os.Getpid())
	_, err = admin.Exec("CREATE DATABASE " + name)
	require.NoError(t, err)
	db, err := sql.Open("pgx", server+"&dbname="+name)
	require.NoError(t, err)
	t.Cleanup(func() {
		db.Close()
		_, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)")
		require.NoError(t, err)
		admin.Close()
	})
	return db
}

func TestPostgreSQL(t *testing.T) {
	versiontest.Run(t, func(t *testing.T) version.Store {
		s, err := sqlstore.Open(t.Context(), openPostgreSQL(t))
		require.NoError(t, err)
		return s
	})
}

// TestPostgreSQLOpenTogether opens an empty database from many sessions at once.
func TestPostgreSQLOpenTogether(t *testing.T) {
	db := openPostgreSQL(t)
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
