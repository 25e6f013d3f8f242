package clients

import (
	"io"
	"strings"
	"testing"

	v4 "github.com/cloudflare/cloudflare-go/v4"
	workersV4 "github.com/cloudflare/cloudflare-go/v4/workers"
	v6 "github.com/cloudflare/cloudflare-go/v6"
	workersV6 "github.com/cloudflare/cloudflare-go/v6/workers"
	v7 "github.com/cloudflare/cloudflare-go/v7"
	optionV7 "github.com/cloudflare/cloudflare-go/v7/option"
	workersV7 "github.com/cloudflare/cloudflare-go/v7/workers"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/version"
)

// Uploads, which differ between the majors of cloudflare-go: v6 sends the form that the API expects;
// v4 has no modules and v7 has a form field for each member of the metadata, which the API refuses. With
// those two, a program makes the form itself, as Terraform's provider does.

// uploads are the operations that upload code.
func uploads(upload, uploadVersion func(*trial, ...uploadBinding) string) calls {
	return calls{
		"deploy a new Worker":               func(t *trial) string { return upload(t, host) },
		"deploy a new Worker with a secret": func(t *trial) string { return upload(t, host, apiKey) },
		"deploy a change of a var":          func(t *trial) string { return upload(t, newHost) },
		"versions upload":                   func(t *trial) string { return uploadVersion(t, newHost) },
	}
}

// uploadsV6 use the calls of the SDK.
var uploadsV6 = uploads(
	func(t *trial, bindings ...uploadBinding) string {
		return withV6(func(c sdkV6) (any, error) {
			params := workersV6.ScriptUpdateParams{AccountID: accountV6, Files: v6.F(files())}
			params.Metadata = v6.F(workersV6.ScriptUpdateParamsMetadata{
				MainModule: v6.F("index.js"), CompatibilityDate: v6.F("2026-01-01"), Bindings: v6.F(bindingsV6(bindings)),
			})
			return c.Workers.Scripts.Update(c.Context(), "shop", params)
		})(t)
	},
	func(t *trial, bindings ...uploadBinding) string {
		return withV6(func(c sdkV6) (any, error) {
			list := []workersV6.ScriptVersionNewParamsMetadataBindingUnion{}
			for _, b := range bindings {
				list = append(list, workersV6.ScriptVersionNewParamsMetadataBinding{
					Name: v6.F(b.Name), Text: v6.F(b.Text),
					Type: v6.F(workersV6.ScriptVersionNewParamsMetadataBindingsType(b.Type)),
				})
			}
			return c.Workers.Scripts.Versions.New(c.Context(), "shop", workersV6.ScriptVersionNewParams{
				AccountID: accountV6, Files: v6.F(files()),
				Metadata: v6.F(workersV6.ScriptVersionNewParamsMetadata{
					MainModule: v6.F("index.js"), Bindings: v6.F(list), KeepBindings: v6.F([]string{"secret_text"}),
				}),
			})
		})(t)
	},
)

func bindingsV6(bindings []uploadBinding) []workersV6.ScriptUpdateParamsMetadataBindingUnion {
	list := []workersV6.ScriptUpdateParamsMetadataBindingUnion{}
	for _, b := range bindings {
		list = append(list, workersV6.ScriptUpdateParamsMetadataBinding{
			Name: v6.F(b.Name), Text: v6.F(b.Text),
			Type: v6.F(workersV6.ScriptUpdateParamsMetadataBindingsType(b.Type)),
		})
	}
	return list
}

// files are the modules of an upload.
func files() []io.Reader { return []io.Reader{module{strings.NewReader(code)}} }

type module struct{ io.Reader }

func (module) Filename() string    { return "index.js" }
func (module) ContentType() string { return "application/javascript+module" }

// uploadsV7 make the form themselves.
var uploadsV7 = uploads(
	func(t *trial, bindings ...uploadBinding) string {
		return withV7(func(c sdkV7) (any, error) {
			return c.Workers.Scripts.Update(c.Context(), "shop", workersV7.ScriptUpdateParams{AccountID: accountV7},
				optionV7.WithRequestBody(form(t, metadata(bindings...))))
		})(t)
	},
	func(t *trial, bindings ...uploadBinding) string {
		return withV7(func(c sdkV7) (any, error) {
			return c.Workers.Scripts.Versions.New(c.Context(), "shop", workersV7.ScriptVersionNewParams{AccountID: accountV7},
				optionV7.WithRequestBody(form(t, metadata(bindings...))))
		})(t)
	},
)

// bulkV7 is the call that v6 does not have.
var bulkV7 = calls{"secret bulk": withV7(func(c sdkV7) (any, error) {
	type secret = workersV7.ScriptSecretBulkUpdateParamsSecretsWorkersBindingKindSecretText
	const secretText = workersV7.ScriptSecretBulkUpdateParamsSecretsWorkersBindingKindSecretTextTypeSecretText
	return c.Workers.Scripts.Secrets.BulkUpdate(c.Context(), "shop", workersV7.ScriptSecretBulkUpdateParams{
		AccountID: accountV7,
		Secrets: v7.F(map[string]workersV7.ScriptSecretBulkUpdateParamsSecretsUnion{
			"API_KEY": secret{Name: v7.F("API_KEY"), Text: v7.F("n3w"), Type: v7.F(secretText)},
			"TOKEN":   secret{Name: v7.F("TOKEN"), Text: v7.F("t0ken"), Type: v7.F(secretText)},
		}),
	})
})}

// TestOwnForms checks that an upload with the body that an SDK makes of its documented parameters is refused if
// Cloudflare refuses it.
func TestOwnForms(t *testing.T) {
	secretV4 := workersV4.ScriptUpdateParamsMetadataBinding{
		Name: v4.F("API_KEY"), Text: v4.F("k3y"), Type: v4.F(workersV4.ScriptUpdateParamsMetadataBindingsTypeSecretText),
	}
	secretV7 := workersV7.ScriptUpdateParamsMetadataBinding{
		Name: v7.F("API_KEY"), Text: v7.F("k3y"), Type: v7.F(workersV7.ScriptUpdateParamsMetadataBindingsTypeSecretText),
	}
	own := calls{
		"npm cloudflare 7": func(t *trial) string {
			output, err := t.npm("cloudflare", "deploy as documented", bindingsJSON(apiKey)(t))
			require.Error(t, err)
			return output
		},
		"cloudflare-go 4": withV4(func(t *trial, c *v4.Client) (any, error) {
			_, err := c.Workers.Scripts.Update(t.Context(), "shop", workersV4.ScriptUpdateParams{
				AccountID: accountV4,
				Metadata: v4.F(workersV4.ScriptUpdateParamsMetadata{
					MainModule: v4.F("index.js"), Bindings: v4.F([]workersV4.ScriptUpdateParamsMetadataBindingUnion{secretV4}),
				}),
			})
			return err, nil
		}),
		"cloudflare-go 7": withV7(func(c sdkV7) (any, error) {
			_, err := c.Workers.Scripts.Update(c.Context(), "shop", workersV7.ScriptUpdateParams{
				AccountID: accountV7, Files: v7.F(files()),
				Metadata: v7.F(workersV7.ScriptUpdateParamsMetadata{
					MainModule: v7.F("index.js"), Bindings: v7.F([]workersV7.ScriptUpdateParamsMetadataBindingUnion{secretV7}),
				}),
			})
			return err, nil
		}),
	}
	for name, upload := range own {
		t.Run(name, func(t *testing.T) {
			tr := newTrial(t)
			tr.dir = t.TempDir()
			shown := upload(tr)
			require.Contains(t, shown, "10021")
			require.NotContains(t, shown, "k3y")
			_, err := tr.api.Snapshot("shop")
			require.ErrorIs(t, err, version.ErrNotFound)
		})
	}
}
