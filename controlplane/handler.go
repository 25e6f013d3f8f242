package controlplane

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// Options are what a [Handler] takes from the world around it. The zero Options are ready: every account, in memory, for
// every token.
type Options struct {
	// Store keeps everything: versions, deployments, settings and the contents of modules. It receives the values of
	// secrets, see [version.Store]. Nil is a [version.MemStore] of the Handler's own.
	Store version.Store

	// Accounts are the IDs of the accounts that exist. Nil is every ID of 1 to 32 characters; the list of the user's accounts is
	// empty then, so that clients have to know the ID.
	Accounts []string

	// Token is the API token that requests have to bear. With "" any token will do, or an API key with an e-mail address,
	// but there has to be one, as in Cloudflare's API. An upload of static assets bears the token of its session instead, which
	// every Handler with the same Token takes for an hour.
	Token string

	// Author is who the token belongs to: the author of versions and deployments.
	Author version.Author

	// Subdomain is each account's part of the addresses under workers.dev, until a client gives it up. "" is "example".
	Subdomain string

	Now   func() time.Time // the clock; nil is time.Now
	NewID func() string    // makes IDs, never one twice, and is safe for concurrent use; nil makes random UUIDs

	// Limits are the bounds of the vars and secrets of each version, and of each environment of a Pages project. The zero Limits are those of [binding.PaidPlan], which
	// Cloudflare's API enforces; a bound of math.MaxInt is none.
	Limits binding.Limits

	// MaxBody is the size in bytes up to which the body of a request is read. What is larger is refused with 413. 0 is
	// 64 MiB. A body that is not an upload is read up to 4 MiB at most.
	MaxBody int64

	// Logger gets a record for each request: method, path, status and codes of errors, at level Info; Warn if there is no
	// such route, and Error if the Store failed. No record has anything of a body, a header or a query in it. Nil
	// is no log.
	Logger *slog.Logger
}

func (o Options) store() version.Store {
	if o.Store == nil {
		return new(version.MemStore)
	}
	return o.Store
}

func (o Options) limits() binding.Limits {
	if o.Limits == (binding.Limits{}) {
		return binding.PaidPlan()
	}
	return o.Limits
}

func (o Options) maxBody() int64 {
	if o.MaxBody <= 0 {
		return 64 << 20
	}
	return o.MaxBody
}

func (o Options) subdomain() string {
	if o.Subdomain == "" {
		return "example"
	}
	return o.Subdomain
}

func (o Options) now() time.Time {
	if o.Now == nil {
		return time.Now()
	}
	return o.Now()
}

// newID makes an ID, by default a random UUID (version 4 of RFC 9562).
func (o Options) newID() string {
	if o.NewID != nil {
		return o.NewID()
	}
	var b [16]byte
	rand.Read(b[:]) // which never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func (o Options) logger() *slog.Logger {
	if o.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Logger
}

// Handler serves Cloudflare's API below /client/v4. It is made by [New] and safe for concurrent use. All that it knows is in
// its Store, so that a Handler can take over from another one, or share a Store with it.
type Handler struct {
	o      Options
	store  version.Store
	token  [sha256.Size]byte // the hash of Options.Token, which is not in o
	open   bool              // whether any token will do
	log    *slog.Logger
	routes table
	spare  buffers

	mu       sync.Mutex // guards accounts
	accounts map[string]*account
}

// New returns a Handler for o. It copies o.Accounts.
func New(o Options) *Handler {
	o.Accounts = slices.Clone(o.Accounts)
	token := o.Token
	o.Token = ""
	return &Handler{
		o:        o,
		store:    o.store(),
		token:    sha256.Sum256([]byte(token)),
		open:     token == "",
		log:      o.logger(),
		routes:   newTable(routes()),
		accounts: make(map[string]*account),
	}
}

// ServeHTTP answers a request as Cloudflare's API would. A panic of the Store is not caught.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.Body = http.MaxBytesReader(w, r.Body, h.o.maxBody())
	a := h.answer(r)
	io.Copy(io.Discard, r.Body) // or a client that still sends might never see why it is refused
	a.write(w, &h.spare)
	h.log.LogAttrs(r.Context(), a.level(), "request",
		slog.String("method", r.Method), slog.String("path", r.URL.EscapedPath()),
		slog.Int("status", a.status), slog.Any("codes", a.codes()))
}

// answer finds the route of a request and follows it.
func (h *Handler) answer(r *http.Request) answer {
	if err := h.authenticate(r); err != nil {
		return h.failed(r, err)
	}
	serve, params, ok := h.routes.match(r.Method, r.URL.EscapedPath())
	if !ok {
		return h.failed(r, noRoute(r))
	}
	c := &call{h: h, r: r, params: params}
	if id, ok := params["account"]; ok {
		if !h.serves(id) {
			return h.failed(r, errAuthentication)
		}
		c.account = h.account(id)
	}
	a, err := serve(c)
	if err != nil {
		return h.failed(r, err)
	}
	return a
}
