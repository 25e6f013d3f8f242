package main

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/wrangler"
)

// ruleGit is about files of secrets that git publishes.
const ruleGit wrangler.Rule = "git"

// tracked returns a finding for each file of local secrets beside the configuration that git has, or takes with the next
// "git add .". Without git, or outside a repository, there is none.
func (c command) tracked(f *flags) []wrangler.Finding {
	dir := f.dir
	if config, err := wrangler.Load(c.options(f)); err == nil && config.Path() != "" {
		dir = filepath.Dir(config.UserPath())
	}
	// A repository can name a program for git to run as its file system monitor, which nobody has asked for.
	names := c.git(dir, c.environ, "-c", "core.fsmonitor=false", "ls-files", "-z", "--cached", "--others", "--exclude-standard",
		"--", ".dev.vars", ".dev.vars.*", ".env", ".env.*")
	var findings []wrangler.Finding
	for name := range strings.SplitSeq(names, "\x00") {
		if name == "" || isTemplate(name) {
			continue
		}
		findings = append(findings, wrangler.Finding{
			Severity: wrangler.SeverityWarning, Rule: ruleGit, File: relative(f.dir, filepath.Join(dir, name)),
			Text: "git has this file, or takes it with the next git add; list it in .gitignore, and change the secrets if it was published",
		})
	}
	return findings
}

// isTemplate reports whether a file of this name is there to be published: it shows what the real one has to have.
func isTemplate(name string) bool {
	return slices.Contains([]string{".example", ".sample", ".template", ".dist", ".defaults"}, filepath.Ext(name))
}

// relative returns file as seen from dir, if there is a way.
func relative(dir, file string) string {
	if path, err := filepath.Rel(dir, file); err == nil {
		return filepath.ToSlash(path)
	}
	return file
}
