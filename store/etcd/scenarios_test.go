package etcd_test

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/internal/tools/replay"
	"github.com/workerenv/workerenv/store/etcd"
)

// TestScenariosRestarted repeats the requests that wrangler made in the recorded sessions, each with a new client and a
// new control plane. Before every 20th request it kills the server with SIGKILL and starts it again, before every
// request if WORKERENV_SCENARIOS is set. The responses are the recorded ones, except for IDs and times.
func TestScenariosRestarted(t *testing.T) {
	c := newCluster(t, 1)
	server, requests, period := c.members[0], 0, 20
	if os.Getenv("WORKERENV_SCENARIOS") != "" {
		period = 1
	}
	for _, s := range replay.Sessions(t, "../../controlplane/testdata/http") {
		t.Run(s.Name, func(t *testing.T) {
			prefix, options := newPrefix(), replay.Options
			s.Repeat(t, func() (url string, stop func()) {
				if requests++; requests%period == 0 {
					server.kill()
					require.NoError(t, server.start())
				}
				client := connect(t, c.endpoints()...)
				options.Store = etcd.New(client, prefix)
				api := httptest.NewServer(controlplane.New(options))
				return api.URL, func() { api.Close(); client.Close() }
			})
		})
	}
	t.Logf("the server was killed %d times", requests/period)
}
