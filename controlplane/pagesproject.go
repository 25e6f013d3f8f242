package controlplane

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
)

// project is the JSON object of a Pages project, with the values of its secrets: answers have only
// what shown returns.
type project map[string]any

// UnmarshalJSON keeps numbers as they are. It fails for any other JSON value than an object.
func (p *project) UnmarshalJSON(text []byte) error {
	members, ok := decoded(text).(map[string]any)
	if !ok {
		return errBody
	}
	*p = members
	return nil
}

// readOnly are the members of a project that no request sets.
var readOnly = []string{"id", "created_on", "subdomain", "domains", "canonical_deployment", "latest_deployment"}

// name is "" for a project that has none, which check refuses.
func (p project) name() string {
	name, _ := p["name"].(string)
	return name
}

// config returns the configuration of an environment.
func (p project) config(environment string) map[string]any {
	configs, _ := p["deployment_configs"].(map[string]any)
	config, _ := configs[environment].(map[string]any)
	return config
}

// vars returns the vars and secrets of an environment by name, each an object with a type and a
// value.
func (p project) vars(environment string) map[string]any {
	vars, _ := p.config(environment)["env_vars"].(map[string]any)
	return vars
}

// memberOf returns a member of a JSON object, nil if object is none.
func memberOf(object any, key string) (value any, ok bool) {
	members, _ := object.(map[string]any)
	value, ok = members[key]
	return value, ok
}

// patched applies a merge patch without its read-only members to p, which it may change. A var
// whose type changes keeps nothing of the old one: a secret that becomes a var would be shown.
func (p project) patched(changes project) project {
	changes = maps.Clone(changes)
	for _, key := range readOnly {
		delete(changes, key)
	}
	for _, environment := range []string{Production, Preview} {
		old := p.vars(environment)
		for name, change := range changes.vars(environment) {
			kind, given := memberOf(change, "type")
			if was, _ := memberOf(old[name], "type"); given && kind != was {
				delete(old, name)
			}
		}
	}
	return mergePatch(map[string]any(p), map[string]any(changes)).(map[string]any)
}

// check fails unless p is a valid project. It sets the type of vars that have none.
func (p project) check(limits binding.Limits) error {
	if err := checkSpelling(p, "deployment_configs"); err != nil {
		return err
	}
	if !isLabel(p.name(), maxProjectName) {
		return p.invalid("a name has lower-case letters, digits and hyphens only, and at most 58 of them")
	}
	if branch, _ := p["production_branch"].(string); branch == "" {
		return p.invalid("it has no production branch")
	}
	configs, ok := p["deployment_configs"].(map[string]any)
	if !ok && p["deployment_configs"] != nil {
		return p.invalid("deployment_configs are not an object")
	}
	for _, environment := range slices.Sorted(maps.Keys(configs)) {
		if environment != Production && environment != Preview {
			return fmt.Errorf("pages project %q: environment %q: %w", p.name(), environment, ErrNoEnvironment)
		}
		if p.config(environment) == nil {
			return p.invalid("the config of an environment is not an object")
		}
		if err := checkSpelling(p.config(environment), "env_vars"); err != nil {
			return err
		}
		if err := p.checkVars(environment, limits); err != nil {
			return err
		}
	}
	return nil
}

// checkSpelling fails if members have a name that is a misspelled one of a member with secrets:
// answers show all members that they do not know.
func checkSpelling(members map[string]any, correct string) error {
	for _, key := range slices.Sorted(maps.Keys(members)) {
		letters := strings.ReplaceAll(strings.ToLower(key), "_", "")
		switch letters {
		case "deploymentconfigs", "deploymentconfig", "envvars", "envvar", "vars", "secrets", "secret", "env":
			if key != correct {
				return notModeled(memberLabel(key))
			}
		}
	}
	return nil
}

func (p project) checkVars(environment string, limits binding.Limits) error {
	if vars := p.config(environment)["env_vars"]; vars != nil && p.vars(environment) == nil {
		return p.invalid("env_vars are not an object")
	}
	for _, v := range p.vars(environment) {
		if members, ok := v.(map[string]any); ok && members["type"] == nil {
			members["type"] = string(binding.PlainText)
		}
	}
	set, err := p.bindings(environment)
	if err != nil {
		return err
	}
	return limits.Check(set)
}

func (p project) invalid(reason string) error { return &projectError{p.name(), reason} }

// bindings returns the vars and secrets of an environment.
func (p project) bindings(environment string) (binding.Set, error) {
	vars := p.vars(environment)
	list := make([]binding.Binding, 0, len(vars))
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		kind, _ := memberOf(vars[name], "type")
		value, _ := memberOf(vars[name], "value")
		text, ok := value.(string)
		switch {
		case ok && kind == string(binding.PlainText):
			list = append(list, binding.Var(name, text))
		case ok && kind == string(binding.SecretText):
			list = append(list, binding.Secret(name, text))
		default:
			return binding.Set{}, p.invalid(fmt.Sprintf(
				"the value of var %q is not a text, or its type is neither plain_text nor secret_text", name))
		}
	}
	return binding.NewSet(list...)
}

// shown returns p as the API shows it: with the members that every project has, and without the
// values of secrets.
func (p project) shown() project {
	host := p.name() + ".pages.dev"
	all := project{
		"framework": "", "framework_version": "", "uses_functions": false,
		"production_script_name": "pages-worker--" + p.name() + "-production",
		"preview_script_name":    "pages-worker--" + p.name() + "-preview",
		"canonical_deployment":   nil, "latest_deployment": nil,
	}
	maps.Copy(all, p)
	build := map[string]any{"web_analytics_tag": nil, "web_analytics_token": nil}
	given, _ := p["build_config"].(map[string]any)
	maps.Copy(build, given)
	all["build_config"] = build
	all["subdomain"], all["domains"] = host, []string{host}
	all["deployment_configs"] = map[string]any{
		Production: p.shownConfig(Production),
		Preview:    p.shownConfig(Preview),
	}
	return all
}

func (p project) shownConfig(environment string) map[string]any {
	all := map[string]any{
		"always_use_latest_compatibility_date": false, "build_image_major_version": 3, "compatibility_date": "",
		"compatibility_flags": []string{}, "fail_open": true, "usage_model": standardUsage,
	}
	maps.Copy(all, p.config(environment))
	vars := make(map[string]any)
	for name, v := range p.vars(environment) {
		kind, _ := memberOf(v, "type")
		value, _ := memberOf(v, "value")
		if kind != string(binding.PlainText) {
			value = ""
		}
		vars[name] = map[string]any{"type": kind, "value": value}
	}
	all["env_vars"] = vars
	return all
}
