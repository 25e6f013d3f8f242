package wrangler

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// Deploy returns the bindings that `wrangler deploy` uploads: the vars and resources of the
// configuration, and the flags and secrets in o, which replace bindings of the same name. It adds
// an inherit binding for each required secret that is missing. Local files are never deployed.
//
// The error joins one *[Error] for everything that wrangler refuses before the upload.
func (c *Config) Deploy(o DeployOptions) (*Resolution, error) {
	return newResolver(c.project()).deploy(o)
}

func (r *resolver) deploy(o DeployOptions) (*Resolution, error) {
	if r.settings.Pages {
		return nil, usageError("this is a Pages project; deploy it with wrangler pages deploy")
	}
	r.files.explore(r.addOtherConfigs)
	r.files.explore(r.addLocalOnly)
	r.offerConfig(func(config.Binding) bool { return true })
	flag := Source{Origin: FromFlag, Key: "--var"}
	r.checkFlags(flag, o.Vars, ":")
	for _, b := range parseFlags(o.Vars, ":") {
		r.offer(flag, b)
	}
	if o.SecretsFile != "" {
		if err := r.offerSecretsFile(o.SecretsFile); err != nil {
			return nil, err
		}
	}
	for name, value := range o.Secrets.All() {
		r.offer(Source{Origin: FromSecrets}, binding.Secret(name, value.Reveal()))
	}
	r.checkMeanings()
	r.offerRequired(o)
	r.checkRemoteSecrets(o)
	r.warnManyEnvironments()
	res, err := r.finish(r.inUploadOrder())
	if err != nil {
		return nil, err
	}
	res.keep = r.keepBindings(o)
	return res, nil
}

// offerRequired offers to inherit each required secret that the upload lacks. It reports those that
// the Worker does not have.
func (r *resolver) offerRequired(o DeployOptions) {
	if r.settings.Secrets == nil {
		return
	}
	for _, secret := range r.settings.Secrets.Required {
		if r.winner(secret.Name).Source.Origin != "" || jsvalue.IsPrototypeName(secret.Name) {
			continue
		}
		source := r.at(secret.Key, secret.Offset)
		source.Origin = FromRequired
		if o.NewWorker {
			r.report(source, SeverityError, RuleMissingSecret,
				"required secret "+secret.Name+" is missing, and a new Worker cannot inherit it; "+
					"add it to a file for --secrets-file")
			continue
		}
		r.offer(source, binding.Inherited(secret.Name))
		if o.RemoteSecrets != nil && !slices.Contains(o.RemoteSecrets, secret.Name) {
			r.report(source, SeverityWarning, RuleNotInProduction,
				"the deployed Worker does not have the required secret "+secret.Name+", so Cloudflare refuses the "+
					"upload; use "+r.secretPut(secret.Name))
		}
	}
}

// checkRemoteSecrets reports the bindings of the configuration that would replace a secret of the
// deployed Worker.
func (r *resolver) checkRemoteSecrets(o DeployOptions) {
	remote := map[string]bool{}
	for _, name := range o.RemoteSecrets {
		remote[name] = true
	}
	for _, b := range r.settings.Bindings {
		severity := SeverityWarning
		if o.Strict && b.GuardsSecrets() {
			severity = SeverityError
		}
		if remote[b.Name] {
			r.report(r.at(b.Key, b.Offset), severity, RuleRemoteSecret, "binding "+b.Name+" would replace a secret of the "+
				"deployed Worker; rename it, or delete the secret if it is not needed")
		}
	}
}

// warnManyEnvironments reports that the configuration has environments and none is selected.
func (r *resolver) warnManyEnvironments() {
	if r.settings.TargetEnvironment == nil && len(r.settings.DefinedEnvironments) > 0 && !r.location.redirected() {
		r.report(r.at("env", -1), SeverityWarning, RuleManyEnvironments,
			`the configuration has environments and none is selected; use --env, or --env="" for the top level`)
	}
}

// inUploadOrder returns the bindings in the order of the upload: inherited bindings, vars and
// secrets by kind, then the resources of the configuration.
func (r *resolver) inUploadOrder() []binding.Binding {
	resources := config.Resources(r.remaining())
	last := map[string]bool{}
	for _, resource := range resources {
		last[resource.Name] = true
	}
	kinds := []binding.Kind{binding.Inherit, binding.PlainText, binding.JSON, binding.SecretText}
	var list []binding.Binding
	for _, name := range r.bound {
		if b := r.winner(name).Binding; !last[name] && slices.Contains(kinds, b.Kind()) {
			list = append(list, b)
		}
	}
	slices.SortStableFunc(list, func(a, b binding.Binding) int {
		return cmp.Or(slices.Index(kinds, a.Kind())-slices.Index(kinds, b.Kind()), jsvalue.CompareKeys(a.Name(), b.Name()))
	})
	for _, resource := range resources {
		list = append(list, resourceBinding(resource))
	}
	return list
}

// remaining returns the resources of the configuration that no flag and no secret has replaced.
func (r *resolver) remaining() []config.Binding {
	var list []config.Binding
	for _, b := range r.settings.Bindings {
		if !isVar(b) && r.winner(b.Name).Source.Origin == FromConfig {
			list = append(list, b)
		}
	}
	return list
}

// keepBindings returns the kinds of bindings that the new version takes over from the one before.
func (r *resolver) keepBindings(o DeployOptions) []binding.Kind {
	secrets := []binding.Kind{binding.SecretText, "secret_key"}
	if o.KeepVars || r.settings.KeepVars {
		return append([]binding.Kind{binding.PlainText, binding.JSON}, secrets...)
	}
	return secrets
}

// offerSecretsFile offers the secrets of a --secrets-file: a JSON object of strings or, if it is
// not JSON, a .env file.
func (r *resolver) offerSecretsFile(name string) error {
	file := r.files.abs(r.files.dir, name)
	src, err := r.files.read(file)
	if err != nil {
		return r.unreadable(file, err)
	}
	if json.Valid([]byte(strings.TrimPrefix(jsvalue.ValidText(src), "\ufeff"))) {
		return r.offerJSONSecrets(file, src)
	}
	return r.offerEnvSecrets(file, src)
}

// offerJSONSecrets offers the members of a JSON object, without those that are null.
func (r *resolver) offerJSONSecrets(file string, src []byte) error {
	content, err := syntax.Parse(src, syntax.JSONC)
	source := Source{Origin: FromSecretsFile, File: r.files.display(file)}
	if err != nil || content.Object() == nil {
		return &Error{Finding: source.finding(SeverityError, RuleSecretsFile,
			"must be a JSON object of strings, or lines of NAME=value")}
	}
	lines := syntax.NewLocator(src)
	var errs []error
	for name, v := range content.Object().All() {
		if offset, ok := v.Offset(); ok {
			source.Line, source.Column = lines.Position(offset)
		}
		switch {
		case v.Is(jsvalue.String):
			r.offer(source, binding.Secret(name, v.Text()))
		case !v.Is(jsvalue.Null):
			f := source.finding(SeverityError, RuleSecretsFile, "must be a string or null, not "+v.Describe())
			f.Key = name
			errs = append(errs, &Error{Finding: f})
		}
	}
	return errors.Join(errs...)
}

// offerEnvSecrets offers the variables of a .env file. References are expanded. A process variable
// of the same name replaces a secret, even if it is empty.
func (r *resolver) offerEnvSecrets(file string, src []byte) error {
	f := r.local(FromSecretsFile, file, src)
	empty := true
	for e := range f.file.Assignments() {
		if e.Key() != "__proto__" {
			r.addAssignment(&f, e, e.Value(), remark{})
			empty = false
		}
	}
	if empty {
		return &Error{Finding: f.source.finding(SeverityError, RuleSecretsFile,
			"contains no secrets; it must be a JSON object of strings, or lines of NAME=value")}
	}
	process, _ := r.processWith(func(string) bool { return true })
	expansion, findings := expand(process, []localFile{f})
	for name, text := range f.file.All() {
		if v, ok := process.Get(name); ok {
			r.offer(v.source(), binding.Secret(name, v.value))
		} else if value, ok := expansion.Lookup(name); ok {
			r.useSecret(r.names[name].last(FromSecretsFile).source(), name, value)
			if value != text {
				r.report(r.sourceOf(name), SeverityWarning, RuleExpanded, "--secrets-file replaces what looks like a "+
					"reference in this value, and wrangler secret bulk does not, so they upload different values; "+
					"write \\$ for a dollar sign here, or use a JSON file")
			}
		}
	}
	r.findings = append(r.findings, findings...)
	return failures(findings)
}
