//go:build unix && !nosqlite

package main

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// sqlite executes statements in a database.
func sqlite(t *testing.T, dir, name, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, name))
	require.NoError(t, err)
	defer db.Close()
	_, err = db.Exec(statements)
	require.NoError(t, err)
}

// allRecords returns the records of a database.
func allRecords(t *testing.T, path string) (all [][3]string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path)
	require.NoError(t, err)
	defer db.Close()
	rows, err := db.Query(`SELECT log, place, data FROM workerenv_records ORDER BY log, place`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var r [3]string
		require.NoError(t, rows.Scan(&r[0], &r[1], &r[2]))
		all = append(all, r)
	}
	require.NoError(t, rows.Err())
	return all
}
