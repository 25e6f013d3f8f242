package workerenv_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
)

// fences returns the contents of the fenced blocks of the README: a program, its output, a loop, a
// test, a shell session.
func fences(t *testing.T) []string {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var blocks []string
	for i, part := range strings.Split(string(readme), "```") {
		if i%2 == 1 {
			_, content, _ := strings.Cut(part, "\n") // after the language
			blocks = append(blocks, content)
		}
	}
	require.Len(t, blocks, 5)
	return blocks
}

// goTool runs the go command in a new module with one file. The module uses this library and its
// go.sum.
func goTool(t *testing.T, source, name string, args ...string) (output string, err error) {
	t.Helper()
	library, err := os.Getwd()
	require.NoError(t, err)
	sum, err := os.ReadFile("go.sum")
	require.NoError(t, err)
	dir := t.TempDir()
	for file, text := range map[string]string{
		name:     source,
		"go.sum": string(sum),
		"go.mod": fmt.Sprintf("module example\n\ngo 1.26\n\nrequire %[1]s v0.0.0\n\nreplace %[1]s => %[2]q\n",
			module, library),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600))
	}
	cmd := exec.Command("go", append(args, ".")...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestReadmeProgram compares the output of the program with the block below it.
func TestReadmeProgram(t *testing.T) {
	blocks := fences(t)
	out, err := goTool(t, blocks[0], "main.go", "run")
	require.NoError(t, err, out)
	require.Equal(t, blocks[1], out)
}

// TestReadmeLoop runs the loop that replaces godotenv.Load.
func TestReadmeLoop(t *testing.T) {
	const before = `package main

import (
	"fmt"
	"os"

	"github.com/workerenv/workerenv/binding"
)

func main() {
	os.Setenv("SET", "by the process")
	env := binding.EnvOf(map[string]string{"SET": "by the file", "NEW": "by the file"})
`
	out, err := goTool(t, before+fences(t)[2]+"fmt.Println(os.Getenv(\"SET\"), os.Getenv(\"NEW\"))\n}\n", "main.go", "run")
	require.NoError(t, err, out)
	require.Equal(t, "by the process by the file\n", out)
}

// TestReadmeTest runs the test of the README with a tool that tries twice, and checks that it fails for a
// tool that does not.
func TestReadmeTest(t *testing.T) {
	const before = `package main

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

func rotate(url, account, token string) error {
	for range 2 {
		body := strings.NewReader("{\"name\": \"API_KEY\", \"text\": \"new\", \"type\": \"secret_text\"}")
		request, _ := http.NewRequest("PUT", url+"/accounts/"+account+"/workers/scripts/shop/secrets", body)
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		if response.Body.Close(); response.StatusCode < 500 {
			return nil
		}
	}
	return errors.New("cannot put API_KEY")
}

`
	test := before + fences(t)[3]
	out, err := goTool(t, test, "rotate_test.go", "test")
	require.NoError(t, err, out)
	out, err = goTool(t, strings.Replace(test, "range 2", "range 1", 1), "rotate_test.go", "test")
	require.Error(t, err)
	require.Contains(t, out, "cannot put API_KEY")
}

// TestReadmeSessionLive runs the shell session with the command workerenv and the real wrangler.
func TestReadmeSessionLive(t *testing.T) {
	node, script := live.Wrangler(t)
	bin, dir := t.TempDir(), t.TempDir()
	out, err := exec.Command("go", "build", "-o", bin, "./cmd/workerenv").CombinedOutput()
	require.NoError(t, err, "%s", out)
	npx := "#!/bin/sh\nshift\nexec '" + node + "' '" + script + "' \"$@\"\n"
	require.NoError(t, os.WriteFile(filepath.Join(bin, "npx"), []byte(npx), 0o700))

	var commands, want strings.Builder
	for line := range strings.Lines(fences(t)[4]) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			commands.WriteString(command)
		} else {
			want.WriteString(line)
		}
	}
	sh := exec.CommandContext(t.Context(), "sh", "-e", "-c", commands.String())
	sh.Dir, sh.WaitDelay = dir, time.Second
	sh.Env = append(live.Environ(t), "PATH="+bin+":"+os.Getenv("PATH"))
	out, err = sh.CombinedOutput()
	require.True(t, err == nil || errors.Is(err, exec.ErrWaitDelay), "%v %s", err, out)
	require.Equal(t, want.String(), string(out))
	log, err := os.ReadFile(filepath.Join(dir, "requests.log"))
	require.NoError(t, err)
	require.Equal(t, 3, strings.Count(string(log), "msg=request"), "%s", log)
	require.NotContains(t, string(log), "s3cr3t")
}
