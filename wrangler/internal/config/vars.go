package config

import "github.com/workerenv/workerenv/internal/jsvalue"

// vars validates the field "vars". An array passes: its vars are named 0, 1, 2, ...
func vars(n node) bool {
	ok := true
	if !n.isUndefined() {
		ok = entity(noDates)(n)
	}
	n.warnMissing("the vars")
	return ok
}

// noDates refuses dates, which TOML has and JSON has not.
func noDates(n node) bool {
	ok := true
	for _, e := range n.entries() {
		if e.value.Is(jsvalue.Date) {
			ok = n.failAt(e.name, RuleDate, "is a TOML date, which a var cannot be; put it in quotes")
		}
	}
	return ok
}

// warnMissing warns of what the field has at the top level but not here. It returns the names at the top level.
func (n node) warnMissing(what string) []string {
	names := keys(n.atTop())
	if len(names) == 0 || !n.isObject() {
		return nil
	}
	var missing []string
	for _, name := range names {
		if !n.has(name) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		n.warn(RuleNotInherited, "does not have "+what+" "+quoted(missing)+
			" of the top level, which environments do not inherit; add what is missing")
	}
	return names
}

// atTop returns what the same field of the top level came to, undefined if there is nothing
// to compare n with.
func (n node) atTop() jsvalue.Value {
	if n.level.top == nil || n.apart {
		return undefined
	}
	return n.level.top.fields.Get(n.name)
}

// define validates the field "define".
func define(n node) bool {
	ok := true
	if !n.isUndefined() {
		ok = entity(textValues)(n)
	}
	names := n.warnMissing("the entries")
	if len(names) == 0 {
		return ok
	}
	atTop := setOf(names)
	for _, name := range keys(n.value) {
		if !atTop[name] {
			n.warnAt(name, RuleNotAtTop, "is not at the top level, where every entry must be; add it there or remove it here")
		}
	}
	return ok
}

func setOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// textValues wants a text in every field, those that the object inherits included.
func textValues(n node) bool {
	ok := true
	for _, name := range enumerable(n.value) {
		if v := n.property(name); !v.Is(jsvalue.String) {
			ok = n.failAt(name, RuleType, "must be a string, but is "+v.Describe())
		}
	}
	return ok
}

// requiredSecrets validates the field "secrets".
func requiredSecrets(n node) bool {
	return maybe(record(
		fields("required"),
		field("required", maybe(listOf(text))),
	))(n)
}
