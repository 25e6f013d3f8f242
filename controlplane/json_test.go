package controlplane_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
)

// odd are texts that JSON must escape, or that encoders may change.
var odd = []string{
	"", "plain", `"`, `\`, `\u0041`, "/", "<>&", "\x00\x01\x1f\x7f", "\t\r\n\b\f", "é", "日本", "😀", "\u2028\u2029",
	"\ufeff", "\ufffd", " \u00a0 ", "~}{",
}

// oddUpload is metadata with TEXT in each place that answers show. Answers show its bindings as
// oddBindings.
const (
	oddUpload = `{"main_module":"index.js","compatibility_date":"TEXT","compatibility_flags":["TEXT","f"],"limits":{ "cpu_ms" : 5, "TEXT":"TEXT"},
		"annotations":{"workers/message":"TEXT"},"bindings":[
		{"name":"A TEXT","type":"plain_text","text":"TEXT"},
		{"name":"B","type":"json","json":{ "TEXT" : [ "TEXT", 1e3 ] }},
		{"name":"C","type":"kv_namespace","x TEXT":"TEXT", "more" : [ {"TEXT":0} ]},
		{"name":"D","type":"secret_text","text":"canary TEXT"}]}`

	oddBindings = `[
		{"name":"A TEXT","type":"plain_text","text":"TEXT"},
		{"name":"B","type":"json","json":{"TEXT":["TEXT",1e3]}},
		{"name":"C","type":"kv_namespace","x TEXT":"TEXT","more":[{"TEXT":0}]},
		{"name":"D","type":"secret_text"}]`
)

// TestAnswersKeepTexts uploads odd texts, and reads them back from the list of versions and from
// the settings.
func TestAnswersKeepTexts(t *testing.T) {
	for _, text := range odd {
		quoted, err := json.Marshal(text)
		require.NoError(t, err)
		with := func(template string) string {
			return strings.ReplaceAll(template, "TEXT", string(quoted[1:len(quoted)-1]))
		}
		c := newClient(t, controlplane.Options{})
		require.True(t, c.upload("PUT", account+"/workers/scripts/shop", with(oddUpload)).Success)

		var list struct {
			Items []struct {
				Annotations map[string]string
				Resources   struct {
					Bindings json.RawMessage
					Runtime  json.RawMessage `json:"script_runtime"`
				}
			}
		}
		versions := c.do("GET", account+"/workers/scripts/shop/versions", "")
		require.NoError(t, json.Unmarshal(versions.Result, &list))
		require.Equal(t, text, list.Items[0].Annotations["workers/message"])
		require.JSONEq(t, with(oddBindings), string(list.Items[0].Resources.Bindings))
		runtime := `{"compatibility_date":"TEXT","compatibility_flags":["TEXT","f"],"usage_model":"standard","limits":{"cpu_ms":5,"TEXT":"TEXT"}}`
		if text == "" {
			runtime = strings.Replace(runtime, `"compatibility_date":"TEXT",`, "", 1)
		}
		require.JSONEq(t, with(runtime), string(list.Items[0].Resources.Runtime))

		var settings struct{ Bindings json.RawMessage }
		read := c.do("GET", account+"/workers/scripts/shop/settings", "")
		require.NoError(t, json.Unmarshal(read.Result, &settings))
		require.JSONEq(t, with(oddBindings), string(settings.Bindings))
		require.NotContains(t, versions.text+read.text, "canary")
	}
}
