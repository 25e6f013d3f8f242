package sdk

import (
	"testing"

	"github.com/cloudflare/cloudflare-go/v6"
	"github.com/cloudflare/cloudflare-go/v6/option"
	"github.com/cloudflare/cloudflare-go/v6/pages"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

type (
	production  = pages.ProjectEditParamsDeploymentConfigsProduction
	envVar      = pages.ProjectEditParamsDeploymentConfigsProductionEnvVarsUnion
	pagesSecret = pages.ProjectEditParamsDeploymentConfigsProductionEnvVarsPagesSecretTextEnvVar
	pagesVar    = pages.ProjectEditParamsDeploymentConfigsProductionEnvVarsPagesPlainTextEnvVar
)

const (
	pagesPlainText  = pages.ProjectEditParamsDeploymentConfigsProductionEnvVarsPagesPlainTextEnvVarTypePlainText
	pagesSecretText = pages.ProjectEditParamsDeploymentConfigsProductionEnvVarsPagesSecretTextEnvVarTypeSecretText
)

// editPages changes vars and secrets of the project site.
func editPages(
	t *testing.T, client *cloudflare.Client, vars map[string]envVar, options ...option.RequestOption,
) *pages.Project {
	t.Helper()
	p, err := client.Pages.Projects.Edit(t.Context(), "site", pages.ProjectEditParams{
		AccountID: account,
		DeploymentConfigs: cloudflare.F(pages.ProjectEditParamsDeploymentConfigs{
			Production: cloudflare.F(production{EnvVars: cloudflare.F(vars)}),
		}),
	}, options...)
	require.NoError(t, err)
	return p
}

func TestPagesProject(t *testing.T) {
	api, client := newClient(t)
	made, err := client.Pages.Projects.New(t.Context(), pages.ProjectNewParams{
		AccountID: account, Name: cloudflare.F("site"), ProductionBranch: cloudflare.F("main"),
	})
	require.NoError(t, err)
	conforms(t, made)
	require.Equal(t, []string{"site", "main"}, []string{made.Name, made.ProductionBranch})

	edited := editPages(t, client, map[string]envVar{
		"HOST":    pagesVar{Type: cloudflare.F(pagesPlainText), Value: cloudflare.F("h")},
		"API_KEY": pagesSecret{Type: cloudflare.F(pagesSecretText), Value: cloudflare.F("k3y")},
	})
	conforms(t, edited)
	require.NotContains(t, edited.JSON.RawJSON(), "k3y")
	vars := edited.DeploymentConfigs.Production.EnvVars
	require.Equal(t, []string{"h", ""}, []string{vars["HOST"].Value, vars["API_KEY"].Value})
	e, err := api.Handler.Pages(controlplanetest.AccountID).Env(t.Context(), "site", controlplane.Production)
	require.NoError(t, err)
	require.Equal(t, []string{"h", "k3y"}, []string{e.Get("HOST"), e.Get("API_KEY")})

	// The types of the SDK cannot express null, which removes a var.
	edited = editPages(t, client, nil, option.WithJSONSet("deployment_configs.production.env_vars.HOST", nil))
	require.Len(t, edited.DeploymentConfigs.Production.EnvVars, 1)

	pager := client.Pages.Projects.ListAutoPaging(t.Context(), pages.ProjectListParams{AccountID: account})
	require.True(t, pager.Next())
	conforms(t, pager.Current())
	require.False(t, pager.Next())
	require.NoError(t, pager.Err())

	_, err = client.Pages.Projects.Delete(t.Context(), "site", pages.ProjectDeleteParams{AccountID: account})
	require.NoError(t, err)
	_, err = client.Pages.Projects.Get(t.Context(), "site", pages.ProjectGetParams{AccountID: account})
	refused(t, err, 404, 8000007)
}
