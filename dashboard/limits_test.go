package dashboard_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/dashboard"
	"github.com/workerenv/workerenv/version"
)

// TestBounds sends forms that are too large.
func TestBounds(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	b := s.signIn()
	rows := func(n, size int) url.Values {
		form := b.get("/workers/shop/edit").fields()
		for i := range n {
			id := strconv.Itoa(i)
			form.Set("nn"+id, "N"+id)
			form.Set("tn"+id, "Secret")
			form.Set("vn"+id, canary+strings.Repeat("x", size))
		}
		form.Set("action", "add")
		return form
	}
	for _, test := range []struct {
		name       string
		rows, size int
		status     int
	}{
		{"1,000 rows", 1000, 10, http.StatusOK},
		{"10,000 rows", 10_000, 10, http.StatusRequestEntityTooLarge},
		{"value of 1 MB", 1, 1_000_000, http.StatusOK},
		{"5 MB", 5, 1_000_000, http.StatusRequestEntityTooLarge},
	} {
		v := b.post("/workers/shop/edit", rows(test.rows, test.size))
		require.Equal(t, test.status, v.status, test.name)
		require.Less(t, len(v.text), 1<<20)
	}
	review := b.post("/workers/shop/edit", rows(1, 1_000_000)).press("action", "review")
	review.contains("The value is larger than 5120 bytes.")
	lines := strings.Repeat("A=1\n", 1001)
	for i := range 1000 {
		lines += fmt.Sprintf("N%d=%d\n", i, i)
	}
	v := b.get("/workers/shop/edit").submit("paste", lines, "action", "paste")
	require.Equal(t, http.StatusRequestEntityTooLarge, v.status)
	var many strings.Builder
	for i := range 250_000 { // takes minutes if the time is quadratic
		fmt.Fprintf(&many, "N%d=\n", i)
	}
	v = b.get("/workers/shop/edit").submit("paste", many.String(), "action", "paste")
	require.Equal(t, http.StatusRequestEntityTooLarge, v.status)
	require.Contains(t, v.text, "at most 1,000 variables", "all of the form arrived")
	v = b.get("/workers/shop/edit").submit("paste", strings.Repeat("x y\n", 300_000), "action", "paste")
	require.Equal(t, 100, strings.Count(v.text, "Line "), "a page shows the first findings")
}

// TestDroppedDrafts makes more drafts than are kept.
func TestDroppedDrafts(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	b := s.signIn()
	var paths []string
	for range 17 {
		v := b.get("/workers/shop/edit").add("N")
		paths = append(paths, v.url.Path)
	}
	require.Equal(t, http.StatusNotFound, b.get(paths[0]).status)
	require.Equal(t, http.StatusOK, b.get(paths[1]).status)
}

// theirs is the button of a conflict that takes over the changes of others.
var theirs = regexp.MustCompile(`<button name="base" value="([^"]+)" class="primary">`)

// TestManyBrowsers lets 64 browsers add a secret each at the same time. Each one starts again from
// the changes of the others until it can deploy. Nothing is lost, and nothing happens twice.
func TestManyBrowsers(t *testing.T) {
	const n = 64
	s := newSite(t, dashboard.Options{})
	var wait sync.WaitGroup
	for i := range n {
		b := s.signIn()
		wait.Go(func() {
			name := "KEY_" + strconv.Itoa(i)
			v := b.get("/workers/shop/edit").add(name)
			for v.url.RawQuery == "" { // until the page of the new version
				if bases := theirs.FindStringSubmatch(v.text); bases != nil {
					v = v.press("base", bases[1])
				} else {
					v = v.press("action", "deploy")
				}
			}
		})
	}
	wait.Wait()
	require.Len(t, s.deployed(), n)
	require.Equal(t, n+1, s.snapshot().VersionCount())
	require.Equal(t, n+1, s.snapshot().DeploymentCount())
}

// TestConcurrentDoubleSubmit sends one form many times at the same time.
func TestConcurrentDoubleSubmit(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	review := s.signIn().get("/workers/shop/edit").add("MINE")
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() { review.press("action", "deploy").contains("Version 2 was saved and deployed.") })
	}
	wait.Wait()
	require.Equal(t, 2, s.snapshot().VersionCount())
	require.Equal(t, 2, s.snapshot().DeploymentCount())
}

// TestLive waits for the event of a change by somebody else.
func TestLive(t *testing.T) {
	s := newSite(t, dashboard.Options{})
	b := s.signIn()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", s.url+"/workers/shop/live", nil)
	require.NoError(t, err)
	answer, err := b.client.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, "text/event-stream", answer.Header.Get("Content-Type"))
	events := bufio.NewScanner(answer.Body)
	next := func() string {
		for events.Scan() {
			if events.Text() != "" {
				return events.Text()
			}
		}
		return ""
	}
	require.Equal(t, "data: 1", next())
	s.putTheirs()
	require.Equal(t, "data: 2", next())
	b.post("/sign-out", nil)
	require.Empty(t, next(), "the stream ends with the session")
}

func BenchmarkPages(b *testing.B) {
	var bindings []binding.Binding
	for i := range 64 {
		bindings = append(bindings, binding.Secret(fmt.Sprintf("SECRET_KEY_%03d", i), strings.Repeat("s", 40)),
			binding.Var(fmt.Sprintf("PUBLIC_VAR_%03d", i), strings.Repeat("v", 20)))
	}
	account := version.NewAccount(new(version.MemStore), "account", version.Options{})
	_, err := account.CreateWith(context.Background(), "shop", func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{Bindings: binding.MustSet(bindings...)})
		for i := 1; i < 10_000 && err == nil; i++ {
			_, err = tx.SecretPut("SECRET_KEY_000", strconv.Itoa(i), version.Meta{Source: "wrangler", Author: ana})
		}
		return err
	})
	require.NoError(b, err)
	signedIn := func(*http.Request) (version.Author, bool) { return ana, true }
	h := dashboard.New(dashboard.Options{Account: account, Authenticate: signedIn})
	for name, path := range map[string]string{
		"Workers": "/", "Variables": "/workers/shop", "Edit": "/workers/shop/edit",
		"Versions": "/workers/shop/versions", "OldVersions": "/workers/shop/versions?from=9000",
		"Version":     "/workers/shop/versions/5000",
		"Deployments": "/workers/shop/deployments", "Deploy": "/workers/shop/deploy?version=9990",
	} {
		b.Run(name, func(b *testing.B) {
			var size int64
			for b.Loop() {
				answer := request(h, "GET", path)
				if answer.StatusCode != http.StatusOK {
					b.Fatal(answer.Status)
				}
				size = answer.ContentLength
			}
			b.ReportMetric(float64(size), "page-bytes")
		})
	}
}

func TestMalformedForm(t *testing.T) {
	b := newSite(t, dashboard.Options{}).signIn()
	r, err := http.NewRequest(http.MethodPost, b.site.url+"/workers/shop/edit", strings.NewReader("a=%zz"))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.site.url)
	v := b.do(r)
	require.Equal(t, http.StatusBadRequest, v.status)
	v.contains("The form is malformed.")
}
