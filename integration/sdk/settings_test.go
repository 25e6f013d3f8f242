package sdk

import (
	"testing"

	"github.com/cloudflare/cloudflare-go/v6"
	"github.com/cloudflare/cloudflare-go/v6/workers"
	"github.com/stretchr/testify/require"
)

func TestScriptSettings(t *testing.T) {
	api, client := deployed(t)
	of := client.Workers.Scripts.Settings
	fresh, err := of.Get(t.Context(), "shop", workers.ScriptSettingGetParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, fresh)
	require.False(t, fresh.Logpush)

	edited, err := of.Edit(t.Context(), "shop", workers.ScriptSettingEditParams{
		AccountID: account,
		ScriptSetting: workers.ScriptSettingParam{
			Logpush: cloudflare.F(true), Tags: cloudflare.F([]string{"team:shop"}),
			Observability: cloudflare.F(workers.ScriptSettingObservabilityParam{
				Enabled: cloudflare.F(true), HeadSamplingRate: cloudflare.F(0.1),
			}),
			TailConsumers: cloudflare.F([]workers.ConsumerScriptParam{{Service: cloudflare.F("logs")}}),
		},
	})
	require.NoError(t, err)
	conforms(t, edited)
	got, err := of.Get(t.Context(), "shop", workers.ScriptSettingGetParams{AccountID: account})
	require.NoError(t, err)
	require.Equal(t, edited.JSON.RawJSON(), got.JSON.RawJSON())
	require.True(t, got.Logpush)
	require.Equal(t, []string{"team:shop"}, got.Tags)
	require.Equal(t, 0.1, got.Observability.HeadSamplingRate)
	require.Equal(t, "logs", got.TailConsumers[0].Service)
	require.Equal(t, 1, snapshot(t, api).VersionCount(), "settings are not part of a version")
}

// TestSettings changes bindings in one edit: it sets a var, keeps a secret and removes another var.
func TestSettings(t *testing.T) {
	api, client := newClient(t)
	_, err := upload(t, client, plainText("HOST", "shop.example"), plainText("OLD", "o"), secretText("API_KEY", "k3y"))
	require.NoError(t, err)
	of := client.Workers.Scripts.ScriptAndVersionSettings
	before, err := of.Get(t.Context(), "shop", workers.ScriptScriptAndVersionSettingGetParams{AccountID: account})
	require.NoError(t, err)
	conforms(t, before)
	require.Len(t, before.Bindings, 3)
	require.NotContains(t, before.JSON.RawJSON(), "k3y")

	type (
		plain   = workers.ScriptScriptAndVersionSettingEditParamsSettingsBindingsWorkersBindingKindPlainText
		inherit = workers.ScriptScriptAndVersionSettingEditParamsSettingsBindingsWorkersBindingKindInherit
	)
	const (
		plainType   = workers.ScriptScriptAndVersionSettingEditParamsSettingsBindingsWorkersBindingKindPlainTextTypePlainText
		inheritType = workers.ScriptScriptAndVersionSettingEditParamsSettingsBindingsWorkersBindingKindInheritTypeInherit
	)
	edited, err := of.Edit(t.Context(), "shop", workers.ScriptScriptAndVersionSettingEditParams{
		AccountID: account, Settings: cloudflare.F(workers.ScriptScriptAndVersionSettingEditParamsSettings{
			CompatibilityDate: cloudflare.F("2026-02-02"),
			Bindings: cloudflare.F([]workers.ScriptScriptAndVersionSettingEditParamsSettingsBindingUnion{
				plain{
					Name: cloudflare.F("HOST"), Text: cloudflare.F("new.example"), Type: cloudflare.F(plainType),
				},
				inherit{Name: cloudflare.F("API_KEY"), Type: cloudflare.F(inheritType)},
			}),
		}),
	})
	require.NoError(t, err)
	conforms(t, edited)
	require.Equal(t, "2026-02-02", edited.CompatibilityDate)
	require.Equal(t, map[string]string{"HOST": "new.example", "API_KEY": "k3y"}, env(t, api))
	require.Equal(t, 2, snapshot(t, api).VersionCount())
}

func TestSettingsErrors(t *testing.T) {
	api, client := deployed(t)
	of := client.Workers.Scripts.ScriptAndVersionSettings
	date := workers.ScriptScriptAndVersionSettingEditParams{
		AccountID: account,
		Settings: cloudflare.F(workers.ScriptScriptAndVersionSettingEditParamsSettings{
			CompatibilityDate: cloudflare.F("2026-02-02"),
		}),
	}
	_, err := of.Edit(t.Context(), "absent", date)
	refused(t, err, 404, 10007)
	newVersion(t, client)
	_, err = of.Edit(t.Context(), "shop", date)
	refused(t, err, 400, 10214)
	require.Equal(t, 2, snapshot(t, api).VersionCount())
}
