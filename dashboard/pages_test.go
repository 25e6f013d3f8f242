package dashboard_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/dashboard"
	"github.com/workerenv/workerenv/version"
)

// TestPages reads every page. Each has one h1 and is without a script or style of its own.
func TestPages(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{}, 2)
	_, err := s.account.Create(t.Context(), "empty")
	require.NoError(t, err)
	b := s.signIn()
	for _, page := range []struct {
		path   string
		status int
		want   []string
	}{
		{"/", 200, []string{"<h1>Workers</h1>", `<a href="/workers/shop">`, "No versions", "2 Workers"}},
		{"/?q=SH", 200, []string{"1 Worker<"}},
		{"/?q=none", 200, []string{"No Worker has"}},
		{"/workers/shop", 200, []string{"<h1>Variables and secrets</h1>", "Value encrypted", "Text"}},
		{"/workers/shop?version=1", 200, []string{"Version 1", "Show version 2"}},
		{"/workers/shop?version=x", 200, []string{"Version 2"}},
		{"/workers/empty", 200, []string{"This Worker has no versions."}},
		{"/workers/empty/edit", 404, []string{"Upload one with wrangler deploy"}},
		{"/workers/empty/versions", 200, []string{"This Worker has no versions."}},
		{"/workers/empty/deployments", 200, []string{"Not deployed"}},
		{"/workers/none", 404, []string{"There is no such Worker."}},
		{"/workers/shop/edit", 200, []string{"<h1>Edit variables and secrets</h1>"}},
		{"/workers/shop/edit?base=x", 404, []string{"There is no such version."}},
		{"/workers/shop/versions", 200, []string{"<h1>Versions</h1>", "2 versions", "Latest", "100 %"}},
		{"/workers/shop/versions/2", 200, []string{"<h1>Version 2</h1>", "From version 1 to version 2",
			"Text, different value"}},
		{"/workers/shop/versions/2?diff=2", 200, []string{"From version 2 to version 2", "Same bindings."}},
		{"/workers/shop/versions/1", 200, []string{"It was not made from another version."}},
		{"/workers/shop/versions/3", 404, []string{"There is no such version."}},
		{"/workers/shop/deployments", 200, []string{"<h1>Deployments</h1>", "Past deployments", "Roll back"}},
		{"/workers/shop/deploy", 200, []string{"<h1>New deployment</h1>"}},
		{"/workers/shop/drafts/none", 404, []string{"This change has been saved"}},
		{"/workers/shop/drafts/none/review", 404, []string{"This change has been saved"}},
		{"/none", 404, []string{"There is no such page."}},
	} {
		v := b.get(page.path)
		require.Equal(t, page.status, v.status, page.path)
		v.contains(page.want...)
		require.Equal(t, 1, strings.Count(v.text, "<h1>"), page.path)
		require.NotRegexp(t, `<style|style=|<script(?: type="module")?>|\son\w+=`, v.text, page.path)
	}
	for file, kind := range map[string]string{
		"dashboard.css": "text/css", "dashboard.js": "text/javascript", "icon.svg": "image/svg",
	} {
		answer, err := http.Get(s.url + "/static/" + file)
		require.NoError(t, err)
		require.Contains(t, answer.Header.Get("Content-Type"), kind)
		require.Equal(t, http.StatusOK, answer.StatusCode)
	}
}

// TestNames shows names that are HTML, change the direction of text, or are invisible.
func TestNames(t *testing.T) {
	const name = "<b>a/b?#%2e\u202egpj\x00\n\u200b\xff\"'"
	const want = `&lt;b&gt;a/b?#%2e\u202egpj\x00\n\u200b\xff&#34;&#39;`
	s := newSite(t, dashboard.Options{}, binding.Var("V", "v"))
	_, err := s.account.CreateWith(t.Context(), name, func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{
			Bindings: binding.MustSet(binding.Var(name, name), binding.Resource(binding.Kind(name), "R", "")),
			Meta: version.Meta{Source: name, Author: version.Author{Email: name},
				Annotations: map[string]string{version.AnnotationMessage: name}},
		})
		return err
	})
	require.NoError(t, err)
	b := s.signIn()
	workers := b.get("/").contains("<bdi>" + want)
	link := regexp.MustCompile(`href="(/workers/[^"]*)"`).FindStringSubmatch(workers.text)[1]
	for _, path := range []string{"", "/versions", "/versions/1", "/deployments", "/edit"} {
		v := b.get(link + path).contains("<bdi>" + want)
		require.Equal(t, http.StatusOK, v.status)
		require.NotContains(t, v.text, "<b>a", path)
		if path != "/edit" { // a field has the text as it is
			require.NotContains(t, v.text, "\u202e", path)
		}
	}
	form := b.get("/workers/shop/edit").add(name)
	form.contains("<bdi>"+want).press("action", "deploy").contains("<bdi>" + want)
	require.Equal(t, canary, s.deployed()[name])
}

// TestEncryptedText shows no text of an old version that is a secret now.
func TestEncryptedText(t *testing.T) {
	s := newSite(t, dashboard.Options{}, binding.Var("KEY", canary))
	s.edit(version.Edit{Encrypt: []string{"KEY"}})
	b := s.signIn()
	b.get("/workers/shop/versions/1").contains("<bdi>KEY</bdi>", "Not shown")
	b.get("/workers/shop?version=1").contains("<bdi>KEY</bdi>", "Not shown")
	old, _ := s.snapshot().Numbered(1)
	form := b.get("/workers/shop/edit?base="+old.ID()).contains("<bdi>KEY</bdi>", "Not shown")
	form = form.submit("t0", "JSON", "action", "add")
	form = form.submit("t0", "Text", "nn0", "V", "tn0", "Text", "vn0", "v", "action", "review")
	form.press("action", "save")
	require.Equal(t, map[string]string{"KEY": canary, "V": "v"}, s.latest().Env().Map())
}

// TestLists reads the pages of long lists.
func TestLists(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{}, 120)
	for i := range 60 {
		_, err := s.account.Create(t.Context(), "worker-"+strconv.Itoa(i))
		require.NoError(t, err)
	}
	b := s.signIn()
	for _, list := range []struct {
		path, row string
		total     int
	}{
		{"/", `<th scope="row">`, 61},
		{"/workers/shop/versions", `<th scope="row">`, 120},
		{"/workers/shop/deployments", `<th scope="row">`, 119}, // and the current one
	} {
		found := 0
		next := list.path
		for pages := 0; next != ""; pages++ {
			require.Less(t, pages, 4)
			v := b.get(next)
			found += strings.Count(v.text, list.row)
			m := regexp.MustCompile(`<a href="(\?[^"]*)">Next page</a>`).FindStringSubmatch(v.text)
			if next = ""; m != nil {
				next = list.path + strings.ReplaceAll(m[1], "&amp;", "&")
			}
		}
		require.Equal(t, list.total, found, list.path)
		require.Equal(t, http.StatusOK, b.get(list.path+"?from=50").contains("Previous page").status)
	}
	require.Equal(t, http.StatusOK, b.get("/workers/shop/versions?from=9999").status)
	require.Equal(t, http.StatusOK, b.get("/workers/shop/versions?from=-1").status)
}
