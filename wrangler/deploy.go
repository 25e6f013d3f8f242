package wrangler

import (
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// Deploy returns the bindings that `wrangler deploy` uploads: the vars and resources of the configuration, over them the flags
// and the secrets file of o, and an inherit binding for each required secret that none of them gives. Local files are
// never deployed.
//
// The error joins one *[Error] for everything that wrangler would refuse before it uploads.
func (c *Config) Deploy(o DeployOptions) (*Resolution, error) {
	r := &resolver{project: c.project()}
	res, err := r.deploy(o)
	if err != nil {
		return nil, err
	}
	return res.valid()
}

// deploy resolves. What it refuses is among the findings, except for what keeps it from going on.
func (r *resolver) deploy(o DeployOptions) (*Resolution, error) {
	if r.settings.Pages {
		return nil, &Error{Finding: Finding{Rule: RuleUsage, Text: "this is a Pages project; deploy it with wrangler pages deploy"}}
	}
	r.offerConfig()
	for name, value := range parseFlags(o.Vars, ":").all() {
		r.offer(binding.Var(name, value), Source{Origin: FromFlag, Key: "--var"}.spot())
	}
	if o.SecretsFile != "" {
		if err := r.offerSecretsFile(o.SecretsFile); err != nil {
			return nil, err
		}
	}
	r.offerRequired(o.NewWorker)
	r.findRemoteSecrets(o)
	r.warnManyEnvironments()
	res, err := r.result(r.inUploadOrder())
	if err != nil {
		return nil, err
	}
	res.keep = r.keepBindings(o)
	return res, nil
}

// inUploadOrder returns the bindings in the order of the upload: by kind, and by name as assigned. What the configuration makes
// comes last, of whatever kind it is.
func (r *resolver) inUploadOrder() []binding.Binding {
	resources := config.Resources(r.remaining())
	made := map[string]bool{}
	for _, resource := range resources {
		made[resource.Name] = true
	}
	names := slices.DeleteFunc(r.assigned.order(), func(name string) bool { return made[name] })
	var list []binding.Binding
	for _, k := range []binding.Kind{binding.Inherit, binding.PlainText, binding.JSON, binding.SecretText} {
		list = append(list, r.ofKind(names, k)...)
	}
	for _, resource := range resources {
		list = append(list, resourceBinding(resource))
	}
	return list
}

// remaining returns the bindings of the configuration that nothing has replaced.
func (r *resolver) remaining() []config.Binding {
	return slices.DeleteFunc(slices.Clone(r.settings.Bindings), func(b config.Binding) bool {
		e, _ := r.assigned.get(b.Name)
		return e.spot.origin() != FromConfig
	})
}

// keepBindings returns the kinds that the new version takes over from the one before.
func (r *resolver) keepBindings(o DeployOptions) []binding.Kind {
	secrets := []binding.Kind{binding.SecretText, "secret_key"}
	if o.KeepVars || r.settings.KeepVars {
		return append([]binding.Kind{binding.PlainText, binding.JSON}, secrets...)
	}
	return secrets
}

// offerRequired offers to inherit each required secret that is not there, or reports it if there is nothing to inherit from.
func (r *resolver) offerRequired(newWorker bool) {
	s := r.settings.Secrets
	if s == nil {
		return
	}
	place := r.placer()
	for _, secret := range s.Required {
		_, there := r.assigned.get(secret.Name)
		if there || jsvalue.IsPrototypeName(secret.Name) {
			continue
		}
		at := place(secret.Key, secret.Offset)
		at.Origin = FromRequired
		if !newWorker {
			r.offer(binding.Inherited(secret.Name), at.spot())
			continue
		}
		r.findings = append(r.findings, Finding{
			Rule: RuleMissingSecret, File: at.File, Line: at.Line, Column: at.Column, Key: secret.Key,
			Text: "required secret " + secret.Name + " is missing, and a new Worker has none to inherit; give it in a file with --secrets-file",
		})
	}
}

// findRemoteSecrets reports the bindings of the configuration that would replace a secret of the deployed Worker.
func (r *resolver) findRemoteSecrets(o DeployOptions) {
	place := r.placer()
	remote := map[string]bool{}
	for _, name := range o.RemoteSecrets {
		remote[name] = true
	}
	for _, b := range r.settings.Bindings {
		if !remote[b.Name] {
			continue
		}
		f := Finding{Severity: SeverityWarning, Rule: RuleRemoteSecret, Key: b.Key}
		if o.Strict && b.GuardsSecrets() {
			f.Severity = SeverityError
		}
		at := place(b.Key, b.Offset)
		f.File, f.Line, f.Column = at.File, at.Line, at.Column
		f.Text = "the binding " + b.Name + " would replace a secret of the deployed Worker; remove one of the two, or rename it"
		r.findings = append(r.findings, f)
	}
}

// warnManyEnvironments reports that it was left open which environment is meant.
func (r *resolver) warnManyEnvironments() {
	if r.settings.TargetEnvironment != nil || len(r.settings.DefinedEnvironments) == 0 || r.location.redirected() {
		return
	}
	at := r.placer()("env", -1)
	r.findings = append(r.findings, Finding{
		Severity: SeverityWarning, Rule: RuleManyEnvironments, File: at.File, Key: "env",
		Text: "there are several environments and none is named; use --env, and --env=\"\" for the top level",
	})
}
