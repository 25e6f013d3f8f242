package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEdit runs set and unset. The file that is edited is compared as a whole, and no other file may
// be made or changed.
func TestEdit(t *testing.T) {
	config := section{"p/wrangler.json", `{"name": "w", "env": {"staging": {}}}`}
	pages := []section{{"s/wrangler.json", `{"pages_build_output_dir": "dist"}`}}
	const envRefused = " here, which this command does not edit, and would no longer read it if there was a .dev.vars; " +
		"edit it, or rename it to .dev.vars if no value in it refers to another\n"
	for _, test := range []struct {
		about   string
		files   []section
		environ []string
		line    string
		input   string
		file    string // that is edited
		text    string // after that
		stderr  string
		status  int
	}{
		{about: "a new file", line: "set -C p A", input: "c4n4ry\n", file: "p/.dev.vars", text: "A=c4n4ry\n",
			stderr: "set A in .dev.vars\n"},
		{about: "from a directory below", files: []section{{"p/src/", ""}}, line: "set -C p/src A -",
			input: "c4n4ry", file: "p/.dev.vars",
			text: "A=c4n4ry\n", stderr: "set A in ../.dev.vars\n"},
		{about: "flags after the name", files: []section{{"p/.dev.vars", "# x\nA=old # y\nB=b\n"}},
			line: "set A - -C p", input: "c4n4ry",
			file: "p/.dev.vars", text: "# x\nA=c4n4ry # y\nB=b\n", stderr: "set A in .dev.vars\n"},
		{about: "white space at the end", line: "set -C p A", input: " c4n4ry \t\r\n\n\ufeff", file: "p/.dev.vars",
			text: "A=' c4n4ry'\n", stderr: "set A in .dev.vars\n"},
		{about: "no input", line: "set -C p A", file: "p/.dev.vars", text: "A=\n",
			stderr: "set A in .dev.vars, to an empty value\n"},
		{about: "the environment has a file",
			files: []section{{"p/.dev.vars", "A=a\n"}, {"p/.dev.vars.staging", ""}}, line: "set -C p -e staging A",
			input: "c4n4ry", file: "p/.dev.vars.staging", text: "A=c4n4ry\n", stderr: "set A in .dev.vars.staging\n"},
		{about: "the environment has no file", files: []section{{"p/.dev.vars", "A=a\n"}},
			line: "set -C p -e staging A", input: "c4n4ry",
			file: "p/.dev.vars", text: "A=c4n4ry\n", stderr: "set A in .dev.vars\n"},
		{about: "only the flag selects the file", files: []section{{"p/.dev.vars.staging", "A=a\n"}},
			environ: []string{"CLOUDFLARE_ENV=staging"}, line: "set -C p A", input: "c4n4ry",
			file: "p/.dev.vars", text: "A=c4n4ry\n", stderr: "set A in .dev.vars\n"},
		{about: "a file without a configuration", files: []section{{"q/.dev.vars", "A=a\n"}}, line: "unset -C q A",
			file: "q/.dev.vars", stderr: "note: $DIR/q and its parent directories have no wrangler.json, wrangler.jsonc or " +
				"wrangler.toml; use -C or --config if the project is elsewhere\nremoved A from .dev.vars\n"},
		{about: "a Pages project without a configuration", line: "set --pages -C q A", input: "c4n4ry",
			file: "q/.dev.vars",
			text: "A=c4n4ry\n", stderr: "set A in .dev.vars\n"},
		{about: "a Pages project", files: pages, line: "set -C s A", input: "c4n4ry", file: "s/.dev.vars",
			text: "A=c4n4ry\n", stderr: "set A in .dev.vars\n"},
		{about: "an environment of a Pages project", files: pages, line: "set -C s --env x A", input: "c4n4ry",
			stderr: "error: wrangler pages dev takes no environment; its --branch flag selects production or preview (usage)\n",
			status: statusFailure},
		{about: "an environment of a Pages project with a Worker", line: "set -C s --env x A", input: "c4n4ry",
			files: []section{{"s/wrangler.json", `{"pages_build_output_dir": "dist", "main": "a.js", "env": {"x": {}}}`}},
			file:  "s/.dev.vars", text: "A=c4n4ry\n", stderr: "set A in .dev.vars\n"},
		{about: "unset", files: []section{{"p/.dev.vars", "A=a\nB=b\nA=c\n"}}, line: "unset -C p A",
			file: "p/.dev.vars", text: "B=b\n",
			stderr: "removed A from .dev.vars\n"},
		{about: "nothing to remove", files: []section{{"p/.dev.vars", "B=b\n"}}, line: "unset -C p A",
			file: "p/.dev.vars", text: "B=b\n",
			stderr: "workerenv: .dev.vars: there is no A\n", status: statusFailure},
		{about: "no file", line: "unset -C p A", stderr: "workerenv: .dev.vars: there is no A\n",
			status: statusFailure},
		{about: ".env files", files: []section{{"p/.env.local", "B=b\n"}}, line: "set -C p A", input: "c4n4ry",
			stderr: "workerenv: wrangler reads .env.local" + envRefused, status: statusFailure},
		{about: "unread .env files", files: []section{{"p/.env", "B=b\n"}},
			environ: []string{"CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV=False"}, line: "set -C p A", input: "c4n4ry",
			file: "p/.dev.vars", text: "A=c4n4ry\n", stderr: "set A in .dev.vars\n"},
		{about: ".dev.vars and .env", files: []section{{"p/.env", "B=b\n"}, {"p/.dev.vars", ""}},
			line: "set -C p A", input: "c4n4ry", file: "p/.dev.vars", text: "A=c4n4ry\n",
			stderr: "set A in .dev.vars\n"},
		{about: "a name that is not bound",
			files: []section{{"r/wrangler.json", `{"secrets": {"required": ["B"]}}`}}, line: "set -C r A",
			input: "c4n4ry", file: "r/.dev.vars", text: "A=c4n4ry\n",
			stderr: "set A in .dev.vars\nwarning: wrangler dev does not bind A: .dev.vars:1:1: dropped, " +
				"the list secrets.required of the configuration lacks the name; add it there\n"},
		{about: "no form for the value", line: "set -C p A", input: "c4n4ry\xff", status: statusFailure,
			stderr: "workerenv: .dev.vars: A: no form of .dev.vars holds this value: it is not valid UTF-8\n"},
		{about: "a large value", line: "set -C p A", input: strings.Repeat("c4n4ry", 1<<18), status: statusFailure,
			stderr: "workerenv: the value is larger than 1 MiB\n"},
	} {
		t.Run(test.about, func(t *testing.T) {
			dir := project(t, append(test.files, config, section{"q/", ""})...)
			want := contents(t, dir)
			got := executeInput(dir, test.environ, words(test.line), test.input)
			got.stderr = strings.ReplaceAll(got.stderr, dir, "$DIR")
			require.Equal(t, call{stderr: test.stderr, status: test.status}, got)
			if test.file != "" {
				want[filepath.FromSlash(test.file)] = test.text
			}
			require.Equal(t, want, contents(t, dir))
			if info, err := os.Stat(filepath.Join(dir, test.file)); test.file != "" && runtime.GOOS != "windows" {
				require.NoError(t, err)
				require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
			}
		})
	}
}

// contents returns the texts of the files below dir.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		texts[name] = string(text)
		return err
	}))
	return texts
}

// TestEditMisuse expects no argument in a message, since a value can be among them.
func TestEditMisuse(t *testing.T) {
	dir := project(t)
	for _, line := range []string{
		"set", "set -", "set A c4n4ry", "set A c4n4ry -", "set A=c4n4ry", "set 'c4n4ry !'", "set A -C . c4n4ry",
		"set A --value=c4n4ry",
		"set A -c4n4ry", "set __proto__", "unset", "unset A c4n4ry", "unset A -", "set A --env-file c4n4ry",
		"set A --json",
	} {
		got := executeInput(dir, nil, words(line), "c4n4ry")
		require.Equal(t, statusUsage, got.status, line)
		require.Empty(t, got.stdout, line)
		require.NotContains(t, got.stderr, canary, line)
		require.Contains(t, got.stderr, " -h for help\n", line)
	}
	require.Empty(t, contents(t, dir))
}

// TestSetAsks checks that set asks for the value on a terminal, unless the argument "-" is given.
func TestSetAsks(t *testing.T) {
	dir := project(t)
	var stderr strings.Builder
	var asked []string
	c := command{dir: dir, stdin: strings.NewReader("from input\n"), stdout: output{Writer: &stderr},
		stderr: output{Writer: &stderr}, git: gitStub,
		ask: func(question string) (string, bool, error) {
			asked = append(asked, question)
			return "c4n4ry", true, nil
		}}
	require.Equal(t, 0, c.run([]string{"set", "A"}))
	require.Equal(t, 0, c.run([]string{"set", "B", "-"}))
	require.Equal(t, []string{"value of A (not shown): "}, asked)
	require.Equal(t, map[string]string{".dev.vars": "A=c4n4ry\nB=from input\n"}, contents(t, dir))
	require.NotContains(t, stderr.String(), canary)
}
