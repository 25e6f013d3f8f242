package controlplane_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/version"
)

// counted is a Handler that counts the requests in progress.
type counted struct {
	http.Handler
	sync.WaitGroup
}

func (c *counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer c.Done()
	c.Handler.ServeHTTP(w, r)
}

// TestClientGone closes connections in the middle of a body: no change is applied partly, and no
// request stays in progress.
func TestClientGone(t *testing.T) {
	c := newTarget(t)
	before := c.snapshot()
	handler := &counted{Handler: c.handler}
	server := httptest.NewServer(handler)
	defer server.Close()
	form := "--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n{\"main_module\":\"m\"}\r\n--b\r\nContent-Disposition: form-data; name=m\r\n\r\n" +
		strings.Repeat("x", 1<<16)
	for _, request := range []struct{ method, path, contentType, body string }{
		{"PUT", scripts + "/shop", "multipart/form-data; boundary=b", form},
		{"PUT", scripts + "/new", "multipart/form-data; boundary=b", form},
		{"POST", scripts + "/shop/versions", "multipart/form-data; boundary=b", form[:60]},
		{"PUT", scripts + "/shop", "application/javascript", "export"},
		{"PUT", scripts + "/shop/content", "application/javascript", "export"},
		{"PUT", scripts + "/shop/secrets", "application/json", `{"name":"A","text":"x"}`},
		{"PATCH", scripts + "/shop/secrets-bulk", "application/merge-patch+json", `{"secrets":{"A":{"te`},
		{"PATCH", account + "/workers/workers/shop/versions/latest", "application/merge-patch+json", `{"env":{}}`},
		{"POST", account + "/workers/workers/shop/versions", "application/json",
			`{"main_module":"m","modules":[{"name":"m"}]}`},
		{"PATCH", scripts + "/shop/settings", "multipart/form-data; boundary=b",
			"--b\r\nContent-Disposition: form-data; name=settings\r\n\r\n{}\r\n"},
		{"POST", projects, "application/json", `{"name":"site","production_branch":"main"}`},
	} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(t, err)
		handler.Add(1)
		// Whole as the body looks, there is to be more of it.
		_, err = fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token\r\nContent-Type: %s\r\nContent-Length: 1000000\r\n\r\n%s",
			request.method, request.path, request.contentType, request.body)
		require.NoError(t, err)
		require.NoError(t, conn.Close())
		handler.Wait()
		require.True(t, before.Equal(c.snapshot()), "%s %s", request.method, request.path)
	}
	require.Equal(t, 10007, c.do("GET", scripts+"/new/secrets", "").code())
	require.Equal(t, 8000007, c.do("GET", projects+"/site", "").code())
}

// leavingStore cancels the request after the first record is stored.
type leavingStore struct {
	version.MemStore
	leave func()
}

func (s *leavingStore) Append(ctx context.Context, log string, base int, r version.Record) error {
	defer s.leave()
	return s.MemStore.Append(ctx, log, base, r)
}

// TestClientGoneInBetween cancels requests between the steps of a change: all steps are done.
func TestClientGoneInBetween(t *testing.T) {
	for _, request := range []struct{ method, path, body, contentType, then string }{
		{"PUT", scripts + "/new", "x", "application/javascript", scripts + "/new/deployments"},
		{"POST", account + "/workers/workers", `{"name":"new","tags":["whole"]}`, "", account + "/workers/workers/new"},
		{"PATCH", account + "/workers/workers/shop", `{"name":"new","tags":["whole"]}`, "", account + "/workers/workers/new"},
	} {
		store := &leavingStore{leave: func() {}}
		c := newClient(t, controlplane.Options{Store: store})
		require.True(t, c.do("PUT", scripts+"/shop", "x", "Content-Type: application/javascript").Success)
		ctx, cancel := context.WithCancel(t.Context())
		store.leave = cancel
		c.handler.ServeHTTP(httptest.NewRecorder(),
			newRequest(request.method, request.path, request.body, "Content-Type: "+request.contentType).WithContext(ctx))
		require.Error(t, ctx.Err())
		r := c.do("GET", request.then, "")
		require.True(t, strings.Contains(r.text, `"percentage":100`) || strings.Contains(r.text, `"tags":["whole"]`), r.text)
	}
}

// TestContentTypes tests that the content type matters for uploads only.
func TestContentTypes(t *testing.T) {
	for _, contentType := range []string{"", "text/plain", "multipart/form-data", "multipart/form-data; boundary=",
		"multipart/alternative; boundary=b", "application/json", ";",
		"multipart/form-data; boundary=" + strings.Repeat("b", 71)} {
		c := newTarget(t)
		before := c.snapshot()
		body := "--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n{\"main_module\":\"m\"}\r\n--b\r\nContent-Disposition: form-data; name=m\r\n\r\nx\r\n--b--\r\n"
		for _, route := range [][2]string{{"PUT", "/shop"}, {"POST", "/shop/versions"}, {"PUT", "/shop/content"},
			{"PATCH", "/shop/settings"}} {
			r := c.do(route[0], scripts+route[1], body, "Content-Type: "+contentType)
			require.Equal(t, http.StatusBadRequest, r.Status, "%s %s", contentType, route)
		}
		require.True(t, before.Equal(c.snapshot()))
		require.True(t, c.do("PUT", scripts+"/shop/secrets", `{"name":"A","text":"x"}`, "Content-Type: "+contentType).Success)
	}
}

// TestLargeBodies sends bodies of 200 MB to each route that takes one: only a bounded part is read.
func TestLargeBodies(t *testing.T) {
	c := newTarget(t)
	c.handler = controlplane.New(controlplane.Options{MaxBody: 1 << 20})
	require.True(t, c.deploy().Success)
	require.True(t, c.do("POST", projects, `{"name":"site","production_branch":"main"}`).Success)
	const form = "multipart/form-data; boundary=b"
	for _, route := range []struct{ method, path, contentType, start string }{
		{"PUT", scripts + "/shop", "application/javascript", ""},
		{"PUT", scripts + "/shop/content", "application/javascript", ""},
		{"PUT", scripts + "/shop/secrets", "application/json", `{"name":"`},
		{"PATCH", scripts + "/shop/settings", form, "--b\r\nContent-Disposition: form-data; name=settings\r\n\r\n"},
		{"PATCH", scripts + "/shop/script-settings", "application/json", `{"x":"`},
		{"POST", scripts + "/shop/deployments", "application/json", `{"x":"`},
		{"PATCH", account + "/workers/workers/shop/versions/latest", "application/json", `{"x":"`},
		{"POST", account + "/workers/workers/shop/versions", "application/json", `{"x":"`},
		{"PATCH", projects + "/site", "application/json", `{"x":"`},
	} {
		body := &counter{Reader: io.MultiReader(strings.NewReader(route.start), io.LimitReader(repeat('x'), 200<<20))}
		r := newRequest(route.method, route.path, "", "Content-Type: "+route.contentType)
		r.Body = io.NopCloser(body)
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, r)
		require.Equal(t, http.StatusRequestEntityTooLarge, w.Code, "%s %s", route.method, route.path)
		require.Less(t, body.n, 2<<20)
	}
}
