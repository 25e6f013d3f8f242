//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMain runs the command instead of the tests if asMain is set.
func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		os.Unsetenv(asMain)
		os.Unsetenv("GORACE")
		main()
	}
	os.Exit(m.Run())
}

const asMain = "WORKERENV_TEST_AS_MAIN"

// process returns a call of the command in dir, as a process whose environment has only PATH and the directory for
// coverage data.
func process(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Dir, cmd.Env = dir, []string{asMain + "=1", "GORACE=atexit_sleep_ms=0", "GOCOVERDIR=" + t.TempDir(),
		"PATH=" + os.Getenv("PATH")}
	return cmd
}

// finish runs cmd. If a signal ends it, the status is the one that a shell gives.
func finish(t *testing.T, cmd *exec.Cmd) call {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return call{stdout: stdout.String(), stderr: stderr.String(), status: statusOf(cmd.ProcessState)}
}

func statusOf(state *os.ProcessState) int {
	if w, ok := state.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return 128 + int(w.Signal())
	}
	return state.ExitCode()
}

func TestRunPassesTheExitStatus(t *testing.T) {
	dir := project(t, section{".dev.vars", "A=a\n"})
	for _, status := range []int{0, 1, 2, 3, 126, 127, 255} {
		cmd := process(t, dir, "run", "--", "sh", "-c", "exit "+strconv.Itoa(status))
		require.Equal(t, status, finish(t, cmd).status)
	}
	require.Equal(t, 128+int(syscall.SIGKILL),
		finish(t, process(t, dir, "run", "--", "sh", "-c", "kill -KILL $$")).status)
}

func TestRunCannotRun(t *testing.T) {
	dir := project(t, section{"file", "no program\n"}, section{"folder/", ""}, section{".dev.vars", "A=a\n"})
	for _, test := range []struct {
		program string
		status  int
		text    string
	}{
		{"no-such-program", statusNotFound, `workerenv run: exec: "no-such-program": executable file not found in $PATH`},
		{"./missing", statusNotFound, `workerenv run: exec: "./missing": stat ./missing: no such file or directory`},
		{"./file", statusNotRunnable, `workerenv run: exec: "./file": permission denied`},
		{"./folder", statusNotRunnable, `workerenv run: exec: "./folder": is a directory`},
		{"", statusNotFound, `workerenv run: exec: "": executable file not found in $PATH`},
	} {
		got := finish(t, process(t, dir, "run", "--", test.program, "argument"))
		require.Equal(t, call{status: test.status, stderr: test.text + "\n"}, got)
	}
	require.NoError(t, os.Chmod(filepath.Join(dir, "file"), 0o700))
	got := finish(t, process(t, dir, "run", "./file"))
	require.Equal(t, call{status: statusNotRunnable, stderr: "workerenv run: ./file: exec format error\n"}, got)
}

// TestRunEnvironment prints the environment of the program: that of workerenv with the env added.
func TestRunEnvironment(t *testing.T) {
	dir := project(t, section{"p/wrangler.json",
		`{"vars": {"A": "config", "J": {"x": [1, "ü"]}, "E": "", "odd name.1": "x"}}`},
		section{"p/.dev.vars", "A=\"line 1\nline 2\"\nHOME=/nowhere\n"})
	cmd := process(t, dir, "run", "-C", "p", "--", "env", "-0")
	cmd.Env = append(cmd.Env, "HOME=/home/me", "KEPT=k=k", "E=full")
	got := finish(t, cmd)
	require.Equal(t, call{stdout: got.stdout}, got)
	entries := slices.DeleteFunc(strings.Split(strings.TrimSuffix(got.stdout, "\x00"), "\x00"),
		func(entry string) bool {
			return strings.HasPrefix(entry, "GOCOVERDIR=") // of the test, not of the command
		})
	require.ElementsMatch(t, []string{"PATH=" + os.Getenv("PATH"), "KEPT=k=k", "A=line 1\nline 2", "E=",
		"HOME=/nowhere", "J={\"x\":[1,\"ü\"]}", "odd name.1=x"}, entries)
}

func TestRunKeepsDirectoryInputAndOutput(t *testing.T) {
	dir := project(t, section{"p/.dev.vars", "A=a\n"})
	cmd := process(t, dir, "run", "-C", "p", "sh", "-c", "cat; pwd -P; echo err >&2", "-Cp")
	cmd.Stdin = strings.NewReader("in\n")
	require.Equal(t, call{stdout: "in\n" + dir + "\n", stderr: "err\n"}, finish(t, cmd))
}

// TestRunRefusesTheProject checks that no program starts without a complete env.
func TestRunRefusesTheProject(t *testing.T) {
	dir := project(t, section{"wrangler.json", "{"})
	got := finish(t, process(t, dir, "run", "touch", "made"))
	require.Equal(t, statusFailure, got.status)
	require.NoFileExists(t, filepath.Join(dir, "made"))
	dir = project(t, section{"wrangler.json", `{"vars": {"V": "c4n4ry\u0000"}}`})
	got = finish(t, process(t, dir, "run", "touch", "made"))
	require.Equal(t, statusFailure, got.status)
	require.Contains(t, got.stderr, "cannot hold V: ")
	require.NotContains(t, got.stderr, canary)
	require.NoFileExists(t, filepath.Join(dir, "made"))
}

// TestRunTooLarge expects the name of the variable that is too large for the system.
func TestRunTooLarge(t *testing.T) {
	dir := project(t, section{".dev.vars", "SMALL=s\nLARGE=" + strings.Repeat(canary, 1<<20) + "\n"})
	got := finish(t, process(t, dir, "run", "true"))
	require.Equal(t, call{status: statusNotRunnable,
		stderr: "workerenv run: true: argument list too long: the longest variable is LARGE\n"}, got)
}

// TestRunSignals sends a signal to workerenv: the program receives it and sets the exit status.
func TestRunSignals(t *testing.T) {
	dir := project(t, section{".dev.vars", "A=a\n"})
	const traps = `trap 'echo got TERM; exit 7' TERM; trap 'echo got INT; exit 8' INT; trap 'echo got HUP; exit 9' HUP
		echo ready; while :; do sleep 0.05; done`
	for _, test := range []struct {
		program string
		signal  syscall.Signal
		status  int
		said    string
	}{
		{traps, syscall.SIGTERM, 7, "got TERM\n"},
		{traps, syscall.SIGINT, 8, "got INT\n"},
		{traps, syscall.SIGHUP, 9, "got HUP\n"},
		{"echo ready; exec sleep 60", syscall.SIGTERM, 128 + int(syscall.SIGTERM), ""},
		{"echo ready; exec sleep 60", syscall.SIGINT, 128 + int(syscall.SIGINT), ""},
	} {
		if signal.Ignored(test.signal) {
			continue // as under nohup: a shell can't trap what it was started without
		}
		cmd := process(t, dir, "run", "--", "sh", "-c", test.program)
		cmd.WaitDelay = 10 * time.Second
		pipe, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		out := bufio.NewReader(pipe)
		line, err := out.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "ready\n", line)
		require.NoError(t, cmd.Process.Signal(test.signal))
		rest, err := io.ReadAll(out)
		require.NoError(t, err)
		_ = cmd.Wait() // the status says it
		require.Equal(t, test.said, string(rest))
		require.Equal(t, test.status, statusOf(cmd.ProcessState))
	}
}

// TestMainReadsTheProcess checks what main does: directory, environment, streams.
func TestMainReadsTheProcess(t *testing.T) {
	dir := project(t, section{"wrangler.json",
		`{"vars": {"A": "top"}, "env": {"staging": {"vars": {"A": "staging"}}}}`})
	cmd := process(t, dir, "env", "--json")
	cmd.Env = append(cmd.Env, "CLOUDFLARE_ENV=staging", "TERM=xterm")
	got := finish(t, cmd)
	require.Equal(t, 0, got.status)
	require.JSONEq(t, `"staging"`, string(rowsOf(t, got.stdout)[0].Value))
	require.NotContains(t, got.stdout+got.stderr, "\x1b", "a pipe is no terminal")
	require.Equal(t, statusUsage, finish(t, process(t, dir)).status)
}

// TestNamedPipe reads a .dev.vars file that is a named pipe, as password managers make it.
func TestNamedPipe(t *testing.T) {
	dir := project(t, section{"wrangler.json", `{"vars": {"A": "config"}}`})
	name := filepath.Join(dir, ".dev.vars")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Skip("named pipes cannot be made here")
	}
	go os.WriteFile(name, []byte("A=from the pipe\n"), 0) // ends when it has been read
	got := finish(t, process(t, dir, "env", "--json", "--reveal"))
	require.Equal(t, 0, got.status)
	require.JSONEq(t, `"from the pipe"`, string(rowsOf(t, got.stdout)[0].Value))
}
