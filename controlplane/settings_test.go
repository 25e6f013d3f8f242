package controlplane_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
)

const settings = account + "/workers/scripts/shop/settings"

// patchSettings makes a request as older wranglers do for "secret bulk".
func (c client) patchSettings(text string) response {
	body := "--b\r\nContent-Disposition: form-data; name=\"settings\"\r\n\r\n" + text + "\r\n--b--\r\n"
	return c.do("PATCH", settings, body, "Content-Type: multipart/form-data; boundary=b")
}

func TestSettingsReplaceBindings(t *testing.T) {
	c := newTarget(t)
	r := c.patchSettings(`{"bindings":[{"name":"KEY","type":"secret_text"},{"name":"NEW","type":"secret_text","text":"n"}],"compatibility_date":"2026-02-02","limits":{"cpu_ms":5}}`)
	require.True(t, r.Success, r.text)
	var result struct {
		Bindings          json.RawMessage
		CompatibilityDate string `json:"compatibility_date"`
	}
	require.NoError(t, json.Unmarshal(r.Result, &result))
	require.JSONEq(t, `[{"name":"KEY","type":"secret_text"},{"name":"NEW","type":"secret_text"}]`, string(result.Bindings))
	require.Equal(t, "2026-02-02", result.CompatibilityDate)
	s := c.snapshot()
	require.Equal(t, 3, s.VersionCount())
	require.True(t, s.LatestIsDeployed())
	latest, _ := s.Latest()
	require.Equal(t, map[string]string{"KEY": "canary-7d1f", "NEW": "n"}, latest.Env().Map())
	require.Equal(t, "index.js", latest.Code().MainModule)
	require.JSONEq(t, `{"limits":{"cpu_ms":5}}`, latest.Code().Metadata.Reveal())
}

func TestSettingsWithoutVersion(t *testing.T) {
	c := newTarget(t)
	r := c.patchSettings(`{"tags":["a"],"logpush":true}`)
	require.True(t, r.Success, r.text)
	require.Contains(t, r.text, `"logpush":true`)
	require.Contains(t, c.do("GET", account+"/workers/services/shop", "").text, `"tags":["a"]`)
	require.Equal(t, 2, c.snapshot().VersionCount())
	r = c.do("PATCH", account+"/workers/scripts/shop/script-settings", `{"tags":null}`)
	require.True(t, r.Success, r.text)
	require.Contains(t, r.text, `"tags":[]`)
	require.Contains(t, r.text, `"logpush":true`)
}

func TestBadSettings(t *testing.T) {
	for _, test := range []struct {
		text string
		code int
	}{
		{`{`, 10004},
		{`[]`, 10004},
		{`{"tags":5}`, 10004},
		{`{"bindings":["a"]}`, 10004},
		{`{"bindings":[{"name":"NEVER","type":"secret_text"}]}`, 10021},
		{`{"bindings":[{"name":"KEY","type":"plain_text"}]}`, 10021},
		{`{"bindings":[{"name":"NEVER","type":"inherit"}],"tags":["a"]}`, 10057},
		{`{"bindings":[{"name":"KEY","type":"secret_text"},{"name":"KEY","type":"secret_text"}]}`, 10053},
	} {
		c := newTarget(t)
		before := c.snapshot()
		require.Equal(t, test.code, c.patchSettings(test.text).code(), test.text)
		require.True(t, before.Equal(c.snapshot()))
	}
	c := newTarget(t)
	require.Equal(t, 10021, c.do("PATCH", settings, `{"tags":[]}`).code())
	c.upload("POST", account+"/workers/scripts/shop/versions", `{"main_module":"index.js"}`)
	require.Equal(t, 10214, c.patchSettings(`{"bindings":[]}`).code())
	require.Equal(t, 10007, newClient(t, controlplane.Options{}).patchSettings(`{}`).code())
}

func FuzzSettings(f *testing.F) {
	f.Add(`{"bindings":[{"name":"KEY","type":"secret_text"},{"name":"A","type":"json","json":1}],"limits":{},"annotations":{"workers/tag":"t"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		c := newTarget(t)
		before := c.snapshot()
		r := c.patchSettings(text)
		require.Equal(t, r.Success || before.Equal(c.snapshot()), true)
		require.Less(t, r.Status, 500)
		require.NotContains(t, r.text, "canary-7d1f")
	})
}
