//go:build unix && !nosqlite

package main

import (
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// killLater starts a process and ends it with SIGKILL after a random time up to limit, unless it ends before.
func killLater(t *testing.T, cmd *exec.Cmd, limit time.Duration) {
	t.Helper()
	require.NoError(t, cmd.Start())
	timer := time.AfterFunc(rand.N(limit), func() { cmd.Process.Kill() })
	defer timer.Stop()
	cmd.Wait()
}

// TestCopyAndKeysKilled kills copy, keys rewrap and keys rotate at random moments. At any time the
// database can be read; when the same command is started again, it does its work.
func TestCopyAndKeysKilled(t *testing.T) {
	dir := t.TempDir()
	endServe(t, startBackend(t, dir, "--data", "plain.db").cmd)
	sqlite(t, dir, "plain.db", `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999)
		INSERT INTO workerenv_records SELECT CAST('log' AS BLOB), i, CAST(hex(randomblob(100)) AS BLOB) FROM n`)
	copyTo := []string{"copy", "--from", "plain.db", "--to", "d.db", "--to-keyset", "k.json"}
	rotate := []string{"keys", "rotate", "--keyset", "k.json"}
	rewrap := []string{"keys", "rewrap", "--data", "d.db", "--keyset", "k.json"}
	back := []string{"copy", "--from", "d.db", "--from-keyset", "k.json", "--to", "back.db"}

	for range 5 {
		killLater(t, process(t, dir, copyTo...), 200*time.Millisecond)
	}
	got := workerenv(t, dir, copyTo...)
	if got.status != statusOK { // the last one was killed after its copy was complete
		require.Contains(t, got.stderr, "store has records already")
	}
	for range 5 {
		killLater(t, process(t, dir, rotate...), 30*time.Millisecond)
		killLater(t, process(t, dir, rewrap...), 300*time.Millisecond)
	}
	require.Equal(t, statusOK, workerenv(t, dir, rotate...).status)
	require.Equal(t, statusOK, workerenv(t, dir, rewrap...).status)
	onlyPrimaryKey(t, dir)
	got = workerenv(t, dir, back...)
	require.Regexp(t, regexp.MustCompile(`^copied 20000 records`), got.stdout, got.stderr)
	require.Equal(t, allRecords(t, filepath.Join(dir, "plain.db")), allRecords(t, filepath.Join(dir, "back.db")))
}
