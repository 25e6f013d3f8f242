package config

import (
	"slices"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// check is one run of Normalize.
type check struct {
	options Options
	root    jsvalue.Value
	thrown  *Problem
}

// throw records the first exception. What is found after it, which the reference never comes to, is dropped.
func (c *check) throw(p Problem) {
	if c.thrown == nil {
		c.thrown = &p
	}
}

// level is the validation of the top level or of one environment.
type level struct {
	check    *check
	env      string // name of the environment, "" at the top level
	named    string // how the reference calls the level
	raw      node
	top      *level // of an environment; nil at the top level
	repeated bool   // the top level is validated again, for want of the environment
	gone     []string
	fields   *jsvalue.Object
	keys     map[string]string // field -> path, for what is inherited
	problems []Problem
}

func (c *check) newLevel(env, key string, raw jsvalue.Value, top *level) *level {
	l := &level{check: c, env: env, named: env, top: top, fields: jsvalue.NewObject(), keys: make(map[string]string, len(definitions))}
	l.fields.Grow(len(definitions))
	if top == nil {
		l.named = "top level"
	}
	l.raw = node{level: l, value: raw, key: key, offset: startOf(raw, -1)}
	return l
}

func (l *level) report(p Problem) {
	if l.check.thrown != nil {
		return
	}
	p.Env = l.env
	l.problems = append(l.problems, p)
}

// get returns the field name as the file has it, unless it is one that was taken out.
func (l *level) get(name string) node {
	if slices.Contains(l.gone, name) {
		return node{level: l, key: l.raw.path(name), name: name, offset: l.raw.offset}
	}
	n := l.raw.get(name)
	if name == "name" && l.raw.value.Is(jsvalue.Function) {
		n.value = jsvalue.StringValue(functionName(l.env, l.check.root))
	}
	return n
}

// functionName is the name of the function that root.env has under the name env by inheritance.
func functionName(env string, root jsvalue.Value) string {
	if env != "constructor" {
		return env
	}
	of, _ := property(root, "env")
	switch of.Kind() {
	case jsvalue.Array:
		return "Array"
	case jsvalue.String:
		return "String"
	case jsvalue.Number:
		return "Number"
	case jsvalue.Bool:
		return "Boolean"
	}
	return "Object"
}

// definition is one field of a level.
type definition struct {
	name     string
	own      bool // environments do not inherit it
	noEmpty  bool // an empty text counts as none, with a warning
	rule     rule
	fallback jsvalue.Value
	finish   func(n node) jsvalue.Value // what becomes of the value; nil leaves it
}

// apply validates a field and keeps what it comes to.
func (l *level) apply(d definition) {
	var n node
	if d.own {
		n = l.ownField(d)
	} else {
		n = l.inheritedField(d)
	}
	if n.value.IsNullish() {
		n.value = d.fallback
	}
	if d.finish != nil {
		n.value = d.finish(n)
	}
	l.fields.SetAt(d.name, n.value, n.offset)
	l.keys[d.name] = n.key
}

// ownField validates a field that environments do not inherit.
func (l *level) ownField(d definition) node {
	n := l.get(d.name)
	if !n.isUndefined() {
		d.rule(n)
	} else if l.top != nil && !l.top.raw.property(d.name).IsUndefined() {
		n.warn(RuleNotInherited, `is at the top level only, and environments do not inherit it; add "`+
			d.name+`" to the environment`)
	}
	return n
}

// inheritedField validates a field that environments inherit.
func (l *level) inheritedField(d definition) node {
	n := l.get(d.name)
	if d.noEmpty && n.value.Is(jsvalue.String) && n.value.Text() == "" {
		n.warn(RuleIgnored, "is empty and has no effect; remove it")
		l.gone = append(l.gone, d.name)
		n.value = undefined
	}
	d.rule(n)
	if l.top == nil || !n.value.IsNullish() && !l.repeated {
		return n
	}
	from := l.top.field(d.name)
	from.level = l
	if d.name == "name" {
		from.value = environmentName(from)
	}
	return from
}

// environmentName makes the name of an environment's Worker from that of the top level.
func environmentName(top node) jsvalue.Value {
	if !top.value.Truthy() {
		return undefined
	}
	name := jsvalue.StringValue(top.text() + "-" + top.level.named)
	if at, ok := top.value.Offset(); ok {
		return name.At(at)
	}
	return name
}

// field returns a field that apply has kept.
func (l *level) field(name string) node {
	value := l.fields.Get(name)
	offset := l.raw.offset
	if at, ok := l.fields.KeyOffset(name); ok {
		offset = at
	}
	return node{level: l, value: value, key: l.keys[name], name: name, offset: startOf(value, offset)}
}

// isTop reports whether the reference treats this as the top level, which it also does with an environment of that
// very name when it looks for unknown fields.
func (l *level) isTop() bool { return l.named == "top level" }

// warnUnknown warns of the fields of the level that nobody reads.
func (l *level) warnUnknown(names []string) {
	unknown := without(without(keys(l.raw.value), names), l.gone)
	if len(unknown) == 0 {
		return
	}
	if len(unknown) == 1 {
		l.raw.warnAt(unknown[0], RuleUnknownField, "is a field that wrangler does not know here; remove it")
		return
	}
	l.raw.warn(RuleUnknownField, "wrangler does not know the fields "+quoted(unknown)+" here; remove them")
}
