//go:build unix

package stores

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/store/sqlstore"
)

// kills returns how often a writer process is killed: 100 times, or as often as WORKERENV_KILLS says.
func kills(t *testing.T) int {
	text := os.Getenv("WORKERENV_KILLS")
	if text == "" {
		return 100
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// TestKilled starts processes that write, and ends them with SIGKILL at random moments: no
// acknowledged record is lost, none is torn, none is there twice, and the next process goes on.
func TestKilled(t *testing.T) {
	for name, source := range map[string]func(t *testing.T) target{
		"SQLite":           func(t *testing.T) target { return sqliteTarget(t) },
		"SealedOverSQLite": func(t *testing.T) target { s := sqliteTarget(t); s.sealed = true; return s },
		"PostgreSQL":       func(t *testing.T) target { return postgresTarget(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // they sleep most of the time
			target := source(t)
			store, db, err := target.open(t.Context())
			require.NoError(t, err)
			defer db.Close()
			ledger, total := newLedger(), 0
			for i := range kills(t) {
				for _, a := range target.writeAndKill(t, i%2 == 0) {
					ledger.ack(a)
				}
				total += ledger.check(t, store, crashLogs[:3])
			}
			require.Greater(t, total, kills(t)/2, "the writers were killed before they wrote")
			t.Logf("%d appends were acknowledged", total)
		})
	}
}

func sqliteTarget(t testing.TB) target {
	return target{driver: "sqlite3", source: sqlstore.SQLite(filepath.Join(t.TempDir(), "d.db"))}
}

// firstWrite is a buffer that closes a channel at its first Write.
type firstWrite struct {
	text  bytes.Buffer
	done  sync.Once
	first chan struct{}
}

func (f *firstWrite) Write(p []byte) (int, error) {
	f.done.Do(func() { close(f.first) })
	return f.text.Write(p)
}

// writeAndKill runs a writer process, and returns which appends it acknowledged before it was killed:
// some time after its start, while it opens the database for example, or after its first append.
func (target target) writeAndKill(t *testing.T, afterFirst bool) (acked []appended) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	kind := "plain"
	if target.sealed {
		kind = "sealed"
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), writerVariable+"="+strings.Join([]string{target.driver, target.source, kind}, "\n"))
	stdout, stderr := &firstWrite{first: make(chan struct{})}, new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	require.NoError(t, cmd.Start())
	if afterFirst {
		select {
		case <-stdout.first:
		case <-time.After(30 * time.Second): // it has failed
		}
	}
	time.Sleep(rand.N(80 * time.Millisecond))
	require.NoError(t, cmd.Process.Kill())
	cmd.Wait()
	require.Empty(t, stderr.String())
	for line := range strings.Lines(stdout.text.String()) {
		var a appended
		if !strings.HasSuffix(line, "\n") {
			break // the kill cut it
		}
		_, err := fmt.Sscan(line, &a.log, &a.place, &a.id)
		require.NoError(t, err)
		acked = append(acked, a)
	}
	return acked
}
