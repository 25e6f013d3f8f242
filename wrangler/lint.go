package wrangler

import (
	"iter"
	"strconv"
	"strings"

	"github.com/workerenv/workerenv/devvars"
)

// mostLint bounds the findings about one file of local secrets.
const mostLint = 1000

// lint reports what looks wrong in the files that are read.
func (r *resolver) lint(l *local) {
	for _, layer := range l.layers {
		if layer.unread != "" {
			continue
		}
		count := 0
		for f := range r.findingsOf(layer) {
			if layer.isMeant(f) {
				continue
			}
			if count++; count > mostLint {
				continue
			}
			r.findings = append(r.findings, Finding{
				Severity: f.Severity, Rule: Rule(f.Rule), File: layer.name, Line: f.Line, Column: f.Column, Key: f.Key, Text: f.Text,
			})
		}
		if more := count - mostLint; more > 0 {
			r.findings = append(r.findings, Finding{
				Severity: SeverityWarning, Rule: RuleMore, File: layer.name, Text: strconv.Itoa(more) + " more findings in this file",
			})
		}
	}
}

// findingsOf yields the findings of package devvars about a file, then those of Options.Lint. The latter are left out
// for a value of a .env file with a $: such a value depends on the expansion.
func (r *resolver) findingsOf(l layer) iter.Seq[devvars.Finding] {
	return func(yield func(devvars.Finding) bool) {
		for f := range l.file.Findings() {
			if !yield(f) {
				return
			}
		}
		if r.options.Lint == nil {
			return
		}
		for f := range r.options.Lint(l.file) {
			value, _ := l.file.Lookup(f.Key)
			if l.origin == FromEnvFile && strings.Contains(value, "$") {
				continue
			}
			if !yield(f) {
				return
			}
		}
	}
}

// isMeant reports whether f is about a reference in a .env file, which wrangler expands.
func (l layer) isMeant(f devvars.Finding) bool {
	return l.origin == FromEnvFile && f.Rule == devvars.Unexpanded
}
