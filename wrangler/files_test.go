package wrangler_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler"
)

func TestResolutionFiles(t *testing.T) {
	for _, test := range []struct {
		name    string
		files   map[string]string
		options wrangler.Options
		want    []string
	}{
		{
			"nothing there", map[string]string{"app/x": ""}, wrangler.Options{Dir: "app"},
			[]string{
				"/.wrangler/deploy/config.json", "/app/.dev.vars", "/app/.env", "/app/.env.local",
				"/app/.wrangler/deploy/config.json",
				"/app/wrangler.json", "/app/wrangler.jsonc", "/app/wrangler.toml", "/wrangler.json", "/wrangler.jsonc",
				"/wrangler.toml",
			},
		},
		{
			"a configuration, an environment and a flag",
			map[string]string{"wrangler.json": `{"env": {"e": {}}}`, ".dev.vars": "A=1", "more": "B=2"},
			wrangler.Options{Environment: new("e"), EnvFiles: []string{"x/../more"}},
			[]string{"/.wrangler/deploy/config.json", "/more", "/wrangler.json"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.options.FS = tree(test.files)
			c, err := wrangler.Load(test.options)
			require.NoError(t, err)
			r, err := c.Dev(wrangler.DevOptions{})
			require.NoError(t, err)
			require.Equal(t, test.want, r.Files())
		})
	}
}

// TestResolutionFilesOnDisk also covers Deploy, and that one Resolution does not change another.
func TestResolutionFilesOnDisk(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wrangler.toml"), []byte("vars.A = '1'"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "prod.env"), []byte("B=2"), 0o600))
	c, err := wrangler.Load(wrangler.Options{Dir: dir})
	require.NoError(t, err)
	deployed, err := c.Deploy(wrangler.DeployOptions{SecretsFile: "prod.env"})
	require.NoError(t, err)
	dev, err := c.Dev(wrangler.DevOptions{})
	require.NoError(t, err)
	require.Contains(t, deployed.Files(), filepath.Join(dir, "prod.env"))
	require.NotContains(t, deployed.Files(), filepath.Join(dir, ".dev.vars"))
	require.Contains(t, dev.Files(), filepath.Join(dir, ".dev.vars"))
	require.NotContains(t, dev.Files(), filepath.Join(dir, "prod.env"))
}
