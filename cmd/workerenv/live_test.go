package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// TestScriptsLive runs the real wrangler on the projects of testdata: each call of env and deploy-bindings with
// --json and --reveal must print what wrangler dev gives a Worker and what wrangler deploy uploads.
func TestScriptsLive(t *testing.T) {
	tools := live.Oracle(t)
	for _, file := range scriptFiles(t) {
		s := parseScript(t, readScript(t, file))
		for _, c := range s.calls {
			args := words(c.line)
			if c.status == 0 && slices.Contains(args, "--json") && slices.Contains(args, "--reveal") {
				t.Run(filepath.Base(file)+": "+c.line, func(t *testing.T) { compareLive(t, tools, s, c) })
			}
		}
	}
}

func compareLive(t *testing.T, tools *oracle.Tools, s script, c call) {
	p, f := liveProject(t, project(t, s.files...), c.line)
	if f.pages || f.secretsFile != "" || len(f.configs) > 1 {
		t.Skip("wrangler pages dev, --secrets-file and several configurations are not compared here")
	}
	limits := oracle.Limits{Time: time.Minute}
	rows := rowsOf(t, c.stdout)
	if strings.Contains(c.line, "deploy-bindings") {
		upload, err := tools.Deploy(t.Context(), p, limits)
		require.NoError(t, err)
		require.Equal(t, oracle.Answered, upload.Ending, "%s", upload.Output)
		require.JSONEq(t, string(upload.Bindings), uploadOf(t, rows))
		return
	}
	dev, err := tools.Dev(t.Context(), p, limits)
	require.NoError(t, err)
	require.Equal(t, oracle.Answered, dev.Ending, "%s", dev.Output)
	requireEnv(t, dev.Env, rows)
}

// liveProject returns the project and the flags of a command line in the form that package oracle takes.
func liveProject(t *testing.T, dir, line string) (oracle.Project, *flags) {
	args := words(line)
	p := oracle.Project{}
	for strings.Contains(args[0], "=") {
		p.Process, args = append(p.Process, args[0]), args[1:]
	}
	v, args, ok := findVerb(args)
	require.True(t, ok)
	f, err := v.parse(args)
	require.NoError(t, err)
	p.Dir, p.Env, p.EnvFiles, p.Vars = filepath.Join(dir, f.dir), f.environment, f.envFiles, f.vars
	if f.config != "" {
		p.Config = &f.config
	}
	return p, f
}

func uploadOf(t *testing.T, rows []row) string {
	t.Helper()
	var list []json.RawMessage
	for _, r := range rows {
		list = append(list, json.RawMessage(upload(t, r)))
	}
	data, err := json.Marshal(list)
	require.NoError(t, err)
	return string(data)
}

// ownVariables are the variables that package oracle sets for wrangler, in addition to those of the project.
var ownVariables = []string{"PATH", "HOME", "TMPDIR", "NO_COLOR", "CI", "CLOUDFLARE_CF_FETCH_ENABLED"}

// requireEnv compares the env of a Worker, without the variables that package oracle sets, with rows.
func requireEnv(t *testing.T, env json.RawMessage, rows []row) {
	t.Helper()
	var want [][3]json.RawMessage
	require.NoError(t, json.Unmarshal(env, &want))
	want = slices.DeleteFunc(want, func(e [3]json.RawMessage) bool {
		name := text(t, e[0])
		return slices.Contains(ownVariables, name) || strings.HasPrefix(name, "WRANGLER_")
	})
	require.Len(t, rows, len(want), "%s", env)
	for i, e := range want {
		require.Equal(t, text(t, e[0]), rows[i].Name)
		if rows[i].Value != nil { // a resource has none
			require.JSONEq(t, string(e[2]), string(rows[i].Value))
		}
	}
}
