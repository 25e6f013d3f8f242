package wrangler_test

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/wrangler"
)

// asked is how a project is looked at in a test of findings.
type asked struct {
	options wrangler.Options
	dev     wrangler.DevOptions
	deploy  *wrangler.DeployOptions
}

// findings returns those of a project, whether it is refused or not.
func (a asked) findings() []wrangler.Finding {
	r, err := resolve(a.options, a.dev)
	if a.deploy != nil {
		r, err = deploy(a.options, *a.deploy)
	}
	if err != nil {
		return wrangler.Findings(err)
	}
	return r.Findings()
}

func TestFindings(t *testing.T) {
	redirect := func(text string) map[string]string {
		return map[string]string{"wrangler.json": `{}`, ".wrangler/deploy/config.json": text}
	}
	tests := []struct {
		name  string
		files map[string]string
		asked asked
		rule  wrangler.Rule
		want  string // severity, then the finding
	}{{
		name:  "an environment for pages dev",
		asked: asked{options: wrangler.Options{Pages: true, Environment: new("e")}},
		rule:  wrangler.RuleUsage,
		want:  "error wrangler pages dev takes no environment; its --branch flag selects production or preview",
	}, {
		name:  "a configuration for pages dev",
		asked: asked{options: wrangler.Options{Pages: true, Config: "c.json"}},
		rule:  wrangler.RuleUsage,
		want:  "error wrangler pages dev takes no path of a configuration; run it in the directory of the project",
	}, {
		name:  "an entry point for pages dev",
		asked: asked{options: wrangler.Options{Pages: true, Script: "x.js"}},
		rule:  wrangler.RuleUsage,
		want:  "error wrangler pages dev takes no entry point; leave it out",
	}, {
		name:  "dev of a Pages project",
		files: map[string]string{"wrangler.json": `{"pages_build_output_dir": "d"}`},
		rule:  wrangler.RuleUsage,
		want:  "error this is a Pages project, which wrangler dev refuses; use wrangler pages dev, here with --pages",
	}, {
		name:  "deploy of a Pages project",
		files: map[string]string{"wrangler.json": `{"pages_build_output_dir": "d"}`},
		asked: asked{deploy: &wrangler.DeployOptions{}},
		rule:  wrangler.RuleUsage,
		want:  "error this is a Pages project; deploy it with wrangler pages deploy",
	}, {
		name:  "a missing configuration",
		asked: asked{options: wrangler.Options{Config: "conf/w.toml"}},
		rule:  wrangler.RuleFile,
		want:  "error conf/w.toml: cannot read this file: no such file or directory",
	}, {
		name:  "a configuration that wrangler does not read",
		files: map[string]string{"w.yaml": "vars:"},
		asked: asked{options: wrangler.Options{Config: "w.yaml"}},
		rule:  wrangler.RuleFile,
		want: "warning w.yaml: wrangler takes this configuration for an empty one, since its name does not end in .json, .jsonc or .toml; " +
			"rename it, or name a file in it if it is a directory",
	}, {
		name:  "a directory for .dev.vars",
		files: map[string]string{".dev.vars/x": ""},
		rule:  wrangler.RuleFile,
		want:  "error .dev.vars: cannot read this file: is a directory",
	}, {
		name:  "a missing --env-file",
		files: map[string]string{"b.env": "A=1"},
		asked: asked{options: wrangler.Options{EnvFiles: []string{"a.env", "b.env"}}},
		rule:  wrangler.RuleFile,
		want:  "error a.env: cannot read this file: no such file or directory",
	}, {
		name:  "a missing secrets file",
		asked: asked{deploy: &wrangler.DeployOptions{SecretsFile: "s.json"}},
		rule:  wrangler.RuleFile,
		want:  "error s.json: cannot read this file: no such file or directory",
	}, {
		name:  "broken JSON",
		files: map[string]string{"wrangler.json": "{\n  \"vars\": {'A': 1}\n}"},
		rule:  wrangler.RuleSyntax,
		want:  "error wrangler.json:2:12: invalid JSON: expected a key in double quotes",
	}, {
		name:  "broken TOML",
		files: map[string]string{"wrangler.toml": "[vars]\nA = 1\nA = 2\n"},
		rule:  wrangler.RuleSyntax,
		want:  "error wrangler.toml:3:1: invalid TOML: this name is already defined",
	}, {
		name:  "a broken deploy configuration",
		files: redirect("{"),
		rule:  wrangler.RuleSyntax,
		want:  "error .wrangler/deploy/config.json:1:2: invalid JSON: expected a key in double quotes",
	}, {
		name:  "a deploy configuration without a path",
		files: redirect("{}"),
		rule:  wrangler.RuleRedirect,
		want:  `error .wrangler/deploy/config.json: "configPath" must be the path of the generated configuration; build the project again`,
	}, {
		name:  "a deploy configuration with something else for a path",
		files: redirect(`{"configPath": 1}`),
		rule:  wrangler.RuleRedirect,
		want:  `error .wrangler/deploy/config.json: "configPath" must be the path of the generated configuration; build the project again`,
	}, {
		name:  "a deploy configuration that leads nowhere",
		files: redirect(`{"configPath": "x.json"}`),
		rule:  wrangler.RuleRedirect,
		want:  `error .wrangler/deploy/config.json: "configPath" names a file that does not exist; build the project again`,
	}, {
		name: "a deploy configuration elsewhere",
		files: map[string]string{"wrangler.json": `{}`,
			"app/.wrangler/deploy/config.json": `{"configPath": "../../w.json"}`, "app/w.json": "{}"},
		asked: asked{options: wrangler.Options{Dir: "app"}},
		rule:  wrangler.RuleRedirect,
		want: "error .wrangler/deploy/config.json: this deploy configuration is not beside ../wrangler.json; " +
			"delete the one that is obsolete, or run wrangler in the directory of the other configuration",
	}, {
		name:  "a switch that is neither true nor false",
		asked: asked{options: wrangler.Options{Environ: []string{"CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV=canary"}}},
		rule:  wrangler.RuleSwitch,
		want:  "error CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: must be true or false",
	}, {
		name:  "the other switch, in a file",
		files: map[string]string{".env": "CLOUDFLARE_INCLUDE_PROCESS_ENV=\n"},
		rule:  wrangler.RuleSwitch,
		want:  "error CLOUDFLARE_INCLUDE_PROCESS_ENV: must be true or false",
	}, {
		name:  "a vault",
		files: map[string]string{".env": "", ".env.local.vault": "x"},
		asked: asked{options: wrangler.Options{Environ: []string{"DOTENV_KEY=x"}}},
		rule:  wrangler.RuleVault,
		want: "error .env.local.vault: DOTENV_KEY is set, so wrangler would decrypt this file, which is not supported; " +
			"unset the variable or remove the file",
	}, {
		name:  "an endless expansion",
		files: map[string]string{".env": "B=1\nA=${constructor}\n"},
		rule:  wrangler.RuleExpansion,
		want:  "error .env:2:1: A: expansion does not end; change the name or the references in the value",
	}, {
		name:  "a missing secret",
		files: map[string]string{"wrangler.json": `{"secrets": {"required": ["R"]}}`},
		rule:  wrangler.RuleMissingSecret,
		want:  "warning wrangler.json:1:27: secrets.required[0]: required secret R is missing; add it to .dev.vars or .env, or set it as an environment variable",
	}, {
		name:  "a missing secret of a new Worker",
		files: map[string]string{"wrangler.json": `{"secrets": {"required": ["R"]}}`},
		asked: asked{deploy: &wrangler.DeployOptions{NewWorker: true}},
		rule:  wrangler.RuleMissingSecret,
		want: "error wrangler.json:1:27: secrets.required[0]: required secret R is missing, and a new Worker cannot inherit it; " +
			"add it to a file for --secrets-file",
	}, {
		name:  "a secrets file without secrets",
		files: map[string]string{"s.txt": "nothing"},
		asked: asked{deploy: &wrangler.DeployOptions{SecretsFile: "s.txt"}},
		rule:  wrangler.RuleSecretsFile,
		want:  "error s.txt: contains no secrets; it must be a JSON object of strings, or lines of NAME=value",
	}, {
		name:  "a secrets file with a number",
		files: map[string]string{"s.json": "{\"A\": \"1\",\n \"B\": 2}"},
		asked: asked{deploy: &wrangler.DeployOptions{SecretsFile: "s.json"}},
		rule:  wrangler.RuleSecretsFile,
		want:  "error s.json:2:7: B: must be a string or null, not a number",
	}, {
		name:  "a var over a remote secret",
		files: map[string]string{"wrangler.json": `{"vars": {"A": 1}}`},
		asked: asked{deploy: &wrangler.DeployOptions{RemoteSecrets: []string{"A"}}},
		rule:  wrangler.RuleRemoteSecret,
		want:  "warning wrangler.json:1:16: vars.A: binding A would replace a secret of the deployed Worker; rename it, or delete the secret if it is not needed",
	}, {
		name:  "a var over a remote secret, strictly",
		files: map[string]string{"wrangler.json": `{"vars": {"A": 1}}`},
		asked: asked{deploy: &wrangler.DeployOptions{RemoteSecrets: []string{"A"}, Strict: true}},
		rule:  wrangler.RuleRemoteSecret,
		want:  "error wrangler.json:1:16: vars.A: binding A would replace a secret of the deployed Worker; rename it, or delete the secret if it is not needed",
	}, {
		name:  "an environment of a file that the configuration lacks",
		files: map[string]string{"wrangler.json": `{"env": {"a": {}}}`, ".env": "CLOUDFLARE_ENV=b\n"},
		rule:  "unknown-environment",
		want:  `error wrangler.json:1:9: env: there is no environment that CLOUDFLARE_ENV names in .env:1:1; add it to the field "env", or take one of "a"`,
	}, {
		name:  "several environments",
		files: map[string]string{"wrangler.json": `{"env": {"a": {}}}`},
		asked: asked{deploy: &wrangler.DeployOptions{}},
		rule:  wrangler.RuleManyEnvironments,
		want:  `warning wrangler.json: env: the configuration has environments and none is selected; use --env, or --env="" for the top level`,
	}, {
		name:  "a number that is no JSON",
		files: map[string]string{"wrangler.toml": "[vars]\nA = [1, inf]\n"},
		rule:  wrangler.RuleNotJSON,
		want:  "error wrangler.toml:2:5: vars.A: contains NaN, an infinity or a date, which wrangler dev refuses; write it as a string",
	}, {
		name:  "a Hyperdrive binding without a database",
		files: map[string]string{"wrangler.json": `{"hyperdrive": [{"binding": "H", "id": "x"}]}`},
		rule:  wrangler.RuleResource,
		want: `error wrangler.json:1:17: hyperdrive[0]: needs a local database; ` +
			`set "localConnectionString" or the variable CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_H`,
	}, {
		name:  "a value that is too large",
		files: map[string]string{".dev.vars": "A=" + strings.Repeat("x", 6000)},
		rule:  wrangler.RuleLimit,
		want:  "warning .dev.vars:1:1: A: the value is larger than 5120 bytes, the most that can be deployed; store it elsewhere, for example in KV",
	}, {
		name:  "too many vars",
		files: map[string]string{".dev.vars": numbered(129)},
		rule:  wrangler.RuleLimit,
		want:  "warning 129 vars and secrets are more than the 128 of the paid plan; remove some, or put several into one JSON var",
	}, {
		name:  "too many findings",
		files: map[string]string{".dev.vars": strings.Repeat("A=\n", 1203)},
		rule:  wrangler.RuleMore,
		want:  "warning .dev.vars: 203 more findings in this file",
	}, {
		name:  "a lint of .dev.vars",
		files: map[string]string{".dev.vars": "A=1\nB\nA=2\n"},
		rule:  "duplicate-key",
		want:  "warning .dev.vars:1:1: A: a later assignment to the same name replaces this one; keep the one that you mean",
	}}
	seen := map[wrangler.Rule]bool{}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.asked.options.FS = tree(test.files)
			var got []string
			for _, f := range test.asked.findings() {
				if f.Rule == test.rule {
					got = append(got, f.Severity.String()+" "+f.String())
				}
			}
			require.Len(t, got, 1)
			require.Equal(t, test.want, got[0])
			seen[test.rule] = true
		})
	}
	for _, rule := range allRules {
		require.True(t, seen[rule], "no test of %s", rule)
	}
}

var allRules = []wrangler.Rule{
	wrangler.RuleUsage, wrangler.RuleFile, wrangler.RuleSyntax, wrangler.RuleRedirect, wrangler.RuleSwitch,
	wrangler.RuleVault, wrangler.RuleExpansion,
	wrangler.RuleMissingSecret, wrangler.RuleSecretsFile, wrangler.RuleRemoteSecret, wrangler.RuleManyEnvironments,
	wrangler.RuleNotJSON,
	wrangler.RuleResource, wrangler.RuleLimit, wrangler.RuleMore,
}

// numbered makes n lines of secrets.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "S%d=1\n", i)
	}
	return b.String()
}

// TestLint adds findings of the caller's own for the files that are read. Those about a value
// with a $ do not count in a .env file.
func TestLint(t *testing.T) {
	lint := func(f *devvars.File) iter.Seq[devvars.Finding] {
		return func(yield func(devvars.Finding) bool) {
			for e := range f.Assignments() {
				if !yield(devvars.Finding{Rule: "mine", Line: e.Pos().Line, Column: e.Pos().Column, Key: e.Key()}) {
					return
				}
			}
		}
	}
	mine := func(files map[string]string) (places []string) {
		for _, f := range wrangler.Check(wrangler.Options{FS: tree(files), Lint: lint}) {
			if f.Rule == "mine" {
				places = append(places, f.Place()+" "+f.Key)
			}
		}
		return places
	}
	require.Equal(t, []string{".dev.vars:1:1 A", ".dev.vars:2:1 B"},
		mine(map[string]string{".dev.vars": "A=1\nB=$A\n", ".env": "C=1\n"}))
	require.Equal(t, []string{".env:1:1 A", ".env.local:1:1 A"},
		mine(map[string]string{".env": "A=1\nB=$A\n", ".env.local": "A=1\n"}))
}

func TestDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.MkdirAll("app/sub", 0o755))
	require.NoError(t, os.WriteFile("app/wrangler.json", []byte(`{"name": "app"}`), 0o644))
	require.NoError(t, os.WriteFile("wrangler.json", []byte(`{"name": "top"}`), 0o644))
	fsys := tree(map[string]string{"app/wrangler.json": `{"name": "app"}`, "wrangler.json": `{"name": "top"}`,
		"app/sub/": ""})
	for dir, want := range map[string]string{"": "top", ".": "top", "app": "app", "app/sub": "app", "app/..": "top",
		"./app/": "app"} {
		for _, o := range []wrangler.Options{{Dir: dir}, {Dir: dir, FS: fsys}} {
			c, err := wrangler.Load(o)
			require.NoError(t, err, dir)
			require.Equal(t, want, c.Name(), dir)
		}
	}
}

func TestMissingDirectory(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.WriteFile("file", nil, 0o644))
	fsys := tree(map[string]string{"file": ""})
	missing := filepath.Join(dir, "missing")
	for _, o := range []wrangler.Options{
		{Dir: "missing"}, {Dir: missing}, {Dir: "file"}, {FS: fsys, Dir: "missing"}, {FS: fsys, Dir: "file"},
		{FS: os.DirFS(missing)},
	} {
		_, err := wrangler.Load(o)
		requireTyped(t, err, "nothing: it always has a directory")
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.Equal(t, wrangler.RuleFile, wrangler.Findings(err)[0].Rule)
		require.NotEmpty(t, wrangler.Check(o))
		_, err = wrangler.DevEnv(o)
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
	_, err := wrangler.Load(wrangler.Options{Dir: "missing"})
	require.EqualError(t, err, "missing: there is no such directory")
}

// TestEveryErrorAtOnce requires all faults of a configuration in one error, in the order of wrangler.
func TestEveryErrorAtOnce(t *testing.T) {
	_, err := wrangler.Load(wrangler.Options{FS: tree(map[string]string{"wrangler.json": `{
	"name": 1,
	"vars": "x",
	"secrets": {"required": ["A", 2]},
	"keep_vars": "yes"
}`})})
	var places []string
	for _, f := range wrangler.Findings(err) {
		places = append(places, f.Place()+" "+f.Key)
	}
	slices.Sort(places)
	require.Equal(t, []string{
		"wrangler.json:2:10 name", "wrangler.json:3:10 vars", "wrangler.json:4:32 secrets.required[1]",
		"wrangler.json:5:15 keep_vars",
	}, places)
	var one *wrangler.Error
	require.ErrorAs(t, err, &one)
	require.Len(t, strings.Split(err.Error(), "\n"), 4)
}

func TestErrorsCanBeTested(t *testing.T) {
	_, err := wrangler.Load(wrangler.Options{FS: fstest.MapFS{}, Config: "x.json"})
	require.ErrorIs(t, err, fs.ErrNotExist)
	var one *wrangler.Error
	require.ErrorAs(t, err, &one)
	require.Equal(t, wrangler.RuleFile, one.Rule)
	require.Equal(t, "x.json", one.File)
	require.Empty(t, wrangler.Findings(nil))
	require.Empty(t, wrangler.Findings(errors.New("of somebody else")))
	wrapped := fmt.Errorf("while testing: %w", errors.Join(err, err))
	require.Len(t, wrangler.Findings(wrapped), 2)
}

func TestSeverity(t *testing.T) {
	var s wrangler.Severity
	require.Equal(t, wrangler.SeverityError, s)
	text, err := wrangler.SeverityWarning.MarshalText()
	require.NoError(t, err)
	require.Equal(t, "warning", string(text))
}

// TestRelated checks the other places of findings: another binding of the same name, and the var
// that a text replaces.
func TestRelated(t *testing.T) {
	findings := wrangler.Check(wrangler.Options{FS: tree(map[string]string{
		"wrangler.json": "{\n\"vars\": {\"A\": \"a\", \"B\": true},\n\"kv_namespaces\": [{\"binding\": \"A\", \"id\": \"x\"}]}",
	})})
	require.Len(t, findings, 1)
	require.Equal(t, "wrangler.json:2:15", findings[0].Place())
	require.Equal(t, "wrangler.json:3:31", findings[0].Related[0].String())

	findings = wrangler.Check(wrangler.Options{FS: tree(map[string]string{
		"wrangler.json": "{\n\"vars\": {\"B\": true}}", ".dev.vars": "B=false\n",
	})})
	require.Len(t, findings, 1)
	require.Equal(t, ".dev.vars:1:1", findings[0].Place())
	require.Equal(t, "wrangler.json:2:15", findings[0].Related[0].String())
}
