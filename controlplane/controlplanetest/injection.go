package controlplanetest

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Injection is a [Fault] that [Server.Inject] added. It is safe for concurrent use.
type Injection struct {
	fault  Fault
	server *Server
	caller string // file and line of the call of Inject

	// Guarded by the mutex of the faults.
	seen  int // matching requests
	count int // affected requests
}

// Inject makes f affect requests from now on. If several Faults match a request, only the one that
// was injected first affects it and counts it. A Server of [NewServer] fails the test at its end
// for each Fault that has affected no request, unless it was removed.
//
// wrangler 4.164.0 repeats an upload up to twice if the answer is 429, 5xx or lost, and requests
// about subdomains too. It does not repeat deployments and changes of secrets.
func (s *Server) Inject(f Fault) *Injection {
	i := &Injection{fault: f, server: s}
	if _, file, line, ok := runtime.Caller(1); ok {
		i.caller = fmt.Sprintf("%s:%d", filepath.Base(file), line)
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, i)
	return i
}

// Count returns how many requests the Fault has affected.
func (i *Injection) Count() int {
	i.server.faults.mu.Lock()
	defer i.server.faults.mu.Unlock()
	return i.count
}

// Remove ends the Fault: later requests are served as usual. Requests that wait for its Delay keep
// waiting.
func (i *Injection) Remove() {
	i.server.faults.mu.Lock()
	defer i.server.faults.mu.Unlock()
	i.server.faults.list = slices.DeleteFunc(i.server.faults.list, func(other *Injection) bool { return other == i })
}

// faults are the Faults of a Server.
type faults struct {
	mu   sync.Mutex
	list []*Injection
	end  chan struct{} // closed with the Server
}

// next returns the Fault that affects r.
func (s *faults) next(r *http.Request) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.list {
		if i.isUsedUp() || !i.fault.matches(r) {
			continue
		}
		if i.seen++; i.seen > i.fault.Skip {
			i.count++
			return i.fault, true
		}
	}
	return Fault{}, false
}

// isUsedUp reports whether the Fault has affected all of its Times.
func (i *Injection) isUsedUp() bool { return i.fault.Times > 0 && i.count >= i.fault.Times }

// unused returns the Faults that have affected no request.
func (s *faults) unused() []*Injection {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.list), func(i *Injection) bool { return i.count > 0 })
}

// wait waits for d. It reports false if the client or the Server ended it.
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

// serveWithFaults serves a request, with the Fault that affects it.
func (s *Server) serveWithFaults(w http.ResponseWriter, r *http.Request) {
	f, ok := s.faults.next(r)
	if !ok {
		s.Handler.ServeHTTP(w, r)
		return
	}
	readAhead(r)
	served := httptest.NewRecorder()
	if f.AfterEffect {
		s.Handler.ServeHTTP(served, r)
	}
	switch ok := s.faults.wait(r, f.Delay); {
	case f.Drop || !ok:
		panic(http.ErrAbortHandler) // makes net/http close the connection
	case f.hasError():
		f.writeError(w)
	case f.AfterEffect:
		maps.Copy(w.Header(), served.Header())
		w.WriteHeader(served.Code)
		w.Write(served.Body.Bytes())
	default:
		s.Handler.ServeHTTP(w, r)
	}
}

// maxReadAhead bounds readAhead: it is what a Handler accepts by default.
const maxReadAhead = 64 << 20

// readAhead reads the body of r into memory, without which net/http does not notice that the client
// goes away. If that fails, the next reader of the body gets the error.
func readAhead(r *http.Request) {
	read, _ := io.ReadAll(io.LimitReader(r.Body, maxReadAhead))
	r.Body = body{io.MultiReader(bytes.NewReader(read), r.Body), r.Body}
}

// body is a Closer with another Reader.
type body struct {
	io.Reader
	io.Closer
}
