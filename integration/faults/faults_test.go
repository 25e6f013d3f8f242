//go:build linux

package faults_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// workerenv is the path of the command.
var workerenv string

// Environment variables that make the test binary another process of a test.
const (
	childTask   = "FAULTS_TEST_TASK"   // a name in childTasks
	childFile   = "FAULTS_TEST_FILE"   // the file that the process changes
	childPrefix = "FAULTS_TEST_PREFIX" // of the keys that it adds
)

// childTasks are what other processes do.
var childTasks = map[string]func(file string) error{
	"write":  writeForever,
	"update": updateForever,
	"add":    addKeys,
}

func TestMain(m *testing.M) {
	if task := childTasks[os.Getenv(childTask)]; task != nil {
		if err := task(os.Getenv(childFile)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(runTests(m))
}

// runTests builds the command and runs the tests.
func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "faults")
	if err == nil {
		defer os.RemoveAll(dir)
		workerenv = filepath.Join(dir, "workerenv")
		build := exec.Command("go", "build", "-o", workerenv, "./cmd/workerenv")
		build.Dir, build.Stderr = filepath.Join("..", ".."), os.Stderr
		err = build.Run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// child returns another process that does a task with a file.
func child(t *testing.T, task, file string, environ ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(append(os.Environ(), childTask+"="+task, childFile+"="+file), environ...)
	cmd.Stderr = os.Stderr
	return cmd
}

// command returns a call of the command in dir, which is killed after two and a half minutes: each
// attempt to read a file fails after 30 seconds, and some files are read more than once.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 150*time.Second)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, workerenv, args...)
	cmd.Dir, cmd.Env = dir, []string{"PATH=" + os.Getenv("PATH")}
	return cmd
}

// result is how a command ended.
type result struct {
	stdout, stderr string
	status         int // -1 if a signal ended it
}

func finish(cmd *exec.Cmd) (result, error) {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = nil
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}, err
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

func write(t *testing.T, file, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
}

func requireText(t *testing.T, file, text string) {
	t.Helper()
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.True(t, text == string(got), "the file has another text") // which can be long
}
