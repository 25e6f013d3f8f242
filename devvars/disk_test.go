package devvars_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, ".dev.vars")
	f := devvars.Parse([]byte("A=1\n"))
	require.NoError(t, f.WriteFile(name))
	requireMode(t, name, 0o600)

	require.NoError(t, os.Chmod(name, 0o640))
	require.NoError(t, f.Set("A", "2"))
	require.NoError(t, f.WriteFile(name))
	requireMode(t, name, 0o640)

	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink(name, link))
	require.NoError(t, f.Set("A", "3"))
	require.NoError(t, f.WriteFile(link))
	again, err := devvars.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "A=3\n", string(again.Bytes()))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeSymlink, "the link stays a link")

	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 2, "no temporary file is left")
}

func requireMode(t *testing.T, name string, mode os.FileMode) {
	t.Helper()
	if runtime.GOOS == "windows" {
		return
	}
	info, err := os.Stat(name)
	require.NoError(t, err)
	require.Equal(t, mode, info.Mode().Perm())
}

func TestWriteFileErrors(t *testing.T) {
	dir := t.TempDir()
	f := devvars.Parse([]byte("A=hunter2\n"))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(dir, "dangling")))
	for _, name := range []string{dir, filepath.Join(dir, "missing", "x"), filepath.Join(dir, "dangling")} {
		err := f.WriteFile(name)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "hunter2")
	}
	_, err := devvars.ReadFile(dir)
	require.Error(t, err)
	_, err = devvars.ReadFile(filepath.Join(dir, "missing"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
