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

// TestCheckAsksGit has files of secrets that git tracks, that it would add, and that it ignores.
// Check, set and unset warn of the first two.
func TestCheckAsksGit(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("there is no git")
	}
	dir := project(t,
		section{"app/wrangler.json", `{"name": "w"}`}, section{"app/.dev.vars", "A=c4n4ry\n"}, section{"app/.dev.vars.example", "A=\n"},
		section{"app/.env", "A=c4n4ry\n"}, section{"app/.env.local", "A=c4n4ry\n"}, section{"app/src/index.js", ""}, section{".gitignore", ".env.local\n"})
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command(git, args...)
		cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	src := filepath.Join(dir, "app", "src")

	got := finish(t, process(t, src, "check"))
	require.Empty(t, got.stdout, "there is no repository")

	run("init", "--quiet")
	run("add", "app/.env", "app/.dev.vars.example")
	got = finish(t, process(t, src, "check"))
	require.Equal(t, call{stdout: "warning: ../.dev.vars: git tracks this file, or would add it; list it in .gitignore, and replace the secrets if it was published (git)\n" +
		"warning: ../.env: git tracks this file, or would add it; list it in .gitignore, and replace the secrets if it was published (git)\n"}, got)

	require.NoError(t, os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(".env*\n.dev.vars*\n"), 0o600))
	got = finish(t, process(t, src, "check", "--json"))
	require.Contains(t, got.stdout, `"rule":"git","file":"../.env"`, "it was added before")
	require.NotContains(t, got.stdout, `.dev.vars`)
	require.NotContains(t, got.stdout, canary)

	got = finish(t, process(t, src, "unset", "A"))
	require.Equal(t, call{stderr: "removed A in ../.dev.vars\n"}, got)
	run("add", "--force", "app/.dev.vars")
	set := process(t, src, "set", "A")
	set.Stdin = strings.NewReader("c4n4ry\n")
	require.Equal(t, call{stderr: "set A in ../.dev.vars\nwarning: ../.dev.vars: git tracks this file, or would add it; " +
		"list it in .gitignore, and replace the secrets if it was published (git)\n"}, finish(t, set))
}
