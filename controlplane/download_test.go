package controlplane_test

import (
	"io"
	"mime"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
)

// get returns the answer to a request whose answer need not be JSON.
func (c client) get(path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Authorization", "Bearer token")
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w
}

func TestContentComesBack(t *testing.T) {
	modules := []struct{ name, kind, text string }{
		{"index.js", "application/javascript+module", "export default {}"},
		{"lib/a b.wasm", "application/wasm", "\x00asm\xff\r\n--b-\r\n"},
		{`quo"te.txt`, "text/plain", ""},
		{"größe.txt", "text/plain", "same"},
		{"copy.txt", "text/plain", "same"},
	}
	body := "--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n{\"main_module\":\"index.js\"}\r\n"
	for _, m := range modules {
		name := strings.ReplaceAll(m.name, `"`, "%22")
		body += "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name + "\"\r\nContent-Type: " +
			m.kind + "\r\n\r\n" + m.text + "\r\n"
	}
	c := newClient(t, controlplane.Options{})
	r := c.do("PUT", account+"/workers/scripts/shop", body+"--b--\r\n", "Content-Type: multipart/form-data; boundary=b")
	require.True(t, r.Success, r.text)
	for _, path := range []string{"scripts/shop", "scripts/shop/content/v2",
		"services/shop/environments/production/content"} {
		w := c.get(account + "/workers/" + path)
		require.Equal(t, 200, w.Code)
		require.Equal(t, "index.js", w.Header().Get("cf-entrypoint"))
		_, params, err := mime.ParseMediaType(w.Header().Get("Content-Type"))
		require.NoError(t, err)
		form := multipart.NewReader(w.Body, params["boundary"])
		for _, m := range modules {
			part, err := form.NextRawPart()
			require.NoError(t, err)
			text, err := io.ReadAll(part)
			require.NoError(t, err)
			require.Equal(t, strings.ReplaceAll(m.name, `"`, "%22"), part.FormName())
			require.Equal(t, m.kind, part.Header.Get("Content-Type"))
			require.Equal(t, m.text, string(text))
		}
		_, err = form.NextPart()
		require.ErrorIs(t, err, io.EOF)
	}
}

func TestScriptComesBack(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	r := c.upload("PUT", account+"/workers/scripts/shop", `{"body_part":"index.js"}`)
	require.True(t, r.Success, r.text)
	w := c.get(account + "/workers/scripts/shop/content/v2")
	require.Equal(t, "application/javascript", w.Header().Get("Content-Type"))
	require.Equal(t, "export default {}", w.Body.String())
}

func TestNoContent(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	require.Equal(t, 10007, c.do("GET", account+"/workers/scripts/shop/content/v2", "").code())
}
