package main

import (
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/wrangler"
)

func load(t *testing.T, host string) *wrangler.Config {
	t.Helper()
	text := `{"name": "shop", "vars": {"HOST": "` + host + `"}, "secrets": {"required": ["API_KEY"]}}`
	config, err := wrangler.Load(wrangler.Options{FS: fstest.MapFS{"wrangler.json": {Data: []byte(text)}}})
	require.NoError(t, err)
	return config
}

func TestDeploy(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	history := func() *version.History { // as a new process would see it
		db, err := sql.Open("sqlite3", sqlstore.SQLite(filepath.Join(dir, "history.db")))
		require.NoError(t, err)
		t.Cleanup(func() { db.Close() })
		store, err := open(ctx, db, []byte(strings.Repeat("k", 32)))
		require.NoError(t, err)
		return version.NewHistory(store, "shop", version.Options{})
	}
	current := func() version.Deployment {
		s, err := history().Read(ctx)
		require.NoError(t, err)
		d, _ := s.Current()
		return d
	}
	v1, v2 := load(t, "one.example"), load(t, "two.example")

	require.Error(t, release(ctx, history(), v1, binding.Env{}, io.Discard), "API_KEY is required")
	require.True(t, current().IsZero())

	var out strings.Builder
	require.NoError(t, release(ctx, history(), v1, binding.EnvOf(map[string]string{"API_KEY": "hunter2"}), &out))
	require.Contains(t, out.String(), "+ API_KEY (secret_text)")
	require.NoError(t, release(ctx, history(), v2, binding.Env{}, &out)) // inherits the secret
	require.Contains(t, out.String(), "deployment of 2 at 10%, 1 at 90%")
	require.Equal(t, map[string]string{"HOST": "two.example", "API_KEY": "hunter2"}, current().Newest().Env().Map())

	_, err := history().Update(ctx, func(tx *version.Tx) error {
		_, err := tx.SecretPut("API_KEY", "hunter3", version.Meta{})
		return err
	})
	require.NoError(t, err)
	require.NoError(t, rollback(ctx, history(), 1))
	only, ok := current().Only()
	require.True(t, ok)
	require.Equal(t, "hunter3", only.Env().Get("API_KEY"), "the secret of today")
	require.Equal(t, "one.example", only.Env().Get("HOST"))

	require.NotContains(t, out.String(), "hunter")
	files, err := filepath.Glob(filepath.Join(dir, "history.db*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NotContains(t, string(data), "hunter")
		require.NotContains(t, string(data), "API_KEY")
	}
}
