package controlplane_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/oracle"
	"github.com/workerenv/workerenv/internal/tools/projectgen"
)

// The tests of this file deploy projects with the real wrangler, and run them with its `wrangler dev`, that is, in its workerd: with the same vars and
// the same secrets, the Env of the current deployment is what the Worker sees.

// tools are the real tools.
type tools struct {
	wrangler
	oracle *oracle.Tools
}

func openTools(t *testing.T) tools {
	t.Helper()
	return tools{newWrangler(t, live.Modules(t)), live.Oracle(t)}
}

// dev returns what the Worker of a project sees in workerd, and false if wrangler refuses the project.
func (tools tools) dev(t *testing.T, p oracle.Project) (map[string]any, bool) {
	t.Helper()
	seen, err := tools.oracle.Dev(t.Context(), p, oracle.Limits{Time: 2 * time.Minute})
	require.NoError(t, err)
	if seen.Ending == oracle.Threw {
		return nil, false
	}
	require.Equal(t, oracle.Answered, seen.Ending)
	var list [][3]any // name, type, value
	require.NoError(t, json.Unmarshal(seen.Env, &list))
	env := map[string]any{}
	for _, e := range list {
		env[e[0].(string)] = e[2]
	}
	return env, true
}

// deployedEnv returns the Env of the only Worker's current deployment as a Worker would see it, and
// the names of its bindings that are neither vars nor secrets.
func deployedEnv(t *testing.T, api *controlplanetest.Server) (env map[string]any, resources []string) {
	t.Helper()
	workers, err := api.Account().Workers(t.Context())
	require.NoError(t, err)
	require.Len(t, workers, 1)
	seen, err := api.Env(workers[0].Name, "")
	require.NoError(t, err)
	snapshot, err := api.Snapshot(workers[0].Name)
	require.NoError(t, err)
	latest, _ := snapshot.Latest()
	env = map[string]any{}
	for b := range latest.Bindings().All() {
		value, ok := seen.Lookup(b.Name())
		if b.Kind() == binding.JSON {
			var v any
			require.NoError(t, json.Unmarshal([]byte(value.Reveal()), &v))
			env[b.Name()] = v
		} else if ok {
			env[b.Name()] = value.Reveal()
		} else {
			resources = append(resources, b.Name())
		}
	}
	return env, resources
}

// without returns env without some names.
func without(env map[string]any, names []string) map[string]any {
	maps.DeleteFunc(env, func(name string, _ any) bool { return slices.Contains(names, name) })
	return env
}

// secretsOf are values that files and shells may change.
var secretsOf = map[string]string{"SECRET_KEY": `it's "$HOME" \n # é ${A}`,
	"API_TOKEN": "-----BEGIN-----\nAB==\n-----END-----"}

// TestShopEqualsWorkerd puts the secrets of the example project one by one and deploys it, in each
// of its environments.
func TestShopEqualsWorkerd(t *testing.T) {
	tools := openTools(t)
	for _, environment := range []*string{nil, new("staging")} {
		t.Run(*cmp.Or(environment, new("top")), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			require.NoError(t, os.CopyFS(dir, os.DirFS("../examples/shop")))
			api := controlplanetest.NewServer(t, controlplane.Options{})
			run := func(input string, args ...string) {
				if environment != nil {
					args = append(args, "--env", *environment)
				}
				output := tools.run(t, step{args: args, input: input}, dir, api)
				require.NotContains(t, output, "[exit status", "%s", args)
			}
			for name, value := range secretsOf {
				run(value, "secret", "put", name)
			}
			run("", "deploy")
			writeDevVars(t, dir, secretsOf)
			want, ok := tools.dev(t, oracle.Project{Dir: dir, Env: environment})
			require.True(t, ok)
			got, resources := deployedEnv(t, api)
			require.Equal(t, []string{"CARTS"}, resources)
			require.Equal(t, without(want, resources), got)
			require.Equal(t, secretsOf["API_TOKEN"], got["API_TOKEN"])
			require.GreaterOrEqual(t, len(got), 5)
		})
	}
}

func writeDevVars(t *testing.T, dir string, secrets map[string]string) {
	t.Helper()
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		value, err := devvars.Quote(secrets[name])
		require.NoError(t, err)
		fmt.Fprintf(&text, "%s=%s\n", name, value)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".dev.vars"), []byte(text.String()), 0o644))
}

// TestProjectsEqualWorkerd deploys generated projects, with the secrets in a file. WORKERENV_DEPLOYED is their number,
// 10 unless it is set.
func TestProjectsEqualWorkerd(t *testing.T) {
	tools := openTools(t)
	g, n := projectgen.New(live.Seed(t)), live.Count(t, "WORKERENV_DEPLOYED", 10)
	var same, refused, names atomic.Int64
	t.Cleanup(func() {
		t.Logf("%d projects: %d are the same, with %d vars and secrets, and %d refused", n, same.Load(),
			names.Load(), refused.Load())
	})
	for i := range n {
		p := deployable(g)
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			env, ok := tools.compare(t, p)
			if !ok {
				refused.Add(1)
				return
			}
			same.Add(1)
			names.Add(int64(len(env)))
		})
	}
}

// deployable makes a project whose local values are those of .dev.vars alone, which is to have the
// same as the secrets of the Worker. Projects with required secrets are left out, since `wrangler
// dev` takes no others where there are any, and those with queues, which wrangler looks for before
// it deploys. The first letter of either word may be written as an escape.
func deployable(g *projectgen.Generator) projectgen.Project {
	for {
		p := g.Calm()
		p.Args.EnvFiles, p.Args.SecretsFile, p.Args.KeepVars, p.Args.Process = nil, "", false, nil
		isLocal := func(path, _ string) bool {
			base := filepath.Base(path)
			return strings.HasPrefix(base, ".env") || strings.HasPrefix(base, ".dev.vars")
		}
		maps.DeleteFunc(p.Files, isLocal)
		maps.DeleteFunc(p.Links, isLocal)
		text := strings.Join(slices.Collect(maps.Values(p.Files)), "\n")
		if !strings.Contains(text, "ecrets") && !strings.Contains(text, "ueues") {
			return p
		}
	}
}

// compare deploys a project and runs it, and returns the Env that both give it. It returns false if wrangler refuses it in both ways.
func (tools tools) compare(t *testing.T, p projectgen.Project) (map[string]any, bool) {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, p.Write(root))
	dir := filepath.Join(root, filepath.FromSlash(p.Args.Dir))
	require.NoError(t, filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if e.IsDir() {
			writeDevVars(t, path, secretsOf) // wherever wrangler looks for it
		}
		return err
	}))
	secrets, err := json.Marshal(secretsOf)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "secrets.json"), secrets, 0o644))

	want, ok := tools.dev(t,
		oracle.Project{Dir: dir, Env: p.Args.Env, Config: p.Args.Config, Vars: p.Args.Vars, Script: p.Args.Script})
	api := controlplanetest.NewServer(t, controlplane.Options{})
	output := tools.run(t, step{args: deployArgs(p)}, dir, api)
	if !ok {
		require.Contains(t, output, "[exit status", "only `wrangler dev` refuses\n%s", p)
		return nil, false
	}
	if strings.Contains(output, "[code: 7003]") && !strings.Contains(output, "/workers/") {
		t.Skip("wrangler looks for a resource of another product, which there is none of")
	}
	require.NotContains(t, output, "[exit status", "only `wrangler deploy` refuses: %s\n%s", output, p)
	got, resources := deployedEnv(t, api)
	require.Equal(t, without(want, resources), got, "%s", p)
	return got, true
}

func deployArgs(p projectgen.Project) []string {
	args := []string{"deploy", cmp.Or(p.Args.Script, "oracle-worker.mjs"), "--name=w", "--compatibility-date=2026-01-01",
		"--secrets-file=secrets.json"}
	if p.Args.Env != nil {
		args = append(args, "--env="+*p.Args.Env)
	}
	if p.Args.Config != nil {
		args = append(args, "--config="+*p.Args.Config)
	}
	for _, v := range p.Args.Vars {
		args = append(args, "--var="+v)
	}
	return args
}
