//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// nested returns a text inside depth brackets.
func nested(depth int, before, after string) string {
	return before + strings.Repeat("[", depth) + strings.Repeat("]", depth) + after
}

// keys returns a line for each of 5,000 names.
func keys(format string) string {
	var b strings.Builder
	for i := range 5_000 {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestBadInput runs a process on invalid files. It must print a result, or an error with a position, without a panic
// and without a secret.
func TestBadInput(t *testing.T) {
	large := strings.Repeat(canary+" ", 1<<17)
	for _, test := range []struct {
		name   string
		file   section
		refuse string // in the error, "" if there is none
		args   []string
	}{
		{"directory for .dev.vars", section{".dev.vars/", ""},
			"error: .dev.vars: cannot read this file: is a directory", nil},
		{"directory for a configuration", section{"wrangler.toml/", ""}, "", nil},
		{"directory for --config", section{"c.toml/", ""}, "error: c.toml: cannot read this file: is a directory",
			[]string{"--config", "c.toml"}},
		{"directory for .env", section{".env/", ""}, "", nil},
		{"missing --env-file", section{"file", ""}, "error: none: cannot read this file: no such file",
			[]string{"--env-file", "none"}},
		{"missing --config", section{"file", ""}, "error: none.json: cannot read this file: no such file",
			[]string{"--config", "none.json"}},
		{"missing -C", section{"file", ""}, "workerenv: cannot use none as the directory: no such file or directory",
			[]string{"-C", "none"}},
		{"-C of a file", section{"file", ""}, "workerenv: cannot use file as the directory: not a directory",
			[]string{"-C", "file"}},
		{"broken TOML", section{"wrangler.toml", "[vars]\nA = \"c4n4ry\n"},
			"error: wrangler.toml:2:12: invalid TOML", nil},
		{"broken JSONC", section{"wrangler.jsonc", "{\n\"vars\": {\"A\": \"c4n4ry\",,}}"},
			"error: wrangler.jsonc:2:24: invalid JSON: ", nil},
		{"NUL in .dev.vars", section{".dev.vars", "A=\x00c4n4ry\nB\x00=c4n4ry\n\x00\x00"}, "", nil},
		{"NUL in JSON", section{"wrangler.json", "{\"vars\": {\"A\": \"\x00c4n4ry\"}}"},
			"error: wrangler.json:1:17: invalid JSON: ", nil},
		{"NUL in TOML", section{"wrangler.toml", "[vars]\nA = \"\x00c4n4ry\""},
			"error: wrangler.toml:2:6: invalid TOML", nil},
		{"only NUL", section{".dev.vars", strings.Repeat("\x00", 1<<20)}, "", nil},
		{"1 MB value", section{".dev.vars", "A=" + large + "\n"}, "", nil},
		{"1 MB name", section{".dev.vars", strings.Repeat("A", 1<<20) + "=c4n4ry\n"}, "", nil},
		{"1 MB without an end", section{"wrangler.json", `{"vars": {"A": "` + large},
			"error: wrangler.json:1:16: invalid JSON: ", nil},
		{"many names", section{".dev.vars", keys("K%d=c4n4ry\n")}, "", nil},
		{"many open quotes", section{".dev.vars", keys("K%d=\"'`c4n4ry\n")}, "", nil},
		{"many references", section{".env", keys("K%d=${K}$K${K:-c4n4ry}\n")}, "", nil},
		{"many vars in TOML", section{"wrangler.toml", "[vars]\n" + keys("K%d = 1\n")}, "", nil},
		{"many environments", section{"wrangler.toml", keys("[env.K%d]\n")}, "", nil},
		{"deep JSON", section{"wrangler.json", nested(1_000_000, `{"vars": {"A": `, `}}`)}, "error: wrangler.json:1:", nil},
		{"deep JSON without an end", section{"wrangler.json", `{"vars": {"A": ` + strings.Repeat("[", 1_000_000)},
			"error: wrangler.json:1:", nil},
		{"deep TOML", section{"wrangler.toml", nested(1_000_000, "[vars]\nA = ", "\n")}, "error: wrangler.toml:2:", nil},
		{"deep TOML key", section{"wrangler.toml", "[vars]\nA" + strings.Repeat(".a", 1_000_000) + " = 1\n"},
			"error: wrangler.toml:2:19999: ", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := project(t, test.file)
			for _, verb := range []string{"env", "check"} {
				got := finish(t, process(t, dir, append([]string{verb}, test.args...)...))
				requireAbsent(t, got, []string{canary, "panic", "goroutine"})
				require.Equal(t, test.refuse != "", got.status == statusFailure, "%d %s", got.status, got.stderr)
				require.Contains(t, got.stdout+got.stderr, test.refuse)
			}
		})
	}
}

// noConfig is what check prints for a project without a configuration.
const noConfig = "warning: there is no wrangler.json, wrangler.jsonc or wrangler.toml here or in a directory above; " +
	"check the directory (no-config)\n"

// TestSymlinkLoop expects an error for a file that wrangler opens, and none for files that it only looks for: a
// configuration without --config, and .env files.
func TestSymlinkLoop(t *testing.T) {
	for _, test := range []struct {
		name, refuse string
		args         []string
	}{
		{".dev.vars", noConfig + "error: .dev.vars: cannot read this file: too many levels of symbolic links (file)\n", nil},
		{"wrangler.toml", "error: wrangler.toml: cannot read this file: too many levels of symbolic links (file)\n",
			[]string{"--config", "wrangler.toml"}},
		{"wrangler.toml", noConfig, nil},
		{".env", noConfig + "warning: .env: wrangler ignores this file, since it cannot be read: " +
			"too many levels of symbolic links (file)\n", nil},
	} {
		dir := project(t)
		loop := filepath.Join(dir, test.name)
		require.NoError(t, os.Symlink(loop, loop))
		got := executeArgs(dir, nil, append([]string{"check"}, test.args...))
		require.Equal(t, test.refuse, got.stdout)
		require.Equal(t, strings.Contains(test.refuse, "error: "), got.status == statusFailure)
	}
}

func TestUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root can read everything")
	}
	for _, name := range []string{".dev.vars", "wrangler.toml"} {
		dir := project(t, section{name, "A=c4n4ry\n"})
		require.NoError(t, os.Chmod(filepath.Join(dir, name), 0))
		got := executeArgs(dir, nil, []string{"env"})
		require.Equal(t, call{status: statusFailure,
			stderr: "error: " + name + ": cannot read this file: permission denied (file)\n"}, got)
	}
}
