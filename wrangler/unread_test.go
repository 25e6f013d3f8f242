package wrangler_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler"
)

// rulesOf returns the findings of a rule as lines of severity and file.
func rulesOf(findings []wrangler.Finding, rule wrangler.Rule) string {
	var lines []string
	for _, f := range findings {
		if f.Rule == rule {
			lines = append(lines, f.Severity.String()+" "+f.File)
		}
	}
	return strings.Join(lines, ", ")
}

// TestUnreadFiles finds files that seem to hold an env, wherever they are.
func TestUnreadFiles(t *testing.T) {
	for _, test := range []struct {
		name    string
		files   map[string]string
		options wrangler.Options
		want    string
	}{
		{"another case", map[string]string{"wrangler.json": "{}", ".DEV.VARS": "A=1"}, wrangler.Options{},
			"warning .DEV.VARS"},
		{"another case with an environment", map[string]string{"wrangler.json": "{}", "Dev.Vars.staging": "A=1"},
			wrangler.Options{},
			"warning Dev.Vars.staging"},
		{"lower case that is longer", map[string]string{"wrangler.json": "{}", ".env.ȺȺȺȺȺȺȺ": "A=1"}, wrangler.Options{},
			"note .env.ȺȺȺȺȺȺȺ"},
		{"what editors append", map[string]string{"wrangler.json": "{}", ".dev.vars~": "A=1", ".env.txt": "B=1"},
			wrangler.Options{}, "warning .dev.vars~, warning .env.txt"},
		{"beside the entry point", map[string]string{"wrangler.json": `{"main": "src/index.js"}`, "src/.dev.vars": "A=1"},
			wrangler.Options{},
			"warning src/.dev.vars"},
		{"above, in a repository", map[string]string{".git/HEAD": "", ".env": "A=1", "w/wrangler.json": "{}"},
			wrangler.Options{Dir: "w"},
			"note ../.env"},
		{"above, outside of a repository", map[string]string{".env": "A=1", "w/wrangler.json": "{}"},
			wrangler.Options{Dir: "w"}, "note ../.env"},
		{"far above, outside of a repository", map[string]string{".env": "A=1", "a/b/w/wrangler.json": "{}"},
			wrangler.Options{Dir: "a/b/w"}, ""},
		{"an environment that exists", map[string]string{"wrangler.json": `{"env": {"e": {}}}`, ".dev.vars.e": "A=1"},
			wrangler.Options{}, ""},
		{"an environment that does not exist", map[string]string{"wrangler.json": "{}", ".dev.vars.e": "A=1"},
			wrangler.Options{}, "note .dev.vars.e"},
		{"local", map[string]string{"wrangler.json": "{}", ".dev.vars.local": "A=1"}, wrangler.Options{},
			"warning .dev.vars.local"},
		{"a template", map[string]string{"wrangler.json": "{}", ".dev.vars.example": "A=1", ".env.sample": "B=1"},
			wrangler.Options{}, ""},
		{"for other tools", map[string]string{"wrangler.json": "{}", ".env.vault": "A=1", ".env.keys": "B=1",
			".envrc": "C=1", "env.d.ts": "D=1"},
			wrangler.Options{}, ""},
		{"the same names", map[string]string{"wrangler.json": "{}", ".dev.vars": "A=1", "dev.vars": "A=2", ".env": "A=3"},
			wrangler.Options{}, ""},
		{"settings of wrangler",
			map[string]string{"wrangler.json": "{}", ".dev.vars": "A=1", ".env": "CLOUDFLARE_ACCOUNT_ID=3"},
			wrangler.Options{}, ""},
		{"a large file", map[string]string{"wrangler.json": "{}", "dev.vars": "A=1\n" + strings.Repeat("#", 1<<19)},
			wrangler.Options{}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.options.FS = tree(test.files)
			require.Equal(t, test.want, rulesOf(wrangler.Check(test.options), wrangler.RuleUnreadFile))
		})
	}
}

// TestOtherConfigs finds configurations that wrangler does not read.
func TestOtherConfigs(t *testing.T) {
	for _, test := range []struct {
		name    string
		files   map[string]string
		options wrangler.Options
		want    string
	}{
		{"nearer", map[string]string{"wrangler.json": "{}", "w/wrangler.toml": ""}, wrangler.Options{Dir: "w"},
			"warning wrangler.toml"},
		{"farther", map[string]string{".git/HEAD": "", "wrangler.toml": "[vars]\nA = 'x'", "w/wrangler.json": "{}"},
			wrangler.Options{Dir: "w"}, ""},
		{"the same vars", map[string]string{"wrangler.json": `{"vars": {"A": "x"}}`, "wrangler.toml": "vars.A = 'x'"},
			wrangler.Options{},
			"note wrangler.toml"},
		{"broken", map[string]string{"wrangler.json": "{}", "wrangler.toml": "["}, wrangler.Options{}, ""},
		{"given by a flag", map[string]string{"a.json": "{}", "wrangler.toml": "vars.A = 'x'"},
			wrangler.Options{Config: "a.json"}, ""},
		{"misnamed", map[string]string{"wrangler.yaml": "", "Wrangler.toml": "", "x.json": ""}, wrangler.Options{},
			"warning Wrangler.toml, warning wrangler.yaml"},
		{"misnamed beside one", map[string]string{"wrangler.json": "{}", "wrangler.staging.json": "{}"}, wrangler.Options{},
			""},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.options.FS = tree(test.files)
			require.Equal(t, test.want, rulesOf(wrangler.Check(test.options), wrangler.RuleOtherConfig))
		})
	}
}

// TestBrokenLink reports a .dev.vars that links to nothing.
func TestBrokenLink(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wrangler.json"), []byte("{}"), 0o600))
	require.NoError(t, os.Symlink("gone", filepath.Join(dir, ".dev.vars")))
	require.Equal(t, "warning .dev.vars", rulesOf(wrangler.Check(wrangler.Options{Dir: dir}), wrangler.RuleBrokenLink))
}

// TestPublishedFile reports a file of secrets among the static assets, unless .assetsignore names such files.
func TestPublishedFile(t *testing.T) {
	files := map[string]string{"wrangler.json": `{"assets": {"directory": "./public"}}`, "public/.dev.vars": "A=1"}
	require.Equal(t, "warning public/.dev.vars",
		rulesOf(wrangler.Check(wrangler.Options{FS: tree(files)}), wrangler.RulePublishedFile))
	files["public/.assetsignore"] = ".dev.vars\n"
	require.Empty(t, rulesOf(wrangler.Check(wrangler.Options{FS: tree(files)}), wrangler.RulePublishedFile))
}

// TestLooksSecret covers names and values that look like secrets, and those that do not.
func TestLooksSecret(t *testing.T) {
	secret := map[string]string{
		"A": "sk_live_0123456789abcdef", "DB_PASSWORD": "x7!", "apiKey": "0123456789abcdef", "GITHUB_TOKEN_2": "abc",
		"URL": "https://u:s3cr3t@h.example/", "K": "-----BEGIN RSA PRIVATE KEY-----",
	}
	ordinary := map[string]string{
		"A": "sk_live_", "DB_PASSWORD": "", "USE_TOKEN": "yes", "API_KEY": "<your key>", "TOKEN_TTL": "3600", "MAX_TOKEN": "4096",
		"URL":                 "https://h.example/a@b:c",
		"NEXT_PUBLIC_API_KEY": "abc", "TOKEN_URL": "https://h.example/token", "SECRETARY": "Ann",
	}
	for want, vars := range map[bool]map[string]string{true: secret, false: ordinary} {
		for name, value := range vars {
			c, err := wrangler.Load(wrangler.Options{FS: tree(map[string]string{"wrangler.json": fmt.Sprintf(`{"vars": {%q: %q}}`, name, value)})})
			require.NoError(t, err)
			r, err := c.Dev(wrangler.DevOptions{})
			require.NoError(t, err)
			require.Equal(t, want, wrangler.LooksSecret(r.Bindings()[0]), name)
		}
	}
}
