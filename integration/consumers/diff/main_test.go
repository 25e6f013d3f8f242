package main

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler"
)

func TestCompare(t *testing.T) {
	project := wrangler.Options{FS: fstest.MapFS{"wrangler.jsonc": {Data: []byte(`{
		"vars": { "HOST": "hunter2.example", "LIMITS": { "perMinute": 60 } },
		"env": {
			"staging": { "vars": { "HOST": "staging.example", "LIMITS": { "perMinute": 60 } },
				"secrets": { "required": ["KEY"] } },
			"preview": { "vars": { "HOST": "preview.example", "LIMITS": { "perMinute": 60 } } },
			"broken": { "vars": ["hunter2"] }
		}
	}`)}}}
	for _, test := range []struct {
		before, after string
		same          bool
		want          string
	}{
		{"", "", true, ""},
		{"", "preview", true, "~ HOST (plain_text)\n"},
		{"preview", "staging", false, "~ HOST (plain_text)\n+ KEY (inherit)\n"},
		{"staging", "preview", false, "~ HOST (plain_text)\n- KEY (inherit)\n"},
	} {
		var out strings.Builder
		same, err := compare(&out, project, test.before, test.after)
		require.NoError(t, err)
		require.Equal(t, test.same, same)
		require.Equal(t, test.want, out.String())
	}
	_, err := compare(new(strings.Builder), project, "", "broken")
	require.ErrorContains(t, err, "wrangler.jsonc:7:")
	require.NotContains(t, err.Error(), "hunter2")
	_, err = compare(new(strings.Builder), project, "", "mistyped")
	require.ErrorContains(t, err, "mistyped")
}
