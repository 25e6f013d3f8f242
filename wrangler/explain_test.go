package wrangler_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler"
)

// tree makes a file system of texts. A path that ends in "/" is a directory.
func tree(texts map[string]string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range texts {
		if dir, ok := strings.CutSuffix(name, "/"); ok {
			files[dir] = &fstest.MapFile{Mode: fs.ModeDir | 0o755}
			continue
		}
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

const config = `{
	"name": "w",
	"vars": { "A": "top", "T": "top" },
	"kv_namespaces": [{ "binding": "K", "id": "x" }],
	"env": {
		"staging": { "vars": { "A": "staging" } }
	}
}
`

const withSecrets = `{"vars": {"A": "a"}, "secrets": {"required": ["R"]}}`

func TestExplain(t *testing.T) {
	tests := []struct {
		name    string
		files   map[string]string
		options wrangler.Options
		dev     wrangler.DevOptions
		deploy  *wrangler.DeployOptions
		want    string
	}{{
		name:  "a var",
		files: map[string]string{"wrangler.json": config},
		want:  "A\n  wrangler.json:3:17 vars.A: used",
	}, {
		name:  "a var in TOML",
		files: map[string]string{"wrangler.toml": "[vars]\nB = 1\nA = 'x'\n"},
		want:  "A\n  wrangler.toml:3:5 vars.A: used",
	}, {
		name:  "a resource",
		files: map[string]string{"wrangler.json": config},
		want:  "K\n  wrangler.json:4:20 kv_namespaces[0]: used",
	}, {
		name:    "an environment does not inherit",
		files:   map[string]string{"wrangler.json": config},
		options: wrangler.Options{Environment: new("staging")},
		want: "A\n  wrangler.json:3:17 vars.A: dropped, an environment does not inherit the vars of the top level; add it to the environment" +
			"\n  wrangler.json:6:31 env.staging.vars.A: used",
	}, {
		name:    "an environment lacks a var",
		files:   map[string]string{"wrangler.json": config},
		options: wrangler.Options{Environment: new("staging")},
		want:    "T\n  wrangler.json:3:29 vars.T: dropped, an environment does not inherit the vars of the top level; add it to the environment",
	}, {
		name:  "a secret over a var",
		files: map[string]string{"wrangler.json": config, ".dev.vars": "# c\nB=1\n export A=2\n"},
		want:  "A\n  wrangler.json:3:17 vars.A: shadowed, a local secret replaces a var of the same name\n  .dev.vars:3:9: used",
	}, {
		name:  "twice in one file",
		files: map[string]string{".dev.vars": "A=1\nA=2\n"},
		want:  "A\n  .dev.vars:1:1: shadowed, a later assignment in the same file counts\n  .dev.vars:2:1: used",
	}, {
		name:    "the environment's own file",
		files:   map[string]string{"wrangler.json": config, ".dev.vars": "S=1\n", ".dev.vars.staging": "S=2\n"},
		options: wrangler.Options{Environment: new("staging")},
		want:    "S\n  .dev.vars:1:1: dropped, .dev.vars is not read if the environment has a file of its own; move the name to that file\n  .dev.vars.staging:1:1: used",
	}, {
		name:    "CLOUDFLARE_ENV selects no file",
		files:   map[string]string{"wrangler.json": config, ".dev.vars": "S=1\n", ".dev.vars.staging": "S=2\n"},
		options: wrangler.Options{Environ: []string{"CLOUDFLARE_ENV=staging"}},
		want:    "S\n  .dev.vars.staging:1:1: dropped, only --env selects this file, CLOUDFLARE_ENV does not; use --env\n  .dev.vars:1:1: used",
	}, {
		name:    "CLOUDFLARE_ENV selects no .env file",
		files:   map[string]string{"wrangler.json": config, ".env": "S=1\n", ".env.staging": "S=2\n"},
		options: wrangler.Options{Environ: []string{"CLOUDFLARE_ENV=staging"}},
		want:    "S\n  .env.staging:1:1: dropped, only --env selects this file, CLOUDFLARE_ENV does not; use --env\n  .env:1:1: used",
	}, {
		name:  ".dev.vars keeps .env files out",
		files: map[string]string{".dev.vars": "", ".env": "S=1\n"},
		want:  "S\n  .env:1:1: dropped, .env files are not read if there is a .dev.vars; move the name to .dev.vars",
	}, {
		name:    "four .env files",
		files:   map[string]string{".env": "S=1\n", ".env.local": "S=2\n", ".env.e": "S=3\n", ".env.e.local": "S=4\n"},
		options: wrangler.Options{Environment: new("e")},
		want: "S\n  .env:1:1: shadowed, a later file counts, and .env.NAME is later than .env.local\n  .env.local:1:1: shadowed, a later file counts, and .env.NAME is later than .env.local" +
			"\n  .env.e:1:1: shadowed, a later file counts, and .env.NAME is later than .env.local\n  .env.e.local:1:1: used",
	}, {
		name:    "--env-file",
		files:   map[string]string{".dev.vars": "S=1\n", "my.env": "S=2\n"},
		options: wrangler.Options{EnvFiles: []string{"my.env"}},
		want:    "S\n  .dev.vars:1:1: dropped, with --env-file only the files that it names are read; name this file as well\n  my.env:1:1: used",
	}, {
		name:    ".env files switched off",
		files:   map[string]string{".env": "S=1\n"},
		options: wrangler.Options{Environ: []string{"CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV=false"}},
		want:    "S\n  .env:1:1: dropped, CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV is false; unset it to read .env files",
	}, {
		name:  "not required",
		files: map[string]string{"wrangler.json": withSecrets, ".dev.vars": "S=1\nR=2\n"},
		want:  "S\n  .dev.vars:1:1: dropped, the list secrets.required of the configuration lacks the name; add it there",
	}, {
		name:  "a resource stays",
		files: map[string]string{"wrangler.json": config, ".dev.vars": "K=1\n"},
		want:  "K\n  wrangler.json:4:20 kv_namespaces[0]: used\n  .dev.vars:1:1: dropped, a binding of another kind has this name; rename one of them",
	}, {
		name:  "a name that every object has",
		files: map[string]string{".dev.vars": "constructor=1\n"},
		want:  "constructor\n  .dev.vars:1:1: dropped, every JavaScript object has a property of this name, which wrangler dev takes for a binding; rename it",
	}, {
		name:    "the process is not included",
		files:   map[string]string{".dev.vars": "S=1\n"},
		options: wrangler.Options{Environ: []string{"S=2"}},
		want:    "S\n  .dev.vars:1:1: used\n  process environment: dropped, process variables do not count; set CLOUDFLARE_INCLUDE_PROCESS_ENV=true and use .env files",
	}, {
		name:    "the process wins",
		files:   map[string]string{"wrangler.json": withSecrets, ".env": "R=1\n"},
		options: wrangler.Options{Environ: []string{"R=2"}},
		want:    "R\n  .env:1:1: shadowed, the process environment wins over files\n  process environment: used",
	}, {
		name:    "the process is empty",
		files:   map[string]string{"wrangler.json": withSecrets, ".env": "R=1\n"},
		options: wrangler.Options{Environ: []string{"R="}, Programmatic: true},
		want:    "R\n  .env:1:1: used\n  process environment: dropped, an empty process variable does not win over a file",
	}, {
		name:    "the process has the same",
		files:   map[string]string{"wrangler.json": withSecrets, ".env": "R=1\n"},
		options: wrangler.Options{Environ: []string{"R=1"}, Programmatic: true},
		want:    "R\n  .env:1:1: used\n  process environment: dropped, the file has the same value",
	}, {
		name:    "the process alone",
		files:   map[string]string{"wrangler.json": withSecrets},
		options: wrangler.Options{Environ: []string{"R=1"}},
		want:    "R\n  process environment: used",
	}, {
		name:  "a flag wins",
		files: map[string]string{"wrangler.json": config, ".dev.vars": "A=1\n"},
		dev:   wrangler.DevOptions{Vars: []string{"A:2"}},
		want: "A\n  wrangler.json:3:17 vars.A: shadowed, a flag wins over everything else" +
			"\n  .dev.vars:1:1: shadowed, a flag wins over everything else\n  --var: used",
	}, {
		name:    "the project wins over a default of Pages",
		files:   map[string]string{"wrangler.json": `{"pages_build_output_dir": "d"}`, ".dev.vars": "CF_PAGES=mine\n"},
		options: wrangler.Options{Pages: true},
		want:    "CF_PAGES\n  .dev.vars:1:1: used\n  wrangler pages dev: shadowed, the project's own value wins over what wrangler adds",
	}, {
		name:    "a default of Pages",
		options: wrangler.Options{Pages: true},
		want:    "CF_PAGES\n  wrangler pages dev: used",
	}, {
		name:    "the files of a Pages project",
		files:   map[string]string{".dev.vars": "ASSETS=mine\n"},
		options: wrangler.Options{Pages: true},
		want:    "ASSETS\n  .dev.vars:1:1: shadowed, a binding of another kind has this name\n  wrangler pages dev: used",
	}, {
		name:    "a flag of Pages",
		options: wrangler.Options{Pages: true},
		dev:     wrangler.DevOptions{PagesBindings: []string{"CF_PAGES=0"}},
		want:    "CF_PAGES\n  wrangler pages dev: shadowed, a flag wins over everything else\n  --binding: used",
	}, {
		name: "nobody knows it",
		want: "NONE",
	}, {
		name:    "files beside the configuration, as seen from below",
		files:   map[string]string{"wrangler.json": config, ".dev.vars": "A=1\n", "app/sub/x": ""},
		options: wrangler.Options{Dir: "app/sub"},
		want:    "A\n  ../../wrangler.json:3:17 vars.A: shadowed, a local secret replaces a var of the same name\n  ../../.dev.vars:1:1: used",
	}, {
		name:  "columns are characters",
		files: map[string]string{"wrangler.json": `{"vars": {"é😀": 1, "A": 2}}`},
		want:  "A\n  wrangler.json:1:25 vars.A: used",
	}, {
		name:   "a secrets file wins",
		files:  map[string]string{"wrangler.json": config, "s.json": `{"A": "1"}`},
		deploy: &wrangler.DeployOptions{SecretsFile: "s.json"},
		want:   "A\n  wrangler.json:3:17 vars.A: shadowed, secrets that are uploaded with the Worker win\n  s.json:1:7: used",
	}, {
		name:   "a secrets file of lines wins over a flag",
		files:  map[string]string{"wrangler.json": config, "s.env": "\nA=1\n"},
		deploy: &wrangler.DeployOptions{SecretsFile: "s.env", Vars: []string{"A:1"}},
		want: "A\n  wrangler.json:3:17 vars.A: shadowed, secrets that are uploaded with the Worker win" +
			"\n  --var: shadowed, secrets that are uploaded with the Worker win\n  s.env:2:1: used",
	}, {
		name:    "the process wins over a secrets file",
		files:   map[string]string{"s.env": "A=1\n"},
		options: wrangler.Options{Environ: []string{"A="}},
		deploy:  &wrangler.DeployOptions{SecretsFile: "s.env"},
		want:    "A\n  s.env:1:1: shadowed, the process environment wins over files\n  process environment: used",
	}, {
		name:   "a flag when deploying",
		files:  map[string]string{"wrangler.json": config},
		deploy: &wrangler.DeployOptions{Vars: []string{"K:1"}},
		want:   "K\n  wrangler.json:4:20 kv_namespaces[0]: shadowed, a flag wins over everything else\n  --var: used",
	}, {
		name:   "a required secret",
		files:  map[string]string{"wrangler.json": withSecrets},
		deploy: &wrangler.DeployOptions{},
		want:   "R\n  wrangler.json:1:47 secrets.required[0]: used",
	}}
	reasons := map[wrangler.Reason]bool{}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.options.FS = tree(test.files)
			r, err := resolve(test.options, test.dev)
			if test.deploy != nil {
				r, err = deploy(test.options, *test.deploy)
			}
			require.NoError(t, err)
			name, _, _ := cut(test.want)
			explanation := r.Explain(name)
			require.Equal(t, test.want, explanation.String())
			requireConsistent(t, r, explanation)
			for _, c := range explanation.Candidates {
				reasons[c.Reason] = true
			}
		})
	}
	for _, reason := range allReasons {
		require.True(t, reasons[reason], "no test of %s", reason)
	}
}

var allReasons = []wrangler.Reason{
	wrangler.SecretOverVar, wrangler.LaterLine, wrangler.LaterFile, wrangler.ProcessWins, wrangler.FlagWins,
	wrangler.SecretsFileWins,
	wrangler.ProjectWins, wrangler.NotInherited, wrangler.DevVarsPresent, wrangler.EnvironmentDevVars,
	wrangler.OnlyFlagSelects,
	wrangler.EnvFileGiven, wrangler.SwitchedOff, wrangler.NotRequired, wrangler.ResourceStays, wrangler.BuiltinName,
	wrangler.ProcessNotIncluded, wrangler.ProcessEmpty, wrangler.ProcessSame,
}

func cut(lines string) (first, rest string, ok bool) { return strings.Cut(lines, "\n") }

func TestExplainManyLines(t *testing.T) {
	r, err := resolve(wrangler.Options{FS: tree(map[string]string{".dev.vars": manyLines(300, "A=%d\n")})},
		wrangler.DevOptions{})
	require.NoError(t, err)
	e := r.Explain("A")
	require.Len(t, e.Candidates, 100)
	require.Equal(t, 99, e.Candidates[98].Source.Line)
	require.Equal(t, 300, e.Candidates[99].Source.Line)
	requireConsistent(t, r, e)
}

// requireConsistent checks what holds for every explanation: what is used is what the Worker
// gets, from where Source says.
func requireConsistent(t *testing.T, r *wrangler.Resolution, e wrangler.Explanation) {
	t.Helper()
	b, bound := r.Set().Lookup(e.Name)
	winner, won := e.Winner()
	require.Equal(t, bound, won, "%s", e)
	if source, ok := r.Source(e.Name); bound {
		require.True(t, ok)
		require.Equal(t, source, winner.Source)
		require.Equal(t, b, winner.Binding)
	}
	used := 0
	for _, c := range e.Candidates {
		require.Equal(t, e.Name, c.Binding.Name())
		if c.Outcome == wrangler.Used {
			used++
		}
		require.Equal(t, c.Outcome != wrangler.Used, c.Reason != "", "%s", c)
		require.Equal(t, c.Reason != "", c.Reason.Text() != "", "%s", c)
	}
	require.LessOrEqual(t, used, 1, "%s", e)
}
