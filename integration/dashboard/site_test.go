package dashboard_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/dashboard"
	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/version"
)

// canary is a part of every secret in these tests.
const canary = "CANARY"

// site is a dashboard and Cloudflare's API over the Workers of one account.
type site struct {
	t       *testing.T
	api     *controlplanetest.Server
	handler *dashboard.Handler
	url     string
	traffic *buffer // addresses and headers of requests, and headers and bodies of responses
	logs    *buffer
	ago     time.Duration // how long ago the changes happen
}

// newSite returns a site with a Worker "shop", whose version 1 has the bindings and is deployed.
func newSite(t *testing.T, o dashboard.Options, bindings ...binding.Binding) *site {
	t.Helper()
	s := &site{t: t, traffic: new(buffer), logs: new(buffer)}
	s.ago = 30 * 24 * time.Hour
	s.api = controlplanetest.NewServer(t, controlplane.Options{Now: func() time.Time { return time.Now().Add(-s.ago) }})
	_, err := s.api.Deploy("shop", bindings...)
	require.NoError(t, err)
	s.ago = 0
	o.Account, o.Logger = s.api.Account(), slog.New(slog.NewTextHandler(s.logs, nil))
	o.Author = version.Author{ID: "ana", Email: "ana@example.com"}
	s.handler = dashboard.New(o)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(s.traffic, r.Method, r.URL)
		r.Header.Write(s.traffic)
		s.handler.ServeHTTP(&recorder{w, s.traffic}, r)
	}))
	s.url = server.URL
	t.Cleanup(func() {
		s.handler.Close()
		server.Close()
		require.False(t, strings.Contains(s.logs.String(), canary), "a secret is in the log")
		require.False(t, strings.Contains(s.traffic.String(), canary), "a secret is in a header or a response")
	})
	return s
}

// update changes shop as another person would.
func (s *site) update(f func(*version.Tx) error) {
	s.t.Helper()
	h, err := s.api.Account().Open(s.t.Context(), "shop")
	require.NoError(s.t, err)
	_, err = h.Update(s.t.Context(), f)
	require.NoError(s.t, err)
}

func (s *site) snapshot() version.Snapshot {
	s.t.Helper()
	snapshot, err := s.api.Snapshot("shop")
	require.NoError(s.t, err)
	return snapshot
}

// deployed returns the Env of the only deployed version.
func (s *site) deployed() map[string]string {
	s.t.Helper()
	current, _ := s.snapshot().Current()
	v, ok := current.Only()
	require.True(s.t, ok, "one version is deployed")
	return v.Env().Map()
}

func (s *site) latest() version.Version {
	s.t.Helper()
	v, _ := s.snapshot().Latest()
	return v
}

// wrangler runs the unmodified wrangler and returns what it prints.
func (s *site) wrangler(stdin string, args ...string) string {
	s.t.Helper()
	node, script := live.Wrangler(s.t)
	cmd := exec.Command(node, append([]string{script}, args...)...)
	cmd.Dir, cmd.Stdin = s.t.TempDir(), strings.NewReader(stdin)
	cmd.Env = append(live.Environ(s.t), s.api.Environ()...)
	out, err := cmd.CombinedOutput()
	require.NoError(s.t, err, "wrangler %s: %s", args, out)
	return string(out)
}

// puts replaces a secret of shop with wrangler or, if there is none, through the store.
func (s *site) puts(name, value string) {
	s.t.Helper()
	if os.Getenv("WORKERENV_ORACLE") != "" {
		s.wrangler(value, "secret", "put", name, "--name", "shop")
		return
	}
	s.update(func(tx *version.Tx) error {
		_, err := tx.SecretPut(name, value, version.Meta{Source: "wrangler"})
		return err
	})
}

// wranglerSees checks that wrangler lists the secrets, the latest version and the current deployment
// that the store has.
func (s *site) wranglerSees() {
	s.t.Helper()
	if os.Getenv("WORKERENV_ORACLE") == "" {
		return
	}
	v := s.latest()
	list := s.wrangler("", "secret", "list", "--name", "shop")
	view := s.wrangler("", "versions", "view", v.ID(), "--name", "shop")
	for _, secret := range v.Secrets() {
		require.Contains(s.t, list, `"name": "`+secret.Name+`"`)
		require.Contains(s.t, view, "Secret Name:  "+secret.Name)
	}
	require.Equal(s.t, len(v.Secrets()), strings.Count(list, `"name"`))
	status := s.wrangler("", "deployments", "status", "--name", "shop")
	current, _ := s.snapshot().Current()
	for v, share := range current.All() {
		require.Contains(s.t, status, "("+share.String()+"%) "+v.ID())
	}
}

// recorder copies what a server sends.
type recorder struct {
	http.ResponseWriter
	traffic *buffer
}

func (r *recorder) WriteHeader(status int) {
	r.Header().Write(r.traffic)
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	r.traffic.Write(p)
	return r.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func (b *buffer) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.b.Reset()
}
