package clients

import (
	"fmt"

	"github.com/cloudflare/cloudflare-go/v7"
	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/pages"
	"github.com/cloudflare/cloudflare-go/v7/workers"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// sdkV7 is Cloudflare's SDK for Go, generated from the API's OpenAPI description. The uploads are in
// go_uploads_test.go. A test checks that the file for v7 is a copy of the one for v6.
type sdkV7 struct {
	*trial
	*cloudflare.Client
}

var accountV7 = cloudflare.F(controlplanetest.AccountID)

// withV7 returns how the SDK does an operation.
func withV7(do func(sdkV7) (any, error)) func(*trial) string {
	return func(t *trial) string {
		client := cloudflare.NewClient(option.WithBaseURL(t.api.URL), option.WithAPIToken(controlplanetest.Token),
			option.WithMaxRetries(0))
		result, err := do(sdkV7{t, client})
		require.NoError(t, err)
		return fmt.Sprintf("%+v", result)
	}
}

var callsV7 = calls{
	"secret put": withV7(func(c sdkV7) (any, error) {
		return c.Workers.Scripts.Secrets.Update(c.Context(), "shop", workers.ScriptSecretUpdateParams{
			AccountID: accountV7,
			Body: workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretText{
				Name: cloudflare.F("API_KEY"), Text: cloudflare.F("n3w"),
				Type: cloudflare.F(workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretTextTypeSecretText),
			},
		})
	}),
	"secret list": withV7(func(c sdkV7) (any, error) {
		list, err := c.Workers.Scripts.Secrets.List(c.Context(), "shop",
			workers.ScriptSecretListParams{AccountID: accountV7})
		return list.Result, err
	}),
	"secret delete": withV7(func(c sdkV7) (any, error) {
		return c.Workers.Scripts.Secrets.Delete(c.Context(), "shop", "API_KEY",
			workers.ScriptSecretDeleteParams{AccountID: accountV7})
	}),
	"versions list": withV7(func(c sdkV7) (any, error) {
		list, err := c.Workers.Scripts.Versions.List(c.Context(), "shop",
			workers.ScriptVersionListParams{AccountID: accountV7})
		return list.Result.Items, err
	}),
	"versions view": withV7(func(c sdkV7) (any, error) {
		return c.Workers.Scripts.Versions.Get(c.Context(), "shop", c.id(2),
			workers.ScriptVersionGetParams{AccountID: accountV7})
	}),
	"versions deploy, 10 % and 90 %": withV7(func(c sdkV7) (any, error) {
		return c.deploy(false, shareV7(c.id(2), 10), shareV7(c.id(1), 90))
	}),
	"rollback to other secrets": withV7(func(c sdkV7) (any, error) {
		_, err := c.deploy(false, shareV7(c.id(1), 100))
		require.ErrorContains(c, err, "10220")
		return c.deploy(true, shareV7(c.id(1), 100))
	}),
	"deployments list": withV7(func(c sdkV7) (any, error) {
		list, err := c.Workers.Scripts.Deployments.List(c.Context(), "shop",
			workers.ScriptDeploymentListParams{AccountID: accountV7})
		return list.Deployments, err
	}),
	"pages secret put": withV7(func(c sdkV7) (any, error) {
		type (
			configs    = pages.ProjectEditParamsDeploymentConfigs
			production = pages.ProjectEditParamsDeploymentConfigsProduction
			secret     = pages.ProjectEditParamsDeploymentConfigsProductionEnvVarsPagesSecretTextEnvVar
			vars       = map[string]pages.ProjectEditParamsDeploymentConfigsProductionEnvVarsUnion
		)
		const secretText = pages.ProjectEditParamsDeploymentConfigsProductionEnvVarsPagesSecretTextEnvVarTypeSecretText
		return c.Pages.Projects.Edit(c.Context(), "site", pages.ProjectEditParams{
			AccountID: accountV7,
			DeploymentConfigs: cloudflare.F(configs{Production: cloudflare.F(production{EnvVars: cloudflare.F(vars{
				"API_KEY": secret{Type: cloudflare.F(secretText), Value: cloudflare.F("n3w")},
			})})}),
		})
	}),
	"delete the Worker": withV7(func(c sdkV7) (any, error) {
		return c.Workers.Scripts.Delete(c.Context(), "shop", workers.ScriptDeleteParams{AccountID: accountV7})
	}),
}

func shareV7(version string, percentage float64) workers.DeploymentVersionParam {
	return workers.DeploymentVersionParam{VersionID: cloudflare.F(version), Percentage: cloudflare.F(percentage)}
}

func (c sdkV7) deploy(force bool, shares ...workers.DeploymentVersionParam) (*workers.Deployment, error) {
	return c.Workers.Scripts.Deployments.New(c.Context(), "shop", workers.ScriptDeploymentNewParams{
		AccountID: accountV7, Force: cloudflare.F(force),
		Deployment: workers.DeploymentParam{
			Strategy: cloudflare.F(workers.DeploymentStrategyPercentage), Versions: cloudflare.F(shares),
		},
	})
}
