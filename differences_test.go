package workerenv_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/wrangler"
)

// differences has a test for each row of docs/differences.md.
var differences = map[string]func(t *testing.T){
	"long-quoted-value": func(t *testing.T) {
		value := strings.Repeat("x", 9_000_000)
		got, ok := devvars.Parse([]byte("A='" + value + "'\n")).Lookup("A")
		require.True(t, ok && got == value)
	},
	"blank-lines": func(t *testing.T) {
		got, ok := devvars.Parse([]byte(strings.Repeat(" \n", 1<<20) + "A=1\n")).Lookup("A")
		require.True(t, ok && got == "1")
	},
	"expand-builtin": func(t *testing.T) {
		requireExpandError(t, "A=$valueOf\n", devvars.ErrExpandBuiltin)
		requireExpandError(t, "toString=1\n", devvars.ErrExpandBuiltin)
	},
	"expand-endless": func(t *testing.T) {
		requireExpandError(t, "A=${constructor}\n", devvars.ErrExpandEndless)
		requireExpandError(t, "A='x\\${A}'\nB='y${A}'\n", devvars.ErrExpandEndless)
	},
	"expand-size": func(t *testing.T) {
		doubling := "B0=xxxxxxxxxxxxxxxx\n"
		for _, pair := range strings.Fields("10 21 32 43 54 65 76 87 98 a9 ba cb dc ed fe gf hg ih ji kj lk ml nm") {
			doubling += "B" + pair[:1] + "=${B" + pair[1:] + "}${B" + pair[1:] + "}\n"
		}
		requireExpandError(t, doubling, devvars.ErrExpandSize)
	},
	"lone-surrogate": func(t *testing.T) {
		env := devEnv(t, `{"vars": {"A": "\ud800x"}}`)
		require.Equal(t, "\ufffdx", env.Get("A"))
	},
	"surrogate-keys": func(t *testing.T) {
		env := devEnv(t, `{"vars": {"\ud800": "1", "\ud801": "2"}}`)
		require.Equal(t, map[string]string{"\ufffd": "2"}, env.Map())
	},
	"proto-key": func(t *testing.T) {
		env := devEnv(t, `{"__proto__": {"vars": {"A": "1"}}, "vars": {"__proto__": {"B": "1"}, "C": "1"}}`)
		require.Equal(t, map[string]string{"C": "1"}, env.Map())
	},
	"fallback-dates": func(t *testing.T) {
		for _, date := range []string{"2021-02-30", "0012-31-01"} {
			requireRule(t, file("wrangler.toml", "vars.A = ["+date+"]\n"), wrangler.RuleSyntax)
		}
	},
	"toml-slips": func(t *testing.T) {
		for _, text := range []string{"vars.A = [1e+-5]\n", "\uFEFF\uFEFFvars.A = 1\n", "[[a.b.c]]\n[a]\nb.d = 1\n"} {
			requireRule(t, file("wrangler.toml", text), wrangler.RuleSyntax)
		}
		env, err := wrangler.DevEnv(wrangler.Options{FS: file("wrangler.toml", "vars.A = \"\"\"x\\\n\"\"\"\"\n")})
		require.NoError(t, err)
		require.Equal(t, `x"`, env.Get("A"))
	},
	"other-fields": func(t *testing.T) {
		env := devEnv(t, `{"compatibility_date": "soon", "containers": 5, "vars": {"A": "1"}}`)
		require.Equal(t, map[string]string{"A": "1"}, env.Map())
	},
	"no-object": func(t *testing.T) {
		for _, text := range []string{`[]`, `{"vars": ["a"]}`, `{"env": "abc"}`, `{"wasm_modules": 5}`} {
			requireRule(t, file("wrangler.json", text), "type")
		}
	},
	"builtin-environment": func(t *testing.T) {
		name := "toString"
		project := file("wrangler.json", `{"env": {}, "pages_build_output_dir": "dist"}`)
		config, err := wrangler.Load(wrangler.Options{FS: project, Environment: &name})
		require.NoError(t, err)
		require.Empty(t, config.Environments())
	},
	"name-lists": func(t *testing.T) {
		env := devEnv(t, `{"vars": {"binding": "KV", "A": "1"}, "kv_namespaces": [{"binding": "KV"}]}`)
		require.Equal(t, "KV", env.Get("binding"))
		env = devEnv(t, `{"vars": {"metadata": "1"}, "unsafe": {"metadata": {}}}`)
		require.Equal(t, "1", env.Get("metadata"))
	},
	"queue-members": func(t *testing.T) {
		text := `{"queues": {"producers": [{"extra": 1, "queue": "q"}]}}`
		requireRule(t, file("wrangler.json", text), "required")
	},
	"member-type": func(t *testing.T) {
		text := `{"kv_namespaces": [{"binding": "KV", "type": 5}]}`
		requireRule(t, file("wrangler.json", text), "type")
	},
	"near-names": func(t *testing.T) {
		project := file("wrangler.json", `{"future": 1, "var": {}}`)
		findings := wrangler.Check(wrangler.Options{FS: project})
		require.Equal(t, "var", findings[0].Key)
		for _, f := range findings {
			require.NotEqual(t, "future", f.Key)
		}
	},
	"secrets-array": func(t *testing.T) {
		config, err := wrangler.Load(wrangler.Options{FS: file("secrets.json", `["hunter2"]`)})
		require.NoError(t, err)
		_, err = config.Deploy(wrangler.DeployOptions{SecretsFile: "secrets.json"})
		require.Equal(t, wrangler.RuleSecretsFile, wrangler.Findings(err)[0].Rule)
	},
	"huge-file": func(t *testing.T) {
		_, err := wrangler.Load(wrangler.Options{FS: hugeFS{}})
		require.Equal(t, wrangler.RuleFile, wrangler.Findings(err)[0].Rule)
	},
	"pipe-without-writer": func(t *testing.T) {
		dir := t.TempDir()
		if err := exec.Command("mkfifo", filepath.Join(dir, ".dev.vars")).Run(); err != nil {
			t.Skip("cannot make a named pipe: ", err)
		}
		requireUnreadable(t, dir)
	},
	"endless-device": func(t *testing.T) {
		if _, err := os.Stat("/dev/zero"); err != nil {
			t.Skip(err)
		}
		dir := t.TempDir()
		require.NoError(t, os.Symlink("/dev/zero", filepath.Join(dir, ".dev.vars")))
		requireUnreadable(t, dir)
	},
	"deep-nesting": func(t *testing.T) {
		requireRule(t, file("wrangler.json", strings.Repeat("[", 20_000)), wrangler.RuleSyntax)
	},
	"many-values": func(t *testing.T) {
		text := `{"vars": {"A": [` + strings.Repeat("0,", 1<<20) + "0]}}"
		requireRule(t, file("wrangler.json", text), wrangler.RuleSyntax)
	},
	"null-byte": func(t *testing.T) {
		env, err := wrangler.DevEnv(wrangler.Options{FS: file(".env", "A=1\x002\n")})
		require.NoError(t, err)
		require.Equal(t, "1\x002", env.Get("A"))
	},
	"vault": func(t *testing.T) {
		project := fstest.MapFS{".env": {}, ".env.vault": {Data: []byte("DOTENV_VAULT_DEVELOPMENT=x\n")}}
		_, err := wrangler.Load(wrangler.Options{FS: project, Environ: []string{"DOTENV_KEY=x"}})
		require.Equal(t, wrangler.RuleVault, wrangler.Findings(err)[0].Rule)
	},
	"no-values-in-messages": func(t *testing.T) {
		project := file("wrangler.json", `{"vars": "hunter2"}`)
		_, err := wrangler.Load(wrangler.Options{FS: project})
		require.ErrorContains(t, err, "a string")
		require.NotContains(t, err.Error(), "hunter2")
	},
	"env-decodes-once": func(t *testing.T) {
		env := devEnv(t, `{"vars": {"A": {"b": [1]}}}`)
		require.Equal(t, `{"b":[1]}`, env.Get("A"))
		var a struct{ B []int }
		require.NoError(t, env.Decode("A", &a))
		require.Equal(t, []int{1}, a.B)
	},
}

// file returns a project of one file.
func file(name, text string) fstest.MapFS { return fstest.MapFS{name: {Data: []byte(text)}} }

func requireExpandError(t *testing.T, text string, want error) {
	t.Helper()
	_, err := devvars.Expand(devvars.Parse([]byte(text)).All(), devvars.ExpandOptions{})
	require.ErrorIs(t, err, want)
}

// devEnv returns the env of wrangler dev for a project with this wrangler.json.
func devEnv(t *testing.T, configuration string) binding.Env {
	t.Helper()
	env, err := wrangler.DevEnv(wrangler.Options{FS: file("wrangler.json", configuration)})
	require.NoError(t, err)
	return env
}

// hugeFS has every file, of 1 TiB.
type hugeFS struct{}

func (hugeFS) Open(name string) (fs.File, error) {
	if name == "." {
		return os.DirFS(".").Open(name)
	}
	return hugeFile{}, nil
}

type hugeFile struct{ fs.FileInfo }

func (f hugeFile) Stat() (fs.FileInfo, error) { return f, nil }
func (hugeFile) Size() int64                  { return 1 << 40 }
func (hugeFile) Mode() fs.FileMode            { return 0 }
func (hugeFile) Read([]byte) (int, error)     { return 0, errors.New("must not be read") }
func (hugeFile) Close() error                 { return nil }
func (hugeFile) IsDir() bool                  { return false }

func requireRule(t *testing.T, project fstest.MapFS, rule wrangler.Rule) {
	t.Helper()
	_, err := wrangler.Load(wrangler.Options{FS: project})
	findings := wrangler.Findings(err)
	require.NotEmpty(t, findings)
	require.Equal(t, rule, findings[0].Rule)
}

// requireUnreadable checks that the .dev.vars in dir cannot be read, and that the attempt ends.
func requireUnreadable(t *testing.T, dir string) {
	t.Helper()
	config, err := wrangler.Load(wrangler.Options{Dir: dir})
	require.NoError(t, err)
	_, err = config.Dev(wrangler.DevOptions{})
	require.Equal(t, wrangler.RuleFile, wrangler.Findings(err)[0].Rule)
}

// TestDifferences runs the test of each row, and checks that rows and tests match.
func TestDifferences(t *testing.T) {
	table, err := os.ReadFile("docs/differences.md")
	require.NoError(t, err)
	rows := map[string]bool{}
	for _, line := range strings.Split(string(table), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 7 || strings.HasPrefix(cells[1], "---") || strings.TrimSpace(cells[1]) == "id" {
			continue
		}
		id := strings.TrimSpace(cells[1])
		rows[id] = true
		run, ok := differences[id]
		require.True(t, ok, "row %s has no test", id)
		t.Run(id, run)
	}
	for id := range differences {
		require.True(t, rows[id], "test %s has no row", id)
	}
}
