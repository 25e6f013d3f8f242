package replacefile_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/replacefile"
)

// fileOfChild is the variable with the file that a child process replaces; see TestMain.
const fileOfChild = "REPLACEFILE_TEST_FILE"

func TestMain(m *testing.M) {
	if name := os.Getenv(fileOfChild); name != "" {
		if err := replace(name, "A=new\n"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func replace(name, text string) error {
	f, err := replacefile.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Replace([]byte(text))
}

// newDir returns a directory with a file, and the name of that file.
func newDir(t *testing.T, mode fs.FileMode) (dir, name string) {
	t.Helper()
	dir = t.TempDir()
	name = filepath.Join(dir, ".dev.vars")
	require.NoError(t, os.WriteFile(name, []byte("A=old\n"), 0o600))
	require.NoError(t, os.Chmod(name, mode))
	return dir, name
}

func requireText(t *testing.T, name, want string) {
	t.Helper()
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, want, string(got))
}

func requireMode(t *testing.T, name string, mode fs.FileMode) {
	t.Helper()
	if runtime.GOOS == "windows" {
		return
	}
	info, err := os.Lstat(name)
	require.NoError(t, err)
	require.Equal(t, mode, info.Mode())
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

func TestNewFileIsForItsOwnerOnly(t *testing.T) {
	name := filepath.Join(t.TempDir(), ".dev.vars")
	f, err := replacefile.Open(name)
	require.NoError(t, err)
	defer f.Close()
	text, err := f.Read()
	require.NoError(t, err)
	require.Nil(t, text)
	require.NoError(t, f.Replace([]byte("A=new\n")))
	requireText(t, name, "A=new\n")
	requireMode(t, name, 0o600)
	text, err = f.Read()
	require.NoError(t, err)
	require.Equal(t, "A=new\n", string(text))
}

func TestModeIsKept(t *testing.T) {
	dir, name := newDir(t, 0o640)
	require.NoError(t, replace(name, "A=new\n"))
	requireText(t, name, "A=new\n")
	requireMode(t, name, 0o640)
	require.Equal(t, []string{".dev.vars"}, list(t, dir), "nothing else stays")
}

func TestTargetOfLinkIsReplaced(t *testing.T) {
	dir, name := newDir(t, 0o600)
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink(name, link))
	require.NoError(t, replace(link, "A=new\n"))
	requireText(t, name, "A=new\n")
	to, err := os.Readlink(link)
	require.NoError(t, err)
	require.Equal(t, name, to)
}

// TestTemporaryName checks that the names of all files that a write creates start with the name of the file, as the
// patterns of .gitignore do.
func TestTemporaryName(t *testing.T) {
	dir, name := newDir(t, 0o600)
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		t.Skip(err)
	}
	defer watcher.Close()
	require.NoError(t, watcher.Add(dir))
	require.NoError(t, replace(name, "A=new\n"))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "last"), nil, 0o600))
	created := map[string]bool{}
	for !created["last"] {
		select {
		case event := <-watcher.Events:
			if event.Has(fsnotify.Create) {
				created[filepath.Base(event.Name)] = true
			}
		case <-time.After(10 * time.Second):
			t.Fatal("no event")
		}
	}
	delete(created, "last")
	require.Greater(t, len(created), 1, "a temporary file was created")
	for name := range created {
		require.Regexp(t, `^\.dev\.vars($|\.workerenv-(\d+|lock)$)`, name)
	}
}

// TestLeftoversAreRemoved has files of killed writers, and files that only look like them.
func TestLeftoversAreRemoved(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("without file locks, nothing shows which files are left over")
	}
	dir, name := newDir(t, 0o600)
	others := []string{
		".dev.vars.staging", ".dev.vars.workerenv-", ".dev.vars.workerenv-1.bak", ".dev.vars.workerenv-x",
		".env.workerenv-1",
	}
	left := []string{".dev.vars.workerenv-1", ".dev.vars.workerenv-4283", ".dev.vars.workerenv-lock"}
	for _, name := range append(left, others...) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	require.NoError(t, replace(name, "A=new\n"))
	require.ElementsMatch(t, append(others, ".dev.vars"), list(t, dir))
}

func TestReaderSeesOneText(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "js" {
		t.Skip("an open file cannot be replaced, or there is one thread")
	}
	_, name := newDir(t, 0o600)
	texts := []string{"A=old\n", strings.Repeat("A=new\n", 10_000)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 50 {
			if !assert.NoError(t, replace(name, texts[i%2])) {
				return
			}
		}
	}()
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		default:
		}
		got, err := os.ReadFile(name)
		require.NoError(t, err)
		require.True(t, string(got) == texts[0] || string(got) == texts[1], "a piece of a text")
	}
}

func TestWritersWait(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("there are no file locks")
	}
	dir, name := newDir(t, 0o600)
	first, err := replacefile.Open(name)
	require.NoError(t, err)
	opened := make(chan error)
	go func() {
		second, err := replacefile.Open(name)
		if err == nil {
			second.Close()
		}
		opened <- err
	}()
	select {
	case <-opened:
		t.Fatal("two writers at the same time")
	case <-time.After(100 * time.Millisecond):
	}
	first.Close()
	require.NoError(t, <-opened)
	require.Equal(t, []string{".dev.vars"}, list(t, dir))
}

// TestRefuses has things in the place of the file that must not be replaced. They are there when the file is opened,
// or appear afterwards.
func TestRefuses(t *testing.T) {
	tests := append(kinds, kind{
		"read-only file", func(name string) error { return os.WriteFile(name, nil, 0o400) },
		"not replaced, since it is read-only: permission denied",
	}, kind{
		"directory", func(name string) error { return os.Mkdir(name, 0o700) },
		"not replaced, since it is a directory",
	})
	for _, test := range tests {
		for _, when := range []string{"before", "after"} {
			t.Run(test.name+" "+when, func(t *testing.T) {
				dir, err := os.MkdirTemp("", "") // a short name, for the socket
				require.NoError(t, err)
				defer os.RemoveAll(dir)
				name := filepath.Join(dir, ".dev.vars")
				var f *replacefile.File
				if when == "after" {
					f, err = replacefile.Open(name)
					require.NoError(t, err)
					defer f.Close()
				}
				if err := test.make(name); err != nil {
					t.Skip(err)
				}
				before, err := os.Lstat(name)
				require.NoError(t, err)
				files := list(t, dir)
				want := "write " + name + ": " + test.want
				if f == nil {
					require.EqualError(t, replace(name, "A=new\n"), want)
				} else {
					require.EqualError(t, f.Replace([]byte("A=new\n")), want)
					_, err := f.Read()
					require.EqualError(t, err, want)
				}
				after, err := os.Lstat(name)
				require.NoError(t, err)
				require.True(t, os.SameFile(before, after))
				require.Equal(t, files, list(t, dir), "no temporary file stays")
				os.Chmod(name, 0o600) // for the removal on Windows
			})
		}
	}
}

// kind is something that must not be replaced, and the error.
type kind struct {
	name string
	make func(name string) error
	want string
}

func TestRefusesLinkToNothing(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink("nowhere", link))
	require.ErrorIs(t, replace(link, "A=new\n"), fs.ErrNotExist)
	require.ErrorIs(t, replace(filepath.Join(dir, "missing", ".dev.vars"), "A=new\n"), fs.ErrNotExist)
	require.Equal(t, []string{"link"}, list(t, dir))
}
