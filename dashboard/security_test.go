package dashboard_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/dashboard"
	"github.com/workerenv/workerenv/version"
)

// request sends a request without a network.
func request(h http.Handler, method, target string, header ...string) *http.Response {
	r := httptest.NewRequest(method, "http://localhost:8787"+target, nil)
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// signIn returns the cookie of a browser that has signed in.
func signIn(t *testing.T, h *dashboard.Handler) string {
	t.Helper()
	answer := request(h, "GET", h.SignInPath())
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	cookie, _, _ := strings.Cut(answer.Header.Get("Set-Cookie"), ";")
	return cookie
}

func TestHeaders(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	cookie := signIn(t, s.handler)
	for _, target := range []string{"/", "/workers/shop", "/workers/shop/edit", "/workers/none", "/none",
		"/static/dashboard.css", "/static/none", "/sign-in", "//", "/workers/shop/../x"} {
		answer := request(s.handler, "GET", target, "Cookie", cookie)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; " +
				"img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"Cache-Control":                "no-store",
			"Referrer-Policy":              "no-referrer",
			"X-Content-Type-Options":       "nosniff",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			require.Equal(t, want, answer.Header.Get(name), target)
		}
	}
}

func TestSignIn(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	for _, path := range []string{"/", "/workers/shop", "/workers/shop/live", "/workers/shop/edit", "/none"} {
		require.Equal(t, http.StatusUnauthorized, request(s.handler, "GET", path).StatusCode, path)
	}
	require.Equal(t, http.StatusUnauthorized, request(s.handler, "POST", "/workers/shop/deploy").StatusCode)
	require.Equal(t, http.StatusUnauthorized, request(s.handler, "GET", "/sign-in?token=").StatusCode)
	require.Equal(t, http.StatusUnauthorized, request(s.handler, "GET", "/sign-in?token=guess").StatusCode)

	path := s.handler.SignInPath()
	require.Empty(t, request(s.handler, "HEAD", path).Header.Get("Set-Cookie"))
	answer := request(s.handler, "GET", path)
	require.Equal(t, "/", answer.Header.Get("Location"))
	set := answer.Header.Get("Set-Cookie")
	require.Regexp(t, `^workerenv-dashboard-8787=\w{26}; Path=/; HttpOnly; SameSite=Strict$`, set)
	require.NotContains(t, set, strings.TrimPrefix(path, "/sign-in?token="))
	require.Equal(t, http.StatusUnauthorized, request(s.handler, "GET", path).StatusCode, "a link works once")

	cookie, _, _ := strings.Cut(set, ";")
	require.Equal(t, http.StatusOK, request(s.handler, "GET", "/", "Cookie", cookie).StatusCode)
	other := request(s.handler, "GET", "/", "Cookie", cookie, "Host", "localhost:8788")
	require.Equal(t, http.StatusUnauthorized, other.StatusCode, "another port")
	tossed := "workerenv-dashboard-8787=other; " + cookie
	require.Equal(t, http.StatusOK, request(s.handler, "GET", "/", "Cookie", tossed).StatusCode, "another port's cookie")
	out := request(s.handler, "POST", "/sign-out", "Cookie", cookie)
	require.Contains(t, out.Header.Get("Set-Cookie"), "Max-Age=0")
	require.Equal(t, http.StatusUnauthorized, request(s.handler, "GET", "/", "Cookie", cookie).StatusCode)
	require.NotContains(t, s.logs.String(), "token=")
}

func TestIdleTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		account := version.NewAccount(new(version.MemStore), "account", version.Options{})
		h := dashboard.New(dashboard.Options{Account: account, IdleTime: time.Hour})
		defer h.Close()
		late := h.SignInPath()
		time.Sleep(11 * time.Minute)
		require.Equal(t, http.StatusUnauthorized, request(h, "GET", late).StatusCode, "a link works for ten minutes")
		cookie := signIn(t, h)
		for range 3 {
			time.Sleep(59 * time.Minute)
			require.Equal(t, http.StatusOK, request(h, "GET", "/", "Cookie", cookie).StatusCode)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		require.Equal(t, http.StatusUnauthorized, request(h, "GET", "/", "Cookie", cookie).StatusCode)
	})
}

func TestPrintLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var links []string
		h := dashboard.New(dashboard.Options{PrintLink: func(path string) { links = append(links, path) }})
		defer h.Close()
		require.Equal(t, http.StatusOK, request(h, "POST", "/sign-in").StatusCode)
		require.Equal(t, http.StatusTooManyRequests, request(h, "POST", "/sign-in").StatusCode)
		time.Sleep(10 * time.Second)
		require.Equal(t, http.StatusOK, request(h, "POST", "/sign-in").StatusCode)
		require.Len(t, links, 2)
		require.Equal(t, http.StatusSeeOther, request(h, "GET", links[1]).StatusCode)
		other := dashboard.New(dashboard.Options{})
		require.Equal(t, http.StatusUnauthorized, request(other, "POST", "/sign-in").StatusCode)
	})
}

func TestCrossOrigin(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{}, 2)
	cookie := signIn(t, s.handler)
	for _, path := range []string{"/sign-out", "/sign-in", "/workers/shop/edit", "/workers/shop/deploy",
		"/workers/shop/drafts/x", "/workers/shop/drafts/x/review"} {
		for _, header := range [][]string{
			{"Sec-Fetch-Site", "cross-site"},
			{"Sec-Fetch-Site", "same-site"}, // another port of localhost
			{"Origin", "http://localhost:8788"},
			{"Origin", "null"},
		} {
			answer := request(s.handler, "POST", path, append(header, "Cookie", cookie)...)
			require.Equal(t, http.StatusForbidden, answer.StatusCode, "%s %s", path, header)
		}
	}
	require.Equal(t, 2, s.snapshot().DeploymentCount())
	require.Equal(t, http.StatusOK, request(s.handler, "GET", "/", "Cookie", cookie).StatusCode, "still signed in")
}

// TestMethods sends changes by GET.
func TestMethods(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{}, 2)
	cookie := signIn(t, s.handler)
	const form = "version=1&how=force&versions=2&deployments=2&key=k"
	request(s.handler, "GET", "/workers/shop/deploy?"+form, "Cookie", cookie)
	request(s.handler, "GET", "/sign-out", "Cookie", cookie)
	require.Equal(t, http.StatusNotFound, request(s.handler, "DELETE", "/workers/shop", "Cookie", cookie).StatusCode)
	require.Equal(t, "2 at 100%", s.current())
	require.Equal(t, http.StatusOK, request(s.handler, "GET", "/", "Cookie", cookie).StatusCode)
}

func TestHosts(t *testing.T) {
	account := version.NewAccount(new(version.MemStore), "account", version.Options{})
	signedIn := func(*http.Request) (version.Author, bool) { return ana, true }
	local := dashboard.New(dashboard.Options{Account: account, Authenticate: signedIn})
	hosts := []string{"secrets.example.com"}
	named := dashboard.New(dashboard.Options{Account: account, Authenticate: signedIn, Hosts: hosts})
	for host, want := range map[string][2]int{
		"localhost:1":            {200, 200},
		"app.localhost:1":        {200, 200},
		"127.0.0.1:1":            {200, 200},
		"[::1]:1":                {200, 200},
		"LOCALHOST.":             {200, 200},
		"evil.example:1":         {403, 403},
		"127.0.0.1.evil.example": {403, 403},
		"evil-localhost":         {403, 403},
		"192.168.1.1":            {403, 403},
		"Secrets.example.com":    {403, 200},
		"":                       {403, 403},
	} {
		require.Equal(t, want[0], request(local, "GET", "/", "Host", host).StatusCode, host)
		require.Equal(t, want[1], request(named, "GET", "/", "Host", host).StatusCode, host)
	}
}

func TestReadOnly(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{ReadOnly: true}, 2)
	b := s.signIn()
	for _, path := range []string{"/", "/workers/shop", "/workers/shop/versions", "/workers/shop/versions/1",
		"/workers/shop/deployments"} {
		v := b.get(path).contains("Read-only")
		require.NotContains(t, v.text, "/edit")
		require.NotContains(t, v.text, "/deploy?")
	}
	require.Equal(t, http.StatusForbidden, b.get("/workers/shop/edit").status)
	for _, path := range []string{"/workers/shop/edit", "/workers/shop/deploy", "/workers/shop/drafts/x",
		"/workers/shop/drafts/x/review"} {
		form := url.Values{"version": {"1"}, "versions": {"2"}, "deployments": {"2"}, "key": {"k"}}
		require.Equal(t, http.StatusForbidden, b.post(path, form).status, path)
	}
	require.Equal(t, "2 at 100%", s.current())
}

// TestAuthenticate is an embedder with its own users, below a path.
func TestAuthenticate(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{Path: "/dash", Authenticate: func(r *http.Request) (version.Author, bool) {
		user := r.Header.Get("X-User")
		return version.Author{Email: user}, user != ""
	}}, 2)
	require.Equal(t, http.StatusUnauthorized, request(s.handler, "GET", "/dash/").StatusCode)
	link := request(s.handler, "GET", s.handler.SignInPath())
	require.Equal(t, http.StatusUnauthorized, link.StatusCode, "there are no links")
	require.Equal(t, "/dash/", request(s.handler, "GET", "/dash", "X-User", "eve").Header.Get("Location"))
	require.Equal(t, http.StatusNotFound, request(s.handler, "GET", "/workers/shop", "X-User", "eve").StatusCode)

	page, err := io.ReadAll(request(s.handler, "GET", "/dash/", "X-User", "eve").Body)
	require.NoError(t, err)
	require.Contains(t, string(page), `href="/dash/workers/shop"`)
	require.Contains(t, string(page), `href="/dash/static/dashboard.css"`)
	require.NotContains(t, string(page), "Sign out")

	form := url.Values{"version": {"1"}, "versions": {"2"}, "deployments": {"2"}, "key": {"k"}}
	r := httptest.NewRequest("POST", "http://localhost/dash/workers/shop/deploy", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-User", "eve")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	require.Equal(t, "/dash/workers/shop/deployments?done", w.Result().Header.Get("Location"))
	current, _ := s.snapshot().Current()
	require.Equal(t, version.Author{Email: "eve"}, current.Author())
}

// TestDraftsOfOthers asks for the draft of another session, and of another Worker.
func TestDraftsOfOthers(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	_, err := s.account.CreateWith(t.Context(), "other", func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{})
		return err
	})
	require.NoError(t, err)
	b := s.signIn()
	review := b.get("/workers/shop/edit").add("MINE")
	require.Equal(t, http.StatusNotFound, s.signIn().get(review.url.Path).status)
	elsewhere := strings.Replace(review.url.Path, "shop", "other", 1)
	require.Equal(t, http.StatusNotFound, b.get(elsewhere).status)
	require.Equal(t, http.StatusNotFound, b.post(elsewhere, url.Values{"versions": {"1"}, "deployments": {"1"}}).status)
	require.Equal(t, 1, s.snapshot().VersionCount())
}
