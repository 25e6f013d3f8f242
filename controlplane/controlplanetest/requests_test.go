package controlplanetest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// The state at the end does not show how a client got there. This one puts a secret twice, which makes
// two versions and deploys both of them.
func ExampleServer_Requests() {
	api := controlplanetest.Start(controlplane.Options{}) // in a test: NewServer(t, controlplane.Options{})
	defer api.Close()
	if _, err := api.Deploy("shop", binding.Secret("API_KEY", "old")); err != nil {
		log.Fatal(err)
	}

	for range 2 {
		if err := rotate(api.URL); err != nil { // the client under test
			log.Fatal(err)
		}
	}

	for _, r := range api.Requests() {
		fmt.Println(r.Status, r.Route, r.Body)
	}
	// Output:
	// 200 PUT /accounts/{account}/workers/scripts/{script}/secrets {"name":"string","text":"string","type":"string"}
	// 200 PUT /accounts/{account}/workers/scripts/{script}/secrets {"name":"string","text":"string","type":"string"}
}

// The routes that a client used are those which its API token must have permissions for. A route
// that the client needs, and that no test of it used, is a test to write.
func ExampleServer_Coverage() {
	api := controlplanetest.Start(controlplane.Options{}) // in a test: NewServer(t, controlplane.Options{})
	defer api.Close()
	if _, err := api.Deploy("shop", binding.Secret("API_KEY", "old")); err != nil {
		log.Fatal(err)
	}

	if err := rotate(api.URL); err != nil { // the client under test
		log.Fatal(err)
	}

	coverage := api.Coverage()
	for _, route := range slices.Sorted(maps.Keys(coverage)) {
		if strings.Contains(route, "/scripts/{script}/secrets") {
			fmt.Println(coverage[route], route)
		}
	}
	// Output:
	// 0 DELETE /accounts/{account}/workers/scripts/{script}/secrets/{secret}
	// 0 GET /accounts/{account}/workers/scripts/{script}/secrets
	// 0 GET /accounts/{account}/workers/scripts/{script}/secrets/{secret}
	// 0 PATCH /accounts/{account}/workers/scripts/{script}/secrets-bulk
	// 1 PUT /accounts/{account}/workers/scripts/{script}/secrets
}

// send makes a request to the Worker shop and returns how the Server recorded it.
func (c client) send(method, path, contentType, body string) controlplanetest.Request {
	r, err := http.NewRequest(method, c.s.URL+"/accounts/"+controlplanetest.AccountID+"/workers/scripts/shop"+path,
		strings.NewReader(body))
	require.NoError(c.t, err)
	r.Header.Set("Authorization", "Bearer "+controlplanetest.Token)
	r.Header.Set("Content-Type", contentType)
	response, err := c.Do(r)
	if err == nil {
		response.Body.Close()
	}
	all := c.s.Requests()
	return all[len(all)-1]
}

func TestRequests(t *testing.T) {
	const script = "/accounts/" + controlplanetest.AccountID + "/workers/scripts/shop"
	const pattern = " /accounts/{account}/workers/scripts/{script}"
	_, c := shop(t)
	require.Empty(t, c.s.Requests())
	require.Equal(t, controlplanetest.Request{
		Method: "PATCH", Path: script + "/secrets-bulk", Query: []string{"?", "a", "b"},
		Route: "PATCH" + pattern + "/secrets-bulk", Status: 200,
		Body: `{"secrets":{"API_KEY":null,"B":{"text":"string"}}}`,
	}, c.send("PATCH", "/secrets-bulk?b=1&a=2&a=3&s3cr3t", "", `{"secrets":{"B":{"text":"b"},"API_KEY":null}}`))
	require.Equal(t, controlplanetest.Request{Method: "GET", Path: script + "/nowhere", Status: 404},
		c.send("GET", "/nowhere", "", ""))
	c.s.Inject(controlplanetest.Fault{Times: 1, Drop: true})
	dropped := controlplanetest.Request{Method: "DELETE", Path: script + "/secrets/B",
		Route: "DELETE" + pattern + "/secrets/{secret}"}
	require.Equal(t, dropped, c.send("DELETE", "/secrets/B", "", ""))
	c.s.Inject(controlplanetest.Fault{Times: 1, Status: 503, AfterEffect: true})
	dropped.Status = 503
	require.Equal(t, dropped, c.send("DELETE", "/secrets/B", "", ""))
	require.Len(t, c.s.Requests(), 4)

	coverage := c.s.Coverage()
	require.Equal(t, 2, coverage[dropped.Route])
	require.ElementsMatch(t, controlplane.Routes(), slices.Collect(maps.Keys(coverage)))
	c.s.Requests()[0].Method = "changed"
	require.Equal(t, "PATCH", c.s.Requests()[0].Method)
}

func TestRequestBodies(t *testing.T) {
	const form = "multipart/form-data; boundary=b"
	part := func(name, kind, text string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\nContent-Type: " + kind +
			"\r\n\r\n" + text + "\r\n"
	}
	_, c := shop(t)
	for _, test := range []struct{ kind, body, want string }{
		{"", "", ""},
		{"", `[1,"a",true,null,{}]`, `["number","string","boolean",null,{}]`},
		{"application/json", `{"a`, `"application/json"`},
		{"", "x", `"?"`},
		{"application/javascript", "fetch()", `"application/javascript"`},
		{"", `{"type":"json","json":{"A":1},"JSON":[1],"key_jwk":{"k":"x"}}`,
			`{"JSON":"array","json":"object","key_jwk":"object","type":"string"}`},
		{"", `{"workers/tag":"a","not a name":1,"":1,"` + strings.Repeat("n", 65) + `":1}`,
			`{"?":"number","workers/tag":"string"}`},
		{form, part("metadata", "application/json", `{"main_module":"m"}`) +
			part("src/m.js", "application/javascript+module", `{"A":1}`) + "--b--\r\n",
			`{"metadata":{"main_module":"string"},"src/m.js":"application/javascript+module"}`},
		{form, part("metadata", "text/plain", `{`) + part("a b", "?", "x") + "--b--\r\n",
			`{"?":"?","metadata":"text/plain"}`},
		{form, part("metadata", "text/plain", `{}`), `"multipart/form-data"`},
		{"multipart/form-data", part("metadata", "text/plain", `{}`) + "--b--\r\n", `"multipart/form-data"`},
	} {
		require.Equal(t, test.want, c.send("PUT", "", test.kind, test.body).Body, test.body)
	}
}

// TestRequestsHideValues sends a value in each place of a request that has values.
func TestRequestsHideValues(t *testing.T) {
	const canary = "canary 7d1f"
	_, c := shop(t)
	quoted := `"` + canary + `"`
	for _, body := range []string{
		canary, quoted, "{" + quoted + ":1}", `{"text":` + quoted + `}`, `{"text":[{"a":` + quoted + `}]}`,
		`{"text":` + quoted,
		"--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n{\"a\":" + quoted +
			"}\r\n--b\r\nContent-Disposition: form-data; name=" + quoted + "\r\n\r\n" + canary + "\r\n--b--\r\n",
		"--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n" + canary + "\r\n--b\r\n" + canary,
	} {
		for _, kind := range []string{"", "application/json", "multipart/form-data; boundary=b",
			"multipart/form-data; boundary=" + quoted, canary} {
			c.send("PUT", "/secrets?canary+7d1f=1&a=canary+7d1f", kind, body)
		}
	}
	all := c.s.Requests()
	require.Len(t, all, 8*5)
	encoded, err := json.Marshal(all)
	require.NoError(t, err)
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", all, all, all), string(encoded)} {
		require.NotContains(t, text, "7d1f")
		require.NotContains(t, text, controlplanetest.Token)
	}
}

// TestRequestsAtOnce requires that a client finds its request as soon as it has the answer.
func TestRequestsAtOnce(t *testing.T) {
	_, c := shop(t)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			path := fmt.Sprint("/secrets/", i)
			response, err := c.do(t.Context(), "GET", "/workers/scripts/shop"+path, nil)
			if err == nil {
				io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
			if !slices.ContainsFunc(c.s.Requests(),
				func(r controlplanetest.Request) bool { return strings.HasSuffix(r.Path, path) && r.Status == 404 }) {
				t.Errorf("no record of %s", path)
			}
		})
	}
	group.Wait()
	require.Len(t, c.s.Requests(), 20)
}

// TestLargeRequest records a body that is not read to its end.
func TestLargeRequest(t *testing.T) {
	s := controlplanetest.NewServer(t, controlplane.Options{MaxBody: 1 << 10})
	c := client{t, s, http.DefaultClient}
	r := c.send("PUT", "/secrets", "application/json", string(bytes.Repeat([]byte(" "), 1<<20)))
	require.Equal(t, 413, r.Status)
	require.Equal(t, `"application/json"`, r.Body)
}
