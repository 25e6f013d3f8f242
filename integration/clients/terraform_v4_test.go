package clients

import (
	"testing"

	"github.com/cloudflare/cloudflare-go"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// The requests of Terraform's provider for Cloudflare 4.52.8:
// https://github.com/cloudflare/terraform-provider-cloudflare/tree/v4.52.8/internal/sdkv2provider

func newTrial(t *testing.T) *trial {
	return &trial{T: t, api: controlplanetest.NewServer(t, controlplane.Options{})}
}

// TestTerraform4Script makes the requests of resource_cloudflare_workers_script.go and
// resource_cloudflare_workers_secret.go: create, read, change of a var and a secret, import, delete.
func TestTerraform4Script(t *testing.T) {
	tr := newTrial(t)
	c := newV0(tr)
	apply := func(host, key string) {
		t.Helper()
		logpush, dispatch := true, ""
		_, err := c.UploadWorker(t.Context(), accountV0, cloudflare.CreateWorkerParams{
			ScriptName: "shop", Script: code, Module: true, CompatibilityDate: "2026-01-01",
			CompatibilityFlags: []string{"nodejs_compat"},
			Bindings: bindingsV0{
				"HOST":    cloudflare.WorkerPlainTextBinding{Text: host},
				"API_KEY": cloudflare.WorkerSecretTextBinding{Text: key},
				"STORE":   cloudflare.WorkerKvNamespaceBinding{NamespaceID: "0123456789abcdef0123456789abcdef"},
				"OTHER":   cloudflare.WorkerServiceBinding{Service: "other"},
			},
			Logpush: &logpush, Placement: &cloudflare.Placement{Mode: cloudflare.PlacementModeSmart},
			DispatchNamespaceName: &dispatch, Tags: []string{"a"},
		})
		require.NoError(t, err)
	}
	read := func() bindingsV0 { // resourceCloudflareWorkerScriptRead, getWorkerScriptBindings
		t.Helper()
		script, err := c.GetWorkerWithDispatchNamespace(t.Context(), accountV0, "shop", "")
		require.NoError(t, err)
		require.Equal(t, code, script.Script)
		dispatch := ""
		list, err := c.ListWorkerBindings(t.Context(), accountV0,
			cloudflare.ListWorkerBindingsParams{ScriptName: "shop", DispatchNamespace: &dispatch})
		require.NoError(t, err)
		bindings := bindingsV0{}
		for _, b := range list.BindingList {
			bindings[b.Name] = b.Binding
		}
		return bindings
	}
	production := "production"
	want := func(host string) bindingsV0 {
		return bindingsV0{
			"HOST":    cloudflare.WorkerPlainTextBinding{Text: host},
			"API_KEY": cloudflare.WorkerSecretTextBinding{},
			"STORE":   cloudflare.WorkerKvNamespaceBinding{NamespaceID: "0123456789abcdef0123456789abcdef"},
			"OTHER":   cloudflare.WorkerServiceBinding{Service: "other", Environment: &production},
		}
	}

	made, _ := c.GetWorkerWithDispatchNamespace(t.Context(), accountV0, "shop", "")
	require.Empty(t, made.Script, "create: the script does not exist")
	apply("shop.example", "k3y")
	require.Equal(t, want("shop.example"), read())
	apply("new.example", "n3w")
	require.Equal(t, want("new.example"), read())

	_, err := c.SetWorkersSecret(t.Context(), accountV0, cloudflare.SetWorkersSecretParams{
		ScriptName: "shop",
		Secret: &cloudflare.WorkersPutSecretRequest{
			Name: "TOKEN", Text: "t0ken", Type: cloudflare.WorkerSecretTextBindingType,
		},
	})
	require.NoError(t, err)
	list, err := c.ListWorkersSecrets(t.Context(), accountV0, cloudflare.ListWorkersSecretsParams{ScriptName: "shop"})
	require.NoError(t, err)
	require.Len(t, list.Result, 2)
	_, err = c.DeleteWorkersSecret(t.Context(), accountV0,
		cloudflare.DeleteWorkersSecretParams{ScriptName: "shop", SecretName: "TOKEN"})
	require.NoError(t, err)
	require.Equal(t, want("new.example"), read())

	latest, _ := tr.snapshot().Latest()
	require.Equal(t, "n3w", latest.Env().Get("API_KEY"))
	require.NoError(t, c.DeleteWorker(t.Context(), accountV0, cloudflare.DeleteWorkerParams{ScriptName: "shop"}))
	_, err = c.GetWorkerWithDispatchNamespace(t.Context(), accountV0, "shop", "")
	var gone *cloudflare.NotFoundError
	require.ErrorAs(t, err, &gone)
}

// TestTerraform4Triggers makes the requests of data_source_zone.go, resource_cloudflare_workers_route.go,
// resource_cloudflare_workers_domain.go and resource_cloudflare_workers_cron_trigger.go.
func TestTerraform4Triggers(t *testing.T) {
	tr := newTrial(t)
	tr.shop()
	c := newV0(tr)
	zones, err := c.ListZonesContext(t.Context(),
		cloudflare.WithZoneFilters("example.com", controlplanetest.AccountID, ""))
	require.NoError(t, err)
	require.Len(t, zones.Result, 1)
	zone, err := c.ZoneDetails(t.Context(), zones.Result[0].ID)
	require.NoError(t, err)
	require.Equal(t, "example.com", zone.Name)

	owner := cloudflare.ZoneIdentifier(zone.ID)
	made, err := c.CreateWorkerRoute(t.Context(), owner,
		cloudflare.CreateWorkerRouteParams{Pattern: "example.com/a/*", Script: "shop"})
	require.NoError(t, err)
	routes, err := c.ListWorkerRoutes(t.Context(), owner, cloudflare.ListWorkerRoutesParams{})
	require.NoError(t, err)
	require.Equal(t, []cloudflare.WorkerRoute{{
		ID: made.WorkerRoute.ID, Pattern: "example.com/a/*", ScriptName: "shop",
	}}, routes.Routes)
	changed, err := c.UpdateWorkerRoute(t.Context(), owner, cloudflare.UpdateWorkerRouteParams{
		ID: made.WorkerRoute.ID, Pattern: "example.com/b/*", Script: "shop",
	})
	require.NoError(t, err)
	require.Equal(t, made.WorkerRoute.ID, changed.WorkerRoute.ID, "the provider keeps the ID")
	routes, err = c.ListWorkerRoutes(t.Context(), owner, cloudflare.ListWorkerRoutesParams{})
	require.NoError(t, err)
	require.Len(t, routes.Routes, 1)
	require.Equal(t, made.WorkerRoute.ID, routes.Routes[0].ID)
	require.Equal(t, "example.com/b/*", routes.Routes[0].Pattern)
	_, err = c.DeleteWorkerRoute(t.Context(), owner, made.WorkerRoute.ID)
	require.NoError(t, err)

	domain, err := c.AttachWorkersDomain(t.Context(), accountV0, cloudflare.AttachWorkersDomainParams{
		ZoneID: zone.ID, Hostname: "www.example.com", Service: "shop", Environment: "production",
	})
	require.NoError(t, err)
	got, err := c.GetWorkersDomain(t.Context(), accountV0, domain.ID)
	require.NoError(t, err)
	require.Equal(t, domain, got)
	require.NoError(t, c.DetachWorkersDomain(t.Context(), accountV0, domain.ID))

	crons := []cloudflare.WorkerCronTrigger{{Cron: "*/30 * * * *"}}
	_, err = c.UpdateWorkerCronTriggers(t.Context(), accountV0,
		cloudflare.UpdateWorkerCronTriggersParams{ScriptName: "shop", Crons: crons})
	require.NoError(t, err)
	list, err := c.ListWorkerCronTriggers(t.Context(), accountV0,
		cloudflare.ListWorkerCronTriggersParams{ScriptName: "shop"})
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "*/30 * * * *", list[0].Cron)
}
