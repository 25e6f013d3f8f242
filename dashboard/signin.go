package dashboard

import (
	"crypto/rand"
	"crypto/sha256"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/workerenv/workerenv/version"
)

// Bounds of what a Handler keeps in memory.
const (
	maxTokens   = 64   // links that were not used yet
	maxSessions = 1024 // browsers that have signed in
	tokenTime   = 10 * time.Minute
	askTime     = 10 * time.Second // between two links that browsers ask for
)

// sessions are the browsers that have signed in, or the authors that Options.Authenticate returns.
type sessions struct {
	idle time.Duration

	mu     sync.Mutex
	tokens []token // of links that were not used, the newest last
	byKey  map[hash]*session
	asked  time.Time // when a browser asked for a link
}

type token struct {
	hash    hash
	expires time.Time
}

// hash is the SHA-256 of a key or link. Maps have hashes as keys, so that the time of a lookup does not
// depend on how much of a guess is right.
type hash [sha256.Size]byte

func hashOf(text string) hash { return sha256.Sum256([]byte(text)) }

// newToken returns a new token of a link.
func (s *sessions) newToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := rand.Text()
	s.tokens = append(s.tokens, token{hashOf(text), time.Now().Add(tokenTime)})
	s.tokens = s.tokens[max(0, len(s.tokens)-maxTokens):]
	return text
}

// use consumes the token of a link and reports whether it was valid.
func (s *sessions) use(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.tokens, func(t token) bool { return t.hash == hashOf(text) })
	if i < 0 {
		return false
	}
	expires := s.tokens[i].expires
	s.tokens = slices.Delete(s.tokens, i, i+1)
	return time.Now().Before(expires)
}

// mayAsk reports whether a browser may ask for a link now.
func (s *sessions) mayAsk() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.asked) < askTime {
		return false
	}
	s.asked = time.Now()
	return true
}

// find returns the session under key, nil if there is none.
func (s *sessions) find(key string) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byKey[hashOf(key)]
}

// findOrMake returns the session under key. If there is none, it makes one for author, and returns
// nil if there are too many.
func (s *sessions) findOrMake(key string, author version.Author) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.byKey[hashOf(key)]
	if !ok && len(s.byKey) < maxSessions {
		found = &session{author: author, ended: make(chan struct{})}
		found.timer = time.AfterFunc(s.idle, func() { s.end(found) })
		s.byKey[hashOf(key)] = found
	}
	return found
}

// end ends a session.
func (s *sessions) end(ended *session) { s.endIf(func(other *session) bool { return other == ended }) }

// endAll ends all sessions.
func (s *sessions) endAll() { s.endIf(func(*session) bool { return true }) }

func (s *sessions) endIf(ends func(*session) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, old := range s.byKey {
		if ends(old) {
			old.timer.Stop()
			close(old.ended)
			delete(s.byKey, key)
		}
	}
}

// SignInPath returns the path, with Options.Path and a query, of a link that signs in one browser,
// once, within ten minutes. Only the newest 64 links are valid, and none if Options.Authenticate is set.
func (h *Handler) SignInPath() string { return h.o.Path + "/sign-in?token=" + h.sessions.newToken() }

// cookieName returns the name of the session's cookie. Cookies ignore ports, so it has the port.
func cookieName(r *http.Request) string {
	_, port, _ := net.SplitHostPort(r.Host)
	return "workerenv-dashboard-" + port
}

func (h *Handler) setCookie(w http.ResponseWriter, r *http.Request, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(r), Value: value, Path: h.o.Path + "/", MaxAge: age,
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	})
}

// signIn exchanges the token of a link for a cookie. HEAD, by which programs check links, does not.
func (h *Handler) signIn(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		return
	}
	if !h.sessions.use(r.URL.Query().Get("token")) {
		h.askToSignIn(w, r, http.StatusUnauthorized, "This link has been used, or it is too old.")
		return
	}
	key := rand.Text()
	if h.sessions.findOrMake(key, h.o.Author) == nil {
		h.fail(w, r, http.StatusServiceUnavailable, tooMany)
		return
	}
	h.setCookie(w, r, key, 0)
	http.Redirect(w, r, h.link(), http.StatusSeeOther)
}

const tooMany = "Too many people are signed in."

// askForLink passes a new link to Options.PrintLink.
func (h *Handler) askForLink(w http.ResponseWriter, r *http.Request) {
	if !h.sessions.mayAsk() {
		h.askToSignIn(w, r, http.StatusTooManyRequests, "A link was printed just now. Wait ten seconds for another one.")
		return
	}
	h.o.PrintLink(h.SignInPath())
	h.askToSignIn(w, r, http.StatusOK, "A new link was printed.")
}

// askToSignIn answers with a page that shows how to sign in.
func (h *Handler) askToSignIn(w http.ResponseWriter, r *http.Request, status int, text string) {
	h.render(w, r, status, "sign-in", page{Title: "Sign in", Data: text})
}

func (h *Handler) signOut(w http.ResponseWriter, r *http.Request) {
	if s, ok := h.session(r); ok {
		h.sessions.end(s)
	}
	h.setCookie(w, r, "", -1)
	h.askToSignIn(w, r, http.StatusOK, "You have signed out. Changes that you did not save were deleted.")
}

// authenticate returns the call of a user who has signed in. It answers all other requests.
func (h *Handler) authenticate(w http.ResponseWriter, r *http.Request) (*call, bool) {
	s, ok := h.session(r)
	if !ok {
		h.askToSignIn(w, r, http.StatusUnauthorized, "You are not signed in.")
		return nil, false
	}
	if s == nil {
		h.fail(w, r, http.StatusServiceUnavailable, tooMany)
		return nil, false
	}
	if !strings.HasSuffix(r.Pattern, "/"+livePath) { // an open page alone does not extend the session
		s.timer.Reset(h.o.IdleTime)
	}
	return &call{h: h, w: w, r: r, session: s}, true
}

// session returns the session of a request, and whether its user has signed in. The session is nil
// if there are too many.
func (h *Handler) session(r *http.Request) (*session, bool) {
	if h.o.Authenticate != nil {
		author, ok := h.o.Authenticate(r)
		if !ok {
			return nil, false
		}
		return h.sessions.findOrMake(author.ID+"\x00"+author.Email, author), true
	}
	for _, cookie := range r.CookiesNamed(cookieName(r)) { // a page on another port may have set one
		if s := h.sessions.find(cookie.Value); s != nil {
			return s, true
		}
	}
	return nil, false
}
