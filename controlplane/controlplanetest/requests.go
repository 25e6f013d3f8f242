package controlplanetest

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/workerenv/workerenv/controlplane"
)

// Request is a request that a [Server] has answered. It has names and no values: none of the query,
// of a header or of the body.
type Request struct {
	Method string

	// Path is the path below [Server.URL], as the client sent it.
	Path string

	// Query are the names of the parameters in the query, sorted. A parameter without "=" is "?", since its
	// text may be a value.
	Query []string

	// Route is the one of [controlplane.Routes] that serves the request, "" if there is none.
	Route string

	// Status is the HTTP status of the answer, 0 if a [Fault] dropped it.
	Status int

	// Body is the shape of the body: a JSON text with the type of each value in its place, such as
	// {"name":"string","text":"string"}. Null stays null. A JSON var and a key are only "object" or
	// "array". A form is an object of its parts: metadata and settings with their shapes, modules with
	// their media types. Any other body is its media type. A name that is unlike those of the API, of
	// bindings and of modules is "?". "" means that there is no body.
	Body string
}

// Requests returns the requests of all clients, in the order of their answers. A request is in it
// before the client gets the answer.
func (s *Server) Requests() []Request {
	s.requests.mu.Lock()
	defer s.requests.mu.Unlock()
	return slices.Clone(s.requests.list)
}

// Coverage returns how many requests each of [controlplane.Routes] has had, 0 for routes that no
// client used. Requests without a route are only in [Server.Requests].
func (s *Server) Coverage() map[string]int {
	counts := make(map[string]int)
	for _, route := range controlplane.Routes() {
		counts[route] = 0
	}
	for _, r := range s.Requests() {
		if r.Route != "" {
			counts[r.Route]++
		}
	}
	return counts
}

// requests are the Requests of a Server.
type requests struct {
	mu   sync.Mutex
	list []Request
}

// serveHTTP serves a request and records it.
func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	rec := &recorder{ResponseWriter: w, server: s, request: r}
	r.Body = body{io.TeeReader(r.Body, &rec.body), r.Body}
	defer rec.record(0) // without effect if there is an answer
	s.serveWithFaults(rec, r)
}

// recorder is a ResponseWriter that records the request before the answer is written.
type recorder struct {
	http.ResponseWriter
	server  *Server
	request *http.Request
	body    bytes.Buffer // what has been read
	once    sync.Once
}

// WriteHeader records the request, too.
func (rec *recorder) WriteHeader(status int) {
	rec.record(status)
	rec.ResponseWriter.WriteHeader(status)
}

func (rec *recorder) record(status int) {
	rec.once.Do(func() {
		r := rec.request
		recorded := Request{
			Method: r.Method,
			Path:   strings.TrimPrefix(r.URL.EscapedPath(), prefix),
			Query:  namesIn(r.URL.RawQuery),
			Route:  rec.server.Handler.Route(r),
			Status: status,
			Body:   shapeOf(r.Header.Get("Content-Type"), rec.body.Bytes()),
		}
		rec.server.requests.mu.Lock()
		defer rec.server.requests.mu.Unlock()
		rec.server.requests.list = append(rec.server.requests.list, recorded)
	})
}
