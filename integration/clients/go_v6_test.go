package clients

import (
	"fmt"

	"github.com/cloudflare/cloudflare-go/v6"
	"github.com/cloudflare/cloudflare-go/v6/option"
	"github.com/cloudflare/cloudflare-go/v6/pages"
	"github.com/cloudflare/cloudflare-go/v6/workers"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// sdkV6 is Cloudflare's SDK for Go, generated from the API's OpenAPI description. The uploads are in
// go_uploads_test.go. A test checks that the file for v7 is a copy of the one for v6.
type sdkV6 struct {
	*trial
	*cloudflare.Client
}

var accountV6 = cloudflare.F(controlplanetest.AccountID)

// withV6 returns how the SDK does an operation.
func withV6(do func(sdkV6) (any, error)) func(*trial) string {
	return func(t *trial) string {
		client := cloudflare.NewClient(option.WithBaseURL(t.api.URL), option.WithAPIToken(controlplanetest.Token),
			option.WithMaxRetries(0))
		result, err := do(sdkV6{t, client})
		require.NoError(t, err)
		return fmt.Sprintf("%+v", result)
	}
}

var callsV6 = calls{
	"secret put": withV6(func(c sdkV6) (any, error) {
		return c.Workers.Scripts.Secrets.Update(c.Context(), "shop", workers.ScriptSecretUpdateParams{
			AccountID: accountV6,
			Body: workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretText{
				Name: cloudflare.F("API_KEY"), Text: cloudflare.F("n3w"),
				Type: cloudflare.F(workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretTextTypeSecretText),
			},
		})
	}),
	"secret list": withV6(func(c sdkV6) (any, error) {
		list, err := c.Workers.Scripts.Secrets.List(c.Context(), "shop",
			workers.ScriptSecretListParams{AccountID: accountV6})
		return list.Result, err
	}),
	"secret delete": withV6(func(c sdkV6) (any, error) {
		return c.Workers.Scripts.Secrets.Delete(c.Context(), "shop", "API_KEY",
			workers.ScriptSecretDeleteParams{AccountID: accountV6})
	}),
	"versions list": withV6(func(c sdkV6) (any, error) {
		list, err := c.Workers.Scripts.Versions.List(c.Context(), "shop",
			workers.ScriptVersionListParams{AccountID: accountV6})
		return list.Result.Items, err
	}),
	"versions view": withV6(func(c sdkV6) (any, error) {
		return c.Workers.Scripts.Versions.Get(c.Context(), "shop", c.id(2),
			workers.ScriptVersionGetParams{AccountID: accountV6})
	}),
	"versions deploy, 10 % and 90 %": withV6(func(c sdkV6) (any, error) {
		return c.deploy(false, shareV6(c.id(2), 10), shareV6(c.id(1), 90))
	}),
	"rollback to other secrets": withV6(func(c sdkV6) (any, error) {
		_, err := c.deploy(false, shareV6(c.id(1), 100))
		require.ErrorContains(c, err, "10220")
		return c.deploy(true, shareV6(c.id(1), 100))
	}),
	"deployments list": withV6(func(c sdkV6) (any, error) {
		list, err := c.Workers.Scripts.Deployments.List(c.Context(), "shop",
			workers.ScriptDeploymentListParams{AccountID: accountV6})
		return list.Deployments, err
	}),
	"pages secret put": withV6(func(c sdkV6) (any, error) {
		type (
			configs    = pages.ProjectEditParamsDeploymentConfigs
			production = pages.ProjectEditParamsDeploymentConfigsProduction
			secret     = pages.ProjectEditParamsDeploymentConfigsProductionEnvVarsPagesSecretTextEnvVar
			vars       = map[string]pages.ProjectEditParamsDeploymentConfigsProductionEnvVarsUnion
		)
		const secretText = pages.ProjectEditParamsDeploymentConfigsProductionEnvVarsPagesSecretTextEnvVarTypeSecretText
		return c.Pages.Projects.Edit(c.Context(), "site", pages.ProjectEditParams{
			AccountID: accountV6,
			DeploymentConfigs: cloudflare.F(configs{Production: cloudflare.F(production{EnvVars: cloudflare.F(vars{
				"API_KEY": secret{Type: cloudflare.F(secretText), Value: cloudflare.F("n3w")},
			})})}),
		})
	}),
	"delete the Worker": withV6(func(c sdkV6) (any, error) {
		return c.Workers.Scripts.Delete(c.Context(), "shop", workers.ScriptDeleteParams{AccountID: accountV6})
	}),
}

func shareV6(version string, percentage float64) workers.DeploymentVersionParam {
	return workers.DeploymentVersionParam{VersionID: cloudflare.F(version), Percentage: cloudflare.F(percentage)}
}

func (c sdkV6) deploy(force bool, shares ...workers.DeploymentVersionParam) (*workers.Deployment, error) {
	return c.Workers.Scripts.Deployments.New(c.Context(), "shop", workers.ScriptDeploymentNewParams{
		AccountID: accountV6, Force: cloudflare.F(force),
		Deployment: workers.DeploymentParam{
			Strategy: cloudflare.F(workers.DeploymentStrategyPercentage), Versions: cloudflare.F(shares),
		},
	})
}
