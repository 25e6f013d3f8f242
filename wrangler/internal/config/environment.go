package config

import (
	"slices"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// environment returns the name of the selected environment, nil if none is named.
func (o Options) environment() *string {
	if o.EnvFlag != nil {
		return o.EnvFlag
	}
	return o.EnvVariable
}

// describeEnvironment names the selected environment in a message.
func (o Options) describeEnvironment() string {
	if o.EnvFlag == nil && o.EnvVariableFile != "" {
		return "environment that CLOUDFLARE_ENV names in " + o.EnvVariableFile
	}
	return `environment "` + *o.environment() + `"`
}

// level is the top level of a configuration, or one of its environments.
type level struct {
	check  *check
	raw    node
	env    string // name of the environment
	top    *level // of an environment; nil at the top level
	absent bool   // the configuration has no environments, and raw is the top level
}

func (l *level) isPages() bool { return l.raw.has("pages_build_output_dir") }

// selectEnvironment returns the level that applies.
func (l *level) selectEnvironment() *level {
	c := l.check
	section := l.raw.get("env")
	if c.options.Redirected {
		l.checkRedirected(section)
		return l
	}
	if !section.value.IsNullish() && !c.wantObject(section) {
		return l
	}
	wanted := c.options.environment()
	if wanted == nil || *wanted == "" {
		return l
	}
	if raw := section.get(*wanted); !raw.isUndefined() {
		env := &level{check: c, raw: raw, env: *wanted, top: l}
		if c.wantObject(raw) {
			env.validate()
		}
		return env
	}
	if l.isPages() {
		return l
	}
	text := "there is no " + c.options.describeEnvironment() + `; add it to the field "env"`
	if section.isObject() {
		if names := section.value.Object().Keys(); len(names) > 0 {
			text += ", or take one of " + quoted(names)
		}
		c.fail(section, RuleEnvironment, text)
		return l
	}
	c.warn(section, RuleEnvironment, text+"; until then the top level applies")
	return &level{check: c, raw: l.raw, env: *wanted, top: l, absent: true}
}

// checkRedirected checks a generated configuration against the selected environment.
func (l *level) checkRedirected(section node) {
	c := l.check
	if names := section.value.Object().Keys(); len(names) > 0 {
		c.fail(section, RuleRedirected, "a generated configuration must not have environments, but has "+
			quoted(names)+"; report this to the author of the tool that generated it, or use --config with your own")
	}
	wanted, target := c.options.environment(), l.raw.get("targetEnvironment")
	if wanted == nil || *wanted == "" || l.isPages() || !target.value.Truthy() || target.text() == *wanted {
		return
	}
	c.fail(target, RuleTarget, "the "+c.options.describeEnvironment()+
		" is selected, but the configuration was generated for another; generate it again for that environment")
}

// validate checks the fields of a level that make or name bindings.
func (l *level) validate() {
	l.checkSettings()
	l.checkVars()
	switch secrets := l.own("secrets"); {
	case secrets.isUndefined():
	case secrets.value.Is(jsvalue.Array):
		l.check.mustBe(secrets, `an object with the list "required"`)
	case l.check.wantObject(secrets):
		if required := secrets.get("required"); !required.isUndefined() {
			l.check.wantStrings(required)
		}
	}
	for _, k := range kinds {
		l.checkKind(k)
	}
	l.warnOfNearNames()
	l.warnOfTables()
}

// checkSettings checks the fields that make no binding.
func (l *level) checkSettings() {
	c := l.check
	if l.top == nil {
		l.checkTopSettings()
	}
	if name := l.raw.get("name"); !name.isUndefined() && (!name.isString() || !workerName.MatchString(name.text())) {
		c.fail(name, RuleFormat, "must be a string of lower-case letters, digits, dashes and underscores "+
			"that does not start with a dash")
	}
	c.member(l.raw, may("main"))
}

// checkTopSettings checks the fields that only the top level can have.
func (l *level) checkTopSettings() {
	c := l.check
	c.members(l.raw, may("pages_build_output_dir"), mayBe("keep_vars", aBoolean))
	if old := l.raw.get("legacy_env"); !old.isUndefined() && !c.options.Redirected {
		c.fail(old, RuleRemoved, "is no longer supported; remove it. "+
			`Every environment is deployed as a Worker of its own, named "<name>-<environment>", as with legacy_env = true`)
	}
}

// own returns a field that environments do not inherit. It warns if only the top level has it.
func (l *level) own(field string) node {
	n := l.raw.get(field)
	if n.isUndefined() && l.top != nil && l.top.raw.has(field) {
		l.check.warn(n, RuleNotInherited, `is at the top level only, and environments do not inherit it; add "`+
			field+`" to the environment`)
	}
	return n
}

func (l *level) checkVars() {
	vars := l.own("vars")
	if vars.isUndefined() || !l.check.wantObject(vars) {
		return
	}
	for name, value := range vars.value.Object().All() {
		if value.Is(jsvalue.Date) {
			l.check.fail(vars.get(name), RuleDate, "is a TOML date, which a var cannot be; put it in quotes")
		}
	}
	if l.top != nil {
		l.warnMissing(vars, "the vars", l.top.raw.get("vars").value.Object().Keys(), vars.value.Object().Keys())
	}
}

// warnMissing warns of names that the field n has at the top level but not in the environment.
func (l *level) warnMissing(n node, what string, atTop, here []string) {
	there := make(map[string]bool, len(here))
	for _, name := range here {
		there[name] = true
	}
	missing := slices.DeleteFunc(atTop, func(name string) bool { return there[name] })
	if len(missing) > 0 {
		l.check.warn(n, RuleNotInherited, "does not have "+what+" "+quoted(missing)+
			" of the top level, which environments do not inherit; add what is missing")
	}
}

// checkKind checks the field of a kind of bindings.
func (l *level) checkKind(k kind) {
	var n node
	switch {
	case k.topOnly && l.top != nil:
		return
	case k.inherited || k.topOnly:
		n = l.raw.get(k.field)
	default:
		n = l.own(k.field)
	}
	if n.isUndefined() || !l.check.field(k, n) || k.shape != list || k.inherited || l.top == nil {
		return
	}
	l.warnMissing(n, "the bindings", k.bindingNames(l.top.raw.get(k.field)), k.bindingNames(n))
}

// bindingNames returns the names of the bindings in a list.
func (k kind) bindingNames(n node) []string {
	var names []string
	for _, b := range k.bindings(n) {
		names = append(names, b.get(k.nameMember()).text())
	}
	return names
}

// field checks the value of the field of a kind, and reports whether it is of the right shape.
func (c *check) field(k kind, n node) bool {
	switch {
	case k.shape == names:
		if c.wantObject(n) {
			for name := range n.value.Object().All() {
				c.member(n, must(name))
			}
		}
	case k.shape == single:
		c.binding(k, n)
	case k.inside == "":
		if !c.wantArray(n) {
			return false
		}
	default:
		if !c.wantObject(n) {
			return false
		}
		if inside := n.get(k.inside); !inside.isUndefined() && !c.wantArray(inside) {
			return false
		}
	}
	if k.shape == list {
		for _, b := range k.bindings(n) {
			c.binding(k, b)
		}
		if k.kind == "workflow" {
			c.checkWorkflowNames(n)
		}
	}
	return true
}

// binding checks one binding.
func (c *check) binding(k kind, n node) {
	if !c.wantObject(n) {
		return
	}
	c.member(n, member{k.nameMember(), aString, !k.nameless})
	c.member(n, may("type"))
	c.members(n, k.members...)
	if k.check != nil {
		k.check(c, n)
	}
	c.warnOfNearMembers(k, n)
}

// checkWorkflowNames requires that the names of the Workflows in a list are distinct.
func (c *check) checkWorkflowNames(list node) {
	seen := map[string]bool{}
	for _, b := range list.items() {
		name := b.get("name")
		if name.isString() && seen[name.text()] {
			c.fail(name, RuleUnique, `is the "name" of another Workflow as well; give each a name of its own`)
		}
		seen[name.text()] = true
	}
}
