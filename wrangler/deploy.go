package wrangler

import (
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// Deploy returns the bindings that `wrangler deploy` uploads: the vars and resources of the configuration; over them the
// flags in o and the secrets file; and an inherit binding for each required secret that none of these has. Local files are
// never deployed.
//
// The error joins one *[Error] for everything that wrangler refuses before the upload.
func (c *Config) Deploy(o DeployOptions) (*Resolution, error) {
	return newResolver(c.project()).deploy(o)
}

func (r *resolver) deploy(o DeployOptions) (*Resolution, error) {
	if r.settings.Pages {
		return nil, usageError("this is a Pages project; deploy it with wrangler pages deploy")
	}
	r.addOtherConfigs()
	r.addLocalOnly()
	r.offerConfig(func(config.Binding) bool { return true })
	for _, b := range parseFlags(o.Vars, ":") {
		r.offer(Source{Origin: FromFlag, Key: "--var"}, b)
	}
	if o.SecretsFile != "" {
		if err := r.offerSecretsFile(o.SecretsFile); err != nil {
			return nil, err
		}
	}
	r.findings = append(r.findings, r.valueFindings()...)
	r.offerRequired(o.NewWorker)
	r.checkRemoteSecrets(o)
	r.warnManyEnvironments()
	res, err := r.finish(r.inUploadOrder())
	if err != nil {
		return nil, err
	}
	res.keep = r.keepBindings(o)
	return res, nil
}

// offerRequired offers to inherit each required secret that is missing, or reports it for a Worker that is new.
func (r *resolver) offerRequired(newWorker bool) {
	if r.settings.Secrets == nil {
		return
	}
	for _, secret := range r.settings.Secrets.Required {
		if r.winner(secret.Name).Source.Origin != "" || jsvalue.IsPrototypeName(secret.Name) {
			continue
		}
		source := r.at(secret.Key, secret.Offset)
		source.Origin = FromRequired
		if !newWorker {
			r.offer(source, binding.Inherited(secret.Name))
			continue
		}
		r.findings = append(r.findings, source.finding(SeverityError, RuleMissingSecret,
			"required secret "+secret.Name+" is missing, and a new Worker cannot inherit it; add it to a file for --secrets-file"))
	}
}

// checkRemoteSecrets reports the bindings of the configuration that would replace a secret of the deployed Worker.
func (r *resolver) checkRemoteSecrets(o DeployOptions) {
	remote := map[string]bool{}
	for _, name := range o.RemoteSecrets {
		remote[name] = true
	}
	for _, b := range r.settings.Bindings {
		if !remote[b.Name] {
			continue
		}
		severity := SeverityWarning
		if o.Strict && b.GuardsSecrets() {
			severity = SeverityError
		}
		r.findings = append(r.findings, r.at(b.Key, b.Offset).finding(severity, RuleRemoteSecret,
			"binding "+b.Name+" would replace a secret of the deployed Worker; rename it, or delete the secret if it is not needed"))
	}
}

// warnManyEnvironments reports that the configuration has environments and none is selected.
func (r *resolver) warnManyEnvironments() {
	if r.settings.TargetEnvironment == nil && len(r.settings.DefinedEnvironments) > 0 && !r.location.redirected() {
		r.findings = append(r.findings, r.at("env", -1).finding(SeverityWarning, RuleManyEnvironments,
			`the configuration has environments and none is selected; use --env, or --env="" for the top level`))
	}
}

// inUploadOrder returns the bindings in the order of the upload: inherited bindings, vars and secrets by kind, then the
// resources of the configuration.
func (r *resolver) inUploadOrder() []binding.Binding {
	resources := config.Resources(r.remaining())
	last := map[string]bool{}
	for _, resource := range resources {
		last[resource.Name] = true
	}
	var bindings jsvalue.Map[binding.Binding]
	for _, name := range r.bound {
		if !last[name] {
			bindings.Set(name, r.winner(name).Binding)
		}
	}
	var list []binding.Binding
	for _, kind := range []binding.Kind{binding.Inherit, binding.PlainText, binding.JSON, binding.SecretText} {
		for _, b := range bindings.All() {
			if b.Kind() == kind {
				list = append(list, b)
			}
		}
	}
	for _, resource := range resources {
		list = append(list, resourceBinding(resource))
	}
	return list
}

// remaining returns the bindings of the configuration that no flag and no secret has replaced.
func (r *resolver) remaining() []config.Binding {
	return slices.DeleteFunc(slices.Clone(r.settings.Bindings), func(b config.Binding) bool {
		return r.winner(b.Name).Source.Origin != FromConfig
	})
}

// keepBindings returns the kinds of bindings that the new version takes over from the one before.
func (r *resolver) keepBindings(o DeployOptions) []binding.Kind {
	secrets := []binding.Kind{binding.SecretText, "secret_key"}
	if o.KeepVars || r.settings.KeepVars {
		return append([]binding.Kind{binding.PlainText, binding.JSON}, secrets...)
	}
	return secrets
}
