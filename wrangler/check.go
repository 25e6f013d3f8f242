package wrangler

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
)

// CheckOptions say what [CheckWith] checks besides the files of a project. The zero value is
// nothing.
type CheckOptions struct {
	Dev DevOptions // the arguments of wrangler dev

	// RemoteSecrets are the names of the secrets that the deployed Worker has. They are compared
	// with the secrets that the project needs. Nil means that they are not known.
	RemoteSecrets []string
}

// Check is CheckWith without further options.
func Check(o Options) []Finding { return CheckWith(o, CheckOptions{}) }

// maxEnvironments bounds the environments that are checked.
const maxEnvironments = 32

// CheckWith returns everything that is wrong or looks wrong with a project, for `wrangler dev` and
// for `wrangler deploy`. If no environment is selected, it checks the top level and then each
// environment; what an environment has in common with those before it is reported once. The order
// is stable: findings about the configuration, then those about the files beside it, then those
// about the bindings. There is no error result: an error is a finding, too.
func CheckWith(o Options, c CheckOptions) []Finding {
	p, findings := check(o, c)
	if p == nil || p.settings == nil || p.selection() != "" || o.Environment != nil || p.location.redirected() ||
		p.settings.Pages || o.Programmatic {
		return unique(findings)
	}
	names := p.settings.DefinedEnvironments
	if len(names) > 0 { // all of them are checked
		findings = slices.DeleteFunc(findings, func(f Finding) bool { return f.Rule == RuleManyEnvironments })
	}
	for _, name := range names[:min(len(names), maxEnvironments)] {
		o.Environment = &name
		_, more := check(o, CheckOptions{Dev: c.Dev})
		for _, f := range more {
			if !isOrdinary(f) {
				f.Environment = name
				findings = append(findings, f)
			}
		}
	}
	if more := len(names) - maxEnvironments; more > 0 {
		findings = append(findings, Finding{Severity: SeverityNote, Rule: RuleMore, Text: strconv.Itoa(more) +
			" environments are not checked; use --env"})
	}
	return unique(findings)
}

// isOrdinary reports whether f is a note that says nothing new for another environment.
func isOrdinary(f Finding) bool {
	return f.Severity == SeverityNote && (f.Rule == RuleUnreadFile || f.Rule == RuleNothingBound)
}

// check checks a project for one environment.
func check(o Options, c CheckOptions) (*project, []Finding) {
	p, err := load(o)
	if p == nil {
		return nil, Findings(err)
	}
	findings := slices.Clone(p.findings)
	if p.location.config == "" {
		findings = append(findings, Finding{Severity: SeverityWarning, Rule: RuleNoConfig,
			Text: "there is no wrangler.json, wrangler.jsonc or wrangler.toml here or in a directory above; " +
				"check the directory"})
	}
	if err != nil {
		return p, findings
	}
	dev := newResolver(p)
	r, err := dev.dev(c.Dev)
	findings = slices.Concat(findings, dev.findings, Findings(err))
	if err == nil && len(r.names) == 0 && len(dev.findings) == 0 && p.location.config != "" {
		findings = append(findings, Finding{Severity: SeverityNote, Rule: RuleNothingBound, Text: "wrangler dev " +
			"binds nothing: there are " +
			"no vars and no local secrets, and process variables are bound only with " +
			"CLOUDFLARE_INCLUDE_PROCESS_ENV=true " +
			"or if secrets.required names them"})
	}
	if !p.settings.Pages { // a Pages project is deployed by other rules
		deploy := newResolver(p)
		_, err = deploy.deploy(DeployOptions{Vars: c.Dev.Vars})
		findings = slices.Concat(findings, deploy.findings, Findings(err))
	}
	if c.RemoteSecrets != nil {
		findings = append(findings, dev.remoteFindings(c.RemoteSecrets)...)
	}
	return p, findings
}

// unique removes the findings that are there before, for whatever environment.
func unique(findings []Finding) []Finding {
	seen := map[string]bool{}
	return slices.DeleteFunc(findings, func(f Finding) bool {
		text := f.Severity.String() + f.String()
		again := seen[text]
		seen[text] = true
		return again
	})
}

// mostLint bounds the findings about one local file.
const mostLint = 1000

// lint reports what looks wrong in a local file, if wrangler reads it.
func (r *resolver) lint(f localFile) {
	if f.unread != "" {
		return
	}
	count := 0
	report := func(found devvars.Finding) {
		if count++; count <= mostLint {
			r.findings = append(r.findings, Finding{
				Severity: SeverityWarning, Rule: Rule(found.Rule), File: f.source.File, Line: found.Pos.Line,
				Column: found.Pos.Column,
				Key:    found.Key, Text: found.Text,
			})
		}
	}
	expands := f.source.Origin == FromEnvFile // what references in values are for needs no finding
	for found := range f.file.Findings() {
		if !expands || found.Rule != devvars.Expands {
			report(found)
		}
	}
	if r.options.Lint != nil {
		for found := range r.options.Lint(f.file) {
			if value, _ := f.file.Lookup(found.Key); !expands || !strings.Contains(value, "$") {
				report(found)
			}
		}
	}
	if count > mostLint {
		r.findings = append(r.findings, f.source.finding(SeverityWarning, RuleMore,
			strconv.Itoa(count-mostLint)+" more findings in this file"))
	}
}

// limitFindings reports what Cloudflare would not deploy even on the paid plan.
func limitFindings(set binding.Set) []Finding {
	var over *binding.LimitError
	if !errors.As(binding.PaidPlan().Check(set), &over) {
		return nil
	}
	var findings []Finding
	if over.Bindings > 0 {
		findings = append(findings, Finding{Severity: SeverityWarning, Rule: RuleLimit, Text: fmt.Sprintf(
			"%d vars and secrets are more than the %d of the paid plan; remove some, or put several into one "+
				"JSON var", over.Bindings, over.Limits.Bindings)})
	}
	for _, name := range over.TooLarge {
		findings = append(findings, Finding{Severity: SeverityWarning, Rule: RuleLimit, Key: name, Text: fmt.Sprintf(
			"the value is larger than %d bytes, the most that can be deployed; store it elsewhere, for example "+
				"in KV", over.Limits.ValueBytes)})
	}
	return findings
}
