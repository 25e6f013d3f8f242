package controlplanetest

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"
)

// Injection is a [Fault] in a [Server]. It is safe for concurrent use.
type Injection struct {
	fault  Fault
	server *Server

	// What is below is guarded by the Server's mutex.
	seen  int // requests to the route
	count int // of them, those that it has happened to
}

// Inject makes f happen from now on. Of several Faults for a request the one that was injected first happens, and the others do
// not count it. In a Server of [NewServer] a Fault has to happen: if it has not when the test ends, and has not been removed,
// the test fails.
//
// wrangler 4.164.0 repeats an upload up to twice when the answer is 429, 5xx or lost, and what it asks of subdomains as well. It
// repeats no deployment and no change of a secret.
func (s *Server) Inject(f Fault) *Injection {
	i := &Injection{fault: f, server: s}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, i)
	return i
}

// Count returns how many requests the Fault has happened to.
func (i *Injection) Count() int {
	i.server.faults.mu.Lock()
	defer i.server.faults.mu.Unlock()
	return i.count
}

// Remove ends the Fault: requests that come later are served as usual. Those that wait because of its Delay go on waiting.
func (i *Injection) Remove() {
	i.server.faults.mu.Lock()
	defer i.server.faults.mu.Unlock()
	i.server.faults.list = slices.DeleteFunc(i.server.faults.list, func(other *Injection) bool { return other == i })
}

// faults are the Faults of a Server.
type faults struct {
	mu   sync.Mutex
	list []*Injection
	end  chan struct{} // is closed with the Server
}

// next returns the Fault that happens to r.
func (s *faults) next(r *http.Request) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.list {
		if i.spent() || !i.fault.matches(r) {
			continue
		}
		if i.seen++; i.seen > i.fault.Skip {
			i.count++
			return i.fault, true
		}
	}
	return Fault{}, false
}

// spent reports whether the Fault has happened as often as it is to.
func (i *Injection) spent() bool { return i.fault.Times > 0 && i.count >= i.fault.Times }

// unmet returns the routes of Faults that have not happened.
func (s *faults) unmet() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var routes []string
	for _, i := range s.list {
		if i.count == 0 {
			routes = append(routes, i.fault.Route)
		}
	}
	return routes
}

// wait takes the time d, and reports whether there is still somebody to serve.
func (s *faults) wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.end:
	}
	return false
}

// serveHTTP answers a request, with what goes wrong on its way.
func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := s.faults.next(r)
	if !ok {
		s.Handler.ServeHTTP(w, r)
		return
	}
	hold(r)
	served := httptest.NewRecorder()
	if f.AfterEffect {
		s.Handler.ServeHTTP(served, r)
	}
	switch stays := s.faults.wait(r, f.Delay); {
	case f.Drop || !stays:
		panic(http.ErrAbortHandler) // which net/http takes as the wish to close the connection
	case f.answers():
		f.write(w)
	case f.AfterEffect:
		maps.Copy(w.Header(), served.Header())
		w.WriteHeader(served.Code)
		w.Write(served.Body.Bytes())
	default:
		s.Handler.ServeHTTP(w, r)
	}
}

// maxHeld is how much of a body is read before a Fault happens: all of what a Handler takes, unless it is told to take more.
const maxHeld = 64 << 20

// hold reads the body of r for a later reader. Only so does net/http notice that the client goes away meanwhile. If the body cannot
// be read, the later reader learns it from what is left.
func hold(r *http.Request) {
	held, _ := io.ReadAll(io.LimitReader(r.Body, maxHeld))
	r.Body = body{io.MultiReader(bytes.NewReader(held), r.Body), r.Body}
}

// body is a body that is read from somewhere else.
type body struct {
	io.Reader
	io.Closer
}
