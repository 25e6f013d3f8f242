package clients

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/textproto"
	"testing"

	"github.com/stretchr/testify/require"
)

// code is the module of all uploads.
const code = "export default { fetch: () => new Response() }"

// uploadBinding is a binding of an upload.
type uploadBinding struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Text string `json:"text"`
}

var (
	host    = uploadBinding{"HOST", "plain_text", "shop.example"}
	newHost = uploadBinding{"HOST", "plain_text", "new.example"}
	apiKey  = uploadBinding{"API_KEY", "secret_text", "k3y"}
)

// form returns the form of an upload.
func form(t testing.TB, metadata map[string]any) (contentType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	text, err := json.Marshal(metadata)
	require.NoError(t, err)
	require.NoError(t, w.WriteField("metadata", string(text)))
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="index.js"; filename="index.js"`},
		"Content-Type":        {"application/javascript+module"},
	})
	require.NoError(t, err)
	_, err = part.Write([]byte(code))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return w.FormDataContentType(), b.Bytes()
}

// metadata returns the metadata of an upload that keeps secrets.
func metadata(bindings ...uploadBinding) map[string]any {
	return map[string]any{
		"main_module": "index.js", "compatibility_date": "2026-01-01", "bindings": bindings,
		"keep_bindings": []string{"secret_text"},
	}
}
