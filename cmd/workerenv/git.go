package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/wrangler"
)

// ruleGit is the rule for files of secrets that git publishes.
const ruleGit wrangler.Rule = "git"

// tracked returns a finding for each file of local secrets next to the configuration that git
// tracks, or would add with "git add .". Without git, and outside a repository, there is none.
func (c command) tracked(f *flags) []wrangler.Finding {
	dir := f.dir
	if config, err := wrangler.Load(c.options(f)); err == nil && config.Path() != "" {
		dir = filepath.Dir(config.UserPath())
	}
	return c.published(f.dir, dir, ".dev.vars", ".dev.vars.*", ".env", ".env.*")
}

// published returns a finding for each file in dir that matches one of the patterns and that git
// tracks, or would add. Paths in findings are relative to base.
func (c command) published(base, dir string, patterns ...string) []wrangler.Finding {
	// The configuration of a repository can make git run a program as its file system monitor.
	args := []string{"-c", "core.fsmonitor=false", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"}
	names := c.git(dir, c.environ, append(args, patterns...)...)
	var findings []wrangler.Finding
	for name := range strings.SplitSeq(names, "\x00") {
		if name == "" || isTemplate(name) {
			continue
		}
		findings = append(findings, wrangler.Finding{
			Severity: wrangler.SeverityWarning, Rule: ruleGit, File: relative(base, filepath.Join(dir, name)),
			Text: "git tracks this file, or would add it; list it in .gitignore, and replace the secrets if it was published",
		})
	}
	return findings
}

// isTemplate reports whether a file of this name is a template of the file of secrets, which is
// meant to be published.
func isTemplate(name string) bool {
	return slices.Contains([]string{".example", ".sample", ".template", ".dist", ".defaults"}, filepath.Ext(name))
}

// relative returns the path of file relative to dir, or file if there is none.
func relative(dir, file string) string {
	if path, err := filepath.Rel(dir, file); err == nil {
		return filepath.ToSlash(path)
	}
	return file
}

// askGit returns the output of git in dir, or "" if it fails or is not installed.
func askGit(dir string, environ []string, args ...string) string {
	git := exec.Command("git", args...)
	git.Dir, git.Env = dir, environ
	out, err := git.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
