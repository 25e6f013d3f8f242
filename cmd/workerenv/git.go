package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/wrangler"
)

// ruleGit is the rule for files of secrets that git publishes.
const ruleGit wrangler.Rule = "git"

// secretPatterns match the names of the files of local secrets, for git and for filepath.Match.
var secretPatterns = []string{".dev.vars", ".dev.vars.*", ".env", ".env.*"}

// tracked returns a finding for each file of local secrets that git tracks, or would add with "git add .": the files
// beside the configuration and in the working directory, those of --env-file, and what links among them point to.
// Without git, and outside a repository, there is none.
func (c command) tracked(f *flags) []wrangler.Finding {
	dirs := []string{f.dir}
	o := c.options(f)
	o.Programmatic = true // without the .env files, on which the place of the configuration does not depend
	if config, err := wrangler.Load(o); err == nil && config.Path() != "" {
		dirs = slices.Compact([]string{filepath.Dir(config.UserPath()), f.dir})
	}
	var findings []wrangler.Finding
	for _, dir := range dirs {
		findings = append(findings, c.published(f.dir, dir, secretPatterns...)...)
		for _, name := range append(links(dir), f.envFiles...) {
			if !filepath.IsAbs(name) {
				name = filepath.Join(dir, name)
			}
			findings = append(findings, c.publishedFile(f.dir, name)...)
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(findings, func(finding wrangler.Finding) bool {
		again := seen[finding.File]
		seen[finding.File] = true
		return again
	})
}

// links returns the names of files of local secrets in dir that are symbolic links.
func links(dir string) []string {
	var names []string
	for _, pattern := range secretPatterns {
		matches, _ := fs.Glob(os.DirFS(dir), pattern) // the patterns are correct
		names = append(names, matches...)
	}
	return slices.DeleteFunc(names, func(name string) bool { return !isLink(filepath.Join(dir, name)) })
}

func isLink(file string) bool {
	info, err := os.Lstat(file)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// publishedFile is published for one file, or for what it links to.
func (c command) publishedFile(base, file string) []wrangler.Finding {
	target, err := filepath.EvalSymlinks(file)
	if err != nil {
		return nil // there is no file
	}
	findings := c.published(base, filepath.Dir(target), ":(literal)"+filepath.Base(target))
	if isLink(file) {
		for i := range findings {
			findings[i].Text = label(relative(base, file)) + " links to this file, and " + findings[i].Text
			findings[i].Related = []devvars.Place{{File: relative(base, file)}}
		}
	}
	return findings
}

// published returns a finding for each file in dir that matches one of the patterns and that git tracks, or would add.
// Of a link, git publishes only where it points to. Paths in findings are relative to base.
func (c command) published(base, dir string, patterns ...string) []wrangler.Finding {
	// The configuration of a repository can make git run a program as its file system monitor.
	args := []string{
		"-c", "core.fsmonitor=false", "ls-files", "-t", "-z", "--cached", "--others", "--exclude-standard", "--",
	}
	list := c.git(dir, c.environ, append(args, patterns...)...)
	var findings []wrangler.Finding
	for entry := range strings.SplitSeq(list, "\x00") {
		tag, name, _ := strings.Cut(entry, " ")
		file := filepath.Join(dir, name)
		if name == "" || isTemplate(name) || isLink(file) {
			continue
		}
		text := "git tracks this file; remove it with git rm --cached, list it in .gitignore, and replace the secrets " +
			"if it was published"
		if tag == "?" {
			text = "git would add this file; list it in .gitignore"
		}
		findings = append(findings, wrangler.Finding{
			Severity: wrangler.SeverityWarning, Rule: ruleGit, File: relative(base, file), Text: text,
		})
	}
	return findings
}

// isTemplate reports whether a file of this name is a template of the file of secrets, which is meant to be published.
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
