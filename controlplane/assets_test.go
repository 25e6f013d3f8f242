package controlplane_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/version"
)

const assetForm = "Content-Type: multipart/form-data; boundary=b"

// session starts an upload session for hashes. It returns the token and the buckets to upload.
func (c client) session(script string, header string, hashes ...string) (token string, buckets [][]string) {
	var files []string
	for i, hash := range hashes {
		files = append(files, fmt.Sprintf(`"/%d.html":{"hash":%q,"size":40}`, i, hash))
	}
	r := c.do("POST", scripts+"/"+script+"/assets-upload-session", `{"manifest":{`+strings.Join(files, ",")+`}}`, header)
	require.True(c.t, r.Success, r.text)
	var result struct {
		JWT     string
		Buckets [][]string
	}
	require.NoError(c.t, json.Unmarshal(r.Result, &result))
	return result.JWT, result.Buckets
}

// putAssets uploads assets with a token.
func (c client) putAssets(token string, hashes ...string) response {
	var body strings.Builder
	for _, hash := range hashes {
		fmt.Fprintf(&body, "--b\r\nContent-Disposition: form-data; name=%q; filename=%[1]q\r\n\r\naGVsbG8=\r\n", hash)
	}
	body.WriteString("--b--\r\n")
	return c.do("POST", account+"/workers/assets/upload?base64=true", body.String(), assetForm,
		"Authorization: Bearer "+token)
}

func hash(digit string) string { return strings.Repeat(digit, 32) }

// assets returns the assets of the latest version of shop, "" if it has none.
func (c client) assets() string {
	r := c.do("GET", account+"/workers/workers/shop/versions/latest", "")
	var result struct{ Assets json.RawMessage }
	require.NoError(c.t, json.Unmarshal(r.Result, &result))
	return string(result.Assets)
}

func TestAssets(t *testing.T) {
	const bearer = "Authorization: Bearer token"
	c := newClient(t, controlplane.Options{NewID: controlplanetest.IDs()})
	token, buckets := c.session("shop", bearer, hash("a"), hash("b"), hash("a"))
	require.Equal(t, [][]string{{hash("a"), hash("b")}}, buckets, "each asset once, of a Worker that is not there yet")
	r := c.putAssets(token, hash("a"))
	require.Equal(t, 201, r.Status, r.text)
	_, buckets = c.session("shop", bearer, hash("a"), hash("b"))
	require.Equal(t, [][]string{{hash("b")}}, buckets, "one is left")
	require.Equal(t, 201, c.putAssets(token, hash("b")).Status)
	token, buckets = c.session("shop", bearer, hash("a"), hash("b"))
	require.Empty(t, buckets)

	const config = `{"html_handling":"none"}`
	with := func(token string) string {
		return `{"main_module":"index.js","assets":{"jwt":"` + token + `","config":` + config +
			`,"more":[1.0]},"bindings":[{"name":"ASSETS","type":"assets"}]}`
	}
	require.True(t, c.upload("PUT", scripts+"/shop", with(token)).Success)
	require.Equal(t, `{"config":`+config+`,"more":[1.0]}`, c.assets())
	list := c.do("GET", scripts, "").text
	require.Contains(t, list, `"has_assets":true`)
	require.NotContains(t, list+c.do("GET", scripts+"/shop/versions", "").text, token)

	require.True(t, c.do("PUT", scripts+"/shop/secrets", `{"name":"KEY","text":"v"}`).Success)
	require.Equal(t, `{"config":`+config+`,"more":[1.0]}`, c.assets(), "a secret changes nothing else")
	require.True(t, c.upload("POST", scripts+"/shop/versions",
		`{"main_module":"index.js","keep_assets":true,"limits":{"cpu_ms":5}}`).Success)
	require.Equal(t, `{"config":`+config+`,"more":[1.0]}`, c.assets())
	require.True(t, c.upload("POST", scripts+"/shop/versions",
		`{"main_module":"index.js","keep_assets":true,"assets":{"config":{}}}`).Success)
	require.Equal(t, `{"config":{}}`, c.assets(), "a new configuration for the same assets")
	require.True(t, c.upload("POST", scripts+"/shop/versions", `{"main_module":"index.js"}`).Success)
	require.Empty(t, c.assets())

	require.Equal(t, 10021, c.upload("PUT", scripts+"/other", with(token)).code(),
		"the assets are those of another Worker")
	alone := "--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n" + `{"assets":{"jwt":"` + token +
		`"}}` + "\r\n--b--\r\n"
	require.True(t, c.do("PUT", scripts+"/shop", alone, assetForm).Success, "assets and no code")
	require.Equal(t, `{}`, c.assets())
	require.Equal(t, 200, c.get(scripts+"/shop/content/v2").Code)
}

func TestAssetTokens(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	store := new(version.MemStore)
	o := controlplane.Options{Token: "token", Store: store, Now: func() time.Time { return now }}
	c := newClient(t, o)
	token, _ := c.session("shop", "Authorization: Bearer token", hash("a"))
	refused := func(c client, token, why string) {
		t.Helper()
		r := c.putAssets(token, hash("a"))
		require.Equal(t, 10000, r.code(), why)
	}
	refused(c, "token", "the API token")
	refused(c, token[:len(token)-2]+"xx", "another signature")
	refused(c, strings.Replace(token, ".", ".x", 1), "other claims")
	refused(c, "..", "nothing signed")
	o.Token = "another"
	refused(newClient(t, o), token, "a Handler with another token")
	for _, path := range []string{scripts, scripts + "/shop/secrets", account + "/workers/assets/uploads"} {
		require.Equal(t, 10000, c.do("GET", path, "", "Authorization: Bearer "+token).code(), path)
	}
	other := c.do("POST", "/client/v4/accounts/b/workers/assets/upload?base64=true", "--b--\r\n", assetForm,
		"Authorization: Bearer "+token)
	require.Equal(t, 10000, other.code(), "another account")

	o.Token = "token"
	require.Equal(t, 201, newClient(t, o).putAssets(token, hash("a")).Status, "a Handler of the same token and Store")
	now = now.Add(time.Hour)
	refused(c, token, "too old")
}

func TestBadAssets(t *testing.T) {
	c := newClient(t, controlplane.Options{MaxBody: 400})
	for _, body := range []string{`{"manifest":{"/a":{"hash":"A","size":1}}}`,
		`{"manifest":{"/a":{"hash":"` + hash("G") + `","size":1}}}`,
		`{"manifest":{"/a":{"hash":"` + hash("a") + `","size":-1}}}`} {
		require.Equal(t, 10021, c.do("POST", scripts+"/shop/assets-upload-session", body).code(), body)
	}
	require.Equal(t, 10004, c.do("POST", scripts+"/shop/assets-upload-session", `[]`).code())
	token, buckets := c.session("shop", "Authorization: Bearer token", hash("a"), hash("b"), hash("c"))
	require.Len(t, buckets, 2, "40 bytes each, of which two fit into a quarter of a body")
	require.Equal(t, 10021, c.putAssets(token, "index.html").code())
	bearer := "Authorization: Bearer " + token
	const path = account + "/workers/assets/upload"
	require.Equal(t, 10021, c.do("POST", path, "--b--\r\n", assetForm, bearer).code(), "not in base64")
	require.Equal(t, 10021, c.do("POST", path+"?base64=true", "x", bearer).code(), "no form")
	part := "--b\r\nContent-Disposition: form-data; name=" + hash("a") + "\r\n\r\n"
	require.Equal(t, 10021, c.do("POST", path+"?base64=true", part+"!!!!\r\n--b--\r\n", assetForm, bearer).code())
	require.Equal(t, 10004, c.do("POST", path+"?base64=true", part+"aGVs", assetForm, bearer).code(), "cut")
	require.Equal(t, 10027,
		c.do("POST", path+"?base64=true", part+strings.Repeat("aGVs", 100)+"\r\n--b--\r\n", assetForm, bearer).code())
	_, buckets = c.session("shop", "Authorization: Bearer token", hash("a"))
	require.Len(t, buckets, 1, "nothing has been uploaded")
}
