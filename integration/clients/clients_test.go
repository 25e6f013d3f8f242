package clients

import (
	"maps"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/internal/tools/live"
)

// calls are functions for operations, by their names. They return what a client shows.
type calls = map[string]func(*trial) string

// client is a client of the API, unmodified.
type client struct {
	name, release string                  // the beginning of the version
	version       func(testing.TB) string // skips the test if the client is not installed
	does          calls                   // without the operations that the client has no call or command for
	// byHand are the operations whose body the program has to make, since the API refuses that of the client.
	byHand []string
}

// trial is one operation of one client.
type trial struct {
	*testing.T
	api   *controlplanetest.Server
	dir   string // an empty folder
	shown string // what the client has shown
}

// clients are all clients, in the order of the table.
var clients = []client{
	{"wrangler", "3.114", npmVersion("wrangler-3"), wrangler("wrangler-3"), nil},
	{"wrangler", "4.20", npmVersion("wrangler-4.20"), wrangler("wrangler-4.20"), nil},
	{"wrangler", "4.164", oracleVersion, wrangler(""), nil},
	{"npm cloudflare", "7", npmVersion("cloudflare"), npmCalls("cloudflare"), uploadNames},
	{"npm cloudflare", "4", npmVersion("cloudflare-4"), npmCalls("cloudflare-4"), []string{"versions upload"}},
	{"alchemy", "0", npmVersion("alchemy"), alchemy, nil},
	{"cloudflare-go", "0", goVersion(""), callsV0, nil},
	{"cloudflare-go", "4", goVersion("/v4"), merged(callsV4, uploadsV4), uploadNames},
	{"cloudflare-go", "6", goVersion("/v6"), merged(callsV6, uploadsV6), nil},
	{"cloudflare-go", "7", goVersion("/v7"), merged(callsV7, uploadsV7, bulkV7), uploadNames},
}

// uploadNames are the operations that upload code.
var uploadNames = []string{
	"deploy a new Worker", "deploy a new Worker with a secret", "deploy a change of a var", "versions upload",
}

// oracleVersion returns the version of the reference wrangler.
func oracleVersion(t testing.TB) string {
	npmFolder(t)
	return packageVersion(t, filepath.Join(live.Modules(t), "wrangler"))
}

// goVersion returns the version of cloudflare-go with a suffix of its module path.
func goVersion(suffix string) func(testing.TB) string {
	return func(t testing.TB) string {
		module := "github.com/cloudflare/cloudflare-go" + suffix
		out, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", module).Output()
		require.NoError(t, err)
		return strings.TrimSpace(strings.TrimPrefix(string(out), "v"))
	}
}

func merged(all ...calls) calls {
	m := calls{}
	for _, c := range all {
		maps.Copy(m, c)
	}
	return m
}

// TestClients does each operation with each client.
func TestClients(t *testing.T) {
	for _, c := range clients {
		t.Run(c.name+" "+c.release, func(t *testing.T) {
			require.True(t, strings.HasPrefix(c.version(t), c.release))
			for name := range c.does {
				require.True(t, isOperation(name), "%q is no operation", name)
			}
			for _, o := range operations {
				if c.does[o.name] == nil {
					continue
				}
				t.Run(o.name, func(t *testing.T) {
					t.Parallel()
					api := controlplanetest.NewServer(t, controlplane.Options{})
					trial := &trial{T: t, api: api, dir: t.TempDir()}
					o.given(trial)
					trial.shown = c.does[o.name](trial)
					o.want(trial)
					require.False(t, secrets.MatchString(trial.shown), "the client has shown a secret")
				})
			}
		})
	}
}
