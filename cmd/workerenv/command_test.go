package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

// TestHelpFits checks that help has a text for each flag and fits into a terminal.
func TestHelpFits(t *testing.T) {
	for _, v := range verbs {
		v.flagSet(new(flags)).VisitAll(func(f *pflag.Flag) { require.NotEmpty(t, f.Usage, f.Name) })
		for line := range strings.Lines(usage() + v.usage()) {
			require.LessOrEqual(t, utf8.RuneCountInString(line), 92, line)
		}
	}
}

// hostile is a text that changes the color, cursor, title and direction of a terminal.
const hostile = "a\x1b[31m\x1b]0;b\x07\r\b\x7f\u0085\u009b2J\u202e\u2028c"

// requireHarmless checks that a terminal does nothing but print.
func requireHarmless(t *testing.T, s string) {
	t.Helper()
	for _, r := range strings.ReplaceAll(s, "\n", "") {
		isControl := r < ' ' || r == 0x7f || r >= 0x80 && r <= 0x9f
		require.False(t, isControl || r == 0x202e || r == 0x2028 || r == 0xfffd, "%U in %q", r, s)
	}
}

func TestTerminalIsSafe(t *testing.T) {
	quoted, err := json.Marshal(hostile)
	require.NoError(t, err)
	name := string(quoted)
	config := fmt.Sprintf(`{"name": "w", "vars": {%[1]s: %[1]s, "J": {%[1]s: [%[1]s]}},
		"env": {%[1]s: {"vars": {"A": "a"}}}, %[1]s: 1,
		"kv_namespaces": [{"binding": "K", "id": %[1]s}],
		"unsafe": {"bindings": [{"name": "U", "type": %[1]s, "x": %[1]s}]}}`, name)
	sub := "dir"
	if runtime.GOOS == "linux" { // where a name can be any bytes
		sub = "h\x1b[31m\u202e\x9bdir"
	}
	dir := project(t, section{sub + "/wrangler.json", config},
		section{sub + "/.dev.vars", "K=1\nS=\"" + hostile + "\"\n" + hostile},
		section{sub + "/broken.json", "{"}, section{sub + "/in/.keep", ""})
	calls := [][]string{
		{"env", "-C", sub}, {"env", "-C", sub, "--reveal"}, {"env", "-C", sub, "--explain"},
		{"env", "-C", sub + "/in", "--explain"},
		{"env", "-C", sub, "--json", "--reveal", "--explain"}, {"env", "-C", sub, "--env", hostile},
		{"env", "-C", sub, "--env", hostile + "?"},
		{"env", "-C", sub, "--var", hostile + ":" + hostile}, {"env", "-C", hostile},
		{"env", "--config", sub + "/broken.json"},
		{"env", "--config", hostile + ".json"}, {"env", "--env-file", hostile},
		{"deploy-bindings", "-C", sub, "--reveal"},
		{"deploy-bindings", "-C", sub, "--json", "--reveal"}, {"check", "-C", sub}, {"check", "-C", sub, "--json"},
		{"check", "-C", sub, "--env", hostile},
		{hostile}, {"help", hostile}, {"env", "--" + hostile}, {"env", "--json=" + hostile}, {"env", hostile},
		{"run", "-C", sub},
		{"env", "-C", "/", "--config", "/nowhere/" + hostile}, {"run", "--var", hostile + "=:x", "true"},
	}
	for _, args := range calls {
		got := executeArgs(dir, nil, args)
		requireHarmless(t, got.stdout)
		requireHarmless(t, got.stderr)
		require.NotEmpty(t, got.stdout+got.stderr, "%q", args)
	}
	empty := executeArgs(filepath.Join(dir, sub, "in"), nil, []string{"env", "--config", hostile})
	requireHarmless(t, empty.stderr)
	require.Contains(t, empty.stderr, "nothing is bound")
}

// TestEscapedJSONMeansTheSame parses JSON in which characters are escaped for terminals.
func TestEscapedJSONMeansTheSame(t *testing.T) {
	want := hostile + "\U000e0001\U0001f600\u00a0é<>&\"\\\x00"
	dir := project(t, section{"wrangler.json",
		`{"vars": {"A": ` + string(encodeJSON(want)) + `, "J": [` + string(encodeJSON(want)) + `]}}`})
	rows := rowsOf(t, executeArgs(dir, nil, []string{"env", "--json"}).stdout)
	require.Len(t, rows, 2)
	var list []string
	require.NoError(t, json.Unmarshal(rows[0].Value, &list))
	require.Equal(t, []string{want}, list)
	require.Equal(t, want, text(t, rows[1].Value))
}

// TestTableIsBounded checks that long values, names and paths are cut, and that the other lines stay aligned.
func TestTableIsBounded(t *testing.T) {
	long := strings.Repeat("ä", 1<<20)
	dir := project(t, section{"wrangler.json",
		`{"vars": {"A": "a", "J": ["` + long + `"], "L": "` + long + `", "N` + long + `": "n"}}`})
	lines := strings.Split(executeArgs(dir, nil, []string{"env"}).stdout, "\n")
	require.Equal(t, []string{
		"NAME  KIND        VALUE                                             SOURCE",
		`J     json        ["` + strings.Repeat("ä", maxValue-3) + "…  wrangler.json:1:26 vars.J",
		`A     plain_text  "a"                                               wrangler.json:1:16 vars.A`,
	}, lines[:3])
	require.Equal(t, `L     plain_text  "`+strings.Repeat("ä", maxValue-2)+"…",
		strings.Split(lines[3], "  wrangler")[0])
	require.True(t, strings.HasPrefix(lines[4], "N"+strings.Repeat("ä", maxLabel-2)+`…  plain_text  "n"   `), lines[4])
	for _, line := range lines {
		require.Less(t, utf8.RuneCountInString(line), 3*maxLabel)
	}
}

// TestAmbiguousNamesAreQuoted checks that no name can look like several columns.
func TestAmbiguousNamesAreQuoted(t *testing.T) {
	dir := project(t, section{"wrangler.json",
		`{"vars": {"": "1", "A  plain_text  \"x\"  .dev.vars": "2", "\"Q\"": "3", "日本": "4"}}`})
	got := executeArgs(dir, nil, []string{"env"})
	require.Contains(t, got.stdout, "\n\"\"  ")
	require.Contains(t, got.stdout, "\n\"A  plain_text  \\\"x\\\"  .dev.vars\"  ")
	require.Contains(t, got.stdout, "\n\"\\\"Q\\\"\"  ")
	require.Contains(t, got.stdout, "\n日本  ")
}

func TestColor(t *testing.T) {
	for _, test := range []struct {
		name    string
		environ map[string]string
		want    bool
		forced  bool // also if the output is no terminal
	}{
		{"terminal", map[string]string{"TERM": "xterm-256color"}, true, false},
		{"NO_COLOR", map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, false, false},
		{"NO_COLOR of any value", map[string]string{"TERM": "xterm", "NO_COLOR": "false"}, false, false},
		{"empty NO_COLOR", map[string]string{"TERM": "xterm", "NO_COLOR": ""}, true, false},
		{"dumb", map[string]string{"TERM": "dumb"}, false, false},
		{"no TERM", nil, false, false},
		{"FORCE_COLOR", map[string]string{"FORCE_COLOR": "1"}, true, true},
		{"FORCE_COLOR=0", map[string]string{"FORCE_COLOR": "0", "TERM": "xterm"}, true, false},
		{"NO_COLOR and FORCE_COLOR", map[string]string{"FORCE_COLOR": "1", "NO_COLOR": "1", "TERM": "xterm"},
			false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			getenv := func(name string) string { return test.environ[name] }
			require.Equal(t, test.want, hasColor(getenv, true))
			require.Equal(t, test.forced, hasColor(getenv, false))
		})
	}
}

// TestColorIsOnlyAround checks that color does not change the text, and that it is separate for standard output and
// standard error.
func TestColorIsOnlyAround(t *testing.T) {
	dir := project(t, section{"wrangler.json", `{"vars": {"A": 1}, "bogus": 1, "env": {"e": {}}}`},
		section{".dev.vars", "B=b\n"})
	for _, args := range [][]string{{"env", "--explain"}, {"check"}, {"env", "--env", "e", "--explain"},
		{"env", "--env", "nope"}, {"env", "--json"}} {
		plain := executeArgs(dir, nil, args)
		var stdout, stderr strings.Builder
		c := command{dir: dir, stdout: output{&stdout, true}, stderr: output{&stderr, false}, git: gitStub}
		c.run(args)
		require.Equal(t, plain.stderr, stderr.String())
		require.Equal(t, plain.stdout, withoutColor(stdout.String()))
		isTable := args[len(args)-1] != "--json" && plain.stdout != ""
		require.Equal(t, isTable, stdout.String() != plain.stdout, "%q", args)
	}
}

func withoutColor(s string) string {
	for _, style := range []string{bold, dim, red, yellow, "0"} {
		s = strings.ReplaceAll(s, "\x1b["+style+"m", "")
	}
	return s
}

// full is a writer that always fails.
type full struct{}

var errFull = errors.New("no space left on device")

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestFullDisk expects a failure, not incomplete output with status 0.
func TestFullDisk(t *testing.T) {
	dir := project(t, section{"wrangler.json", `{"vars": {"A": 1}, "Vars": 1}`})
	for _, args := range [][]string{{"env"}, {"env", "--json"}, {"deploy-bindings"}, {"check"}, {"check", "--json"},
		{"help"}, {"env", "-h"}} {
		var stderr strings.Builder
		c := command{dir: dir, stdout: output{Writer: full{}}, stderr: output{Writer: &stderr}, git: gitStub}
		require.Equal(t, statusFailure, c.run(args), "%q", args)
		require.True(t, strings.HasSuffix(stderr.String(), "workerenv: no space left on device\n"), "%q %s", args,
			stderr.String())
		c.stderr = c.stdout
		require.Equal(t, statusFailure, c.run(args), "%q", args)
	}
}

// TestGit asks git about a new commit, with the commands of wrangler pages dev.
func TestGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := project(t)
	environ := []string{"PATH=" + os.Getenv("PATH"), "GIT_CONFIG_GLOBAL=" + os.DevNull,
		"GIT_CONFIG_SYSTEM=" + os.DevNull,
		"GIT_CEILING_DIRECTORIES=" + filepath.Dir(dir), "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b",
		"GIT_COMMITTER_NAME=a",
		"GIT_COMMITTER_EMAIL=a@b", "GIT_AUTHOR_DATE=2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE=2026-01-01T00:00:00Z"}
	require.Empty(t, askGit(dir, environ, "rev-parse", "HEAD"), "there is no repository")
	for _, args := range [][]string{{"init", "--quiet", "--initial-branch=feature"},
		{"commit", "--quiet", "--allow-empty", "-m", "m"}} {
		git := exec.Command("git", args...)
		git.Dir, git.Env = dir, environ
		out, err := git.CombinedOutput()
		require.NoError(t, err, string(out))
	}
	require.Equal(t, "feature", askGit(dir, environ, "rev-parse", "--abbrev-ref", "HEAD"))
	require.Regexp(t, "^[0-9a-f]{40}$", askGit(dir, environ, "rev-parse", "HEAD"))
	require.Empty(t, askGit(dir, environ, "no-such-command"))
}

// TestDirectory checks -C with symbolic links: wrangler 4.164.0, with --cwd and in such a directory, looks for the
// configuration in the parent directories of the target.
func TestDirectory(t *testing.T) {
	dir := project(t, section{"real/wrangler.json", `{"vars": {"FROM": "real"}}`}, section{"real/sub/.keep", ""},
		section{"other/wrangler.json", `{"vars": {"FROM": "other"}}`})
	link := filepath.Join(dir, "other", "link")
	if err := os.Symlink(filepath.Join(dir, "real", "sub"), link); err != nil {
		t.Skip("symbolic links cannot be made here")
	}
	for _, test := range []struct{ dir, flag string }{{link, "."}, {filepath.Join(dir, "other"), "link"}, {"/", link}} {
		rows := rowsOf(t, executeArgs(test.dir, nil, []string{"env", "-C", test.flag, "--json"}).stdout)
		require.Len(t, rows, 1)
		require.JSONEq(t, `"real"`, string(rows[0].Value))
	}
	loop := filepath.Join(dir, "loop")
	require.NoError(t, os.Symlink(loop, loop))
	got := executeArgs(dir, nil, []string{"env", "-C", "loop"})
	require.Equal(t, statusFailure, got.status)
	require.Contains(t, got.stderr, "cannot use loop as the directory: ")
}

// TestArgumentsAreUTF8 compares with `wrangler deploy --dry-run --var`, 4.164.0 under node 22, which replaces invalid
// UTF-8 in arguments by U+FFFD.
func TestArgumentsAreUTF8(t *testing.T) {
	got := executeArgs(project(t), nil, []string{"deploy-bindings", "--json", "--var", "B:x\xff\xe2\x82y\xc0\xaf"})
	require.Equal(t, "x\ufffd\ufffdy\ufffd\ufffd", text(t, rowsOf(t, got.stdout)[0].Value))
}

// TestManyFindings checks that env prints the first findings, check all of them, and that lists of names are short.
func TestManyFindings(t *testing.T) {
	dir := project(t, section{"wrangler.json", "{}"}, section{".dev.vars", strings.Repeat("A=a\n", 100)})
	got := executeArgs(dir, nil, []string{"env"})
	require.Len(t, strings.Split(got.stderr, "\n"), maxFindings+2)
	require.Contains(t, got.stderr, "\nnote: 79 more findings; workerenv check shows all of them\n")
	require.Equal(t, 99, strings.Count(executeArgs(dir, nil, []string{"check"}).stdout, "\n"))

	environments := strings.Repeat(`"e": {}, `, 3)
	for i := range 100 {
		environments += fmt.Sprintf(`"e%d": {"vars": {}}, `, i)
	}
	dir = project(t, section{"wrangler.json", `{"env": {` + environments + `"last": {}}}`})
	require.Contains(t, executeArgs(dir, nil, []string{"env"}).stderr,
		"are e, e0, e1, e2, e3, e4, e5, e6, e7, e8 and 92 more\n")
}

// TestRunRefusesWhatNoProcessCanHold checks that the error has all names that are refused, and no value.
func TestRunRefusesWhatNoProcessCanHold(t *testing.T) {
	dir := project(t, section{"wrangler.json",
		`{"vars": {"A=B": "c4n4ry", "": "c4n4ry", "N\u0000": "c4n4ry", "V": "c4n4ry\u0000", "OK": "fine"}}`})
	got := executeArgs(dir, nil, []string{"run", "true"})
	require.Equal(t, call{status: statusFailure,
		stderr: "workerenv: run: a process environment cannot hold \"\", A=B, \"N\\x00\", V: names must not " +
			"be empty or contain '=', and names and values must not contain NUL\n"}, got)
}

// TestArgumentErrorsShowNoValue puts a secret where a flag or a command is expected.
func TestArgumentErrorsShowNoValue(t *testing.T) {
	dir := project(t)
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"env", "--var", "TOKEN:abc", "-s3cr3t"}, "argument 3 is not a flag; "},
		{[]string{"env", "--var", "TOKEN:abc", "--s3cr3t=s3cr3t"}, "argument 3 is not a flag; "},
		{[]string{"env", "-var:s3cr3t"}, "argument 1 is not a flag; "},
		{[]string{"env", "--var", "s3cr3t", "---s3cr3t"}, "argument 3 is not a flag; "},
		{[]string{"env", "--=s3cr3t"}, "argument 1 is not a flag; "},
		{[]string{"env", "-e", "x", "--json=s3cr3t"}, "--json takes no value"},
		{[]string{"env", "--var", "TOKEN:a", "s3cr3t"}, "argument 3 belongs to no flag; "},
		{[]string{"run", "--json=s3cr3t"}, "this command has no flag --json"},
		{[]string{"env", "--var=s3cr3t", "-c"}, "--config needs a value"},
		{[]string{"env", "-C", "s3cr3t", "-e=s3cr3t", "--reveal", "-xs3cr3t"}, "argument 5 is not a flag; "},
		{[]string{"env", "--reveal", "-es3cr3t"}, "argument 2 is not a flag; "},
		{[]string{"env", "-env", "s3cr3t"}, "argument 1 is not a flag; use --env\n"},
		{[]string{"env", "-env=s3cr3t"}, "argument 1 is not a flag; use --env\n"},
		{[]string{"env", "--var", "A:-json", "-json"}, "argument 3 is not a flag; use --json\n"},
		{[]string{"env", "-config", "s3cr3t"}, "argument 1 is not a flag; use --config\n"},
		{[]string{"env", "-account", "s3cr3t"}, "argument 1 is not a flag; long names have two dashes"},
		{[]string{"check", "--ignore", "git", "--ignore", "s3cr3t"},
			"--ignore needs the name of a rule; workerenv check --rules "},
		{[]string{"serve", "-es3cr3t"}, "argument 1 is not a flag; "},
		{[]string{"env", "-e=s3cr3t", "--env", "s3cr3t"}, "--env is used twice"},
		{[]string{"--var=s3cr3t", "env"}, "unknown command\n"},
		{[]string{"help", "s3cr3t"}, "unknown command\n"},
	} {
		got := executeArgs(dir, nil, test.args)
		require.Equal(t, statusUsage, got.status, "%q", test.args)
		require.Contains(t, got.stderr, ": "+test.want, "%q", test.args)
		require.NotContains(t, got.stdout+got.stderr, "s3cr3t", "%q", test.args)
	}
}

func TestVersion(t *testing.T) {
	got := executeArgs(project(t), nil, []string{"--version"})
	require.Regexp(t, `^workerenv \S+\n$`, got.stdout)
	require.Equal(t, statusOK, got.status)
}
