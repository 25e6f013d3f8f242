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

// TestWriteFile leaves the promises about the file to package replacefile.
func TestWriteFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), ".dev.vars")
	f := devvars.Parse([]byte("A=1\n"))
	require.NoError(t, f.WriteFile(name))
	requireMode(t, name, 0o600)
	require.NoError(t, f.Set("A", "2"))
	require.NoError(t, f.WriteFile(name))
	again, err := devvars.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "A=2\n", string(again.Bytes()))
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

func TestFileErrors(t *testing.T) {
	dir := t.TempDir()
	f := devvars.Parse([]byte("A=hunter2\n"))
	for _, name := range []string{dir, filepath.Join(dir, "missing", "x")} {
		update := devvars.Update(name, func(f *devvars.File) error { return f.Set("A", "hunter2") })
		for _, err := range []error{f.WriteFile(name), update} {
			require.ErrorAs(t, err, new(*fs.PathError))
			require.NotContains(t, err.Error(), "hunter2")
		}
		_, err := devvars.ReadFile(name)
		require.ErrorAs(t, err, new(*fs.PathError))
	}
	require.Empty(t, list(t, dir))
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
