package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// dashboardLink waits until s has printed n links to the dashboard, and returns the last one.
func (s service) dashboardLink(n int) string {
	s.t.Helper()
	var links [][]string
	require.Eventually(s.t, func() bool {
		links = regexp.MustCompile(`dashboard: (\S+)\n`).FindAllStringSubmatch(s.log.String(), -1)
		return len(links) == n
	}, time.Minute, time.Millisecond)
	return links[n-1][1]
}

// uploadWorker makes the Worker shop through the API, and returns the path of its script.
func (s service) uploadWorker() string {
	s.t.Helper()
	const upload = "--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n{\"main_module\":\"a.js\"}\r\n" +
		"--b\r\nContent-Disposition: form-data; name=a.js; filename=a.js\r\n" +
		"Content-Type: application/javascript+module\r\n\r\n\r\n--b--\r\n"
	script := "/accounts/" + s.vars["CLOUDFLARE_ACCOUNT_ID"] + "/workers/scripts/shop"
	r, err := http.NewRequest("PUT", s.vars["CLOUDFLARE_API_BASE_URL"]+script, strings.NewReader(upload))
	require.NoError(s.t, err)
	r.Header.Set("Authorization", "Bearer "+s.vars["CLOUDFLARE_API_TOKEN"])
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	response, err := http.DefaultClient.Do(r)
	require.NoError(s.t, err)
	response.Body.Close()
	require.Equal(s.t, http.StatusOK, response.StatusCode)
	return script
}

// TestServeDashboard changes a Worker in the dashboard.
func TestServeDashboard(t *testing.T) {
	s := startService(t, real(t.TempDir()))
	script := s.uploadWorker()
	browser := &http.Client{Jar: newJar(t)}
	page := func(response *http.Response, err error) string {
		t.Helper()
		require.NoError(t, err)
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, response.StatusCode, string(text))
		return string(text)
	}
	require.Contains(t, page(browser.Get(s.dashboardLink(1))), "shop")
	root := strings.TrimSuffix(s.vars["CLOUDFLARE_API_BASE_URL"], apiPath)
	form := page(browser.Get(root + "/workers/shop/edit"))
	id := regexp.MustCompile(`name="base" value="([^"]+)"`).FindStringSubmatch(form)[1]
	response, err := browser.PostForm(root+"/workers/shop/edit", url.Values{"base": {id},
		"versions": {"1"}, "deployments": {"1"},
		"nn0": {"API_KEY"}, "tn0": {"Secret"}, "vn0": {"s3cr3t-value"}, "action": {"review"}})
	require.NoError(t, err)
	response.Body.Close()
	page(browser.PostForm(response.Request.URL.String(), url.Values{"versions": {"1"}, "deployments": {"1"},
		"action": {"deploy"}}))
	status, body := s.do(http.DefaultClient, s.vars["CLOUDFLARE_API_TOKEN"], "GET", script+"/secrets", "")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, `"API_KEY"`)

	response, err = http.Post(root+"/sign-in", "", nil)
	require.NoError(t, err)
	response.Body.Close()
	require.Contains(t, page((&http.Client{Jar: newJar(t)}).Get(s.dashboardLink(2))), "shop")
	live, err := browser.Get(root + "/workers/shop/live")
	require.NoError(t, err)
	defer live.Body.Close()
	require.Equal(t, statusOK, s.end(), "open pages do not keep serve from stopping")
	require.NotContains(t, s.log.String(), "s3cr3t-value")
}

// TestServeProject shows the review of a version that lacks a required secret of the project.
func TestServeProject(t *testing.T) {
	const config = `{"name": "shop", "secrets": {"required": ["TOP"]},
		"env": {"test": {"secrets": {"required": ["API_KEY"]}}}}`
	dir := project(t, section{"a/wrangler.json", config}, section{"b/wrangler.json", `{`})
	s := startService(t, real(dir), "--project", "a")
	s.uploadWorker()
	browser := &http.Client{Jar: newJar(t)}
	response, err := browser.Get(s.dashboardLink(1))
	require.NoError(t, err)
	response.Body.Close()
	root := strings.TrimSuffix(s.vars["CLOUDFLARE_API_BASE_URL"], apiPath)
	response, err = browser.Get(root + "/workers/shop/deploy?version=1")
	require.NoError(t, err)
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Contains(t, string(page), "TOP")
	require.NotContains(t, string(page), "API_KEY", "of the Worker shop-test")
	require.Equal(t, statusOK, s.end())

	required, err := real(dir).requiredSecrets([]string{"a"})
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"shop": {"TOP"}, "shop-test": {"API_KEY"}}, required)
	for _, broken := range []string{"b", "none", t.TempDir()} {
		_, err = real(dir).requiredSecrets([]string{"a", broken})
		require.Error(t, err, broken)
	}
}

func TestServeReadOnly(t *testing.T) {
	s := startService(t, real(t.TempDir()), "--read-only")
	response, err := (&http.Client{Jar: newJar(t)}).Get(s.dashboardLink(1))
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Contains(t, string(text), "Read-only")
	require.Equal(t, statusOK, s.end())
}

func newJar(t *testing.T) http.CookieJar {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return jar
}
