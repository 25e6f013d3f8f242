package sdk

import (
	"testing"

	old "github.com/cloudflare/cloudflare-go"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/version"
)

// owner is the only account, for the hand-written SDK.
var owner = old.AccountIdentifier(controlplanetest.AccountID)

// newOldClient returns a server and a client of the hand-written SDK that does not retry.
func newOldClient(t *testing.T) (*controlplanetest.Server, *old.API) {
	t.Helper()
	api := controlplanetest.NewServer(t, controlplane.Options{})
	client, err := old.NewWithAPIToken(controlplanetest.Token, old.BaseURL(api.URL), old.UsingRetryPolicy(0, 0, 0),
		old.UsingRateLimit(1000))
	require.NoError(t, err)
	return api, client
}

// oldDeployed returns a server with the Worker shop, which has a var HOST and a secret API_KEY, and
// a client.
func oldDeployed(t *testing.T) (*controlplanetest.Server, *old.API) {
	t.Helper()
	api, client := newOldClient(t)
	made, err := client.UploadWorker(t.Context(), owner, old.CreateWorkerParams{
		ScriptName: "shop", Script: code, Module: true, CompatibilityDate: "2026-01-01",
		Bindings: map[string]old.WorkerBinding{
			"HOST":    old.WorkerPlainTextBinding{Text: "shop.example"},
			"API_KEY": old.WorkerSecretTextBinding{Text: "k3y"},
		},
	})
	require.NoError(t, err)
	require.True(t, made.Success)
	require.Equal(t, "shop", made.ID)
	require.Equal(t, "api", *made.LastDeployedFrom)
	return api, client
}

func oldRefused(t *testing.T, err error, status, code int) {
	t.Helper()
	var refusal *old.Error
	switch err := err.(type) {
	case *old.NotFoundError:
		refusal = err.Unwrap().(*old.Error)
	case *old.RequestError:
		refusal = err.Unwrap().(*old.Error)
	case *old.AuthorizationError:
		refusal = err.Unwrap().(*old.Error)
	case *old.AuthenticationError:
		refusal = err.Unwrap().(*old.Error)
	}
	require.NotNil(t, refusal, "%T: %v", err, err)
	require.Equal(t, []any{status, []int{code}}, []any{refusal.StatusCode, refusal.ErrorCodes})
}

func TestOldUploadAndRead(t *testing.T) {
	api, client := oldDeployed(t)
	require.Equal(t, map[string]string{"HOST": "shop.example", "API_KEY": "k3y"}, env(t, api))

	list, _, err := client.ListWorkers(t.Context(), owner, old.ListWorkersParams{})
	require.NoError(t, err)
	require.Len(t, list.WorkerList, 1)
	require.Equal(t, "shop", list.WorkerList[0].ID)
	require.False(t, list.WorkerList[0].CreatedOn.IsZero())
	require.NotEmpty(t, list.WorkerList[0].ETAG)

	got, err := client.GetWorker(t.Context(), owner, "shop")
	require.NoError(t, err)
	require.True(t, got.Module)
	require.Equal(t, code, got.Script)
	content, err := client.GetWorkersScriptContent(t.Context(), owner, "shop")
	require.NoError(t, err)
	require.Contains(t, content, code)

	require.NoError(t, client.DeleteWorker(t.Context(), owner, old.DeleteWorkerParams{ScriptName: "shop"}))
	_, err = api.Snapshot("shop")
	require.ErrorIs(t, err, version.ErrNotFound)
	_, err = client.GetWorker(t.Context(), owner, "shop")
	oldRefused(t, err, 404, 10007)
}

// TestOldServiceWorker uploads a script in service worker syntax: as the body of the request, and as a
// form if it has bindings.
func TestOldServiceWorker(t *testing.T) {
	api, client := newOldClient(t)
	const script = "addEventListener('fetch', () => {})"
	_, err := client.UploadWorker(t.Context(), owner, old.CreateWorkerParams{ScriptName: "shop", Script: script})
	require.NoError(t, err)
	require.Empty(t, env(t, api))
	_, err = client.UploadWorker(t.Context(), owner, old.CreateWorkerParams{
		ScriptName: "shop", Script: script,
		Bindings: map[string]old.WorkerBinding{"HOST": old.WorkerPlainTextBinding{Text: "h"}},
	})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"HOST": "h"}, env(t, api))
	got, err := client.GetWorker(t.Context(), owner, "shop")
	require.NoError(t, err)
	require.False(t, got.Module)
	require.Equal(t, script, got.Script)
}

func TestOldScriptContent(t *testing.T) {
	for _, module := range []bool{true, false} {
		api, client := oldDeployed(t)
		made, err := client.UpdateWorkersScriptContent(t.Context(), owner,
			old.UpdateWorkersScriptContentParams{ScriptName: "shop", Script: "// new", Module: module})
		require.NoError(t, err)
		require.Equal(t, "shop", made.ID)
		require.Equal(t, map[string]string{"HOST": "shop.example", "API_KEY": "k3y"}, env(t, api), "bindings stay")
		got, err := client.GetWorker(t.Context(), owner, "shop")
		require.NoError(t, err)
		require.Equal(t, []any{"// new", module}, []any{got.Script, got.Module})
	}
}

func TestOldSecrets(t *testing.T) {
	api, client := oldDeployed(t)
	put, err := client.SetWorkersSecret(t.Context(), owner, old.SetWorkersSecretParams{
		ScriptName: "shop",
		Secret:     &old.WorkersPutSecretRequest{Name: "TOKEN", Text: "t0ken", Type: old.WorkerSecretTextBindingType},
	})
	require.NoError(t, err)
	require.Equal(t, "TOKEN", put.Result.Name)
	require.Equal(t, "t0ken", env(t, api)["TOKEN"])

	list, err := client.ListWorkersSecrets(t.Context(), owner, old.ListWorkersSecretsParams{ScriptName: "shop"})
	require.NoError(t, err)
	require.Len(t, list.Result, 2)
	require.Equal(t, []string{"API_KEY", "TOKEN"}, []string{list.Result[0].Name, list.Result[1].Name})

	token := old.DeleteWorkersSecretParams{ScriptName: "shop", SecretName: "TOKEN"}
	gone, err := client.DeleteWorkersSecret(t.Context(), owner, token)
	require.NoError(t, err)
	require.True(t, gone.Success)
	require.Equal(t, map[string]string{"HOST": "shop.example", "API_KEY": "k3y"}, env(t, api))
	require.Equal(t, 3, snapshot(t, api).VersionCount())

	_, err = client.DeleteWorkersSecret(t.Context(), owner, token)
	oldRefused(t, err, 404, 10056)
	_, err = client.SetWorkersSecret(t.Context(), owner, old.SetWorkersSecretParams{
		ScriptName: "shop",
		Secret:     &old.WorkersPutSecretRequest{Name: "HOST", Text: "t0ken", Type: old.WorkerSecretTextBindingType},
	})
	oldRefused(t, err, 400, 10053)
	require.NotContains(t, err.Error(), "t0ken")
}

func TestOldSchedules(t *testing.T) {
	_, client := oldDeployed(t)
	crons := []old.WorkerCronTrigger{{Cron: "*/30 * * * *"}}
	_, err := client.UpdateWorkerCronTriggers(t.Context(), owner,
		old.UpdateWorkerCronTriggersParams{ScriptName: "shop", Crons: crons})
	require.NoError(t, err)
	list, err := client.ListWorkerCronTriggers(t.Context(), owner, old.ListWorkerCronTriggersParams{ScriptName: "shop"})
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "*/30 * * * *", list[0].Cron)
}

func TestOldPagesProject(t *testing.T) {
	api, client := newOldClient(t)
	vars := old.EnvironmentVariableMap{
		"HOST": {Value: "h", Type: old.PlainText}, "API_KEY": {Value: "k3y", Type: old.SecretText},
	}
	configs := old.PagesProjectDeploymentConfigs{
		Production: old.PagesProjectDeploymentConfigEnvironment{EnvVars: vars},
	}
	made, err := client.CreatePagesProject(t.Context(), owner, old.CreatePagesProjectParams{
		Name: "site", ProductionBranch: "main", DeploymentConfigs: configs,
	})
	require.NoError(t, err)
	require.Equal(t, "site", made.Name)

	configs.Production.EnvVars = old.EnvironmentVariableMap{"HOST": nil, "TOKEN": {Value: "t0ken", Type: old.SecretText}}
	_, err = client.UpdatePagesProject(t.Context(), owner, old.UpdatePagesProjectParams{
		ID: "site", Name: "site", DeploymentConfigs: configs,
	})
	require.NoError(t, err)
	got, err := client.GetPagesProject(t.Context(), owner, "site")
	require.NoError(t, err)
	vars = got.DeploymentConfigs.Production.EnvVars
	require.Len(t, vars, 2)
	require.Equal(t, old.EnvironmentVariable{Type: old.SecretText}, *vars["TOKEN"])
	e, err := api.Handler.Pages(controlplanetest.AccountID).Env(t.Context(), "site", controlplane.Production)
	require.NoError(t, err)
	require.Equal(t, []string{"", "k3y", "t0ken"}, []string{e.Get("HOST"), e.Get("API_KEY"), e.Get("TOKEN")})

	list, _, err := client.ListPagesProjects(t.Context(), owner, old.ListPagesProjectsParams{})
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.NoError(t, client.DeletePagesProject(t.Context(), owner, "site"))
	_, err = client.GetPagesProject(t.Context(), owner, "site")
	oldRefused(t, err, 404, 8000007)
}

func TestOldAuthentication(t *testing.T) {
	api, _ := oldDeployed(t)
	client, err := old.NewWithAPIToken("wr0ng", old.BaseURL(api.URL), old.UsingRetryPolicy(0, 0, 0))
	require.NoError(t, err)
	_, err = client.ListWorkersSecrets(t.Context(), owner, old.ListWorkersSecretsParams{ScriptName: "shop"})
	oldRefused(t, err, 403, 10000)
}
