// Package controlplanetest runs Cloudflare's API for tests: package controlplane behind a server on loopback, with a clock and IDs that
// are the same in every run.
//
//	func TestRotate(t *testing.T) {
//		api := controlplanetest.NewServer(t, controlplane.Options{})
//		cmd := exec.Command("npx", "wrangler", "deploy")
//		cmd.Env = append(os.Environ(), api.Environ()...)
//		...
//		env, err := api.Env("shop", "user 17")
//		...
//	}
package controlplanetest

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/version"
)

// What a [Server] knows its only user by.
const (
	AccountID = "0123456789abcdef0123456789abcdef"
	Token     = "controlplanetest-token"
	Email     = "dev@example.com"
)

// Server is Cloudflare's API on loopback. It is safe for concurrent use, and any number of Servers can run at once.
type Server struct {
	// URL is what a client takes for the address of the API, as "http://127.0.0.1:40123/client/v4".
	URL string

	// Handler is what answers.
	Handler *controlplane.Handler

	server *httptest.Server
}

// NewServer starts a Server that ends with the test. See [Start].
func NewServer(t testing.TB, o controlplane.Options) *Server {
	t.Helper()
	s := Start(o)
	t.Cleanup(s.Close)
	return s
}

// Start starts a Server, for [Server.Close] to end. Where o leaves them open, the one account is AccountID, the token is Token, the author has
// the address Email, the clock is [Clock] from 10:00 on March 1, 2026 in steps of a second, and IDs are those of [IDs].
// It panics if there is no port to listen on, as [httptest.NewServer] does.
func Start(o controlplane.Options) *Server {
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
	h := controlplane.New(o)
	server := httptest.NewServer(h)
	return &Server{URL: server.URL + "/client/v4", Handler: h, server: server}
}

// Close ends the Server. It waits for the requests that are under way.
func (s *Server) Close() { s.server.Close() }

// Environ are the environment variables that make wrangler 4.164.0 a client of s, in the form that os/exec takes. They belong to AccountID
// and Token.
func (s *Server) Environ() []string {
	return []string{
		"CLOUDFLARE_API_BASE_URL=" + s.URL, "CLOUDFLARE_API_TOKEN=" + Token, "CLOUDFLARE_ACCOUNT_ID=" + AccountID,
		"WRANGLER_SEND_METRICS=false", "CI=true",
	}
}

// Account returns the account AccountID, to look at or to prepare what requests find.
func (s *Server) Account() *version.Account { return s.Handler.Account(AccountID) }

// Snapshot returns what has become of a Worker. It fails with [version.ErrNotFound] if there is none of that name.
func (s *Server) Snapshot(worker string) (version.Snapshot, error) {
	h, err := s.Account().Open(context.Background(), worker)
	if err != nil {
		return version.Snapshot{}, err
	}
	return h.Read(context.Background())
}

// Env returns the Env that a request to a Worker with that version key would see now. Where one version gets all requests, the key
// does not matter. A Worker that nothing runs of has an empty Env.
func (s *Server) Env(worker, key string) (binding.Env, error) {
	snapshot, err := s.Snapshot(worker)
	if err != nil {
		return binding.Env{}, err
	}
	current, _ := snapshot.Current()
	return current.Pick(key).Env(), nil
}

// Clock returns a clock that shows start when it is read first, and step more each time. It is safe for concurrent use.
func Clock(start time.Time, step time.Duration) func() time.Time {
	var reads atomic.Int64
	return func() time.Time { return start.Add(time.Duration(reads.Add(1)-1) * step) }
}

// IDs returns a source of UUIDs that differ in a number only, from 1. It is safe for concurrent use.
func IDs() func() string {
	var made atomic.Int64
	return func() string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", made.Add(1)) }
}
