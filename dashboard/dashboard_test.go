package dashboard_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/dashboard"
	"github.com/workerenv/workerenv/version"
)

func TestThinPath(t *testing.T) {
	account := version.NewAccount(new(version.MemStore), "a", version.Options{})
	h := dashboard.New(dashboard.Options{Account: account, Author: version.Author{Email: "ana@example.com"}})
	server := httptest.NewServer(h)
	defer server.Close()
	_, err := account.CreateWith(context.Background(), "shop", func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{Bindings: binding.MustSet(binding.Var("HOST", "h"), binding.Secret("API_KEY", "CANARY1"))})
		return err
	})
	require.NoError(t, err)
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	do := func(resp *http.Response, err error) (string, string) {
		require.NoError(t, err)
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		t.Log(resp.Request.Method, resp.Request.URL.RequestURI(), resp.Status, len(b))
		require.NotContains(t, string(b), "CANARY")
		return string(b), resp.Request.URL.Path
	}
	do(client.Get(server.URL + h.SignInPath()))
	do(client.Get(server.URL + "/workers/shop"))
	body, _ := do(client.Get(server.URL + "/workers/shop/edit"))
	base := regexp.MustCompile(`name="base" value="([^"]+)"`).FindStringSubmatch(body)[1]
	body, path := do(client.PostForm(server.URL+"/workers/shop/edit", url.Values{"base": {base}, "nnn0": {"X"}, "nn0": {"NEW"}, "tn0": {"secret_text"}, "vn0": {"CANARY2"}, "t0": {"secret_text"}, "v0": {""}, "action": {"review"}}))
	t.Log(body)
	do(client.PostForm(server.URL+path, url.Values{"versions": {"1"}, "deployments": {"1"}, "action": {"deploy"}}))
	do(client.Get(server.URL + "/workers/shop/versions"))
	do(client.Get(server.URL + "/workers/shop/versions/2"))
	do(client.Get(server.URL + "/workers/shop/deployments"))
	body, _ = do(client.Get(server.URL + "/workers/shop/deploy?version=1"))
	t.Log(body)
}
