package controlplane_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
)

const account = "/client/v4/accounts/a"

// client makes requests to a Handler without a server.
type client struct {
	t       testing.TB
	handler http.Handler
}

func newClient(t testing.TB, o controlplane.Options) client { return client{t, controlplane.New(o)} }

type response struct {
	Status  int `json:"-"`
	Success bool
	Result  json.RawMessage
	Errors  []struct {
		Code    int
		Message string
	}
	text string
}

// code is that of the first error, 0 if there is none.
func (r response) code() int {
	if len(r.Errors) == 0 {
		return 0
	}
	return r.Errors[0].Code
}

// do makes a request with header lines as "Content-Type: text/plain", and checks the envelope of
// the answer.
func (c client) do(method, path, body string, header ...string) response {
	r := newRequest(method, path, body, header...)
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	answer := response{Status: w.Code, text: w.Body.String()}
	require.NoError(c.t, json.Unmarshal(w.Body.Bytes(), &answer), "%s %s", method, path)
	require.Equal(c.t, answer.Success, w.Code/100 == 2)
	require.Equal(c.t, answer.Success, len(answer.Errors) == 0)
	return answer
}

func newRequest(method, path, body string, header ...string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer token")
	for _, line := range header {
		key, value, _ := strings.Cut(line, ": ")
		r.Header.Set(key, value)
	}
	return r
}

// upload makes a request with a form of metadata and one module.
func (c client) upload(method, path, metadata string) response {
	body := "--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n" + metadata +
		"\r\n--b\r\nContent-Disposition: form-data; name=\"index.js\"; filename=\"index.js\"\r\nContent-Type: application/javascript+module\r\n\r\nexport default {}\r\n--b--\r\n"
	return c.do(method, path, body, "Content-Type: multipart/form-data; boundary=b")
}

// deploy makes the Worker shop with these bindings, or a new version of it.
func (c client) deploy(bindings ...string) response {
	return c.upload("PUT", account+"/workers/scripts/shop",
		`{"main_module":"index.js","bindings":[`+strings.Join(bindings, ",")+`]}`)
}

func TestBadUpload(t *testing.T) {
	const disposition = "Content-Disposition: form-data; name="
	part := func(name, body string) string { return "--b\r\n" + disposition + name + "\r\n\r\n" + body + "\r\n" }
	metadata := func(text string) string { return part("metadata", text) + part("index.js", "x") + "--b--\r\n" }
	binding := func(text string) string { return metadata(`{"main_module":"index.js","bindings":[` + text + `]}`) }
	for _, test := range []struct {
		name, body string
		code       int
	}{
		{"empty", "", 10004},
		{"no part", "--b--\r\n", 10021},
		{"cut off in a header", "--b\r\nContent-Dis", 10004},
		{"cut off in metadata", "--b\r\n" + disposition + "metadata\r\n\r\n{\"main_", 10004},
		{"cut off in a module",
			part("metadata", `{"main_module":"index.js"}`) + "--b\r\n" + disposition + "index.js\r\n\r\nexport", 10004},
		{"no metadata", part("index.js", "x") + "--b--\r\n", 10021},
		{"metadata is not JSON", metadata("{"), 10021},
		{"metadata is null", metadata("null"), 10021},
		{"metadata is an array", metadata("[]"), 10021},
		{"bindings of a wrong shape", metadata(`{"main_module":"index.js","bindings":{"A":1}}`), 10021},
		{"no main module", metadata(`{}`), 10021},
		{"main module and body part", metadata(`{"main_module":"index.js","body_part":"index.js"}`), 10021},
		{"assets without a token that is right", metadata(`{"main_module":"index.js","assets":{"jwt":"a.b.c"}}`), 10021},
		{"main module that is not there", metadata(`{"main_module":"main.js"}`), 10021},
		{"module twice",
			part("metadata", `{"main_module":"index.js"}`) + part("index.js", "x") + part("index.js", "x") + "--b--\r\n", 10021},
		{"part without a name", part("metadata", `{"main_module":"index.js"}`) + part(`""`, "x") + "--b--\r\n", 10021},
		{"binding without a name", binding(`{"type":"plain_text","text":"x"}`), 10021},
		{"binding without a type", binding(`{"name":"A","text":"x"}`), 10021},
		{"text that is none", binding(`{"name":"A","type":"plain_text","text":5}`), 10021},
		{"no text", binding(`{"name":"A","type":"secret_text"}`), 10021},
		{"no JSON", binding(`{"name":"A","type":"json"}`), 10021},
		{"binding is a string", binding(`"A"`), 10021},
		{"binding twice",
			binding(`{"name":"A","type":"plain_text","text":"x"},{"name":"A","type":"secret_text","text":"y"}`), 10053},
		{"inherits nothing", binding(`{"name":"A","type":"inherit"}`), 10057},
		{"inherits by a number", binding(`{"name":"A","type":"inherit","old_name":5}`), 10021},
		{"value too large",
			binding(`{"name":"A","type":"plain_text","text":"` + strings.Repeat("x", 5*1024+1) + `"}`), 10054},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newClient(t, controlplane.Options{})
			r := c.do("PUT", account+"/workers/scripts/shop?bindings_inherit=strict", test.body,
				"Content-Type: multipart/form-data; boundary=b")
			require.Equal(t, test.code, r.code(), r.text)
			require.Equal(t, http.StatusBadRequest, r.Status)
			require.Equal(t, 10090, c.do("GET", account+"/workers/services/shop", "").code(), "something is left behind")
		})
	}
}

func TestBadRequests(t *testing.T) {
	const script = account + "/workers/scripts/shop"
	const latest = account + "/workers/workers/shop/versions/latest"
	for _, test := range []struct {
		name, method, path, body string
		status, code             int
	}{
		{"no route", "GET", account + "/workers/nonsense", "", 404, 7003},
		{"no prefix", "GET", "/accounts/a/workers/scripts/shop/secrets", "", 404, 7003},
		{"no such method", "POST", script + "/secrets", "", 405, 10405},
		{"empty name", "GET", account + "/workers/scripts//secrets", "", 404, 7003},
		{"more path", "GET", script + "/secrets/", "", 404, 7003},
		{"account too long", "GET",
			"/client/v4/accounts/" + strings.Repeat("a", 33) + "/workers/services/shop", "", 403, 10000},
		{"upload that is no form", "PUT", script, "x", 400, 10021},
		{"name of a Worker", "PUT", account + "/workers/scripts/Shop%2F", "x", 400, 10021},
		{"secret is no JSON", "PUT", script + "/secrets", "{", 400, 10004},
		{"secret is null", "PUT", script + "/secrets", "null", 400, 10004},
		{"secret has no name", "PUT", script + "/secrets", `{"text":"x"}`, 400, 10021},
		{"secret has no text", "PUT", script + "/secrets", `{"name":"A"}`, 400, 10021},
		{"secret is a number", "PUT", script + "/secrets", `{"name":"A","text":5}`, 400, 10021},
		{"secret is a var", "PUT", script + "/secrets", `{"name":"A","text":"x","type":"plain_text"}`, 400, 10021},
		{"name of a var", "PUT", script + "/secrets", `{"name":"HOST","text":"x"}`, 400, 10053},
		{"bulk of a wrong shape", "PATCH", script + "/secrets-bulk", `{"secrets":[]}`, 400, 10004},
		{"bulk with a bad one", "PATCH", script + "/secrets-bulk", `{"secrets":{"A":{"text":"x"},"B":{}}}`, 400, 10021},
		{"bulk with the name of a var", "PATCH", script + "/secrets-bulk",
			`{"secrets":{"A":{"text":"x"},"HOST":{"text":"x"}}}`, 400, 10053},
		{"no such secret", "DELETE", script + "/secrets/NEVER", "", 404, 10056},
		{"no such secret to get", "GET", script + "/secrets/HOST", "", 404, 10056},
		{"no such version", "GET", script + "/versions/latest", "", 404, 100146},
		{"no such deployment", "GET", script + "/deployments/x", "", 404, 10336},
		{"deployment without strategy", "POST", script + "/deployments", `{"versions":[]}`, 400, 10021},
		{"deployment of nothing", "POST", script + "/deployments", `{"strategy":"percentage","versions":[]}`, 400, 10021},
		{"deployment of what is not there", "POST", script + "/deployments",
			`{"strategy":"percentage","versions":[{"version_id":"x","percentage":100}]}`, 404, 100146},
		{"share below 0", "POST", script + "/deployments",
			`{"strategy":"percentage","versions":[{"version_id":"x","percentage":-1}]}`, 400, 10021},
		{"share that is a text", "POST", script + "/deployments",
			`{"strategy":"percentage","versions":[{"version_id":"x","percentage":"all"}]}`, 400, 10004},
		{"share missing", "POST", script + "/deployments",
			`{"strategy":"percentage","versions":[{"version_id":"x"}]}`, 400, 10021},
		{"patch is an array", "PATCH", latest, `[]`, 400, 10004},
		{"patch of what is not kept", "PATCH", latest, `{"modules":[]}`, 400, 990001},
		{"patch of a wrong shape", "PATCH", latest, `{"env":[]}`, 400, 10004},
		{"patch with type null", "PATCH", latest, `{"env":{"HOST":{"type":null}}}`, 400, 10021},
		{"patch with a text", "PATCH", latest, `{"env":{"A":"x"}}`, 400, 10021},
		{"patch without a type", "PATCH", latest, `{"env":{"A":{"text":"x"}}}`, 400, 10021},
		{"settings are an array", "PATCH", script + "/script-settings", `[]`, 400, 10004},
		{"tags are a number", "PATCH", script + "/script-settings", `{"tags":5}`, 400, 10004},
		{"subdomain says nothing", "POST", script + "/subdomain", `{}`, 400, 10004},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newClient(t, controlplane.Options{})
			require.True(t, c.deploy(`{"name":"HOST","type":"plain_text","text":"example.com"}`).Success)
			before := c.do("GET", script+"/versions", "").text
			r := c.do(test.method, test.path, test.body, "Content-Type: application/json")
			require.Equal(t, test.status, r.Status, r.text)
			require.Equal(t, test.code, r.code(), r.text)
			require.Equal(t, before, c.do("GET", script+"/versions", "").text)
		})
	}
}

func TestTooLarge(t *testing.T) {
	c := newClient(t, controlplane.Options{MaxBody: 1 << 20})
	large := io.LimitReader(repeat('x'), 200<<20)
	form := "--b\r\nContent-Disposition: form-data; name=index.js\r\n\r\n"
	for _, test := range []struct {
		body         io.Reader
		status, code int
	}{
		{large, 400, 10004}, // a line without end is no form
		{io.MultiReader(strings.NewReader(form), large), 413, 10027},
	} {
		counted := &counter{Reader: test.body}
		r := httptest.NewRequest("PUT", account+"/workers/scripts/shop", counted)
		r.Header.Set("Authorization", "Bearer token")
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, r)
		require.Equal(t, test.status, w.Code)
		require.Contains(t, w.Body.String(), fmt.Sprintf(`"code":%d`, test.code))
		require.Less(t, counted.n, 2<<20)
	}
	secret := `{"name":"A","text":"` + strings.Repeat("x", 5<<20) + `"}`
	require.Equal(t, 413, c.do("PUT", account+"/workers/scripts/shop/secrets", secret).Status)
	require.Equal(t, 413,
		newClient(t, controlplane.Options{}).do("PUT", account+"/workers/scripts/shop/secrets", secret).Status)
	parts := strings.Repeat("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n", 5000)
	require.Equal(t, 413,
		c.do("PUT", account+"/workers/scripts/shop", parts, "Content-Type: multipart/form-data; boundary=b").Status)
}

type repeat byte

func (b repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}

type counter struct {
	io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

func TestCredentials(t *testing.T) {
	c := newClient(t, controlplane.Options{Token: "right", Accounts: []string{"a"}})
	const path = account + "/workers/subdomain"
	for _, test := range []struct {
		header string
		path   string
		status int
		code   int
	}{
		{"Authorization: Bearer right", path, 200, 0},
		{"Authorization: Bearer wrong", path, 403, 10000},
		{"Authorization: Bearer ", path, 403, 10000},
		{"Authorization: ", path, 400, 9106},
		{"Authorization: Basic right", path, 400, 9106},
		{"Authorization: Bearer right", "/client/v4/accounts/b/workers/subdomain", 403, 10000},
		{"Authorization: Bearer wrong", "/client/v4/nonsense", 403, 10000},
	} {
		r := c.do("GET", test.path, "", test.header)
		require.Equal(t, test.status, r.Status, test)
		require.Equal(t, test.code, r.code(), test)
	}
}

// TestSecretsStay uses a canary as the value of all secrets, and requires that no answer and no log
// record has it.
func TestSecretsStay(t *testing.T) {
	const canary = "canary-7d1f"
	var log bytes.Buffer
	c := newClient(t, controlplane.Options{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	const script = account + "/workers/scripts/shop"
	const latest = account + "/workers/workers/shop/versions/latest"
	secret := fmt.Sprintf(`{"name":"S","type":"secret_text","text":"%s"}`, canary)
	key := fmt.Sprintf(`{"name":"K","type":"secret_key","format":"raw","key_base64":"%[1]s","key_jwk":{"k":"%[1]s"}}`,
		canary)
	requests := [][3]string{
		{"PUT", script + "/secrets", secret},
		{"PUT", script + "/secrets", strings.Replace(secret, "secret_text", "other", 1)},
		{"PUT", script + "/secrets", `{"name":"S","text":["` + canary + `"]}`},
		{"PUT", script + "/secrets", `{"name":"S","text":"` + canary},
		{"PATCH", script + "/secrets-bulk", `{"secrets":{"S":` + secret + `,"T":` + secret + `}}`},
		{"PATCH", script + "/secrets-bulk", `{"secrets":{"S":` + secret + `,"HOST":` + secret + `}}`},
		{"PATCH", latest, `{"env":{"S":` + secret + `,"T":` + secret + `}}`},
		{"PATCH", latest, `{"env":{"S":"` + canary + `"}}`},
		{"PATCH", latest, `{"env":{"S":{"type":"plain_text"}}}`}, // which must not keep the text
		{"PATCH", latest, `{"env":{"S":{"type":"other"},"K":{"type":"other"}}}`},
	}
	for i, request := range requests {
		require.NotContains(t, c.deploy(secret, key, `{"name":"HOST","type":"plain_text","text":"h"}`).text, canary)
		require.NotContains(t, c.do(request[0], request[1], request[2]).text, canary, i)
		for _, path := range []string{"/versions", "/versions?deployable=true", "/settings", "/secrets",
			"/secrets/S", "/deployments"} {
			require.NotContains(t, c.do("GET", script+path, "").text, canary, path)
		}
	}
	require.True(t, c.deploy(key).Success)
	require.Contains(t, c.do("GET", script+"/secrets", "").text, `"secret_key"`)
	require.NotContains(t, log.String(), canary)
	require.Contains(t, log.String(), `"path":"/client/v4/accounts/a/workers/scripts/shop/secrets/S"`)
}

func TestLimits(t *testing.T) {
	c := newClient(t, controlplane.Options{Limits: binding.Limits{Bindings: 1, ValueBytes: 1}})
	r := c.deploy(`{"name":"A","type":"plain_text","text":"xx"}`, `{"name":"B","type":"secret_text","text":"xx"}`)
	var codes []int
	for _, e := range r.Errors {
		codes = append(codes, e.Code)
	}
	require.Equal(t, []int{10054, 10054, 10055}, codes)
}

// TestRefusedWhileSending refuses requests while their clients are sending. Each client reads the
// answer.
func TestRefusedWhileSending(t *testing.T) {
	server := httptest.NewServer(controlplane.New(controlplane.Options{Token: "token"}))
	defer server.Close()
	for _, test := range []struct {
		token, path string
		status      int
	}{
		{"wrong", scripts + "/shop", 403}, {"token", "/client/v4/nowhere", 404}, {"token", scripts + "/none/versions", 404},
		{"token", scripts + "/shop/secrets", 413}, {"token", scripts + "/shop", 400},
	} {
		for range 20 {
			r, err := http.NewRequest("POST", server.URL+test.path, strings.NewReader(strings.Repeat("x", 8<<20)))
			require.NoError(t, err)
			if strings.HasSuffix(test.path, "/shop") || strings.HasSuffix(test.path, "/secrets") {
				r.Method = "PUT"
			}
			r.Header.Set("Authorization", "Bearer "+test.token)
			r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			response, err := http.DefaultClient.Do(r)
			require.NoError(t, err, test.path)
			response.Body.Close()
			require.Equal(t, test.status, response.StatusCode, test.path)
		}
	}
}
