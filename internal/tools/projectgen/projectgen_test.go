package projectgen_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/oracle"
	"github.com/workerenv/workerenv/internal/tools/projectgen"
)

func TestSeedDeterminesTheProjects(t *testing.T) {
	a, b, other := projectgen.New(1), projectgen.New(1), projectgen.New(2)
	differ := 0
	for range 200 {
		p := a.Project()
		require.Equal(t, p, b.Project())
		if p.String() != other.Project().String() {
			differ++
		}
	}
	require.Greater(t, differ, 150)
}

// TestProjectsHaveAllSpecialCases searches the projects for the cases that they should cover.
func TestProjectsHaveAllSpecialCases(t *testing.T) {
	g := projectgen.New(1)
	var all strings.Builder
	for range 3000 {
		all.WriteString(g.Project().String())
	}
	text := all.String()
	for _, special := range []string{
		"-- wrangler.json ", "-- app/wrangler.jsonc ", "-- app/sub/wrangler.toml ", "-- wrangler.toml/ ",
		".wrangler/deploy/config.json",
		"-- app/sub/.dev.vars ", ".dev.vars. ", "/.env.staging.local ", "-- .env..local ", "-- .dev.vars/ ", "(link)",
		"conf/config.yaml",
		`"env":""`, `"envFiles":[]`, `"CLOUDFLARE_ENV":""`, `"CLOUDFLARE_INCLUDE_PROCESS_ENV":"true"`,
		"1e400", "-0", "2025-12-19T01:02:03Z", "keep_vars", "pages_build_output_dir", "legacy_env", "required",
		"[[kv_namespaces]]", "__proto__",
		"\\ufeff", `\r\n`, `\xff\xfe`, "secrets.txt",
	} {
		require.Contains(t, text, special)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	p := projectgen.Project{
		Files: map[string]string{"app/sub/": "", "app/.env": "A=1\n", ".dev.vars/": ""},
		Links: map[string]string{"app/.env.local": ".env"},
	}
	require.NoError(t, p.Write(dir))
	text, err := os.ReadFile(filepath.Join(dir, "app", ".env.local"))
	require.NoError(t, err)
	require.Equal(t, "A=1\n", string(text))
	for _, name := range []string{"app/sub", ".dev.vars"} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.True(t, info.IsDir())
	}
}

func TestEveryProjectCanBeWritten(t *testing.T) {
	g := projectgen.New(3)
	for range 300 {
		for _, p := range []projectgen.Project{g.Project(), g.Calm()} {
			dir := t.TempDir()
			require.NoError(t, p.Write(dir), "%s", p)
			for path := range p.Files {
				_, err := os.Lstat(filepath.Join(dir, path))
				require.NoError(t, err)
			}
		}
	}
}

func TestString(t *testing.T) {
	env := "staging"
	p := projectgen.Project{
		Files: map[string]string{".env": "A=1\n", "crlf": "A\r\n", "cut": "A", "d/": "", "marker": "-- x --\n",
			"bytes": "\xff\n"},
		Links: map[string]string{"l": ".env"},
		Args:  oracle.Project{Dir: ".", Env: &env, Process: oracle.Process{"Z=1=2", "A="}},
	}
	require.Equal(t, `-- args.json --
{"cwd":".","env":"staging","processEnv":{"Z":"1=2","A":""}}
-- .env --
A=1
-- bytes (quoted) --
"\xff\n"
-- crlf (quoted) --
"A\r\n"
-- cut (quoted) --
"A"
-- d/ --
-- marker (quoted) --
"-- x --\n"
-- l (link) --
.env
`, p.String())
}

func TestMinimise(t *testing.T) {
	env := "e"
	p := projectgen.Project{
		Files: map[string]string{"a": "one\ntwo BUG three\nfour\n", "b": "x", "c/": ""},
		Links: map[string]string{"l": "a"},
		Args:  oracle.Project{Dir: ".", Env: &env, Vars: []string{"A:1", "KEEP:2"}, EnvFiles: []string{"x"}},
	}
	fails := func(p projectgen.Project) bool {
		return strings.Contains(p.Files["a"], "BUG") && len(p.Args.Vars) > 0 && p.Args.Vars[len(p.Args.Vars)-1] == "KEEP:2"
	}
	got := projectgen.Minimise(p, fails)
	require.Equal(t, map[string]string{"a": "BUG\n"}, got.Files)
	require.Empty(t, got.Links)
	require.Equal(t, oracle.Project{Dir: ".", Vars: []string{"KEEP:2"}}, got.Args)
	require.Equal(t, "one\ntwo BUG three\nfour\n", p.Files["a"], "the original is unchanged")
}
