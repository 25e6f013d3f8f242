package clients

import (
	"fmt"

	"github.com/cloudflare/cloudflare-go/v4"
	"github.com/cloudflare/cloudflare-go/v4/option"
	"github.com/cloudflare/cloudflare-go/v4/pages"
	"github.com/cloudflare/cloudflare-go/v4/workers"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

var accountV4 = cloudflare.F(controlplanetest.AccountID)

// withV4 returns how v4 of the generated SDK does an operation.
func withV4(do func(*trial, *cloudflare.Client) (any, error)) func(*trial) string {
	return func(t *trial) string {
		client := cloudflare.NewClient(option.WithBaseURL(t.api.URL), option.WithAPIToken(controlplanetest.Token),
			option.WithMaxRetries(0))
		result, err := do(t, client)
		require.NoError(t, err)
		return fmt.Sprintf("%+v", result)
	}
}

var callsV4 = calls{
	"secret put": withV4(func(t *trial, c *cloudflare.Client) (any, error) {
		return c.Workers.Scripts.Secrets.Update(t.Context(), "shop", workers.ScriptSecretUpdateParams{
			AccountID: accountV4,
			Body: workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretText{
				Name: cloudflare.F("API_KEY"), Text: cloudflare.F("n3w"),
				Type: cloudflare.F(workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretTextTypeSecretText),
			},
		})
	}),
	"secret list": withV4(func(t *trial, c *cloudflare.Client) (any, error) {
		list, err := c.Workers.Scripts.Secrets.List(t.Context(), "shop",
			workers.ScriptSecretListParams{AccountID: accountV4})
		return list.Result, err
	}),
	"secret delete": withV4(func(t *trial, c *cloudflare.Client) (any, error) {
		return c.Workers.Scripts.Secrets.Delete(t.Context(), "shop", "API_KEY",
			workers.ScriptSecretDeleteParams{AccountID: accountV4})
	}),
	"versions list": withV4(func(t *trial, c *cloudflare.Client) (any, error) {
		list, err := c.Workers.Scripts.Versions.List(t.Context(), "shop",
			workers.ScriptVersionListParams{AccountID: accountV4})
		return list.Result.Items, err
	}),
	"versions view": withV4(func(t *trial, c *cloudflare.Client) (any, error) {
		return c.Workers.Scripts.Versions.Get(t.Context(), "shop", t.id(2),
			workers.ScriptVersionGetParams{AccountID: accountV4})
	}),
	"versions deploy, 10 % and 90 %": withV4(func(t *trial, c *cloudflare.Client) (any, error) {
		return deployV4(t, c, false, shareV4(t.id(2), 10), shareV4(t.id(1), 90))
	}),
	"rollback to other secrets": withV4(func(t *trial, c *cloudflare.Client) (any, error) {
		_, err := deployV4(t, c, false, shareV4(t.id(1), 100))
		require.ErrorContains(t, err, "10220")
		return deployV4(t, c, true, shareV4(t.id(1), 100))
	}),
	"deployments list": withV4(func(t *trial, c *cloudflare.Client) (any, error) {
		return c.Workers.Scripts.Deployments.Get(t.Context(), "shop",
			workers.ScriptDeploymentGetParams{AccountID: accountV4})
	}),
	"pages secret put": withV4(func(t *trial, c *cloudflare.Client) (any, error) {
		type (
			configs    = pages.ProjectDeploymentConfigsParam
			production = pages.ProjectDeploymentConfigsProductionParam
			secret     = pages.ProjectDeploymentConfigsProductionEnvVarsPagesSecretTextEnvVarParam
			vars       = map[string]pages.ProjectDeploymentConfigsProductionEnvVarsUnionParam
		)
		const secretText = pages.ProjectDeploymentConfigsProductionEnvVarsPagesSecretTextEnvVarTypeSecretText
		return c.Pages.Projects.Edit(t.Context(), "site", pages.ProjectEditParams{
			AccountID: accountV4,
			Project: pages.ProjectParam{
				DeploymentConfigs: cloudflare.F(configs{Production: cloudflare.F(production{EnvVars: cloudflare.F(vars{
					"API_KEY": secret{Type: cloudflare.F(secretText), Value: cloudflare.F("n3w")},
				})})}),
			},
		})
	}),
	"delete the Worker": withV4(func(t *trial, c *cloudflare.Client) (any, error) {
		return c.Workers.Scripts.Delete(t.Context(), "shop", workers.ScriptDeleteParams{AccountID: accountV4})
	}),
}

// uploadsV4 make the form themselves: v4 has no parameter for modules.
var uploadsV4 = uploads(
	func(t *trial, bindings ...uploadBinding) string {
		return withV4(func(t *trial, c *cloudflare.Client) (any, error) {
			return c.Workers.Scripts.Update(t.Context(), "shop", workers.ScriptUpdateParams{AccountID: accountV4},
				option.WithRequestBody(form(t, metadata(bindings...))))
		})(t)
	},
	func(t *trial, bindings ...uploadBinding) string {
		return withV4(func(t *trial, c *cloudflare.Client) (any, error) {
			return c.Workers.Scripts.Versions.New(t.Context(), "shop", workers.ScriptVersionNewParams{AccountID: accountV4},
				option.WithRequestBody(form(t, metadata(bindings...))))
		})(t)
	},
)

func shareV4(version string, percentage float64) workers.ScriptDeploymentNewParamsVersion {
	return workers.ScriptDeploymentNewParamsVersion{
		VersionID: cloudflare.F(version), Percentage: cloudflare.F(percentage),
	}
}

func deployV4(
	t *trial, c *cloudflare.Client, force bool, shares ...workers.ScriptDeploymentNewParamsVersion,
) (*workers.ScriptDeploymentNewResponse, error) {
	return c.Workers.Scripts.Deployments.New(t.Context(), "shop", workers.ScriptDeploymentNewParams{
		AccountID: accountV4, Force: cloudflare.F(force),
		Strategy: cloudflare.F(workers.ScriptDeploymentNewParamsStrategyPercentage), Versions: cloudflare.F(shares),
	})
}
