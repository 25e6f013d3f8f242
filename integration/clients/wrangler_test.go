package clients

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
)

// wrangler returns the commands of a release of wrangler. The folder, relative to node_modules, has its package; "" is
// wrangler 4.164.0.
func wrangler(folder string) calls {
	command := func(input, args string) func(*trial) string {
		return func(t *trial) string { return t.wrangler(folder, input, strings.Fields(t.expand(args))) }
	}
	commands := calls{
		"deploy a new Worker":            command("", "deploy --var HOST:shop.example"),
		"deploy a change of a var":       command("", "deploy --var HOST:new.example"),
		"secret put":                     command("n3w", "secret put API_KEY"),
		"secret list":                    command("", "secret list"),
		"secret delete":                  command("", "secret delete API_KEY"),
		"secret bulk":                    command(`{"API_KEY": "n3w", "TOKEN": "t0ken"}`, "secret bulk"),
		"versions upload":                command("", "versions upload --var HOST:new.example"),
		"versions secret put":            command("n3w", "versions secret put API_KEY"),
		"versions list":                  command("", "versions list"),
		"versions view":                  command("", "versions view $V2"),
		"versions deploy, 10 % and 90 %": command("", "versions deploy $V2@10% $V1@90% -y"),
		"deployments list":               command("", "deployments list"),
		"rollback to other secrets":      command("", "rollback $V1 -m back -y"),
		"pages secret put":               command("n3w", "pages secret put API_KEY --project-name site"),
		"delete the Worker":              command("", "delete --force"),
	}
	if folder == "" {
		commands["deploy a new Worker with a secret"] =
			command("", "deploy --var HOST:shop.example --secrets-file secrets.json")
	}
	return commands
}

// expand replaces $V1 by the ID of the first version, and so on.
func (t *trial) expand(args string) string {
	return os.Expand(args, func(name string) string { return t.id(int(name[1] - '0')) })
}

// wrangler runs wrangler in a small project.
func (t *trial) wrangler(folder, input string, args []string) string {
	t.Helper()
	for name, text := range map[string]string{
		"wrangler.json": `{"name": "shop", "main": "index.js", "compatibility_date": "2026-01-01", "workers_dev": false}`,
		"index.js":      code,
		"secrets.json":  `{"API_KEY": "k3y"}`,
	} {
		if args[0] == "pages" && name == "wrangler.json" {
			continue
		}
		t.write(name, text)
	}
	main := filepath.Join(live.Modules(t), "wrangler")
	if folder != "" {
		main = filepath.Join(npmFolder(t), "node_modules", folder)
	}
	output, err := t.node(input, append([]string{filepath.Join(main, "wrangler-dist", "cli.js")}, args...)...)
	require.NoError(t, err, "%s", output)
	return output
}
