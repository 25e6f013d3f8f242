package clients

import (
	"fmt"

	"github.com/cloudflare/cloudflare-go"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

var accountV0 = cloudflare.AccountIdentifier(controlplanetest.AccountID)

// newV0 returns a client of Cloudflare's first SDK for Go, which was written by hand.
func newV0(t *trial) *cloudflare.API {
	c, err := cloudflare.NewWithAPIToken(controlplanetest.Token, cloudflare.BaseURL(t.api.URL),
		cloudflare.UsingRetryPolicy(0, 0, 0), cloudflare.UsingRateLimit(1000))
	require.NoError(t, err)
	return c
}

// withV0 returns how the SDK does an operation.
func withV0(do func(*trial, *cloudflare.API) (any, error)) func(*trial) string {
	return func(t *trial) string {
		result, err := do(t, newV0(t))
		require.NoError(t, err)
		return fmt.Sprintf("%+v", result)
	}
}

// uploadV0 returns how the SDK uploads code with these bindings.
func uploadV0(bindings map[string]cloudflare.WorkerBinding) func(*trial) string {
	return withV0(func(t *trial, c *cloudflare.API) (any, error) {
		made, err := c.UploadWorker(t.Context(), accountV0, cloudflare.CreateWorkerParams{
			ScriptName: "shop", Script: code, Module: true, CompatibilityDate: "2026-01-01", Bindings: bindings,
		})
		return made.WorkerScript, err
	})
}

type bindingsV0 = map[string]cloudflare.WorkerBinding

var callsV0 = calls{
	"deploy a new Worker": uploadV0(bindingsV0{"HOST": cloudflare.WorkerPlainTextBinding{Text: "shop.example"}}),
	"deploy a new Worker with a secret": uploadV0(bindingsV0{
		"HOST":    cloudflare.WorkerPlainTextBinding{Text: "shop.example"},
		"API_KEY": cloudflare.WorkerSecretTextBinding{Text: "k3y"},
	}),
	"deploy a change of a var": uploadV0(bindingsV0{
		"HOST":    cloudflare.WorkerPlainTextBinding{Text: "new.example"},
		"API_KEY": cloudflare.WorkerInheritBinding{},
	}),
	"secret put": withV0(func(t *trial, c *cloudflare.API) (any, error) {
		return c.SetWorkersSecret(t.Context(), accountV0, cloudflare.SetWorkersSecretParams{
			ScriptName: "shop",
			Secret: &cloudflare.WorkersPutSecretRequest{
				Name: "API_KEY", Text: "n3w", Type: cloudflare.WorkerSecretTextBindingType,
			},
		})
	}),
	"secret list": withV0(func(t *trial, c *cloudflare.API) (any, error) {
		return c.ListWorkersSecrets(t.Context(), accountV0, cloudflare.ListWorkersSecretsParams{ScriptName: "shop"})
	}),
	"secret delete": withV0(func(t *trial, c *cloudflare.API) (any, error) {
		return c.DeleteWorkersSecret(t.Context(), accountV0,
			cloudflare.DeleteWorkersSecretParams{ScriptName: "shop", SecretName: "API_KEY"})
	}),
	"pages secret put": withV0(func(t *trial, c *cloudflare.API) (any, error) {
		vars := cloudflare.EnvironmentVariableMap{"API_KEY": {Value: "n3w", Type: cloudflare.SecretText}}
		return c.UpdatePagesProject(t.Context(), accountV0, cloudflare.UpdatePagesProjectParams{
			ID: "site", Name: "site",
			DeploymentConfigs: cloudflare.PagesProjectDeploymentConfigs{
				Production: cloudflare.PagesProjectDeploymentConfigEnvironment{EnvVars: vars},
			},
		})
	}),
	"delete the Worker": withV0(func(t *trial, c *cloudflare.API) (any, error) {
		return nil, c.DeleteWorker(t.Context(), accountV0, cloudflare.DeleteWorkerParams{ScriptName: "shop"})
	}),
}
