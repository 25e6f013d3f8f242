//go:build nosqlite

package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWithoutSQLite(t *testing.T) {
	for _, args := range [][]string{
		{"serve", "--data", "d.db"}, {"copy", "--from", "a.db", "--to", "b.db"},
		{"keys", "rotate", "--keyset", "k.json"}, {"keys", "rewrap", "--data", "d.db", "--keyset", "k.json"},
	} {
		got := finish(t, process(t, t.TempDir(), args...))
		require.Equal(t, call{status: statusFailure, stderr: "workerenv: " + errNoSQLite.Error() + "\n"}, got)
	}
}
