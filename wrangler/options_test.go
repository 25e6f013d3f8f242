package wrangler_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

// TestOptionsHideValues prints and logs options that hold values.
func TestOptionsHideValues(t *testing.T) {
	const secret = "s3cr3t"
	for _, options := range []any{
		wrangler.Options{Dir: "app", Environ: []string{"NAME=" + secret}},
		wrangler.DevOptions{Vars: []string{"NAME:" + secret}, PagesBindings: []string{"NAME=" + secret}},
		wrangler.DeployOptions{Vars: []string{"NAME:" + secret}, Secrets: binding.EnvOf(map[string]string{"NAME": secret})},
	} {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("options", "o", options)
		text := fmt.Sprintf("%v %+v %#v %s %q", options, options, options, options, options) + log.String()
		require.Contains(t, text, "NAME")
		require.NotContains(t, text, secret)
		require.NotContains(t, text, "!ERROR")
	}
}

// TestFindingsHideFragments has an unquoted key in a file that wrangler does not read. Its pieces,
// which look like names, must be in no finding.
func TestFindingsHideFragments(t *testing.T) {
	files := map[string]string{
		"wrangler.json": `{}`,
		"dev.vars":      "KEY=-----BEGIN KEY-----\nABCDEF0123456789==\n-----END KEY-----\n",
	}
	findings := wrangler.Check(wrangler.Options{FS: tree(files)})
	require.NotEmpty(t, findings)
	for _, f := range findings {
		require.NotContains(t, f.String(), "ABCDEF0123456789")
	}
}
