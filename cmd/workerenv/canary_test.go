package main

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

// hidingCalls are calls that must not show a secret.
var hidingCalls = [][]string{
	{"explain", "TOKEN"}, {"explain", "NOPE"}, {"explain", "A", "--json"}, {"check", "--format", "github"},
	{"env"}, {"env", "--json"}, {"env", "--explain"}, {"env", "--json", "--explain"}, {"deploy-bindings"},
	{"deploy-bindings", "--json"},
	{"deploy-bindings", "--explain"}, {"deploy-bindings", "--strict", "--new-worker"}, {"check"}, {"check", "--json"},
}

// secrets returns the values of the secrets of a fixture that cannot be in the output for another reason: long values
// that are in no public part of the fixture.
func (f fixture) secrets(t *testing.T) []string {
	t.Helper()
	var expected map[string]json.RawMessage
	require.True(t, f.read(t, "expected.json", &expected))
	var secrets []string
	public := strings.Join(slices.Sorted(maps.Keys(expected)), "\n") + strings.Join(f.args("secret_text"), "\n")
	for name, content := range filesIn(t, f.dir) {
		public += name
		if strings.HasPrefix(filepath.Base(name), "wrangler.") {
			public += content
		}
	}
	for _, raw := range expected {
		var b struct {
			Type  string
			Value json.RawMessage
		}
		if json.Unmarshal(raw, &b) == nil && b.Type == "secret_text" {
			secrets = append(secrets, text(t, b.Value))
		}
	}
	return slices.DeleteFunc(secrets, func(s string) bool { return len(s) < 6 || strings.Contains(public, s) })
}

// filesIn returns the contents of the files below dir, by their relative paths.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(content)
		return err
	}))
	return files
}

// TestNoSecretShows searches all output without --reveal for the values of the secrets of each fixture.
func TestNoSecretShows(t *testing.T) {
	secrets := 0
	eachFixture(t, func(t *testing.T, f fixture) {
		values := f.secrets(t)
		secrets += len(values)
		for _, verb := range hidingCalls {
			requireAbsent(t, f.run(verb[0], verb[1:]...), values)
		}
	})
	require.GreaterOrEqual(t, secrets, 25)
}

// TestNoCanaryShowsInFixtures puts a canary before each value in the local files and the process environment of each
// fixture, except in wrangler's own variables, which are not secret.
func TestNoCanaryShowsInFixtures(t *testing.T) {
	canaries := 0
	eachFixture(t, func(t *testing.T, f fixture) {
		dir := project(t)
		for name, content := range filesIn(t, f.dir) {
			base := filepath.Base(name)
			if strings.HasPrefix(base, ".dev.vars") || strings.HasPrefix(base, ".env") {
				content = poisoned(t, content)
			}
			canaries += strings.Count(content, canary)
			require.NoError(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
		}
		f.dir = dir
		for i, entry := range f.environ {
			if name, value, _ := strings.Cut(entry, "="); !strings.HasPrefix(name, "CLOUDFLARE_") {
				f.environ[i] = name + "=" + canary + value
			}
		}
		for _, verb := range hidingCalls {
			requireAbsent(t, f.run(verb[0], verb[1:]...), []string{canary})
		}
	})
	require.Greater(t, canaries, 150)
}

// poisoned returns a file of NAME=value lines with a canary before each value.
func poisoned(t *testing.T, content string) string {
	t.Helper()
	f := devvars.Parse([]byte(content))
	for name, value := range f.All() {
		if _, err := devvars.Quote(canary + value); err == nil && !strings.HasPrefix(name, "CLOUDFLARE_") {
			require.NoError(t, f.Set(name, canary+value))
		}
	}
	return string(f.Bytes())
}

// requireAbsent checks that the output of a call contains neither a value nor its quoted form.
func requireAbsent(t *testing.T, c call, values []string) {
	t.Helper()
	for _, value := range values {
		quoted, err := json.Marshal(value)
		require.NoError(t, err)
		for _, form := range []string{value, strings.Trim(string(quoted), `"`)} {
			require.NotContains(t, c.stdout, form)
			require.NotContains(t, c.stderr, form)
		}
	}
}

// canary is the value of a secret.
const canary = "c4n4ry"

// privateKey is a file with a value that lacks its quotes, so that its last line is a name.
const privateKey = "KEY=-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\n" +
	"Zm9vYmFyc4n4ryF6cXV4==\n-----END PRIVATE KEY-----\n"

// TestNoCanaryShows puts a canary into valid and invalid projects where a secret can be, and everywhere in a file,
// since a parser can take the middle of a value for a name.
func TestNoCanaryShows(t *testing.T) {
	const config = `{"name": "w", "vars": {"A": 1}, "secrets": {"required": ["A2", "TOKEN"]}, "env": {"staging": {}}}`
	projects := map[string][]section{
		"dev vars": {{".dev.vars", "TOKEN=c4n4ry\nA=\"c4n4ry\nB='c4n4ry' c4n4ry\nC:c4n4ry\n" +
			"export D = `c4n4ry`#c4n4ry\n= c4n4ry\n\"c4n4ry\": \"c4n4ry\"\n"}},
		"PEM":        {{".dev.vars", privateKey}, {"wrangler.json", `{"name": "w"}`}},
		"unread PEM": {{".dev.vars.production", privateKey}, {"wrangler.json", `{"name": "w"}`}},
		"env": {{".env", "TOKEN=c4n4ry\nconstructor=c4n4ry\nA=${constructor}c4n4ry\n" +
			"B=${A:-c4n4ry}\nC=$c4n4ry\n"}},
		"required":        {{"wrangler.json", config}, {".dev.vars", "TOKEN=c4n4ry\nOTHER=c4n4ry\nA=c4n4ry"}},
		"secrets file":    {{"wrangler.json", `{"name": "w"}`}, {"secrets", `{"TOKEN": "c4n4ry", "A": ["c4n4ry"]}`}},
		"secrets in JSON": {{"wrangler.json", `{"name": "w"}`}, {"secrets", `{"TOKEN": "c4n4ry", }`}},
		"secrets in text": {{"wrangler.json", `{"name": "w"}`},
			{"secrets", "TOKEN=c4n4ry\nconstructor=c4n4ry\nB=${constructor}c4n4ry\n"}},
		"JSON comma":  {{"wrangler.json", `{"vars": {"A": "c4n4ry" "c4n4ry"}}`}},
		"JSON escape": {{"wrangler.json", `{"vars": {"A": "c4n4ry\x"}}`}},
		"JSON end":    {{"wrangler.json", `{"vars": {"A": "c4n4ry`}},
		"JSON word":   {{"wrangler.json", `{"vars": {"A": c4n4ry}}`}},
		"TOML value":  {{"wrangler.toml", "[vars]\nA = c4n4ry\n"}},
		"TOML quote":  {{"wrangler.toml", "[vars]\nA = \"c4n4ry\nB = 'c4n4ry\n"}},
		"TOML twice":  {{"wrangler.toml", "[vars]\nA = \"c4n4ry\"\nA = \"c4n4ry\"\n"}},
		"wrong types": {{"wrangler.json", `{"name": "C4 c4n4ry", "vars": "c4n4ry", "secrets": ["c4n4ry"],
			"keep_vars": "c4n4ry", "main": ["c4n4ry"], "compatibility_date": "c4n4ry",
			"kv_namespaces": "c4n4ry", "env": "c4n4ry", "routes": [{"pattern": ["c4n4ry"]}]}`}},
		"resource": {{"wrangler.json",
			`{"name": "w", "unsafe": {"bindings": [{"name": "K", "type": "secret_key", "key": "c4n4ry"}]}}`}},
		"local database": {{"wrangler.json",
			`{"name": "w", "hyperdrive": [{"binding": "H", "id": "i", "localConnectionString": "postgres://u:c4n4ry@h/d"}]}`}},
		"environment": {{"wrangler.json", config},
			{".env", "CLOUDFLARE_ENV=c4n4ry\nCLOUDFLARE_CONTAINER_REGISTRY=c4n4ry\n"}},
		"no environments": {{"wrangler.json", `{"name": "w"}`}, {".env", "A=c4n4ry\nCLOUDFLARE_ENV=${A}\n"}},
		"redirect": {{".wrangler/deploy/config.json", `{"configPath": "../../w.json"}`}, {"wrangler.json", config},
			{"w.json", `{"name": "w", "targetEnvironment": "staging"}`}, {".env", "CLOUDFLARE_ENV=c4n4ry\n"}},
		"include switch":  {{".env", "CLOUDFLARE_INCLUDE_PROCESS_ENV=c4n4ry\n"}},
		"switches":        {{".env", "CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV=c4n4ry\n"}},
		"process include": {{".env", "CLOUDFLARE_INCLUDE_PROCESS_ENV=true\nA=c4n4ry"}},
	}
	environ := []string{"PROCESS=c4n4ry", "TOKEN2=c4n4ry"}
	for name, files := range projects {
		t.Run(name, func(t *testing.T) {
			dir := project(t, files...)
			for _, verb := range hidingCalls {
				for _, more := range [][]string{nil, {"--env", "staging"}, {"--secrets-file", "secrets"},
					{"--env-file", ".env"}} {
					requireAbsent(t, executeArgs(dir, environ, append(verb, more...)), []string{canary})
				}
			}
			for _, args := range [][]string{{"run"}, {"run", "--", filepath.Join(dir, "nothing")}, {"env", "--var"},
				{"env", "--var", "A:" + canary, canary}} {
				got := executeArgs(dir, environ, args)
				require.NotContains(t, got.stderr, canary)
			}
		})
	}
}

// TestNoPartOfAFileShows breaks a .dev.vars file of canaries at each byte.
func TestNoPartOfAFileShows(t *testing.T) {
	const text = "A='c4n4ry\nc4n4ry' # c4n4ry\nexport B=\"c4n4ry\\n\"c4n4ry\nC: `c4n4ry`\nD=c4n4ry # c4n4ry\n"
	dir := project(t)
	for i := range text {
		for _, junk := range []string{"", "'", "\"", "\n", "\x00", "\\"} {
			require.NoError(t, os.WriteFile(filepath.Join(dir, ".dev.vars"),
				[]byte(text[:i]+junk+text[i+len("A")-1:]), 0o600))
			for _, verb := range [][]string{{"env", "--explain"}, {"check"}} {
				got := executeArgs(dir, nil, verb)
				require.NotContains(t, strings.ReplaceAll(got.stdout, ".dev.vars", ""), canary, "%q at %d", junk, i)
				require.NotContains(t, got.stderr, canary, "%q at %d", junk, i)
			}
		}
	}
}
