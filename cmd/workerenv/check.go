package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/readfile"
	"github.com/workerenv/workerenv/wrangler"
)

// maxSecretList is the most that is read of a list of secrets from standard input, in bytes.
const maxSecretList = 1 << 20

// check prints the findings about the project of f.
func (c command) check(f *flags) int {
	if f.rules {
		return c.showRules(f)
	}
	o := wrangler.CheckOptions{Dev: wrangler.DevOptions{Vars: f.vars, PagesBindings: f.bindings}}
	if f.secretsOfList != "" {
		var err error
		if o.RemoteSecrets, err = c.readSecretList(f); err != nil {
			return c.fail(err)
		}
	}
	var findings []wrangler.Finding
	f.each(func() error {
		findings = append(findings, wrangler.CheckWith(c.options(f), o)...)
		findings = append(findings, c.tracked(f)...)
		return nil
	})
	findings = slices.DeleteFunc(findings, func(finding wrangler.Finding) bool {
		return slices.Contains(f.ignored, string(finding.Rule))
	})
	if err := c.report(f, findings); err != nil {
		return c.fail(err)
	}
	for _, finding := range findings {
		if finding.Severity == wrangler.SeverityError {
			return statusFailure
		}
	}
	return statusOK
}

// report prints findings in the format of f.
func (c command) report(f *flags, findings []wrangler.Finding) error {
	switch {
	case f.json || f.format == "json":
		return writeJSON(c.stdout, findings)
	case f.format == "github":
		dir := relative(c.dir, f.dir)
		return writeAnnotations(c.stdout, dir, findings)
	case len(findings) == 0:
		fmt.Fprintln(c.stderr, "no findings")
		return nil
	}
	return writeFindings(c.stdout, findings)
}

// writeAnnotations prints findings as workflow commands of GitHub Actions. Files are relative to
// dir, and annotations are relative to the working directory.
func writeAnnotations(out output, dir string, findings []wrangler.Finding) error {
	w := bufio.NewWriter(out)
	for _, f := range findings {
		level := f.Severity.String()
		if f.Severity == wrangler.SeverityNote {
			level = "notice"
		}
		var properties []string
		if f.File != "" {
			file := filepath.ToSlash(f.File)
			if !path.IsAbs(file) {
				file = path.Join(dir, file)
			}
			properties = append(properties, "file="+escapeProperty(file))
		}
		if f.Line > 0 {
			properties = append(properties, "line="+strconv.Itoa(f.Line), "col="+strconv.Itoa(f.Column))
		}
		properties = append(properties, "title="+escapeProperty(string(f.Rule)))
		text := f.Text
		if f.Key != "" {
			text = f.Key + ": " + text
		}
		if f.Environment != "" {
			text += " (--env " + f.Environment + ")"
		}
		fmt.Fprintf(w, "::%s %s::%s\n", level, strings.Join(properties, ","), escapeData(text))
	}
	return w.Flush()
}

// escapeData and escapeProperty escape the text and a property of a workflow command, as
// @actions/core does.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(escape(s))
}

func escapeProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(s))
}

// readSecretList reads the names that wrangler secret list --format json prints, or wrangler
// versions secret list.
func (c command) readSecretList(f *flags) ([]string, error) {
	var data []byte
	var err error
	source := "list"
	if file := f.secretsOfList; file == "-" {
		data, err = io.ReadAll(io.LimitReader(c.stdin, maxSecretList))
	} else {
		source = "file"
		if !filepath.IsAbs(file) {
			file = filepath.Join(f.dir, file)
		}
		data, err = readfile.Read(file, readfile.Wait)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the %s of --remote-secrets: %w", source, withoutPath(err))
	}
	if start := strings.IndexByte(string(data), '['); start >= 0 { // wrangler can print a banner first
		data = data[start:]
	}
	var list []struct{ Name string }
	if err := json.NewDecoder(strings.NewReader(string(data))).Decode(&list); err != nil {
		return nil, fmt.Errorf("--remote-secrets must be what wrangler secret list --format json prints: an " +
			"array of objects with a name")
	}
	names := []string{}
	for _, secret := range list {
		names = append(names, secret.Name)
	}
	return names, nil
}

// ruleRow is the JSON form of a rule.
type ruleRow struct {
	Rule     wrangler.Rule     `json:"rule"`
	Severity wrangler.Severity `json:"severity"`
	Meaning  string            `json:"meaning"`
	Cure     string            `json:"cure"`
	Example  string            `json:"example,omitempty"`
}

// showRules prints all rules.
func (c command) showRules(f *flags) int {
	var err error
	if f.json || f.format == "json" {
		var rows []ruleRow
		for _, rule := range allRules() {
			rows = append(rows, ruleRow{rule.Rule, rule.Severity, rule.Meaning, rule.Cure, rule.Example})
		}
		err = writeJSON(c.stdout, rows)
	} else {
		w := bufio.NewWriter(c.stdout)
		for _, rule := range allRules() {
			fmt.Fprintf(w, "%s (%s)\n  %s; %s\n", c.stdout.paint(bold, string(rule.Rule)),
				c.stdout.paint(severityStyles[rule.Severity], rule.Severity.String()), rule.Meaning, rule.Cure)
		}
		err = w.Flush()
	}
	if err != nil {
		return c.fail(err)
	}
	return statusOK
}

// isNoRule reports whether no rule has that name.
func isNoRule(name string) bool {
	return !slices.ContainsFunc(allRules(), func(r wrangler.RuleInfo) bool { return string(r.Rule) == name })
}

// allRules returns the rules about projects and about the text of local files, by name.
func allRules() []wrangler.RuleInfo {
	rules := append(wrangler.Rules(), devvars.Rules()...)
	slices.SortStableFunc(rules, func(a, b wrangler.RuleInfo) int { return cmp.Compare(a.Rule, b.Rule) })
	return slices.CompactFunc(rules, func(a, b wrangler.RuleInfo) bool { return a.Rule == b.Rule })
}
