package config

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// selectEnvironment finds the level that applies.
func (r *result) selectEnvironment() {
	if r.options.Redirected {
		r.checkRedirected()
		return
	}
	if r.wanted == nil || *r.wanted == "" {
		return
	}
	name := *r.wanted
	section := r.top.raw.get("env")
	if !section.value.IsNullish() {
		if raw := section.get(name); !raw.isUndefined() {
			r.env = r.newLevel(name, "env."+name, raw.value, r.top)
			r.env.raw.offset = raw.offset
			r.env.validate()
			r.active = r.env
			return
		}
	}
	if !r.isPages() {
		r.missEnvironment(section)
	}
}

// checkRedirected checks a generated configuration against the wanted environment.
func (r *result) checkRedirected() {
	root := r.top.raw
	if len(r.defined) > 0 {
		root.failAt("env", RuleRedirected, "a generated configuration must not have environments, but has "+
			quoted(r.defined)+"; report this to the author of the tool that generated it")
	}
	if r.wanted == nil || *r.wanted == "" || r.isPages() {
		return
	}
	target := root.get("targetEnvironment")
	if !target.value.Truthy() || target.value.Is(jsvalue.String) && target.value.Text() == *r.wanted {
		return
	}
	target.text()
	r.throw(Problem{Error, RuleTarget, target.key, "", target.offset, "the " + r.options.describeEnvironment() +
		" is wanted, but the configuration was generated for another; generate it again for that environment"})
}

// missEnvironment reports that the wanted environment does not exist, and takes the top level in its place.
func (r *result) missEnvironment(section node) {
	name := *r.wanted
	l := r.newLevel(name, "", jsvalue.ObjectValue(r.top.fields), r.top)
	l.repeated = true
	l.validate()
	r.active = l
	text := "there is no " + r.options.describeEnvironment() + `; add it to the field "env"`
	if !section.value.Truthy() {
		section.warn(RuleEnvironment, text+", or the top level applies")
		return
	}
	if len(r.defined) > 0 {
		text += ", or take one of " + quoted(r.defined)
	}
	section.fail(RuleEnvironment, text)
}

func (r *result) isPages() bool {
	return !r.top.raw.property("pages_build_output_dir").IsUndefined()
}

// validate goes through a level in the reference's order.
func (l *level) validate() {
	l.refuseNodeCompat()
	if l.top == nil || l.top.raw.property("unsafe").IsUndefined() {
		l.raw.warnExperimental("unsafe")
	}
	for _, d := range definitions {
		l.apply(d)
	}
	for _, r := range levelRules {
		r(l)
	}
	if !l.isTop() {
		l.warnUnknown(definitionNames)
	}
}

func (l *level) refuseNodeCompat() {
	if !l.raw.has("node_compat") {
		return
	}
	l.raw.failAt("node_compat", RuleRemoved,
		`is no longer supported; remove it, and add "nodejs_compat" to compatibility_flags`)
	l.gone = append(l.gone, "node_compat")
}

// warnExperimental warns of a field that may change, if it is there.
func (n node) warnExperimental(name string) {
	if n.has(name) && !n.level.check.options.HideExperimental {
		n.warnAt(name, RuleExperimental, "is experimental, and may change or break at any time")
	}
}

// file returns the path of a file that the configuration names.
func (o Options) file(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(filepath.Dir(o.Path), path)
}

// resolved is the value of a field that is a path.
func resolved(n node) jsvalue.Value {
	if !n.value.Is(jsvalue.String) {
		return n.value
	}
	path := jsvalue.StringValue(n.level.check.options.file(n.value.Text()))
	if at, ok := n.value.Offset(); ok {
		return path.At(at)
	}
	return path
}

// joinable is a value that the reference hands to path.join: a TypeError if it is anything but a text. It looks at
// values that count as true only.
func joinable(n node) jsvalue.Value {
	if n.value.Truthy() && !n.value.Is(jsvalue.String) {
		n.throw("make a path of")
	}
	return n.value
}

// requirePython refuses Python without the flag that it needs.
func (r *result) requirePython() {
	main := r.options.Script
	if main == "" {
		main = r.active.field("main").value.Text()
	}
	if !strings.HasSuffix(main, ".py") {
		return
	}
	rules := r.active.field("rules")
	if !rules.isArray() {
		rules.throw("search")
	}
	for i := range rules.value.Items() {
		rule := rules.at(i)
		if rule.property("type").Text() == "PythonModule" {
			break
		}
	}
	flags := r.active.field("compatibility_flags")
	if !flags.hasFlag("python_workers") {
		r.throw(Problem{Error, RuleMissing, flags.key, r.active.env, flags.offset,
			`a Python Worker needs "python_workers" among the compatibility_flags; add it`})
	}
}

// hasFlag is flags.includes(name), of an array or, by accident, a string.
func (n node) hasFlag(name string) bool {
	switch n.value.Kind() {
	case jsvalue.String:
		return strings.Contains(n.value.Text(), name)
	case jsvalue.Array:
		return slices.Contains(stringsOf(n.value), name)
	}
	n.throw("search")
	return false
}
