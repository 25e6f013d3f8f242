package dashboard

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"sync"
	"time"

	"github.com/workerenv/workerenv/version"
)

// Bounds of what a Handler keeps in memory.
const (
	maxTokens   = 64   // links that were not used yet
	maxSessions = 1024 // browsers that have signed in
	tokenTime   = 10 * time.Minute
)

// sessions are the browsers that have signed in, or the authors that Options.Authenticate returns.
type sessions struct {
	now  func() time.Time
	idle time.Duration

	mu     sync.Mutex
	tokens map[hash]time.Time // of links that were not used :: when they expire
	byKey  map[hash]*session
}

// hash is that of a token, so that looking one up takes the same time for every wrong one.
type hash [sha256.Size]byte

func hashOf(token string) hash { return sha256.Sum256([]byte(token)) }

func newSessions(now func() time.Time, idle time.Duration) *sessions {
	return &sessions{now: now, idle: idle, tokens: make(map[hash]time.Time), byKey: make(map[hash]*session)}
}

// newToken returns a new token of a link. If there are too many, it drops the oldest.
func (s *sessions) newToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.tokens) >= maxTokens {
		var oldest hash
		for t, expires := range s.tokens {
			if oldest == (hash{}) || expires.Before(s.tokens[oldest]) {
				oldest = t
			}
		}
		delete(s.tokens, oldest)
	}
	token := rand.Text()
	s.tokens[hashOf(token)] = s.now().Add(tokenTime)
	return token
}

// use consumes the token of a link and reports whether it was valid.
func (s *sessions) use(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	expires, ok := s.tokens[hashOf(token)]
	delete(s.tokens, hashOf(token))
	return ok && s.now().Before(expires)
}

// find returns the session under key, and makes it if there is none and author is not nil.
func (s *sessions) find(key string, author *version.Author) (*session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for k, old := range s.byKey {
		if now.Sub(old.used) >= s.idle {
			old.end()
			delete(s.byKey, k)
		}
	}
	found, ok := s.byKey[hashOf(key)]
	if !ok && author != nil {
		s.makeRoom()
		found, ok = newSession(*author), true
		s.byKey[hashOf(key)] = found
	}
	if ok {
		found.used = now
	}
	return found, ok
}

// makeRoom drops the sessions that were not used for the longest time. s.mu is held.
func (s *sessions) makeRoom() {
	for len(s.byKey) >= maxSessions {
		var oldest hash
		for k, session := range s.byKey {
			if oldest == (hash{}) || session.used.Before(s.byKey[oldest].used) {
				oldest = k
			}
		}
		s.byKey[oldest].end()
		delete(s.byKey, oldest)
	}
}

// end ends the session under key.
func (s *sessions) end(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, ok := s.byKey[hashOf(key)]; ok {
		old.end()
		delete(s.byKey, hashOf(key))
	}
}

// SignInPath returns the path, with Options.Path and a query, of a link that signs in one browser,
// once, within ten minutes. Only the newest 64 links are valid.
func (h *Handler) SignInPath() string { return h.o.Path + "/sign-in?token=" + h.sessions.newToken() }

// cookieName returns the name of the session's cookie. Cookies ignore ports, so it has the port.
func cookieName(r *http.Request) string { return "workerenv-dashboard-" + portOf(r.Host) }

func (h *Handler) setCookie(w http.ResponseWriter, r *http.Request, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(r), Value: value, Path: h.o.Path + "/", MaxAge: age,
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	})
}

// signIn exchanges the token of a link for a cookie.
func (h *Handler) signIn(w http.ResponseWriter, r *http.Request) {
	if h.o.Authenticate != nil || !h.sessions.use(r.URL.Query().Get("token")) {
		h.fail(w, r, http.StatusForbidden, "This link has been used or has expired.")
		return
	}
	key := rand.Text()
	h.sessions.find(key, &h.o.Author)
	h.setCookie(w, r, key, 0)
	http.Redirect(w, r, h.link(), http.StatusSeeOther)
}

func (h *Handler) signOut(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(cookieName(r)); err == nil {
		h.sessions.end(cookie.Value)
	}
	h.setCookie(w, r, "", -1)
	h.message(w, r, http.StatusOK, "Signed out", "Your drafts were deleted.")
}

// authenticate returns the call of a user who has signed in. It answers all other requests.
func (h *Handler) authenticate(w http.ResponseWriter, r *http.Request) (*call, bool) {
	var s *session
	var ok bool
	if h.o.Authenticate != nil {
		var author version.Author
		if author, ok = h.o.Authenticate(r); ok {
			s, ok = h.sessions.find(author.ID+"\x00"+author.Email, &author)
		}
	} else if cookie, err := r.Cookie(cookieName(r)); err == nil {
		s, ok = h.sessions.find(cookie.Value, nil)
	}
	if !ok {
		h.fail(w, r, http.StatusUnauthorized, "You are not signed in.")
	}
	return &call{h: h, w: w, r: r, session: s}, ok
}

// newKey returns a new random key.
func newKey() string { return rand.Text() }
