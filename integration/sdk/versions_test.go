package sdk

import (
	"testing"

	"github.com/cloudflare/cloudflare-go/v6"
	"github.com/cloudflare/cloudflare-go/v6/workers"
	"github.com/stretchr/testify/require"
)

// newVersion uploads a version of the Worker shop without deploying it. It has a var HOST and the
// secrets of the latest version.
func newVersion(t *testing.T, client *cloudflare.Client) *workers.ScriptVersionNewResponse {
	t.Helper()
	v, err := client.Workers.Scripts.Versions.New(t.Context(), "shop", versionParams())
	require.NoError(t, err)
	return v
}

func versionParams(bindings ...workers.ScriptVersionNewParamsMetadataBindingUnion) workers.ScriptVersionNewParams {
	host := workers.ScriptVersionNewParamsMetadataBindingsWorkersBindingKindPlainText{
		Name: cloudflare.F("HOST"), Text: cloudflare.F("new.example"),
		Type: cloudflare.F(workers.ScriptVersionNewParamsMetadataBindingsWorkersBindingKindPlainTextTypePlainText),
	}
	return workers.ScriptVersionNewParams{
		AccountID: account,
		Metadata: cloudflare.F(workers.ScriptVersionNewParamsMetadata{
			MainModule: cloudflare.F("index.js"), Bindings: cloudflare.F(append(bindings, host)),
			KeepBindings: cloudflare.F([]string{"secret_text"}),
			Annotations: cloudflare.F(workers.ScriptVersionNewParamsMetadataAnnotations{
				WorkersMessage: cloudflare.F("new host"), WorkersTag: cloudflare.F("v2"),
			}),
		}),
		Files: cloudflare.F(files()),
	}
}

func TestVersionNew(t *testing.T) {
	api, client := deployed(t)
	v := newVersion(t, client)
	conforms(t, v, "annotations", "metadata.has_preview")
	require.Equal(t, 2.0, v.Number)

	s := snapshot(t, api)
	latest, _ := s.Latest()
	require.Equal(t, v.ID, latest.ID())
	require.Equal(t, "new.example", latest.Env().Get("HOST"))
	require.Equal(t, "k3y", latest.Env().Get("API_KEY"))
	message, _ := latest.Annotation("workers/message")
	require.Equal(t, "new host", message)
	require.Equal(t, map[string]string{"HOST": "shop.example", "API_KEY": "k3y"}, env(t, api), "not deployed")
}

func TestVersionNewInheritStrict(t *testing.T) {
	api, client := deployed(t)
	inherit := func(name string) workers.ScriptVersionNewParamsMetadataBindingUnion {
		return workers.ScriptVersionNewParamsMetadataBindingsWorkersBindingKindInherit{
			Name: cloudflare.F(name),
			Type: cloudflare.F(workers.ScriptVersionNewParamsMetadataBindingsWorkersBindingKindInheritTypeInherit),
		}
	}
	params := versionParams(inherit("API_KEY"), inherit("NONE"), inherit("NEITHER"))
	params.BindingsInherit = cloudflare.F(workers.ScriptVersionNewParamsBindingsInheritStrict)
	_, err := client.Workers.Scripts.Versions.New(t.Context(), "shop", params)
	refused(t, err, 400, 10057)
	require.ErrorContains(t, err, "inherit binding 'NONE' is invalid")
	require.ErrorContains(t, err, "inherit binding 'NEITHER' is invalid")
	require.Equal(t, 1, snapshot(t, api).VersionCount())
}

func TestVersionGet(t *testing.T) {
	api, client := deployed(t)
	latest, _ := snapshot(t, api).Latest()
	v, err := client.Workers.Scripts.Versions.Get(t.Context(), "shop", latest.ID(),
		workers.ScriptVersionGetParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, v, "annotations", "metadata.has_preview", "startup_time_ms")
	require.Equal(t, latest.ID(), v.ID)
	require.Equal(t, "2026-01-01", v.Resources.ScriptRuntime.CompatibilityDate)
	require.Len(t, v.Resources.Bindings, 2)
	require.Equal(t, workers.ScriptVersionGetResponseResourcesBindingsTypeSecretText, v.Resources.Bindings[0].Type)
	require.IsType(t, workers.ScriptVersionGetResponseResourcesBindingsWorkersBindingKindSecretText{},
		v.Resources.Bindings[0].AsUnion())
	require.Equal(t, "shop.example", v.Resources.Bindings[1].Text)
	require.NotContains(t, v.JSON.RawJSON(), "k3y")

	_, err = client.Workers.Scripts.Versions.Get(t.Context(), "shop", "00000000-0000-4000-8000-999999999999",
		workers.ScriptVersionGetParams{AccountID: account})
	refused(t, err, 404, 100146)
}

// TestVersionList reads all pages: the SDK stops at the first empty page.
func TestVersionList(t *testing.T) {
	_, client := deployed(t)
	for range 24 {
		newVersion(t, client)
	}
	var numbers []float64
	pager := client.Workers.Scripts.Versions.ListAutoPaging(t.Context(), "shop",
		workers.ScriptVersionListParams{AccountID: account})
	for pager.Next() {
		conforms(t, pager.Current(), "annotations", "metadata.has_preview", "resources", "startup_time_ms")
		numbers = append(numbers, pager.Current().Number)
	}
	require.NoError(t, pager.Err())
	require.Len(t, numbers, 25)
	require.Equal(t, []float64{25, 24}, numbers[:2])

	page, err := client.Workers.Scripts.Versions.List(t.Context(), "shop",
		workers.ScriptVersionListParams{AccountID: account, Page: cloudflare.F(int64(2)), PerPage: cloudflare.F(int64(20))})
	require.NoError(t, err)
	require.Len(t, page.Result.Items, 5)
	require.Equal(t, []int64{2, 20}, []int64{page.ResultInfo.Page, page.ResultInfo.PerPage})
	deployable, err := client.Workers.Scripts.Versions.List(t.Context(), "shop",
		workers.ScriptVersionListParams{AccountID: account, Deployable: cloudflare.F(true)})
	require.NoError(t, err)
	require.Len(t, deployable.Result.Items, 25)
}
