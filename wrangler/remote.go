package wrangler

import (
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// remoteFindings compares the secrets that the deployed Worker has with those of the project, by
// name. Required secrets that the Worker lacks are findings of the deployment.
func (r *resolver) remoteFindings(remote []string) []Finding {
	deployed := map[string]bool{}
	for _, name := range remote {
		deployed[name] = true
	}
	required, local := r.requiredSecrets(), map[string]Source{}
	for name := range r.names {
		if w := r.winner(name); w.Binding.Kind() == binding.SecretText && w.Source.Origin != FromProcess {
			local[name] = w.Source
		}
	}
	var findings []Finding
	for _, name := range slices.Sorted(maps.Keys(local)) {
		if !deployed[name] && !required[name] && !isSetting(name) && !r.isVar(name) {
			f := local[name].finding(SeverityWarning, RuleNotInProduction,
				"the deployed Worker does not have this secret; use wrangler secret put "+name+" if the code "+
					"needs it there")
			f.Key = name
			findings = append(findings, f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(deployed)) {
		if _, ok := local[name]; !ok && r.winner(name).Source.Origin == "" {
			findings = append(findings, Finding{Severity: SeverityWarning, Rule: RuleNotLocal, Key: name,
				Text: "the deployed Worker has this secret, and wrangler dev binds nothing of this name; add it to .dev.vars"})
		}
		if r.settings.Secrets != nil && !required[name] {
			findings = append(findings, Finding{Severity: SeverityNote, Rule: RuleNotInConfig, Key: name,
				Text: "the deployed Worker has this secret, and secrets.required does not name it; add it there, or use " +
					"wrangler secret delete if it is not needed"})
		}
	}
	return findings
}

// isVar reports whether the configuration has a var of that name.
func (r *resolver) isVar(name string) bool {
	return slices.ContainsFunc(r.names[name].list, func(c candidate) bool {
		return c.in.Origin == FromConfig && c.comment().dropped == ""
	})
}
