package controlplane

import (
	"fmt"
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// project is the JSON object of a Pages project, with the values of its secrets in it: no response may have it as it is. It is held
// during a call only.
type project map[string]any

// readOnly are the members of a project that no request sets.
var readOnly = []string{"id", "created_on", "subdomain", "domains", "canonical_deployment", "latest_deployment"}

// writable returns those members of p that a request may set.
func (p project) writable() project {
	set := maps.Clone(p)
	for _, key := range readOnly {
		delete(set, key)
	}
	return set
}

// name is "" for a project that has none, which check refuses.
func (p project) name() string {
	name, _ := p["name"].(string)
	return name
}

func (p project) config(environment string) map[string]any {
	configs, _ := p["deployment_configs"].(map[string]any)
	config, _ := configs[environment].(map[string]any)
	return config
}

// vars are those of an environment by name, each an object of a type and a value.
func (p project) vars(environment string) map[string]any {
	vars, _ := p.config(environment)["env_vars"].(map[string]any)
	return vars
}

// patched applies a merge patch to p, which it may change. A var that becomes another type keeps nothing of what it was: a secret that became
// a var would show.
func (p project) patched(changes project) project {
	for _, environment := range []string{Production, Preview} {
		old := p.vars(environment)
		for name, change := range changes.vars(environment) {
			to, given := field(change, "type")
			if was, _ := field(old[name], "type"); given && to != was {
				delete(old, name)
			}
		}
	}
	return mergePatch(map[string]any(p), map[string]any(changes)).(map[string]any)
}

func field(object any, key string) (value any, ok bool) {
	members, _ := object.(map[string]any)
	value, ok = members[key]
	return value, ok
}

// check fails unless p is a project, and gives vars without a type the one that they have then.
func (p project) check(limits binding.Limits) error {
	if !isLabel(p.name(), maxProjectName) {
		return p.bad("a name has lower-case letters, digits and hyphens only, and at most 58 of them")
	}
	if branch, _ := p["production_branch"].(string); branch == "" {
		return p.bad("it has no production branch")
	}
	configs, ok := p["deployment_configs"].(map[string]any)
	if !ok && p["deployment_configs"] != nil {
		return p.bad("deployment_configs are not an object")
	}
	for _, environment := range slices.Sorted(maps.Keys(configs)) {
		if environment != Production && environment != Preview {
			return fmt.Errorf("pages project %q: environment %q: %w", p.name(), environment, ErrNoEnvironment)
		}
		if p.config(environment) == nil {
			return p.bad("the config of an environment is not an object")
		}
		if err := p.checkVars(environment, limits); err != nil {
			return err
		}
	}
	return nil
}

// projectError tells why a project can't be kept. It has no value of a var or a secret in it.
type projectError struct{ project, what string }

func (e *projectError) Error() string { return fmt.Sprintf("pages project %q: %s", e.project, e.what) }

// Unwrap returns ErrProject.
func (e *projectError) Unwrap() error { return ErrProject }

func (p project) bad(what string) error { return &projectError{p.name(), what} }

func (p project) checkVars(environment string, limits binding.Limits) error {
	if vars := p.config(environment)["env_vars"]; vars != nil && p.vars(environment) == nil {
		return p.bad("env_vars are not an object")
	}
	for _, v := range p.vars(environment) {
		if object, ok := v.(map[string]any); ok && object["type"] == nil {
			object["type"] = string(binding.PlainText)
		}
	}
	set, err := p.bindings(environment)
	if err != nil {
		return err
	}
	return limits.Check(set)
}

// bindings returns the vars and secrets of an environment.
func (p project) bindings(environment string) (binding.Set, error) {
	vars := p.vars(environment)
	list := make([]binding.Binding, 0, len(vars))
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		b, ok := pagesBinding(name, vars[name])
		if !ok {
			return binding.Set{}, p.bad(fmt.Sprintf("var %q has no text as its value, or is neither of type plain_text nor secret_text", name))
		}
		list = append(list, b)
	}
	return binding.NewSet(list...)
}

func pagesBinding(name string, of any) (binding.Binding, bool) {
	kind, _ := field(of, "type")
	given, _ := field(of, "value")
	text, ok := given.(string)
	if kind == string(binding.SecretText) {
		return binding.Secret(name, text), ok
	}
	return binding.Var(name, text), ok && kind == string(binding.PlainText)
}
