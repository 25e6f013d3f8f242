//go:build unix

package main

import (
	"bufio"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestRunWatch changes the env of a running command, breaks the project, mends it and interrupts.
func TestRunWatch(t *testing.T) {
	dir := project(t, section{"wrangler.toml", "name = 'w'\n"}, section{".dev.vars", "A=1\n"})
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	cmd := process(t, dir, "run", "--watch", "--", "sh", "-c",
		"trap 'echo stopped; exit' TERM; echo started with $A; while :; do sleep 0.05; done")
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	out, errs := bufio.NewScanner(stdout), bufio.NewScanner(stderr)
	expect := func(lines *bufio.Scanner, want string) {
		t.Helper()
		require.True(t, lines.Scan())
		require.Equal(t, want, lines.Text())
	}
	expect(out, "started with 1")
	write(".dev.vars", "A=2\n")
	expect(out, "stopped")
	expect(out, "started with 2")
	write("wrangler.toml", "vars = 's3cr3t'\n")
	expect(errs, "error: wrangler.toml:1:8: vars: must be an object, but is a string (type)")
	write("wrangler.toml", "vars.B = 'b'\n")
	expect(out, "stopped")
	expect(out, "started with 2")
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	expect(out, "stopped")
	require.NoError(t, cmd.Wait())
}

// TestRunWatchCommandEnds starts a command again that has ended.
func TestRunWatchCommandEnds(t *testing.T) {
	dir := project(t, section{"wrangler.toml", ""}, section{".dev.vars", "A=1\n"})
	cmd := process(t, dir, "run", "--watch", "--", "sh", "-c", "exit $A")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(stderr)
	for _, status := range []string{"1", "2"} {
		require.True(t, lines.Scan())
		require.Equal(t, "workerenv run: the command ended with status "+status+"; waiting for a change of the env",
			lines.Text())
		require.NoError(t, os.WriteFile(filepath.Join(dir, ".dev.vars"), []byte("A=2\n"), 0o600))
	}
	time.Sleep(10 * time.Millisecond)
	require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	require.NoError(t, cmd.Wait())
}
