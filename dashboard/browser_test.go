package dashboard_test

import (
	"bytes"
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/dashboard"
	"github.com/workerenv/workerenv/version"
)

// canary is a part of every secret in these tests. No answer and no record of the log may have it.
const canary = "CANARY"

var ana = version.Author{ID: "ana", Email: "ana@example.com"}

// site is a dashboard with a Worker "shop".
type site struct {
	t       *testing.T
	handler *dashboard.Handler
	url     string
	account *version.Account
	shop    *version.History
	logs    *lockedBuffer
}

// newSite returns a site whose version 1 is deployed and has the bindings.
func newSite(t *testing.T, o dashboard.Options, bindings ...binding.Binding) *site {
	t.Helper()
	s := &site{t: t, logs: new(lockedBuffer)}
	s.account = version.NewAccount(new(version.MemStore), "account", version.Options{Limits: binding.PaidPlan()})
	var err error
	s.shop, err = s.account.CreateWith(t.Context(), "shop", func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{Bindings: binding.MustSet(bindings...)})
		return err
	})
	require.NoError(t, err)
	o.Account, o.Author, o.Logger = s.account, ana, slog.New(slog.NewTextHandler(s.logs, nil))
	s.handler = dashboard.New(o)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	t.Cleanup(s.handler.Close)
	t.Cleanup(func() { require.NotContains(t, s.logs.String(), canary) })
	s.url = server.URL
	return s
}

// update changes shop, as wrangler would.
func (s *site) update(f func(*version.Tx) error) {
	s.t.Helper()
	_, err := s.shop.Update(s.t.Context(), f)
	require.NoError(s.t, err)
}

// edit makes a version of shop and deploys it, as wrangler would.
func (s *site) edit(e version.Edit) {
	s.t.Helper()
	s.update(func(tx *version.Tx) error {
		_, err := tx.EditAndDeploy(e)
		return err
	})
}

// putTheirs puts the secret THEIRS, as another person with wrangler would.
func (s *site) putTheirs() {
	s.t.Helper()
	s.edit(version.Edit{Set: []binding.Binding{binding.Secret("THEIRS", canary)},
		Meta: version.Meta{Source: "wrangler", Author: version.Author{Email: "ben@example.com"}}})
}

func (s *site) snapshot() version.Snapshot {
	s.t.Helper()
	snapshot, err := s.shop.Read(context.Background())
	require.NoError(s.t, err)
	return snapshot
}

// deployed returns the env of the version that has all traffic.
func (s *site) deployed() map[string]string {
	s.t.Helper()
	current, _ := s.snapshot().Current()
	v, ok := current.Only()
	require.True(s.t, ok)
	return v.Env().Map()
}

// latest returns the latest version.
func (s *site) latest() version.Version {
	s.t.Helper()
	v, _ := s.snapshot().Latest()
	return v
}

// lockedBuffer is a bytes.Buffer for several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// browser is a client with cookies that follows redirects. It checks every answer for secrets.
type browser struct {
	t      *testing.T
	site   *site
	client *http.Client
}

// view is the page that a browser shows.
type view struct {
	b      *browser
	status int
	url    *url.URL
	text   string
}

// signIn returns a browser that has signed in.
func (s *site) signIn() *browser {
	s.t.Helper()
	b := s.browser()
	require.Equal(s.t, http.StatusOK, b.get(s.handler.SignInPath()).status)
	return b
}

func (s *site) browser() *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	return &browser{s.t, s, &http.Client{Jar: jar}}
}

func (b *browser) get(path string) view {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.site.url+path, nil)
	require.NoError(b.t, err)
	return b.do(r)
}

// post sends the form of a page of the site.
func (b *browser) post(path string, form url.Values) view {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.site.url+path, strings.NewReader(form.Encode()))
	require.NoError(b.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.site.url)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

func (b *browser) do(r *http.Request) view {
	b.t.Helper()
	answer, err := b.client.Do(r)
	require.NoError(b.t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(b.t, err)
	text := string(body)
	require.NotContains(b.t, text, canary)
	for name, values := range answer.Header {
		require.NotContains(b.t, strings.Join(values, " "), canary, name)
	}
	require.NotContains(b.t, answer.Request.URL.String(), canary)
	return view{b, answer.StatusCode, answer.Request.URL, text}
}

var (
	hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
	rowStart    = regexp.MustCompile(`<fieldset id="row-(\w+)"><legend[^>]*>(?:<bdi>)?([^<]*)`)
	action      = regexp.MustCompile(`<form method="post"[^>]*?(?: action="([^"]*)")?>`)
	textarea    = regexp.MustCompile(`<textarea name="v(\w+)"[^>]*>\n([^<]*)</textarea>`)
	selected    = regexp.MustCompile(`<select name="t(\w+)"[^>]*>.*?<option selected>(\w+)`)
	nameField   = regexp.MustCompile(`<input name="n(\w+)" id="[^"]*" value="([^"]*)"`)
)

// fields returns the fields of the last form of the page.
func (v view) fields() url.Values {
	v.b.t.Helper()
	starts := strings.Split(v.text, `<form method="post"`)
	text := starts[len(starts)-1]
	form := make(url.Values)
	patterns := map[string]*regexp.Regexp{"": hiddenField, "v": textarea, "t": selected, "n": nameField}
	for prefix, pattern := range patterns {
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			form.Set(prefix+m[1], html.UnescapeString(m[2]))
		}
	}
	return form
}

// row returns the end of the names of the fields in the row of a variable.
func (v view) row(name string) string {
	v.b.t.Helper()
	for _, m := range rowStart.FindAllStringSubmatch(v.text, -1) {
		if html.UnescapeString(m[2]) == name {
			return m[1]
		}
	}
	v.b.t.Fatalf("no row %q in %s", name, v.text)
	return ""
}

// submit sends the last form of the page with other values in some of its fields.
func (v view) submit(changes ...string) view {
	v.b.t.Helper()
	form := v.fields()
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	actions := action.FindAllStringSubmatch(v.text, -1)
	require.NotEmpty(v.b.t, actions, v.text)
	path := html.UnescapeString(actions[len(actions)-1][1])
	if path == "" {
		path = v.url.RequestURI()
	}
	return v.b.post(path, form)
}

// add enters a new secret into the form and goes to the review.
func (v view) add(name string) view {
	v.b.t.Helper()
	return v.submit("nn0", name, "tn0", "Secret", "vn0", canary, "action", "review")
}

// press sends the last form of the page with a button.
func (v view) press(name, value string) view {
	v.b.t.Helper()
	return v.submit(name, value)
}

// contains fails unless the page has all of the texts.
func (v view) contains(texts ...string) view {
	v.b.t.Helper()
	for _, text := range texts {
		require.Contains(v.b.t, v.text, text)
	}
	return v
}
