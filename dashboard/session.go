package dashboard

import (
	"cmp"
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"github.com/workerenv/workerenv/version"
)

// Bounds of what a session keeps. The oldest is dropped.
const (
	maxDrafts    = 16
	maxHeldBytes = 16 << 20 // values in all drafts
	maxResults   = 256      // changes that are remembered, so that none is made twice
)

// session is what a Handler keeps about one signed-in browser or author. It is safe for concurrent
// use.
type session struct {
	author version.Author
	timer  *time.Timer   // ends the session
	ended  chan struct{} // closed when the session ends

	mu      sync.Mutex
	drafts  []draft   // the newest last
	results []*result // the newest last
}

// draft returns the draft of that ID.
func (s *session) draft(id string) (draft, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.drafts, func(d draft) bool { return d.id == id })
	if i < 0 {
		return draft{}, false
	}
	return s.drafts[i], true
}

// keep keeps d under a new ID, and drops the oldest drafts if there are too many.
func (s *session) keep(d draft) draft {
	d.id = rand.Text()
	d.first = cmp.Or(d.first, d.id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drafts = append(s.drafts, d)
	var held int
	for i, kept := range slices.Backward(s.drafts) {
		_, bytes := kept.size()
		if held += bytes; held > maxHeldBytes || len(s.drafts)-i > maxDrafts {
			s.drafts = slices.Clone(s.drafts[i+1:])
			break
		}
	}
	return d
}

// forget drops all drafts of the change that d is a draft of.
func (s *session) forget(d draft) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drafts = slices.DeleteFunc(s.drafts, func(other draft) bool { return other.first == d.first })
}

// result is the outcome of a change under its key.
type result struct {
	key      hash
	mu       sync.Mutex // held while the change is made
	location string     // of the page that shows it, "" if it was not made
}

// once makes the change under key unless that was done already, and returns the location of the page
// that shows the result. A change that failed is tried again.
func (s *session) once(key string, makeChange func() (location string, err error)) (string, error) {
	r := s.result(key)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.location != "" {
		return r.location, nil
	}
	location, err := makeChange()
	if err == nil {
		r.location = location
	}
	return location, err
}

func (s *session) result(key string) *result {
	hashed := hashOf(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.results, func(r *result) bool { return r.key == hashed }); i >= 0 {
		return s.results[i]
	}
	if len(s.results) >= maxResults {
		s.results = slices.Delete(s.results, 0, 1)
	}
	r := &result{key: hashed}
	s.results = append(s.results, r)
	return r
}
