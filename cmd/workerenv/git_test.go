//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What check says of a file that git tracks, and of one that git would add.
const (
	isTracked = "git tracks this file; remove it with git rm --cached, list it in .gitignore, " +
		"and replace the secrets if it was published (git)\n"
	wouldAdd = "git would add this file; list it in .gitignore (git)\n"
)

// repository makes a git repository of dir, and returns a function that runs git in it.
func repository(t *testing.T, dir string) func(args ...string) {
	t.Helper()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("there is no git")
	}
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command(git, args...)
		cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	run("init", "--quiet")
	return run
}

// TestCheckAsksGit has files of secrets that git tracks, that it would add, and that it ignores.
// Check, set and unset warn of the first two.
func TestCheckAsksGit(t *testing.T) {
	dir := project(t, section{"app/wrangler.json", `{"name": "w"}`}, section{"app/.dev.vars", "A=c4n4ry\n"},
		section{"app/.dev.vars.example", "A=\n"}, section{"app/.env", "A=c4n4ry\n"},
		section{"app/.env.local", "A=c4n4ry\n"}, section{"app/src/index.js", ""}, section{".gitignore", ".env.local\n"})
	src := filepath.Join(dir, "app", "src")
	got := finish(t, process(t, src, "check"))
	require.Empty(t, got.stdout, "there is no repository")

	git := repository(t, dir)
	git("add", "app/.env", "app/.dev.vars.example")
	got = finish(t, process(t, src, "check"))
	require.Equal(t, call{stdout: "warning: ../.dev.vars: " + wouldAdd + "warning: ../.env: " + isTracked}, got)

	require.NoError(t, os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(".env*\n.dev.vars*\n"), 0o600))
	got = finish(t, process(t, src, "check", "--json"))
	require.Contains(t, got.stdout, `"rule":"git","file":"../.env"`, "it was added before")
	require.NotContains(t, got.stdout, `.dev.vars`)
	require.NotContains(t, got.stdout, canary)

	got = finish(t, process(t, src, "unset", "A"))
	require.Equal(t, call{stderr: "removed A from ../.dev.vars\n"}, got)
	git("add", "--force", "app/.dev.vars")
	set := process(t, src, "set", "A")
	set.Stdin = strings.NewReader("c4n4ry\n")
	require.Equal(t, call{stderr: "set A in ../.dev.vars\nwarning: ../.dev.vars: " + isTracked}, finish(t, set))
}

// TestCheckAsksGitForEachFile has an env that is read from a file of another name, through links,
// and from the working directory.
func TestCheckAsksGitForEachFile(t *testing.T) {
	other := project(t, section{"secrets/shared.env", "A=c4n4ry\n"}, section{"ignored.env", "A=c4n4ry\n"},
		section{".gitignore", "ignored.env\n"})
	repository(t, other)
	for _, test := range []struct {
		name  string
		files []section
		links map[string]string // name to target
		add   string            // what git tracks
		args  []string
		says  string // "" is nothing
	}{
		{name: "env file", files: []section{{"prod.secrets", "A=c4n4ry\n"}}, add: "prod.secrets",
			args: []string{"--env-file", "prod.secrets"}, says: "warning: prod.secrets: " + isTracked},
		{name: "env file that git would add", files: []section{{"prod.secrets", "A=c4n4ry\n"}},
			args: []string{"--env-file", "prod.secrets"}, says: "warning: prod.secrets: " + wouldAdd},
		{name: "link to a tracked file", files: []section{{"base.txt", "A=c4n4ry\n"}},
			links: map[string]string{".dev.vars": "base.txt"}, add: "base.txt",
			says: "warning: base.txt: .dev.vars links to this file, and " + isTracked},
		{name: "link to a link", files: []section{{"base.txt", "A=c4n4ry\n"}},
			links: map[string]string{".env.local": "link", "link": "base.txt"}, add: "base.txt",
			says: "warning: base.txt: .env.local links to this file, and " + isTracked},
		{name: "link into another repository", links: map[string]string{".dev.vars": other + "/secrets/shared.env"},
			says: "warning: OTHER/secrets/shared.env: .dev.vars links to this file, and " + wouldAdd},
		{name: "link to an ignored file", links: map[string]string{".dev.vars": other + "/ignored.env"}},
		{name: "env file in a linked directory", links: map[string]string{"dir": other + "/secrets"},
			args: []string{"--env-file", "dir/shared.env"}, says: "warning: OTHER/secrets/shared.env: " + wouldAdd},
		{name: "working directory", files: []section{{"src/.env", "CLOUDFLARE_ENV=\n"}}, add: "src/.env",
			args: []string{"-C", "src"}, says: "warning: .env: " + isTracked},
		{name: "tracked link", links: map[string]string{".dev.vars": "/nowhere/.dev.vars"}, add: ".dev.vars",
			says: "warning: .dev.vars: is a link to a file that does not exist, so wrangler reads nothing; " +
				"correct the link, or replace it by a file (broken-link)\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := project(t, append(test.files, section{"wrangler.json", `{"vars": {"V": "v"}}`},
				section{".gitignore", ".dev.vars\n.env*\n"})...)
			for name, target := range test.links {
				require.NoError(t, os.Symlink(target, filepath.Join(dir, name)))
			}
			git := repository(t, dir)
			if test.add != "" {
				git("add", "--force", test.add)
			}
			got := finish(t, process(t, dir, append([]string{"check"}, test.args...)...))
			if rel, err := filepath.Rel(dir, other); err == nil {
				got.stdout = strings.ReplaceAll(got.stdout, rel, "OTHER")
			}
			require.Equal(t, test.says, got.stdout)
		})
	}
}
