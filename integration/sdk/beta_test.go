package sdk

import (
	"encoding/base64"
	"testing"

	"github.com/cloudflare/cloudflare-go/v6"
	"github.com/cloudflare/cloudflare-go/v6/workers"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/version"
)

// worker returns the parameters of a Worker, all of which the SDK requires.
func worker(name string) workers.WorkerParam {
	return workers.WorkerParam{
		Name: cloudflare.F(name), Logpush: cloudflare.F(false), Tags: cloudflare.F([]string{"team:shop"}),
		Observability: cloudflare.F(workers.WorkerObservabilityParam{Enabled: cloudflare.F(true)}),
		Subdomain:     cloudflare.F(workers.WorkerSubdomainParam{Enabled: cloudflare.F(true)}),
		TailConsumers: cloudflare.F([]workers.WorkerTailConsumerParam{}),
	}
}

// hosts are members of the subdomain that wrangler 4.164.0 reads and the OpenAPI description lacks.
var hosts = []string{"subdomain.url", "subdomain.preview_url_suffix"}

// TestWorkers creates a Worker without a version, changes it by ID and by name, and deletes it.
func TestWorkers(t *testing.T) {
	api, client := newClient(t)
	beta := client.Workers.Beta.Workers
	made, err := beta.New(t.Context(), workers.BetaWorkerNewParams{AccountID: account, Worker: worker("shop")})
	require.NoError(t, err)
	conforms(t, made, hosts...)
	require.Equal(t, []any{"shop", []string{"team:shop"}, true, true},
		[]any{made.Name, made.Tags, made.Observability.Enabled, made.Subdomain.Enabled})
	require.Equal(t, 0, snapshot(t, api).VersionCount())
	_, err = beta.New(t.Context(), workers.BetaWorkerNewParams{AccountID: account, Worker: worker("shop")})
	refused(t, err, 409, 10040)

	changed := worker("shop")
	changed.Logpush, changed.Tags = cloudflare.F(true), cloudflare.F([]string{})
	edited, err := beta.Edit(t.Context(), made.ID, workers.BetaWorkerEditParams{AccountID: account, Worker: changed})
	require.NoError(t, err)
	conforms(t, edited, hosts...)
	require.True(t, edited.Logpush)
	require.Empty(t, edited.Tags)
	updated, err := beta.Update(t.Context(), "shop",
		workers.BetaWorkerUpdateParams{AccountID: account, Worker: worker("shop")})
	require.NoError(t, err)
	conforms(t, updated, hosts...)
	require.False(t, updated.Logpush)

	for _, id := range []string{"shop", made.ID} {
		got, err := beta.Get(t.Context(), id, workers.BetaWorkerGetParams{AccountID: account})
		require.NoError(t, err)
		conforms(t, got, hosts...)
		require.Equal(t, made.ID, got.ID)
	}
	pager := beta.ListAutoPaging(t.Context(), workers.BetaWorkerListParams{AccountID: account})
	require.True(t, pager.Next())
	conforms(t, pager.Current(), hosts...)
	require.False(t, pager.Next())
	require.NoError(t, pager.Err())

	_, err = beta.Delete(t.Context(), made.ID, workers.BetaWorkerDeleteParams{AccountID: account})
	require.NoError(t, err)
	_, err = api.Snapshot("shop")
	require.ErrorIs(t, err, version.ErrNotFound)
}

// versionOf returns the parameters of a version with a var and a secret of these values.
func versionOf(host, key string) workers.VersionParam {
	return workers.VersionParam{
		MainModule: cloudflare.F("index.js"), CompatibilityDate: cloudflare.F("2026-01-01"),
		Annotations: cloudflare.F(workers.VersionAnnotationsParam{
			WorkersMessage: cloudflare.F("a message"), WorkersTag: cloudflare.F("v1"),
		}),
		Modules: cloudflare.F([]workers.VersionModuleParam{{
			Name: cloudflare.F("index.js"), ContentType: cloudflare.F("application/javascript+module"),
			ContentBase64: cloudflare.F(base64.StdEncoding.EncodeToString([]byte(code))),
		}}),
		Bindings: cloudflare.F([]workers.VersionBindingsUnionParam{
			workers.VersionBindingsWorkersBindingKindPlainTextParam{
				Name: cloudflare.F("HOST"), Text: cloudflare.F(host),
				Type: cloudflare.F(workers.VersionBindingsWorkersBindingKindPlainTextTypePlainText),
			},
			workers.VersionBindingsWorkersBindingKindSecretTextParam{
				Name: cloudflare.F("API_KEY"), Text: cloudflare.F(key),
				Type: cloudflare.F(workers.VersionBindingsWorkersBindingKindSecretTextTypeSecretText),
			},
		}),
	}
}

func TestWorkerVersions(t *testing.T) {
	api, client := newClient(t)
	beta := client.Workers.Beta.Workers
	made, err := beta.New(t.Context(), workers.BetaWorkerNewParams{AccountID: account, Worker: worker("shop")})
	require.NoError(t, err)
	first, err := beta.Versions.New(t.Context(), made.ID, workers.BetaWorkerVersionNewParams{
		AccountID: account, Version: versionOf("shop.example", "k3y"), Deploy: cloudflare.F(true),
	})
	require.NoError(t, err)
	conforms(t, first)
	require.Equal(t, []any{int64(1), "api", "v1"}, []any{first.Number, first.Source, first.Annotations.WorkersTag})
	require.NotContains(t, first.JSON.RawJSON(), "k3y")
	require.Equal(t, map[string]string{"HOST": "shop.example", "API_KEY": "k3y"}, env(t, api))

	second, err := beta.Versions.New(t.Context(), made.ID,
		workers.BetaWorkerVersionNewParams{AccountID: account, Version: versionOf("new.example", "n3w")})
	require.NoError(t, err)
	require.Equal(t, int64(2), second.Number)
	require.Equal(t, "shop.example", env(t, api)["HOST"], "not deployed")

	with, err := beta.Versions.Get(t.Context(), made.ID, first.ID, workers.BetaWorkerVersionGetParams{
		AccountID: account, Include: cloudflare.F(workers.BetaWorkerVersionGetParamsIncludeModules),
	})
	require.NoError(t, err)
	conforms(t, with)
	require.Len(t, with.Modules, 1)
	text, err := base64.StdEncoding.DecodeString(with.Modules[0].ContentBase64)
	require.NoError(t, err)
	require.Equal(t, code, string(text))
	latest, err := beta.Versions.Get(t.Context(), made.ID, "latest",
		workers.BetaWorkerVersionGetParams{AccountID: account})
	require.NoError(t, err)
	require.Equal(t, second.ID, latest.ID)
	require.Empty(t, latest.Modules)

	var numbers []int64
	pager := beta.Versions.ListAutoPaging(t.Context(), made.ID, workers.BetaWorkerVersionListParams{AccountID: account})
	for pager.Next() {
		conforms(t, pager.Current())
		numbers = append(numbers, pager.Current().Number)
	}
	require.NoError(t, pager.Err())
	require.Equal(t, []int64{2, 1}, numbers)
}

func TestWorkerVersionErrors(t *testing.T) {
	_, client := newClient(t)
	beta := client.Workers.Beta.Workers
	_, err := beta.Get(t.Context(), "absent", workers.BetaWorkerGetParams{AccountID: account})
	refused(t, err, 404, 10007)
	_, err = beta.Versions.New(t.Context(), "absent",
		workers.BetaWorkerVersionNewParams{AccountID: account, Version: versionOf("h", "s3cret")})
	refused(t, err, 404, 10007)
	made, err := beta.New(t.Context(), workers.BetaWorkerNewParams{AccountID: account, Worker: worker("shop")})
	require.NoError(t, err)
	_, err = beta.Versions.Get(t.Context(), made.ID, "latest", workers.BetaWorkerVersionGetParams{AccountID: account})
	refused(t, err, 404, 10222)
	broken := versionOf("h", "s3cret")
	broken.Modules = cloudflare.F([]workers.VersionModuleParam{})
	_, err = beta.Versions.New(t.Context(), made.ID,
		workers.BetaWorkerVersionNewParams{AccountID: account, Version: broken})
	refused(t, err, 400, 10021)
	require.NotContains(t, err.Error(), "s3cret")
}

func TestWorkerVersionDelete(t *testing.T) {
	api, client := deployed(t)
	v := newVersion(t, client)
	newVersion(t, client)
	current, _ := snapshot(t, api).Current()
	running, _ := current.Only()
	versions := client.Workers.Beta.Workers.Versions
	_, err := versions.Delete(t.Context(), "shop", running.ID(), workers.BetaWorkerVersionDeleteParams{AccountID: account})
	refused(t, err, 400, 10021)
	gone, err := versions.Delete(t.Context(), "shop", v.ID, workers.BetaWorkerVersionDeleteParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, gone, "result")
	_, err = versions.Get(t.Context(), "shop", v.ID, workers.BetaWorkerVersionGetParams{AccountID: account})
	refused(t, err, 404, 10007)
}
