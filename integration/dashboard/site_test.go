package dashboard_test

import (
	"bytes"
	"database/sql"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/ncruces/go-sqlite3/driver"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
)

// canary is a part of every secret in these tests.
const canary = "CANARY"

// site is what one process of workerenv serve shows, with a database that these tests open, too.
type site struct {
	t       *testing.T
	url     string
	environ []string // that serve prints for wrangler
	log     *buffer  // standard error of serve
	links   int      // how many links to sign in were taken from it
	account *version.Account
	ago     time.Duration // how long ago the changes of these tests happen
}

// newSite starts serve with flags, and makes a Worker "shop", whose version 1 has the bindings and is
// deployed.
func newSite(t *testing.T, flags []string, bindings ...binding.Binding) *site {
	t.Helper()
	s := &site{t: t, log: new(buffer), ago: 30 * 24 * time.Hour}
	file := filepath.Join(t.TempDir(), "data.db")
	s.starts(append([]string{"serve", "--data", file}, flags...)...)
	db, err := sql.Open("sqlite3", sqlstore.SQLite(file))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	store, err := sqlstore.Open(t.Context(), db)
	require.NoError(t, err)
	api := controlplane.New(controlplane.Options{Store: store, Now: func() time.Time { return time.Now().Add(-s.ago) }})
	s.account = api.Account(s.variable("CLOUDFLARE_ACCOUNT_ID"))
	_, err = s.account.CreateWith(t.Context(), "shop", func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{Bindings: binding.MustSet(bindings...)})
		return err
	})
	require.NoError(t, err)
	s.ago = 0
	return s
}

// starts runs workerenv until the test ends.
func (s *site) starts(args ...string) {
	s.t.Helper()
	serve := exec.Command(workerenv, args...)
	serve.Stderr = s.log
	stdout, err := serve.StdoutPipe()
	require.NoError(s.t, err)
	require.NoError(s.t, serve.Start())
	s.t.Cleanup(func() {
		serve.Process.Signal(syscall.SIGTERM)
		require.NoError(s.t, serve.Wait())
		require.False(s.t, strings.Contains(s.log.String(), canary), "a secret is in the log")
	})
	printed, err := io.ReadAll(stdout)
	require.NoError(s.t, err)
	for line := range strings.Lines(string(printed)) {
		s.environ = append(s.environ, strings.TrimSpace(strings.TrimPrefix(line, "export ")))
	}
	s.url = strings.TrimSuffix(s.variable("CLOUDFLARE_API_BASE_URL"), "/client/v4")
}

// variable returns the value of a variable that serve has printed.
func (s *site) variable(name string) string {
	s.t.Helper()
	for _, variable := range s.environ {
		if value, ok := strings.CutPrefix(variable, name+"="); ok {
			return value
		}
	}
	require.Fail(s.t, "serve does not print "+name)
	return ""
}

var printedLink = regexp.MustCompile(`dashboard: (\S+)\n`)

// link returns the next link to sign in that serve prints.
func (s *site) link() string {
	s.t.Helper()
	s.links++
	var found [][]string
	require.Eventually(s.t, func() bool {
		found = printedLink.FindAllStringSubmatch(s.log.String(), -1)
		return len(found) >= s.links
	}, patience, 10*time.Millisecond, "serve has printed %d links", s.links-1)
	return found[s.links-1][1]
}

// update changes shop as another person would.
func (s *site) update(f func(*version.Tx) error) {
	s.t.Helper()
	h, err := s.account.Open(s.t.Context(), "shop")
	require.NoError(s.t, err)
	_, err = h.Update(s.t.Context(), f)
	require.NoError(s.t, err)
}

func (s *site) snapshot() version.Snapshot {
	s.t.Helper()
	h, err := s.account.Open(s.t.Context(), "shop")
	require.NoError(s.t, err)
	snapshot, err := h.Read(s.t.Context())
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
	cmd.Env = append(append(live.Environ(s.t), s.environ...), "CI=true")
	out, err := cmd.CombinedOutput()
	require.NoError(s.t, err, "wrangler %s: %s", args, out)
	return string(out)
}

// puts replaces a secret of shop with wrangler or, if there is none, through the database.
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
// that the database has.
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
