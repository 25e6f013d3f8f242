//go:build unix

package workerenv_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler"
)

func pipeWithoutWriter(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, ".dev.vars"), 0o600))
	requireUnreadable(t, dir)
}

func endlessDevice(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Symlink("/dev/zero", filepath.Join(dir, ".dev.vars")))
	requireUnreadable(t, dir)
}

func requireUnreadable(t *testing.T, dir string) {
	t.Helper()
	config, err := wrangler.Load(wrangler.Options{Dir: dir})
	require.NoError(t, err)
	_, err = config.Dev(wrangler.DevOptions{})
	require.Equal(t, wrangler.RuleFile, wrangler.Findings(err)[0].Rule)
}
