// Package controlplanetest runs package controlplane, a test double for Cloudflare's API, on a
// loopback server, with a clock and IDs that are the same in every run.
//
//	func TestRotate(t *testing.T) {
//		api := controlplanetest.NewServer(t, controlplane.Options{})
//		_, err := api.Deploy("shop", binding.Secret("API_KEY", "old"))
//		...
//		cmd := exec.Command("npx", "wrangler", "secret", "put", "API_KEY", "--name", "shop")
//		cmd.Stdin = strings.NewReader("new")
//		cmd.Env = append(os.Environ(), api.Environ()...)
//		...
//		env, err := api.Env("shop", "user 17")
//		...
//	}
//
// [Server.Deploy] prepares Workers, [Server.Inject] makes requests fail, [Server.Env] and
// [Server.Snapshot] return the result. [Server.Requests] returns what clients sent, without values,
// and [Server.Coverage] which routes they used. [Server.Account] does everything else that package
// version can do, and [Server.Pages] has the Pages projects.
package controlplanetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/version"
)

// The account and the user of a [Server], unless its Options have others.
const (
	AccountID = "0123456789abcdef0123456789abcdef"
	Token     = "controlplanetest-token"
	Email     = "dev@example.com"
)

// prefix is the path of the API.
const prefix = "/client/v4"

// Server is Cloudflare's API on loopback. It is safe for concurrent use, and any number of Servers
// can run at once.
type Server struct {
	// URL is the base URL of the API, such as "http://127.0.0.1:40123/client/v4".
	URL string

	// Handler serves the requests that no [Fault] affects.
	Handler *controlplane.Handler

	account  string
	token    string
	server   *httptest.Server
	faults   faults
	requests requests
	close    sync.Once
}

// String returns the URL.
func (s *Server) String() string { return "controlplanetest.Server at " + s.URL }

// Format writes what String returns, for every verb and flag: the fields hold the token.
func (s *Server) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// NewServer starts a Server as [Start] does, and closes it when the test ends. Then it reports each
// [Fault] that was never used, with the line of its Inject call.
func NewServer(t testing.TB, o controlplane.Options) *Server {
	t.Helper()
	s := Start(o)
	t.Cleanup(func() {
		s.Close()
		for _, i := range s.faults.unused() {
			t.Errorf("%s: the fault for %q was never used", i.caller, i.fault.Route)
		}
	})
	return s
}

// Start starts a Server. The caller must close it. The defaults for o are: the only account is
// AccountID, the token is Token, the author has the address Email, the clock is a [Clock] from
// 2026-03-01 10:00:00 UTC in steps of a second, and IDs are those of [IDs]. Start panics if it
// can't listen, as [httptest.NewServer] does.
func Start(o controlplane.Options) *Server {
	o = withDefaults(o)
	s := &Server{
		Handler: controlplane.New(o),
		account: AccountID,
		token:   o.Token,
		faults:  faults{end: make(chan struct{})},
	}
	if len(o.Accounts) > 0 {
		s.account = o.Accounts[0]
	}
	s.server = httptest.NewServer(http.HandlerFunc(s.serveHTTP))
	s.URL = s.server.URL + prefix
	return s
}

func withDefaults(o controlplane.Options) controlplane.Options {
	if o.Accounts == nil {
		o.Accounts = []string{AccountID}
	}
	if o.Token == "" {
		o.Token = Token
	}
	if o.Author == (version.Author{}) {
		o.Author = version.Author{ID: AccountID, Email: Email}
	}
	if o.Now == nil {
		o.Now = Clock(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC), time.Second)
	}
	if o.NewID == nil {
		o.NewID = IDs()
	}
	return o
}

// Close stops the Server. It waits for requests in progress, but not for the Delay of a [Fault].
func (s *Server) Close() {
	s.close.Do(func() { close(s.faults.end) })
	s.server.Close()
}

// Environ returns environment variables in the form of os/exec that make wrangler 4.164.0, and SDKs
// and Terraform providers of Cloudflare, use s: the base URL under both of its names, the token, the
// account, and two that keep wrangler from asking questions and from sending metrics.
func (s *Server) Environ() []string {
	return []string{
		"CLOUDFLARE_API_BASE_URL=" + s.URL, "CLOUDFLARE_BASE_URL=" + s.URL,
		"CLOUDFLARE_API_TOKEN=" + s.token, "CLOUDFLARE_ACCOUNT_ID=" + s.account,
		"WRANGLER_SEND_METRICS=false", "CI=true",
	}
}

// Account returns the account of the Server, the first one in its Options.
func (s *Server) Account() *version.Account { return s.Handler.Account(s.account) }

// Pages returns the Pages projects of that account.
func (s *Server) Pages() *controlplane.Pages { return s.Handler.Pages(s.account) }

// Deploy uploads a version with these bindings and no code, and deploys it at 100 %. It creates the
// Worker if there is none of that name. It fails for bindings that [binding.NewSet] or
// [version.Tx.UploadAndDeploy] refuse.
func (s *Server) Deploy(worker string, bindings ...binding.Binding) (version.Version, error) {
	set, err := binding.NewSet(bindings...)
	if err != nil {
		return version.Version{}, err
	}
	snapshot, err := s.updateOrCreate(worker, func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{Bindings: set})
		return err
	})
	current, _ := snapshot.Current()
	return current.Newest(), err
}

// updateOrCreate changes a Worker, or creates it with that change.
func (s *Server) updateOrCreate(worker string, change func(*version.Tx) error) (version.Snapshot, error) {
	ctx := context.Background()
	h, err := s.Account().CreateWith(ctx, worker, change)
	if err == nil {
		return h.Read(ctx)
	}
	if !errors.Is(err, version.ErrExists) {
		return version.Snapshot{}, err
	}
	if h, err = s.Account().Open(ctx, worker); err != nil {
		return version.Snapshot{}, err
	}
	return h.Update(ctx, change)
}

// Snapshot returns the state of a Worker. It fails with [version.ErrNotFound] if there is none of
// that name.
func (s *Server) Snapshot(worker string) (version.Snapshot, error) {
	h, err := s.Account().Open(context.Background(), worker)
	if err != nil {
		return version.Snapshot{}, err
	}
	return h.Read(context.Background())
}

// Env returns the Env that a request to a Worker with a version key sees now. The key matters only
// in a gradual deployment. A Worker without a deployment has an empty Env.
func (s *Server) Env(worker, key string) (binding.Env, error) {
	snapshot, err := s.Snapshot(worker)
	if err != nil {
		return binding.Env{}, err
	}
	current, _ := snapshot.Current()
	return current.Pick(key).Env(), nil
}

// Clock returns a clock whose first reading is start, and which advances by step with each reading.
// It is safe for concurrent use.
func Clock(start time.Time, step time.Duration) func() time.Time {
	var reads atomic.Int64
	return func() time.Time { return start.Add(time.Duration(reads.Add(1)-1) * step) }
}

// IDs returns a function that returns UUIDs which end in 1, 2, 3 and so on. It is safe for
// concurrent use.
func IDs() func() string {
	var made atomic.Int64
	return func() string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", made.Add(1)) }
}
