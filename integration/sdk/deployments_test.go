package sdk

import (
	"testing"

	"github.com/cloudflare/cloudflare-go/v6"
	"github.com/cloudflare/cloudflare-go/v6/workers"
	"github.com/stretchr/testify/require"
)

// share is a part of a deployment.
func share(version string, percentage float64) workers.DeploymentVersionParam {
	return workers.DeploymentVersionParam{VersionID: cloudflare.F(version), Percentage: cloudflare.F(percentage)}
}

// deploy makes a deployment of the Worker shop.
func deploy(
	t *testing.T, client *cloudflare.Client, shares ...workers.DeploymentVersionParam,
) (*workers.Deployment, error) {
	t.Helper()
	return client.Workers.Scripts.Deployments.New(t.Context(), "shop", workers.ScriptDeploymentNewParams{
		AccountID: account,
		Deployment: workers.DeploymentParam{
			Strategy: cloudflare.F(workers.DeploymentStrategyPercentage), Versions: cloudflare.F(shares),
			Annotations: cloudflare.F(workers.DeploymentAnnotationsParam{WorkersMessage: cloudflare.F("a part")}),
		},
	})
}

func TestGradualDeployment(t *testing.T) {
	api, client := deployed(t)
	old, _ := snapshot(t, api).Latest()
	v := newVersion(t, client)
	d, err := deploy(t, client, share(old.ID(), 99.5), share(v.ID, 0.5))
	require.NoError(t, err)
	conforms(t, d)
	require.Equal(t, "a part", d.Annotations.WorkersMessage)
	require.Equal(t, "api", d.Source)
	require.Equal(t, []any{v.ID, 0.5}, []any{d.Versions[1].VersionID, d.Versions[1].Percentage})

	s := snapshot(t, api)
	current, _ := s.Current()
	require.Equal(t, d.ID, current.ID())
	shares := map[string]string{}
	for v, share := range current.All() {
		shares[v.ID()] = share.String()
	}
	require.Equal(t, map[string]string{old.ID(): "99.5", v.ID: "0.5"}, shares)
	require.Equal(t, 2, s.VersionCount())
}

func TestDeploymentListAndGet(t *testing.T) {
	api, client := deployed(t)
	v := newVersion(t, client)
	_, err := deploy(t, client, share(v.ID, 100))
	require.NoError(t, err)
	list, err := client.Workers.Scripts.Deployments.List(t.Context(), "shop",
		workers.ScriptDeploymentListParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, list)
	require.Len(t, list.Deployments, 2)
	require.Equal(t, v.ID, list.Deployments[0].Versions[0].VersionID, "the current one first")
	require.True(t, list.Deployments[0].CreatedOn.After(list.Deployments[1].CreatedOn))
	require.Equal(t, "new.example", env(t, api)["HOST"])

	got, err := client.Workers.Scripts.Deployments.Get(t.Context(), "shop", list.Deployments[1].ID,
		workers.ScriptDeploymentGetParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, got)
	require.Equal(t, list.Deployments[1].JSON.RawJSON(), got.JSON.RawJSON())
}

// TestRollback deploys a version whose secrets differ from those of the latest version. That requires
// force, for which the SDK has no parameter.
func TestRollback(t *testing.T) {
	api, client := deployed(t)
	old, _ := snapshot(t, api).Latest()
	_, err := client.Workers.Scripts.Secrets.Update(t.Context(), "shop", secret("API_KEY", "n3w"))
	require.NoError(t, err)
	_, err = deploy(t, client, share(old.ID(), 100))
	refused(t, err, 400, 10220)
	require.ErrorContains(t, err, "The following secrets have changed: API_KEY")
	require.NotContains(t, err.Error(), "n3w")
	require.Equal(t, "n3w", env(t, api)["API_KEY"])
}

func TestDeploymentErrors(t *testing.T) {
	api, client := deployed(t)
	latest, _ := snapshot(t, api).Latest()
	_, err := deploy(t, client, share(latest.ID(), 99.5))
	refused(t, err, 400, 10021)
	_, err = deploy(t, client, share("00000000-0000-4000-8000-999999999999", 100))
	refused(t, err, 404, 100146)
	_, err = client.Workers.Scripts.Deployments.Get(t.Context(), "shop", "00000000-0000-4000-8000-999999999999",
		workers.ScriptDeploymentGetParams{AccountID: account})
	refused(t, err, 404, 10336)
	require.Equal(t, 1, snapshot(t, api).DeploymentCount())
}

func TestDeploymentDelete(t *testing.T) {
	api, client := deployed(t)
	first, _ := snapshot(t, api).Current()
	_, err := deploy(t, client, share(newVersion(t, client).ID, 100))
	require.NoError(t, err)
	current, _ := snapshot(t, api).Current()
	deployments := client.Workers.Scripts.Deployments
	_, err = deployments.Delete(t.Context(), "shop", current.ID(),
		workers.ScriptDeploymentDeleteParams{AccountID: account})
	refused(t, err, 400, 10021)
	gone, err := deployments.Delete(t.Context(), "shop", first.ID(),
		workers.ScriptDeploymentDeleteParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, gone, "result")
	list, err := deployments.List(t.Context(), "shop", workers.ScriptDeploymentListParams{AccountID: account})
	require.NoError(t, err)
	require.Len(t, list.Deployments, 1)
}
