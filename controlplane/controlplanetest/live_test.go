package controlplanetest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/internal/tools/live"
)

// TestFaultsLive shows how the real wrangler reacts to faults.
func TestFaultsLive(t *testing.T) {
	live.Dir(t)
	const upload = "POST /accounts/{account}/workers/scripts/shop/versions"
	for _, test := range []struct {
		name     string
		fault    controlplanetest.Fault
		args     string
		fails    bool
		says     string
		met      int
		versions int // one of them was there before
	}{
		{"upload fails twice", controlplanetest.Fault{Route: upload, Times: 2, Status: 503},
			"deploy", false, "Current Version ID: ", 2, 2},
		{"upload fails three times", controlplanetest.Fault{Route: upload, Times: 3, Status: 500},
			"deploy", true, "[code: 10013]", 3, 1},
		{"upload must wait", controlplanetest.Fault{Route: upload, Times: 1, RetryAfter: time.Second},
			"deploy", false, "Waiting 1 second(s) before retrying", 1, 2},
		{"upload gets lost", controlplanetest.Fault{Route: upload, Times: 1, Drop: true},
			"deploy", false, "Current Version ID: ", 1, 2},
		{"answer to upload gets lost", controlplanetest.Fault{Route: upload, Times: 1, Drop: true, AfterEffect: true},
			"deploy", false, "Current Version ID: ", 1, 3}, // the upload is repeated: there are two
		{"deployment fails",
			controlplanetest.Fault{Route: "POST /accounts/{account}/workers/scripts/shop/deployments", Times: 1, Status: 503},
			"deploy", true, "[code: 10013]", 1, 2},
		{"subdomain fails",
			controlplanetest.Fault{Route: "GET /accounts/{account}/workers/workers/shop", Times: 2, Status: 502},
			"deploy", false, "Current Version ID: ", 2, 2},
		{"version of secret fails",
			controlplanetest.Fault{Route: "PATCH /accounts/{account}/workers/workers/shop/versions/latest",
				Times: 1, Status: 502},
			"versions secret put API_KEY", true, "[code: 10013]", 1, 1},
		{"bulk fails",
			controlplanetest.Fault{Route: "PATCH /accounts/{account}/workers/scripts/shop/secrets-bulk", Times: 1, Status: 502},
			"secret bulk", true, "[code: 10013]", 1, 1},
		{"secret fails", controlplanetest.Fault{Route: putRoute, Times: 1, Status: 503},
			"secret put API_KEY", true, "[code: 10013]", 1, 1},
		{"secret must wait", controlplanetest.Fault{Route: putRoute, Times: 1, RetryAfter: time.Second},
			"secret put API_KEY", true, "[code: 971]", 1, 1},
		{"answer to secret gets lost", controlplanetest.Fault{Route: putRoute, Times: 1, Drop: true, AfterEffect: true},
			"secret put API_KEY", true, "fetch failed", 1, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			api := controlplanetest.NewServer(t, controlplane.Options{})
			_, err := api.Deploy("shop", binding.Secret("API_KEY", "old"))
			require.NoError(t, err)
			met := api.Inject(test.fault)
			output, err := wrangler(t, api, strings.Fields(test.args)...)
			require.Equal(t, test.fails, err != nil, "%s", output)
			require.Contains(t, output, test.says)
			require.Equal(t, test.met, met.Count())
			snapshot, err := api.Snapshot("shop")
			require.NoError(t, err)
			latest, _ := snapshot.Latest()
			require.Equal(t, test.versions, latest.Number(), "%s", output)
		})
	}
}

// wrangler runs the real wrangler in a small project, as a client of api, and returns what it prints.
func wrangler(t *testing.T, api *controlplanetest.Server, args ...string) (string, error) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wrangler.json"),
		[]byte(`{"name": "shop", "main": "index.js", "compatibility_date": "2026-01-01", "workers_dev": false}`), 0o600))
	require.NoError(t,
		os.WriteFile(filepath.Join(dir, "index.js"), []byte(`export default { fetch() { return new Response() } }`), 0o600))
	node, script := live.Wrangler(t)
	cmd := exec.CommandContext(t.Context(), node, append([]string{script}, args...)...)
	cmd.Dir, cmd.Stdin, cmd.WaitDelay = dir, strings.NewReader(`{"API_KEY": "new"}`), time.Second
	cmd.Env = append(api.Environ(), live.Environ(t)...)
	output, err := cmd.CombinedOutput()
	return string(output), err
}
