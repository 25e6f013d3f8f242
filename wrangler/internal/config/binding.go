package config

import "github.com/workerenv/workerenv/internal/jsvalue"

// bindings validates an array of bindings, each by the rule, and warns of those of the top level that an environment
// lacks.
func bindings(r rule) rule {
	list := each(r)
	return func(n node) bool {
		if n.isUndefined() {
			return true
		}
		ok := list(n)
		if n.isArray() {
			n.warnMissingBindings()
		}
		return ok
	}
}

// warnMissingBindings compares the values of the field "binding", whether or not the bindings are named by it.
func (n node) warnMissingBindings() {
	atTop := n.atTop()
	if !atTop.Is(jsvalue.Array) || len(atTop.Items()) == 0 {
		return
	}
	top := n.level.top.field(n.name)
	wanted, here := top.column("binding"), identities(n.column("binding"))
	if n.level.repeated {
		return
	}
	for _, name := range wanted {
		if id, ok := identity(name.value); ok && here[id] {
			continue
		}
		name.text()
		n.warn(RuleNotInherited, "does not have the binding "+name.shown()+
			" of the top level, which environments do not inherit; add it")
	}
}

// shown returns the name of a binding as a message may show it.
func (n node) shown() string {
	if n.value.Is(jsvalue.String) {
		return `"` + n.value.Text() + `"`
	}
	return n.key
}

// column returns the given field of every element.
func (n node) column(name string) []node {
	column := make([]node, len(n.value.Items()))
	for i := range column {
		column[i] = n.at(i).get(name)
	}
	return column
}

func identities(nodes []node) map[string]bool {
	set := make(map[string]bool, len(nodes))
	for _, n := range nodes {
		if id, ok := identity(n.value); ok {
			set[id] = true
		}
	}
	return set
}

// bindingList validates an object with an array "bindings", each by the rule, and warns of those of the top level
// that an environment lacks.
func bindingList(r rule) rule {
	list := every(r)
	return func(n node) bool {
		if n.isUndefined() {
			return true
		}
		ok := n.hasBindingList() && each(list)(n.get("bindings"))
		if ok {
			n.warnMissingNames()
		}
		return ok
	}
}

func (n node) hasBindingList() bool {
	if !n.isRecord() {
		return n.mustBe("an object")
	}
	if !n.has("bindings") {
		return n.failAt("bindings", RuleRequired, "is required; set it to an array")
	}
	return true
}

// warnMissingNames compares the names of bindings, or what the reference takes for them.
func (n node) warnMissingNames() {
	if n.atTop().IsUndefined() || n.level.repeated {
		return
	}
	here := map[string]bool{}
	for _, name := range bindingNames(n) {
		if id, ok := identity(name.value); ok {
			here[id] = true
		}
	}
	var missing []string
	for _, name := range bindingNames(n.level.top.field(n.name)) {
		if id, ok := identity(name.value); !ok || !here[id] {
			name.node.text()
			missing = append(missing, name.shown())
		}
	}
	if len(missing) > 0 {
		n.warn(RuleNotInherited, "does not have the bindings "+enumeration(missing)+
			" of the top level, which environments do not inherit; add them")
	}
}
