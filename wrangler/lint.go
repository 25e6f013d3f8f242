package wrangler

import (
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
		for f := range layer.file.Findings() {
			if layer.isMeant(f) {
				continue
			}
			if count++; count > mostLint {
				continue
			}
			r.findings = append(r.findings, Finding{
				Severity: SeverityWarning, Rule: Rule(f.Rule), File: layer.name, Line: f.Pos.Line, Column: f.Pos.Column, Key: f.Key, Text: f.Text(),
			})
		}
		if more := count - mostLint; more > 0 {
			r.findings = append(r.findings, Finding{
				Severity: SeverityWarning, Rule: RuleMore, File: layer.name, Text: strconv.Itoa(more) + " more findings in this file",
			})
		}
	}
}

// isMeant reports whether f is about a reference in a .env file: to expand them is what these files are for, and godotenv
// does it too.
func (l layer) isMeant(f devvars.Finding) bool {
	if l.origin != FromEnvFile {
		return false
	}
	value, _ := l.file.Lookup(f.Key)
	return f.Rule == devvars.Expands || f.Rule == devvars.PeerDiffers && strings.Contains(value, "$")
}
