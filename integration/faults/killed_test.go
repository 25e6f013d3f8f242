//go:build linux

package faults_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

// versionText returns a large file in which all assignments have the same value.
func versionText(n int) []byte {
	var b bytes.Buffer
	for i := range 5000 {
		fmt.Fprintf(&b, "KEY_%d=version %d\n", i, n)
	}
	return b.Bytes()
}

// writeForever writes two texts in turn.
func writeForever(name string) error {
	texts := []*devvars.File{devvars.Parse(versionText(1)), devvars.Parse(versionText(2))}
	fmt.Println("ready")
	for i := 0; ; i++ {
		if err := texts[i%2].WriteFile(name); err != nil {
			return err
		}
	}
}

// updateForever turns one text into the other.
func updateForever(name string) error {
	fmt.Println("ready")
	for i := 0; ; i++ {
		err := devvars.Update(name, func(f *devvars.File) error {
			*f = *devvars.Parse(versionText(1 + i%2))
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// TestKilledWriter kills processes while they write. The file has one of the two texts, a file that
// stays is private and ignored by git with the pattern .dev.vars*, and the next write removes it.
func TestKilledWriter(t *testing.T) {
	for _, task := range []string{"write", "update"} {
		t.Run(task, func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, ".dev.vars")
			gitInit(t, dir)
			require.NoError(t, devvars.Parse(versionText(1)).WriteFile(name))
			left := 0
			for range 200 {
				kill(t, child(t, task, name))
				left += requireWhole(t, dir)
			}
			t.Logf("200 kills left %d temporary files with text", left)
			require.NoError(t, devvars.Parse(versionText(1)).WriteFile(name))
			require.Equal(t, []string{".dev.vars", ".git", ".gitignore"}, list(t, dir))
		})
	}
}

// kill starts a process and kills it within 5 ms after it is ready.
func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	time.Sleep(rand.N(5 * time.Millisecond))
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
}

// requireWhole checks the files that a killed writer has left, and returns how many of them are
// temporary and have a text.
func requireWhole(t *testing.T, dir string) (left int) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(dir, ".dev.vars"))
	require.NoError(t, err)
	require.True(t, bytes.Equal(got, versionText(1)) || bytes.Equal(got, versionText(2)), "the file is torn")
	names := list(t, dir)
	require.LessOrEqual(t, len(names), 5, "the file, its lock, one temporary file, and those of git: %q", names)
	for _, entry := range names {
		if strings.HasPrefix(entry, ".git") {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, entry))
		require.NoError(t, err)
		require.True(t, info.Mode().Perm() == 0o600 || info.Size() == 0, "%s can be read by others", entry)
		if strings.HasPrefix(entry, ".dev.vars.workerenv-") && info.Size() > 0 {
			left++
		}
	}
	if len(names) > 3 { // git needs longer than all else
		require.Equal(t, "?? .gitignore\n", git(t, dir, "status", "--porcelain", "--untracked-files=all"))
	}
	return left
}

func gitInit(t *testing.T, dir string) {
	t.Helper()
	git(t, dir, "init", "--quiet")
	write(t, filepath.Join(dir, ".gitignore"), ".dev.vars*\n")
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

// keys is how many keys each process adds in TestUpdateProcesses.
const keys = 300

func addKeys(name string) error {
	for i := range keys {
		key := fmt.Sprint(os.Getenv(childPrefix), i)
		if err := devvars.Update(name, func(f *devvars.File) error { return f.Set(key, "value") }); err != nil {
			return err
		}
	}
	return nil
}

// TestUpdateProcesses has two processes that add keys to the same file, which must keep all of them.
func TestUpdateProcesses(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, ".dev.vars")
	cmds := []*exec.Cmd{child(t, "add", name, childPrefix+"=A"), child(t, "add", name, childPrefix+"=B")}
	for _, cmd := range cmds {
		require.NoError(t, cmd.Start())
	}
	for _, cmd := range cmds {
		require.NoError(t, cmd.Wait())
	}
	f, err := devvars.ReadFile(name)
	require.NoError(t, err)
	for _, p := range []string{"A", "B"} {
		for i := range keys {
			_, ok := f.Lookup(fmt.Sprint(p, i))
			require.True(t, ok, "%s%d is lost", p, i)
		}
	}
	require.Equal(t, []string{".dev.vars"}, list(t, dir))
}
