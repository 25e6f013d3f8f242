//go:build unix

package devvars_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

// Environment variables that make the test binary another process of a test.
const (
	writes = "DEVVARS_TEST_WRITES" // the file that the process writes until it is killed
	adds   = "DEVVARS_TEST_ADDS"   // the file that the process adds keys to
	prefix = "DEVVARS_TEST_PREFIX" // the prefix of these keys
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(writes) != "":
		writeForever(os.Getenv(writes))
	case os.Getenv(adds) != "":
		addKeys(os.Getenv(adds), os.Getenv(prefix))
	default:
		os.Exit(m.Run())
	}
}

func process(t *testing.T, environ ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env, cmd.Stderr = append(os.Environ(), environ...), os.Stderr
	return cmd
}

// versionText returns a large file in which all assignments have the same value.
func versionText(n int) []byte {
	var b bytes.Buffer
	for i := range 5000 {
		fmt.Fprintf(&b, "KEY_%d=version %d\n", i, n)
	}
	return b.Bytes()
}

func writeForever(name string) {
	texts := []*devvars.File{devvars.Parse(versionText(1)), devvars.Parse(versionText(2))}
	fmt.Println("ready")
	for i := 0; ; i++ {
		if err := texts[i%2].WriteFile(name); err != nil {
			panic(err)
		}
	}
}

// TestKilledWriter kills processes while they write. The file has one of the two texts, a file that
// stays is covered by the pattern .dev.vars* and private, and the next write removes it.
func TestKilledWriter(t *testing.T) {
	kills := 200
	if testing.Short() {
		kills = 20
	}
	dir := t.TempDir()
	name := filepath.Join(dir, ".dev.vars")
	require.NoError(t, devvars.Parse(versionText(1)).WriteFile(name))
	texts := [][]byte{versionText(1), versionText(2)}
	left := 0
	for range kills {
		cmd := process(t, writes+"="+name)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		_, err = bufio.NewReader(out).ReadString('\n')
		require.NoError(t, err)
		time.Sleep(rand.N(5 * time.Millisecond))
		require.NoError(t, cmd.Process.Signal(syscall.SIGKILL))
		require.Error(t, cmd.Wait())

		got, err := os.ReadFile(name)
		require.NoError(t, err)
		require.True(t, bytes.Equal(got, texts[0]) || bytes.Equal(got, texts[1]), "the file is torn")
		names := list(t, dir)
		require.LessOrEqual(t, len(names), 3, "the file, its lock, and one temporary file: the next process removes it")
		for _, entry := range names {
			require.True(t, strings.HasPrefix(entry, ".dev.vars"), entry)
			info, err := os.Stat(filepath.Join(dir, entry))
			require.NoError(t, err)
			require.True(t, info.Mode().Perm() == 0o600 || info.Size() == 0, "%s can be read by others", entry)
			if strings.HasPrefix(entry, ".dev.vars.workerenv-") && info.Size() > 0 {
				left++
			}
		}
	}
	t.Logf("%d kills left %d temporary files with text", kills, left)
	require.NoError(t, devvars.Parse(versionText(1)).WriteFile(name))
	require.Equal(t, []string{".dev.vars"}, list(t, dir))
}

// keys is how many keys each process adds in TestUpdateProcesses.
const keys = 300

func addKeys(name, prefix string) {
	for i := range keys {
		err := devvars.Update(name, func(f *devvars.File) error { return f.Set(fmt.Sprint(prefix, i), "value") })
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// TestUpdateProcesses has two processes that add keys to the same file, which must keep all of them.
func TestUpdateProcesses(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, ".dev.vars")
	cmds := []*exec.Cmd{process(t, adds+"="+name, prefix+"=A"), process(t, adds+"="+name, prefix+"=B")}
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
