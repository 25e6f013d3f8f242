package controlplane

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// Options configure a [Handler]. The zero Options are ready to use: every account exists, any token
// is accepted, and everything is kept in memory.
type Options struct {
	// Store keeps everything: versions, deployments, settings, Pages projects and the contents of
	// modules. It receives the values of secrets, see [version.Store]. Nil is a new
	// [version.MemStore].
	Store version.Store

	// Accounts are the IDs of the accounts that exist. If it is nil, every ID of 1 to 32 characters
	// exists and the list of accounts is empty, so that clients have to know the ID. A zone that a
	// client asks for without an account is in the first one, or in
	// 0123456789abcdef0123456789abcdef.
	Accounts []string

	// Token is the API token that requests must have, or else the API key next to any e-mail address (X-Auth-Key and
	// X-Auth-Email). With "", every token and every key is accepted: anyone who can send requests to the Handler can
	// use it. A request without credentials is refused even then, as in Cloudflare's API. An upload of static assets
	// has the token of its session instead; every Handler with the same Token accepts it for an hour.
	Token string

	// Author is the user whose token it is: the author of versions and deployments.
	Author version.Author

	// Subdomain is the workers.dev subdomain of each account, until a client deletes it. "" is
	// "example".
	Subdomain string

	// Now is the clock. Nil is time.Now.
	Now func() time.Time

	// NewID returns a new ID with each call. It must be safe for concurrent use. Nil makes random
	// UUIDs.
	NewID func() string

	// Limits bound the vars and secrets of each version, and of each environment of a Pages
	// project. The zero Limits are [binding.PaidPlan], which Cloudflare's API enforces. A bound of
	// math.MaxInt means no limit.
	Limits binding.Limits

	// MaxBody is the largest body of a request, in bytes; larger ones are refused with status 413.
	// 0 is 64 MiB. JSON bodies other than uploads are limited to 4 MiB as well.
	MaxBody int64

	// CompactAfter is that of [version.Options]: how many records a history has at most before what
	// can't be deployed any more is removed from the Store. Requests for the IDs of removed versions and
	// deployments get the errors for IDs that never existed. Of a Worker that is deleted, only names and
	// IDs and the contents of modules stay. 0 removes nothing.
	CompactAfter int

	// Logger gets one record for each request: method, path, status and the codes of errors. A path
	// is cut after 1024 bytes. The level is Info, Warn if no route serves the request or a member of it is not
	// modeled, and Error if the Store failed. The removal that CompactAfter asks for has a record only if it fails,
	// of level Error; the request succeeds nevertheless. No record has anything from a body, a header or a query.
	// Nil means no log.
	Logger *slog.Logger
}

// String returns the options without the token.
func (o Options) String() string {
	return fmt.Sprintf("controlplane.Options{Accounts: %q, Token is set: %t, Subdomain: %q}",
		o.Accounts, o.Token != "", o.Subdomain)
}

// Format writes what String returns, for every verb and flag.
func (o Options) Format(f fmt.State, _ rune) { io.WriteString(f, o.String()) }

// LogValue returns what String returns.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// withDefaults returns o with its zero fields filled in.
func (o Options) withDefaults() Options {
	o.Accounts = slices.Clone(o.Accounts)
	if o.Store == nil {
		o.Store = new(version.MemStore)
	}
	if o.Subdomain == "" {
		o.Subdomain = "example"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = newUUID
	}
	if o.Limits == (binding.Limits{}) {
		o.Limits = binding.PaidPlan()
	}
	if o.MaxBody <= 0 {
		o.MaxBody = 64 << 20
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// newUUID returns a random UUID (version 4 of RFC 9562).
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Handler is an [http.Handler] that serves Cloudflare's API below /client/v4. It is safe for
// concurrent use. All of its state is in the Store, so that Handlers can share one, and a new
// Handler continues where another one stopped. Handlers come from [New]; the zero Handler is
// invalid, and its methods panic.
type Handler struct {
	o        Options           // with defaults and without the Token
	token    [sha256.Size]byte // the hash of the Token
	anyToken bool
	routes   map[int][]route // by the number of slashes in their patterns

	mu       sync.Mutex // guards accounts
	accounts map[string]*account
}

// New returns a Handler for o. It copies o.Accounts.
func New(o Options) *Handler {
	h := &Handler{
		o:        o.withDefaults(),
		token:    sha256.Sum256([]byte(o.Token)),
		anyToken: o.Token == "",
		routes:   make(map[int][]route),
		accounts: make(map[string]*account),
	}
	h.o.Token = ""
	for _, r := range routes {
		n := strings.Count(r.pattern, "/")
		h.routes[n] = append(h.routes[n], r)
	}
	return h
}

// maxLoggedPath is the longest beginning of a path in the log, in bytes.
const maxLoggedPath = 1024

// ServeHTTP answers a request as Cloudflare's API does. It does not recover from a panic of the
// Store.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.Body = http.MaxBytesReader(w, r.Body, h.o.MaxBody)
	a := h.answer(r)
	io.Copy(io.Discard, r.Body) // or a client that still sends might not read the answer
	a.write(w)
	h.o.Logger.LogAttrs(r.Context(), a.level, "request",
		slog.String("method", r.Method), slog.String("path", cut(r.URL.EscapedPath(), maxLoggedPath)),
		slog.Int("status", a.status), slog.Any("codes", a.codes))
}

// account is the state of one account.
type account struct {
	*version.Account
	id       string
	pages    *Pages
	settings *version.History // settings that belong to no Worker, see [version.Tx.PutSetting]
}

// maxAccounts bounds the accounts that a Handler holds in memory, so that requests for made-up
// accounts do not fill it.
const maxAccounts = 1000

// account returns the account with an ID. If there are too many in memory, it drops some: their
// state is in the Store.
func (h *Handler) account(id string) *account {
	h.mu.Lock()
	defer h.mu.Unlock()
	if a, ok := h.accounts[id]; ok {
		return a
	}
	for other := range h.accounts {
		if len(h.accounts) < maxAccounts {
			break
		}
		delete(h.accounts, other)
	}
	a := h.newAccount(id)
	h.accounts[id] = a
	return a
}

func (h *Handler) newAccount(id string) *account {
	o := version.Options{Now: h.o.Now, NewID: h.o.NewID, Limits: h.o.Limits, CompactAfter: h.o.CompactAfter}
	o.CompactFailed = func(err error) { h.o.Logger.Error("compaction failed", slog.Any("error", err)) }
	log := "account/" + url.PathEscape(id)
	return &account{
		Account:  version.NewAccount(h.o.Store, id, o),
		id:       id,
		pages:    &Pages{history: version.NewHistory(h.o.Store, log+"/pages", o), o: h.o},
		settings: version.NewHistory(h.o.Store, log+"/settings", o),
	}
}

// serves reports whether requests may use the account with an ID.
func (h *Handler) serves(account string) bool {
	if h.o.Accounts != nil {
		return slices.Contains(h.o.Accounts, account)
	}
	return 0 < len(account) && len(account) <= 32
}

// Account returns the Workers of the account with that ID, to read what requests did to them, or to change them. It
// also returns an account that Options.Accounts does not list, and that requests therefore cannot use.
func (h *Handler) Account(id string) *version.Account { return h.account(id).Account }

// Pages returns the Pages projects of the account with that ID, in the same way as Account returns
// its Workers.
func (h *Handler) Pages(id string) *Pages { return h.account(id).pages }
