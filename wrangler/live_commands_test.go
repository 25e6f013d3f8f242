package wrangler_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/oracle"
	"github.com/workerenv/workerenv/internal/tools/projectgen"
	"github.com/workerenv/workerenv/wrangler"
)

// The tests of this file run wrangler's commands on generated projects. Each run takes seconds. So
// these tests run only if a variable has the number of projects:
//
//	WORKERENV_DEPLOY   wrangler deploy --dry-run
//	WORKERENV_DEV      wrangler dev, whose Worker answers its env
//	WORKERENV_PAGES    wrangler pages dev, likewise

// commandLimits are generous: starting wrangler dev takes seconds on a busy machine.
var commandLimits = oracle.Limits{Time: 2 * time.Minute}

// commandGenerator also gives the number of projects that are asked for.
func commandGenerator(t *testing.T, variable string) (*oracle.Tools, *projectgen.Generator, int) {
	t.Helper()
	n := live.Count(t, variable, 0)
	if n == 0 {
		t.Skip(variable + " does not ask for any project")
	}
	return live.Oracle(t), liveGenerator(t), n
}

// commandQuestion is the question about a command: what only the API level has is left out.
func (p liveProject) commandQuestion() oracle.Project {
	q := p.Args
	q.Dir = p.dir
	if len(q.EnvFiles) == 0 {
		q.EnvFiles = nil
	}
	return q
}

func (p liveProject) commandOptions() wrangler.Options {
	o := p.options()
	o.Script, o.Environ = cmp.Or(o.Script, "oracle-worker.mjs"), p.Args.Process
	if len(o.EnvFiles) == 0 {
		o.EnvFiles = nil
	}
	return o
}

// oracleVars are the variables that the real tool has from the oracle and from itself.
var oracleVars = []string{
	"PATH", "HOME", "TMPDIR", "NO_COLOR", "CI", "WRANGLER_SEND_METRICS", "WRANGLER_SEND_ERROR_REPORTS",
	"WRANGLER_WRITE_LOGS",
	"CLOUDFLARE_CF_FETCH_ENABLED", "WRANGLER_API_ENVIRONMENT",
}

// comparison has the results of both for a command, and how they differ.
type comparison struct{ theirs, ours, difference string }

func TestDevEqualsWrangler(t *testing.T) {
	tools, g, n := commandGenerator(t, "WORKERENV_DEV")
	compareCommands(t, g, n, func(t *testing.T, p liveProject) comparison {
		env, err := tools.Dev(t.Context(), p.commandQuestion(), commandLimits)
		require.NoError(t, err)
		r, err := resolve(p.commandOptions(), wrangler.DevOptions{Vars: p.Args.Vars})
		return comparedEnv(t, env, r, err)
	})
}

// TestPagesEqualsWrangler takes half of the projects for Pages projects.
func TestPagesEqualsWrangler(t *testing.T) {
	tools, g, n := commandGenerator(t, "WORKERENV_PAGES")
	compareCommands(t, g, n, func(t *testing.T, p liveProject) comparison {
		q, o := p.commandQuestion(), p.commandOptions()
		q.Env, q.Config, o.Environment, o.Config, o.Script, o.Pages = nil, nil, nil, "", "", true
		var flags []string
		for _, v := range p.Args.Vars {
			flags = append(flags, strings.Replace(v, ":", "=", 1))
		}
		q.PagesBindings = flags
		env, err := tools.PagesDev(t.Context(), q, commandLimits)
		require.NoError(t, err)
		r, err := resolve(o, wrangler.DevOptions{PagesBindings: flags})
		return comparedEnv(t, env, r, err)
	})
}

func comparedEnv(t *testing.T, env oracle.Run, r *wrangler.Resolution, err error) comparison {
	t.Helper()
	if env.Ending != oracle.Answered {
		return refused(env.Output, err)
	}
	var want recordedEnv
	require.NoError(t, json.Unmarshal(env.Env, &want.Env))
	if err != nil {
		return comparison{string(env.Env), err.Error(), "only ours refuses"}
	}
	got := shapesOf(r, nil)
	shapes := withoutResources(got,
		slices.DeleteFunc(want.shapes(t, nil), func(s shape) bool { return slices.Contains(oracleVars, s.Name) }))
	return compared(fmt.Sprintf("%q", shapes), fmt.Sprintf("%q", seenByWorker(got)))
}

func TestDeployEqualsWrangler(t *testing.T) {
	tools, g, n := commandGenerator(t, "WORKERENV_DEPLOY")
	compareCommands(t, g, n, func(t *testing.T, p liveProject) comparison {
		upload, err := tools.Deploy(t.Context(), p.commandQuestion(), commandLimits)
		require.NoError(t, err)
		r, err := deploy(p.commandOptions(),
			wrangler.DeployOptions{Vars: p.Args.Vars, SecretsFile: p.Args.SecretsFile, KeepVars: p.Args.KeepVars})
		if upload.Ending != oracle.Answered {
			return refused(upload.Output, err)
		}
		if err != nil {
			return comparison{string(upload.Bindings), err.Error(), "only ours refuses"}
		}
		return compared(normal(t, upload.Bindings)+normal(t, upload.KeepBindings), uploadOf(t, r))
	})
}

func refused(theirs string, ours error) comparison {
	c := comparison{theirs: theirs, ours: fmt.Sprint(ours)}
	if ours == nil {
		c.difference = "only wrangler refuses"
	}
	return c
}

func compared(theirs, ours string) comparison {
	c := comparison{theirs: theirs, ours: ours}
	if theirs != ours {
		c.difference = "the results differ"
	}
	return c
}

// normal is JSON with the members of objects in one order.
func normal(t *testing.T, text []byte) string {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal(text, &v))
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return string(data)
}

func uploadOf(t *testing.T, r *wrangler.Resolution) string {
	t.Helper()
	list := []json.RawMessage{}
	for _, b := range r.Bindings() {
		list = append(list, json.RawMessage(upload(t, b)))
	}
	bindings, err := json.Marshal(list)
	require.NoError(t, err)
	keep, err := json.Marshal(r.KeepBindings())
	require.NoError(t, err)
	return normal(t, bindings) + normal(t, keep)
}

// compareCommands compares n projects, a few at a time, and reports every difference.
func compareCommands(t *testing.T, g *projectgen.Generator, n int, compare func(*testing.T, liveProject) comparison) {
	var refusals atomic.Int64
	t.Cleanup(func() { t.Logf("%d projects, of which both refuse %d", n, refusals.Load()) })
	for i := range n {
		p := g.Calm()
		if i%2 == 0 && t.Name() == "TestPagesEqualsWrangler" {
			p = forPages(p)
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			c := compare(t, onDisk(t, p))
			if c.difference != "" {
				t.Fatalf("%s\nwrangler: %s\nours:     %s\n%s", c.difference, c.theirs, c.ours, p)
			}
			if c.theirs[0] != '[' {
				refusals.Add(1)
			}
		})
	}
}

// forPages makes Pages projects of the JSON configurations.
func forPages(p projectgen.Project) projectgen.Project {
	for path, text := range p.Files {
		if strings.Contains(path, "wrangler.json") && strings.HasPrefix(text, "{") {
			p.Files[path] = `{"pages_build_output_dir": "dist",` + text[1:]
		}
	}
	return p
}
