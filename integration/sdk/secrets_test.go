package sdk

import (
	"encoding/base64"
	"testing"

	"github.com/cloudflare/cloudflare-go/v6"
	"github.com/cloudflare/cloudflare-go/v6/workers"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

type secretBody = workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretText

func secret(name, text string) workers.ScriptSecretUpdateParams {
	return workers.ScriptSecretUpdateParams{AccountID: account, Body: secretBody{
		Name: cloudflare.F(name), Text: cloudflare.F(text),
		Type: cloudflare.F(workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretTextTypeSecretText),
	}}
}

func TestSecretPut(t *testing.T) {
	api, client := deployed(t)
	put, err := client.Workers.Scripts.Secrets.Update(t.Context(), "shop", secret("TOKEN", "t0ken"))
	require.NoError(t, err)
	conforms(t, put)
	require.IsType(t, workers.ScriptSecretUpdateResponseWorkersBindingKindSecretText{}, put.AsUnion())
	require.Equal(t, "TOKEN", put.Name)
	require.NotContains(t, put.JSON.RawJSON(), "t0ken")

	require.Equal(t, map[string]string{"HOST": "shop.example", "API_KEY": "k3y", "TOKEN": "t0ken"}, env(t, api))
	s := snapshot(t, api)
	latest, _ := s.Latest()
	require.Equal(t, 2, latest.Number())
	require.Equal(t, "api", latest.Source())
	require.Equal(t, 2, s.DeploymentCount())
}

func TestSecretPutKey(t *testing.T) {
	api, client := deployed(t)
	key := base64.StdEncoding.EncodeToString([]byte("0123456789abcdef"))
	put, err := client.Workers.Scripts.Secrets.Update(t.Context(), "shop", workers.ScriptSecretUpdateParams{
		AccountID: account,
		Body: workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretKey{
			Name:      cloudflare.F("KEY"),
			Type:      cloudflare.F(workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretKeyTypeSecretKey),
			Format:    cloudflare.F(workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretKeyFormatRaw),
			KeyBase64: cloudflare.F(key),
			Algorithm: cloudflare.F[any](map[string]any{"name": "HMAC", "hash": "SHA-256"}),
			Usages: cloudflare.F([]workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretKeyUsage{
				workers.ScriptSecretUpdateParamsBodyWorkersBindingKindSecretKeyUsageSign,
			}),
		},
	})
	require.NoError(t, err)
	conforms(t, put)
	require.IsType(t, workers.ScriptSecretUpdateResponseWorkersBindingKindSecretKey{}, put.AsUnion())
	require.NotContains(t, put.JSON.RawJSON(), key)

	got, err := client.Workers.Scripts.Secrets.Get(t.Context(), "shop", "KEY",
		workers.ScriptSecretGetParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, got)
	require.NotContains(t, got.JSON.RawJSON(), key)
	latest, _ := snapshot(t, api).Latest()
	b, ok := latest.Bindings().Lookup("KEY")
	require.True(t, ok)
	attributes, _ := b.Attributes()
	require.Contains(t, attributes.Reveal(), key)
}

func TestSecretListAndGet(t *testing.T) {
	_, client := deployed(t)
	var names []string
	for pager := client.Workers.Scripts.Secrets.ListAutoPaging(t.Context(), "shop",
		workers.ScriptSecretListParams{AccountID: account}); ; {
		if !pager.Next() {
			require.NoError(t, pager.Err())
			break
		}
		conforms(t, pager.Current())
		names = append(names, pager.Current().Name)
	}
	require.Equal(t, []string{"API_KEY"}, names)

	got, err := client.Workers.Scripts.Secrets.Get(t.Context(), "shop", "API_KEY",
		workers.ScriptSecretGetParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, got)
	require.Equal(t, "API_KEY", got.Name)
	require.NotContains(t, got.JSON.RawJSON(), "k3y")
}

func TestSecretDelete(t *testing.T) {
	api, client := deployed(t)
	_, err := client.Workers.Scripts.Secrets.Delete(t.Context(), "shop", "API_KEY",
		workers.ScriptSecretDeleteParams{AccountID: account})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"HOST": "shop.example"}, env(t, api))
	require.Equal(t, 2, snapshot(t, api).VersionCount())
}

func TestSecretDeleteEncodedName(t *testing.T) {
	api, client := deployed(t)
	_, err := client.Workers.Scripts.Secrets.Update(t.Context(), "shop", secret("a/b c", "x"))
	require.NoError(t, err)
	_, err = client.Workers.Scripts.Secrets.Delete(t.Context(), "shop", "a%2Fb%20c",
		workers.ScriptSecretDeleteParams{AccountID: account, URLEncoded: cloudflare.F(true)})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"HOST": "shop.example", "API_KEY": "k3y"}, env(t, api))
}

func TestSecretErrors(t *testing.T) {
	api, client := deployed(t)
	secrets := client.Workers.Scripts.Secrets
	_, err := secrets.Update(t.Context(), "absent", secret("TOKEN", "t0ken"))
	refused(t, err, 404, 10007)
	require.NotContains(t, err.Error(), "t0ken")
	_, err = secrets.Update(t.Context(), "shop", secret("HOST", "t0ken"))
	refused(t, err, 400, 10053)
	require.NotContains(t, err.Error(), "t0ken")
	_, err = secrets.Delete(t.Context(), "shop", "NONE", workers.ScriptSecretDeleteParams{AccountID: account})
	refused(t, err, 404, 10056)
	_, err = secrets.Get(t.Context(), "shop", "NONE", workers.ScriptSecretGetParams{AccountID: account})
	refused(t, err, 404, 10056)
	_, err = secrets.Update(t.Context(), "shop", secret("TOKEN", string(make([]byte, 6000))))
	refused(t, err, 400, 10054)

	newVersion(t, client)
	_, err = secrets.Update(t.Context(), "shop", secret("TOKEN", "t0ken"))
	refused(t, err, 400, 10215)
	require.Equal(t, 2, snapshot(t, api).VersionCount())
}

// TestSecretBulk changes, adds and removes a secret in one version. This release of the SDK has no
// method for it.
func TestSecretBulk(t *testing.T) {
	api, client := newClient(t)
	_, err := upload(t, client, plainText("HOST", "shop.example"), secretText("API_KEY", "k3y"), secretText("OLD", "0ld"))
	require.NoError(t, err)
	bulk := func(script string) (answer struct {
		Result map[string]workers.ScriptSecretListResponse
	}, err error) {
		body := map[string]any{"secrets": map[string]any{
			"API_KEY": map[string]string{"name": "API_KEY", "text": "n3w", "type": "secret_text"},
			"TOKEN":   map[string]string{"name": "TOKEN", "text": "t0ken", "type": "secret_text"},
			"OLD":     nil,
		}}
		err = client.Patch(t.Context(), "accounts/"+controlplanetest.AccountID+"/workers/scripts/"+script+"/secrets-bulk",
			body, &answer)
		return answer, err
	}
	_, err = bulk("absent")
	refused(t, err, 404, 10007)
	require.NotContains(t, err.Error(), "n3w")
	got, err := bulk("shop")
	require.NoError(t, err)
	require.Len(t, got.Result, 2)
	for name, item := range got.Result {
		conforms(t, item)
		require.Equal(t, `{"name":"`+name+`","type":"secret_text"}`, item.JSON.RawJSON())
	}
	require.Equal(t, map[string]string{"HOST": "shop.example", "API_KEY": "n3w", "TOKEN": "t0ken"}, env(t, api))
	require.Equal(t, 2, snapshot(t, api).VersionCount())

	newVersion(t, client)
	_, err = bulk("shop")
	refused(t, err, 400, 10214)
	require.Equal(t, 3, snapshot(t, api).VersionCount())
}
