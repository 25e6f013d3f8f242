package sdk

import (
	"io"
	"strings"
	"testing"

	"github.com/cloudflare/cloudflare-go/v6"
	"github.com/cloudflare/cloudflare-go/v6/option"
	"github.com/cloudflare/cloudflare-go/v6/workers"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/version"
)

// account is the only account.
var account = cloudflare.F(controlplanetest.AccountID)

// newClient returns a server and a client of the generated SDK that does not retry.
func newClient(t *testing.T) (*controlplanetest.Server, *cloudflare.Client) {
	t.Helper()
	api := controlplanetest.NewServer(t, controlplane.Options{})
	return api, cloudflare.NewClient(option.WithBaseURL(api.URL), option.WithAPIToken(controlplanetest.Token),
		option.WithMaxRetries(0))
}

// module is a file of an upload.
type module struct {
	io.Reader
	name, contentType string
}

func (m module) Filename() string    { return m.name }
func (m module) ContentType() string { return m.contentType }

const code = "export default { fetch: () => new Response() }"

// files are the modules of all uploads.
func files() []io.Reader {
	return []io.Reader{module{strings.NewReader(code), "index.js", "application/javascript+module"}}
}

type uploadBinding = workers.ScriptUpdateParamsMetadataBinding

func plainText(name, text string) uploadBinding {
	return uploadBinding{Name: cloudflare.F(name), Text: cloudflare.F(text),
		Type: cloudflare.F(workers.ScriptUpdateParamsMetadataBindingsTypePlainText)}
}

func secretText(name, text string) uploadBinding {
	return uploadBinding{Name: cloudflare.F(name), Text: cloudflare.F(text),
		Type: cloudflare.F(workers.ScriptUpdateParamsMetadataBindingsTypeSecretText)}
}

func jsonVar(name string, value any) uploadBinding {
	return uploadBinding{Name: cloudflare.F(name), Json: cloudflare.F(value),
		Type: cloudflare.F(workers.ScriptUpdateParamsMetadataBindingsTypeJson)}
}

// upload uploads a version of the Worker shop and deploys it.
func upload(t *testing.T, client *cloudflare.Client, bindings ...uploadBinding) (*workers.ScriptUpdateResponse, error) {
	t.Helper()
	list := []workers.ScriptUpdateParamsMetadataBindingUnion{}
	for _, b := range bindings {
		list = append(list, b)
	}
	return client.Workers.Scripts.Update(t.Context(), "shop", workers.ScriptUpdateParams{
		AccountID: account,
		Metadata: cloudflare.F(workers.ScriptUpdateParamsMetadata{
			MainModule: cloudflare.F("index.js"), CompatibilityDate: cloudflare.F("2026-01-01"), Bindings: cloudflare.F(list),
		}),
		Files: cloudflare.F(files()),
	})
}

// deployed returns a server with the Worker shop, which has a var HOST and a secret API_KEY, and a
// client.
func deployed(t *testing.T) (*controlplanetest.Server, *cloudflare.Client) {
	t.Helper()
	api, client := newClient(t)
	_, err := upload(t, client, plainText("HOST", "shop.example"), secretText("API_KEY", "k3y"))
	require.NoError(t, err)
	return api, client
}

// snapshot returns the state of the Worker shop.
func snapshot(t *testing.T, api *controlplanetest.Server) version.Snapshot {
	t.Helper()
	s, err := api.Snapshot("shop")
	require.NoError(t, err)
	return s
}

// env returns the env of the Worker shop.
func env(t *testing.T, api *controlplanetest.Server) map[string]string {
	t.Helper()
	e, err := api.Env("shop", "")
	require.NoError(t, err)
	return e.Map()
}

// refused checks that err is the SDK's error for a response with this status and this code.
func refused(t *testing.T, err error, status int, code int64) {
	t.Helper()
	var refusal *cloudflare.Error
	require.ErrorAs(t, err, &refusal)
	require.NotEmpty(t, refusal.Errors)
	require.Equal(t, []any{status, code}, []any{refusal.StatusCode, refusal.Errors[0].Code}, "%v", refusal)
	require.NotEmpty(t, refusal.Errors[0].Message)
}
