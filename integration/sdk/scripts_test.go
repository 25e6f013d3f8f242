package sdk

import (
	"io"
	"mime"
	"mime/multipart"
	"testing"

	"github.com/cloudflare/cloudflare-go/v6"
	"github.com/cloudflare/cloudflare-go/v6/kv"
	"github.com/cloudflare/cloudflare-go/v6/option"
	"github.com/cloudflare/cloudflare-go/v6/workers"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/version"
)

func TestScriptUpload(t *testing.T) {
	api, client := newClient(t)
	made, err := upload(t, client, plainText("HOST", "shop.example"), secretText("API_KEY", "k3y"),
		jsonVar("LIMITS", map[string]any{"rate": 0.5}))
	require.NoError(t, err)
	conforms(t, made, "deployment_id")
	require.Equal(t, []string{"shop", "api", "index.js"}, []string{made.ID, made.LastDeployedFrom, made.EntryPoint})
	require.True(t, made.HasModules)
	require.NotContains(t, made.JSON.RawJSON(), "k3y")

	require.Equal(t, map[string]string{"HOST": "shop.example", "API_KEY": "k3y", "LIMITS": `{"rate":0.5}`}, env(t, api))
	latest, _ := snapshot(t, api).Latest()
	require.Equal(t, "2026-01-01", latest.Code().CompatibilityDate)
	require.Equal(t, "index.js", latest.Code().Modules[0].Name)
}

func TestScriptUploadKeepsSecrets(t *testing.T) {
	api, client := deployed(t)
	_, err := upload(t, client, plainText("PORT", "1"))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"PORT": "1", "API_KEY": "k3y"}, env(t, api))
}

func TestScriptUploadDuplicateName(t *testing.T) {
	api, client := newClient(t)
	_, err := upload(t, client, plainText("A", "v4lue"), secretText("A", "s3cret"))
	refused(t, err, 400, 10053)
	require.NotContains(t, err.Error(), "v4lue")
	require.NotContains(t, err.Error(), "s3cret")
	_, err = api.Snapshot("shop")
	require.ErrorIs(t, err, version.ErrNotFound)
}

func TestScriptList(t *testing.T) {
	_, client := deployed(t)
	pager := client.Workers.Scripts.ListAutoPaging(t.Context(), workers.ScriptListParams{AccountID: account})
	require.True(t, pager.Next())
	conforms(t, pager.Current())
	require.Equal(t, "shop", pager.Current().ID)
	require.False(t, pager.Next())
	require.NoError(t, pager.Err())

	found, err := client.Workers.Scripts.Search(t.Context(),
		workers.ScriptSearchParams{AccountID: account, Name: cloudflare.F("ho")})
	require.NoError(t, err)
	require.Len(t, *found, 1)
	conforms(t, (*found)[0], "script_tag")
	require.Equal(t, "shop", (*found)[0].ScriptName)
}

// TestScriptContent reads the modules from both routes.
func TestScriptContent(t *testing.T) {
	_, client := deployed(t)
	text, err := client.Workers.Scripts.Get(t.Context(), "shop", workers.ScriptGetParams{AccountID: account})
	require.NoError(t, err)
	require.Contains(t, *text, code)

	response, err := client.Workers.Scripts.Content.Get(t.Context(), "shop",
		workers.ScriptContentGetParams{AccountID: account})
	require.NoError(t, err)
	defer response.Body.Close()
	_, params, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	require.NoError(t, err)
	part, err := multipart.NewReader(response.Body, params["boundary"]).NextPart()
	require.NoError(t, err)
	body, err := io.ReadAll(part)
	require.NoError(t, err)
	require.Equal(t, []string{"index.js", code}, []string{part.FormName(), string(body)})
}

func TestScriptContentUpdate(t *testing.T) {
	api, client := deployed(t)
	made, err := client.Workers.Scripts.Content.Update(t.Context(), "shop", workers.ScriptContentUpdateParams{
		AccountID: account, Files: cloudflare.F(files()),
		Metadata: cloudflare.F(workers.ScriptContentUpdateParamsMetadata{MainModule: cloudflare.F("index.js")}),
	})
	require.NoError(t, err)
	conforms(t, made)
	require.Equal(t, map[string]string{"HOST": "shop.example", "API_KEY": "k3y"}, env(t, api), "bindings stay")
	require.Equal(t, 2, snapshot(t, api).VersionCount())
}

func TestScriptDelete(t *testing.T) {
	api, client := deployed(t)
	_, err := client.Workers.Scripts.Delete(t.Context(), "shop", workers.ScriptDeleteParams{AccountID: account})
	require.NoError(t, err)
	_, err = api.Snapshot("shop")
	require.ErrorIs(t, err, version.ErrNotFound)
	_, err = client.Workers.Scripts.Delete(t.Context(), "shop", workers.ScriptDeleteParams{AccountID: account})
	refused(t, err, 404, 10007)
}

func TestSubdomains(t *testing.T) {
	_, client := deployed(t)
	of := client.Workers.Scripts.Subdomain
	on, err := of.New(t.Context(), "shop", workers.ScriptSubdomainNewParams{
		AccountID: account, Enabled: cloudflare.F(true), PreviewsEnabled: cloudflare.F(false),
	})
	require.NoError(t, err)
	conforms(t, on)
	got, err := of.Get(t.Context(), "shop", workers.ScriptSubdomainGetParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, got)
	require.Equal(t, []bool{true, false}, []bool{got.Enabled, got.PreviewsEnabled})
	off, err := of.Delete(t.Context(), "shop", workers.ScriptSubdomainDeleteParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, off)
	got, err = of.Get(t.Context(), "shop", workers.ScriptSubdomainGetParams{AccountID: account})
	require.NoError(t, err)
	require.False(t, got.Enabled)
}

func TestAccountSubdomain(t *testing.T) {
	_, client := newClient(t)
	of := client.Workers.Subdomains
	set := workers.SubdomainUpdateParams{AccountID: account, Subdomain: cloudflare.F("acme")}
	_, err := of.Update(t.Context(), set)
	refused(t, err, 409, 10036)
	require.NoError(t, of.Delete(t.Context(), workers.SubdomainDeleteParams{AccountID: account}))
	_, err = of.Get(t.Context(), workers.SubdomainGetParams{AccountID: account})
	refused(t, err, 404, 10007)
	made, err := of.Update(t.Context(), set)
	require.NoError(t, err)
	conforms(t, made)
	got, err := of.Get(t.Context(), workers.SubdomainGetParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, got)
	require.Equal(t, "acme", got.Subdomain)
}

func TestSchedules(t *testing.T) {
	_, client := deployed(t)
	put, err := client.Workers.Scripts.Schedules.Update(t.Context(), "shop", workers.ScriptScheduleUpdateParams{
		AccountID: account, Body: []workers.ScriptScheduleUpdateParamsBody{{Cron: cloudflare.F("*/30 * * * *")}},
	})
	require.NoError(t, err)
	conforms(t, put)
	got, err := client.Workers.Scripts.Schedules.Get(t.Context(), "shop",
		workers.ScriptScheduleGetParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, got)
	require.Len(t, got.Schedules, 1)
	require.Equal(t, "*/30 * * * *", got.Schedules[0].Cron)
}

func TestAuthenticationErrors(t *testing.T) {
	_, client := deployed(t)
	params := workers.ScriptSecretListParams{AccountID: account}
	_, err := client.Workers.Scripts.Secrets.List(t.Context(), "shop", params, option.WithAPIToken("wr0ng"))
	refused(t, err, 403, 10000)
	require.NotContains(t, err.Error(), "wr0ng")
	_, err = client.Workers.Scripts.Secrets.List(t.Context(), "shop", params, option.WithHeaderDel("Authorization"))
	refused(t, err, 400, 9106)
	_, err = client.Workers.Scripts.Secrets.List(t.Context(), "shop",
		workers.ScriptSecretListParams{AccountID: cloudflare.F("ffffffffffffffffffffffffffffffff")})
	refused(t, err, 403, 10000)
}

// TestNotModeled uses a route of a product that the handler does not model.
func TestNotModeled(t *testing.T) {
	_, client := deployed(t)
	_, err := client.KV.Namespaces.Get(t.Context(), "none", kv.NamespaceGetParams{AccountID: account})
	refused(t, err, 400, 990001)
}
