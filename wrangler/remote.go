package wrangler

import (
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// checkRemote compares the secrets that the deployed Worker has with those of the project, by name.
// Required secrets that the Worker lacks are findings of the deployment.
func (r *resolver) checkRemote(remote []string) {
	required, deployed := r.requiredSecrets(), map[string]bool{}
	for _, name := range remote {
		deployed[name] = true
	}
	for _, name := range slices.Sorted(r.boundNames()) {
		w := r.winner(name)
		isLocal := w.Binding.Kind() == binding.SecretText && w.Source.Origin != FromProcess
		if isLocal && !deployed[name] && !required[name] && !isSetting(name) && !r.isVar(name) {
			r.report(r.sourceOf(name), SeverityWarning, RuleNotInProduction, "the deployed Worker does not have this secret; "+
				"use "+r.secretPut(name)+" if the code needs it there")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(deployed)) {
		if r.names[name].winner() == nil {
			r.report(Source{Key: name}, SeverityWarning, RuleNotLocal, "the deployed Worker has this secret, and "+
				"wrangler dev binds nothing of this name; add it to .dev.vars")
		}
		if r.settings.Secrets != nil && !required[name] {
			r.report(Source{Key: name}, SeverityNote, RuleNotInConfig, "the deployed Worker has this secret, and "+
				"secrets.required does not name it; add it there, or use wrangler secret delete if it is not needed")
		}
	}
}

// isVar reports whether the configuration has a var of that name.
func (r *resolver) isVar(name string) bool {
	return slices.ContainsFunc(r.names[name].list, func(c candidate) bool {
		return c.in.Origin == FromConfig && c.comment().dropped == ""
	})
}

// secretPut is Config.SecretPut.
func (p *project) secretPut(name string) string {
	switch e := valueOf(p.settings.TargetEnvironment); {
	case p.settings.Pages:
		return "wrangler pages secret put " + name
	case e != "" && (p.location.redirected() || slices.Contains(p.settings.DefinedEnvironments, e)):
		return "wrangler secret put " + name + " --env " + e
	}
	return "wrangler secret put " + name
}
