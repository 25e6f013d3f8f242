//go:build unix && !nosqlite

package main

import (
	"os"
	"strings"
	"testing"

	"github.com/workerenv/workerenv/internal/tools/replay"
)

// TestScenariosKilled repeats the requests that wrangler made in the recorded sessions. After each of them it kills
// serve with SIGKILL, and starts it again for the next: the responses are the recorded ones, except for IDs and times.
// It takes half a minute, and runs only if WORKERENV_SCENARIOS is set; otherwise only one session is repeated.
func TestScenariosKilled(t *testing.T) {
	for _, s := range replay.Sessions(t, "../../controlplane/testdata/http") {
		if os.Getenv("WORKERENV_SCENARIOS") == "" && s.Name != "secret-put" {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			dir := t.TempDir()
			s.Repeat(t, func() (url string, stop func()) {
				b := startBackend(t, dir, "--account", replay.Options.Accounts[0],
					"--data", "d.db", "--keyset", "k.json")
				return strings.TrimSuffix(b.url, "/client/v4"), b.kill
			})
		})
	}
}
