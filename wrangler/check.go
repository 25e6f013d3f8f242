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

// Check returns everything that is wrong or looks wrong with a project, for `wrangler dev` and for `wrangler deploy`. The
// order is stable: findings about the configuration, then those about the files beside it, then those about the
// bindings. There is no error result: an error is a finding, too.
func Check(o Options) []Finding {
	p, err := load(o)
	if p == nil {
		return Findings(err)
	}
	findings := slices.Clone(p.findings)
	if p.location.config == "" {
		findings = append(findings, Finding{Severity: SeverityWarning, Rule: RuleNoConfig,
			Text: "there is no wrangler.json, wrangler.jsonc or wrangler.toml here or in a directory above; check the directory"})
	}
	if err != nil {
		return findings
	}
	dev := newResolver(p)
	r, err := dev.dev(DevOptions{})
	findings = slices.Concat(findings, dev.findings, Findings(err))
	if err == nil && len(r.names) == 0 && len(dev.findings) == 0 && p.location.config != "" {
		findings = append(findings, Finding{Severity: SeverityNote, Rule: RuleNothingBound, Text: "wrangler dev binds nothing: there are " +
			"no vars and no local secrets, and process variables are bound only with CLOUDFLARE_INCLUDE_PROCESS_ENV=true " +
			"or if secrets.required names them"})
	}
	if !p.settings.Pages { // a Pages project is deployed by other rules
		deploy := newResolver(p)
		_, err = deploy.deploy(DeployOptions{})
		findings = slices.Concat(findings, deploy.findings, Findings(err))
	}
	seen := map[Finding]bool{}
	return slices.DeleteFunc(findings, func(f Finding) bool {
		again := seen[f]
		seen[f] = true
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
				Severity: SeverityWarning, Rule: Rule(found.Rule), File: f.source.File, Line: found.Pos.Line, Column: found.Pos.Column,
				Key: found.Key, Text: found.Text,
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
		r.findings = append(r.findings, f.source.finding(SeverityWarning, RuleMore, strconv.Itoa(count-mostLint)+" more findings in this file"))
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
			"%d vars and secrets are more than the %d of the paid plan; remove some, or put several into one JSON var", over.Bindings, over.Limits.Bindings)})
	}
	for _, name := range over.TooLarge {
		findings = append(findings, Finding{Severity: SeverityWarning, Rule: RuleLimit, Key: name, Text: fmt.Sprintf(
			"the value is larger than %d bytes, the most that can be deployed; store it elsewhere, for example in KV", over.Limits.ValueBytes)})
	}
	return findings
}
