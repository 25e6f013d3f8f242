package dashboard

import (
	"bytes"
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/workerenv/workerenv/internal/hostname"
	"github.com/workerenv/workerenv/version"
)

// maxBody bounds the form of a request, in bytes.
const maxBody = 4 << 20

//go:embed static
var static embed.FS

// Handler is an [http.Handler] that serves the pages. It is safe for concurrent use. Workers are in
// the Account; sessions and drafts are in the memory of the Handler. Handlers come from [New]; the
// zero Handler is invalid, and its methods panic.
type Handler struct {
	o         Options
	mux       *http.ServeMux
	origins   *http.CrossOriginProtection
	templates map[string]*template.Template
	sessions  *sessions
}

// New returns a Handler for o. It copies o.Hosts.
func New(o Options) *Handler {
	o.Hosts = slices.Clone(o.Hosts)
	h := &Handler{
		o:       o.withDefaults(),
		mux:     http.NewServeMux(),
		origins: http.NewCrossOriginProtection(),
	}
	h.sessions = &sessions{idle: h.o.IdleTime, byKey: make(map[hash]*session)}
	h.templates = h.parseTemplates()
	h.origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.fail(w, r, http.StatusForbidden, "This form came from another page.")
	}))
	h.routes()
	return h
}

// Close ends all sessions, and with them their live updates, so that a server can shut down.
func (h *Handler) Close() { h.sessions.endAll() }

func (h *Handler) routes() {
	h.mux.HandleFunc("GET /static/{file}", h.serveStatic)
	if h.o.Authenticate == nil {
		h.mux.HandleFunc("GET /sign-in", h.signIn)
		h.mux.HandleFunc("POST /sign-out", h.signOut)
		if h.o.PrintLink != nil {
			h.mux.HandleFunc("POST /sign-in", h.askForLink)
		}
	}

	h.page("GET /{$}", (*call).workers)
	h.workerPage("GET /workers/{worker}", (*call).variables)
	h.workerPage("GET /workers/{worker}/"+livePath, (*call).live)
	h.workerPage("GET /workers/{worker}/versions", (*call).versions)
	h.workerPage("GET /workers/{worker}/versions/{number}", (*call).version)
	h.workerPage("GET /workers/{worker}/deployments", (*call).deployments)

	h.changePage("GET /workers/{worker}/edit", (*call).newDraft)
	h.changePage("POST /workers/{worker}/edit", (*call).createDraft)
	h.changePage("GET /workers/{worker}/drafts/{draft}", (*call).showDraft)
	h.changePage("POST /workers/{worker}/drafts/{draft}", (*call).updateDraft)
	h.changePage("GET /workers/{worker}/drafts/{draft}/review", (*call).reviewDraft)
	h.changePage("POST /workers/{worker}/drafts/{draft}/review", (*call).applyDraft)
	h.changePage("GET /workers/{worker}/deploy", (*call).reviewDeploy)
	h.changePage("POST /workers/{worker}/deploy", (*call).applyDeploy)

	h.page("/", func(c *call) { c.fail(http.StatusNotFound, "There is no such page.") })
}

// page routes requests of users who have signed in.
func (h *Handler) page(pattern string, f func(*call)) {
	h.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if c, ok := h.authenticate(w, r); ok {
			f(c)
		}
	})
}

// workerPage routes requests about the Worker in their path.
func (h *Handler) workerPage(pattern string, f func(*call)) {
	h.page(pattern, func(c *call) {
		var err error
		c.worker = c.r.PathValue("worker")
		if c.history, err = h.o.Account.Open(c.r.Context(), c.worker); err != nil {
			c.failWith(err)
			return
		}
		c.snapshot = c.history.Cached() // Open has read it
		f(c)
	})
}

// changePage routes requests about a change of a Worker. All forms that change something are among
// them.
func (h *Handler) changePage(pattern string, f func(*call)) {
	h.workerPage(pattern, func(c *call) {
		if h.o.ReadOnly {
			c.fail(http.StatusForbidden, "This dashboard is read-only.")
			return
		}
		f(c)
	})
}

// csp is the Content-Security-Policy of every answer. Live updates need connect-src, the icon
// img-src.
const csp = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ServeHTTP answers a request. It does not recover from a panic of the Store.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", csp)
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	logged := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	switch {
	case !h.knows(r.Host):
		h.fail(logged, r, http.StatusForbidden, "The Host header is not one of this dashboard.")
	case r.URL.Path == h.o.Path:
		http.Redirect(logged, r, h.link(), http.StatusSeeOther)
	default:
		r.Body = http.MaxBytesReader(logged, r.Body, maxBody)
		http.StripPrefix(h.o.Path, h.origins.Handler(h.mux)).ServeHTTP(logged, r)
	}
	h.o.Logger.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", r.Method),
		slog.String("path", cut(r.URL.EscapedPath(), maxLoggedPath)), slog.Int("status", logged.status))
}

// maxLoggedPath is how many bytes of a path are in the log.
const maxLoggedPath = 1024

// statusWriter keeps the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// knows reports whether a Host header has a loopback address, a name of this machine, or one of
// Options.Hosts.
func (h *Handler) knows(header string) bool {
	host := hostname.Of(header)
	return hostname.IsLoopback(host) ||
		host != "" && slices.ContainsFunc(h.o.Hosts, func(known string) bool { return strings.EqualFold(known, host) })
}

func (h *Handler) serveStatic(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	text, err := static.ReadFile("static/" + name)
	if err != nil {
		h.fail(w, r, http.StatusNotFound, "There is no such page.")
		return
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
}

// call is one request of a user who has signed in.
type call struct {
	h       *Handler
	w       http.ResponseWriter
	r       *http.Request
	session *session

	// Of requests about a Worker:
	worker   string
	history  *version.History
	snapshot version.Snapshot
}

// redirect answers a form with another page, so that reloading does not send the form again.
func (c *call) redirect(location string) { http.Redirect(c.w, c.r, location, http.StatusSeeOther) }

// meta says who makes a change, and why.
func (c *call) meta() version.Meta {
	m := version.Meta{Source: "dash", Author: c.session.author}
	if message := c.r.PostForm.Get("message"); message != "" {
		m.Annotations = map[string]string{version.AnnotationMessage: cut(message, maxMessage)}
	}
	return m
}

// maxMessage is the longest message of a change, in bytes. wrangler 4.164.0 cuts at 100 characters.
const maxMessage = 100

// cut returns the first n bytes of s, without the part of a character at their end.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
