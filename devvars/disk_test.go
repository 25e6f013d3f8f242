package devvars_test

import (
	"errors"
	"fmt"
	"io/fs"
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
	require.Equal(t, []string{"dangling"}, list(t, dir))
}

// list returns the names of the files in dir.
func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// TestWriteFileSweeps has temporary files of dead writers, and files that only look like them.
func TestWriteFileSweeps(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("without file locks, nothing shows which files are left over")
	}
	dir := t.TempDir()
	left := []string{".dev.vars.workerenv-1", ".dev.vars.workerenv-4283", ".dev.vars.workerenv-lock"}
	others := []string{
		".dev.vars.staging", ".dev.vars.workerenv-", ".dev.vars.workerenv-1.bak", ".dev.vars.workerenv-x", ".env.workerenv-1",
	}
	for _, name := range append(left, others...) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	require.NoError(t, devvars.Parse([]byte("A=1\n")).WriteFile(filepath.Join(dir, ".dev.vars")))
	require.ElementsMatch(t, append(others, ".dev.vars"), list(t, dir))
}

func TestWriteFileRefusesReadOnly(t *testing.T) {
	name := filepath.Join(t.TempDir(), ".dev.vars")
	require.NoError(t, os.WriteFile(name, []byte("A=1\n"), 0o400))
	err := devvars.Parse([]byte("A=hunter2\n")).WriteFile(name)
	require.ErrorIs(t, err, fs.ErrPermission)
	require.EqualError(t, err, "write "+name+": not replaced, since it is read-only: permission denied")
	requireText(t, name, "A=1\n")
	require.NoError(t, os.Chmod(name, 0o600)) // for the removal on Windows
}

func TestUpdate(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, ".dev.vars")
	set := func(value string) func(*devvars.File) error {
		return func(f *devvars.File) error { return f.Set("A", value) }
	}
	require.NoError(t, devvars.Update(name, set("1")))
	requireText(t, name, "A=1\n")
	requireMode(t, name, 0o600)

	require.ErrorIs(t, devvars.Update(name, set("\xff")), devvars.ErrValue)
	broken := errors.New("broken")
	require.Equal(t, broken, devvars.Update(name, func(f *devvars.File) error { f.Delete("A"); return broken }))
	requireText(t, name, "A=1\n")

	before, err := os.Stat(name)
	require.NoError(t, err)
	require.NoError(t, devvars.Update(name, set("1")))
	after, err := os.Stat(name)
	require.NoError(t, err)
	require.True(t, os.SameFile(before, after), "an edit without effect writes nothing")
	missing := filepath.Join(dir, "missing")
	require.NoError(t, devvars.Update(missing, func(f *devvars.File) error { f.Delete("A"); return nil }))
	require.Equal(t, []string{".dev.vars"}, list(t, dir))
}

// TestUpdateRetries has another program that writes the file while edit runs, once or each time.
func TestUpdateRetries(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, ".dev.vars")
	for _, test := range []struct {
		changes, calls int
		want           string
	}{
		{1, 2, "N=1\nA=1\n"},
		{100, 10, "N=10\n"},
	} {
		require.NoError(t, os.WriteFile(name, []byte("N=0\n"), 0o600))
		calls := 0
		err := devvars.Update(name, func(f *devvars.File) error {
			if calls++; calls <= test.changes {
				require.NoError(t, os.WriteFile(name, fmt.Appendf(nil, "N=%d\n", calls), 0o600))
			}
			return f.Set("A", "1")
		})
		require.Equal(t, test.calls < 10, err == nil)
		require.Equal(t, test.calls, calls)
		requireText(t, name, test.want)
	}
	require.Equal(t, []string{".dev.vars"}, list(t, dir))
}

func requireText(t *testing.T, name, want string) {
	t.Helper()
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, want, string(got))
}
