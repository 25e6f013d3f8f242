package sdk

import (
	"strings"
	"testing"

	"github.com/cloudflare/cloudflare-go/v6"
	"github.com/cloudflare/cloudflare-go/v6/option"
	"github.com/cloudflare/cloudflare-go/v6/workers"
	"github.com/stretchr/testify/require"
)

func TestAssets(t *testing.T) {
	_, client := newClient(t)
	hash := strings.Repeat("0f", 16)
	start := func() *workers.ScriptAssetUploadNewResponse {
		session, err := client.Workers.Scripts.Assets.Upload.New(t.Context(), "shop", workers.ScriptAssetUploadNewParams{
			AccountID: account, Manifest: cloudflare.F(map[string]workers.ScriptAssetUploadNewParamsManifest{
				"/index.html": {Hash: cloudflare.F(hash), Size: cloudflare.F(int64(5))},
			}),
		})
		require.NoError(t, err)
		conforms(t, session)
		return session
	}
	session := start()
	require.Equal(t, [][]string{{hash}}, session.Buckets)
	done, err := client.Workers.Assets.Upload.New(t.Context(), workers.AssetUploadNewParams{
		AccountID: account, Base64: cloudflare.F(workers.AssetUploadNewParamsBase64True),
		Body: map[string]string{hash: "aGVsbG8="},
	}, option.WithHeader("Authorization", "Bearer "+session.JWT))
	require.NoError(t, err)
	require.Empty(t, start().Buckets)

	made, err := client.Workers.Scripts.Update(t.Context(), "shop", workers.ScriptUpdateParams{
		AccountID: account, Files: cloudflare.F(files()),
		Metadata: cloudflare.F(workers.ScriptUpdateParamsMetadata{
			MainModule: cloudflare.F("index.js"),
			Assets:     cloudflare.F(workers.ScriptUpdateParamsMetadataAssets{JWT: cloudflare.F(done.JWT)}),
		}),
	})
	require.NoError(t, err)
	require.NotContains(t, made.JSON.RawJSON(), done.JWT)
	list, err := client.Workers.Scripts.List(t.Context(), workers.ScriptListParams{AccountID: account})
	require.NoError(t, err)
	require.True(t, list.Result[0].HasAssets)
}
