package config

import (
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// Binding is one binding of the configuration.
type Binding struct {
	Name string
	// Type is wrangler's word for the kind, such as "plain_text", "json", "kv_namespace" or "d1". For an unsafe binding
	// it is "unsafe_" and the type that the configuration gives. A member "type" of another binding replaces it.
	Type string
	// Fields are the members of the binding without its name and type; none for a var.
	Fields *jsvalue.Object
	Key    string // path of the binding, such as "env.staging.kv_namespaces[0]"
	Offset int    // in the source, -1 if unknown

	value *jsvalue.Value // of a var
}

const unsafePrefix = "unsafe_"

// Value returns the value of a binding of type "plain_text" or "json", undefined if it has none.
func (b Binding) Value() jsvalue.Value {
	if b.value != nil {
		return *b.value
	}
	return b.Fields.Get("value")
}

// isUnsafe reports whether b comes from the field "unsafe".
func (b Binding) isUnsafe() bool {
	return strings.HasPrefix(b.Type, unsafePrefix) && b.Type != "unsafe_hello_world"
}

// InDev reports whether wrangler dev gives b to the Worker.
func (b Binding) InDev() bool {
	if b.isUnsafe() {
		_, ok := b.Fields.Own("dev")
		return ok
	}
	return b.Type != "logfwdr"
}

// GuardsSecrets reports whether wrangler deploy --strict refuses to replace a secret of the deployed Worker by b.
func (b Binding) GuardsSecrets() bool {
	for _, k := range kinds {
		if k.kind == b.Type {
			return k.guarded
		}
	}
	return b.Type == "plain_text" || b.Type == "json"
}

// DevOrder returns the place of a kind of resources, named as in the upload, among the names of the env of wrangler
// dev. "fetcher" is the ASSETS binding of a Pages project. Kinds of no known place come last.
func DevOrder(uploadedAs string) int {
	if uploadedAs == "fetcher" {
		return pagesAssets
	}
	for _, k := range kinds {
		if k.dev > 0 && k.uploadedAs() == uploadedAs {
			return k.dev
		}
	}
	return len(kinds) + pagesAssets
}

// bindings returns the bindings of a level with the given vars, each name once, in JavaScript's
// order.
func (l *level) bindings(vars []Var) []Binding {
	var set jsvalue.Map[Binding]
	set.Grow(len(vars))
	for _, k := range kinds {
		n := l.field(k.field)
		for _, b := range k.bindings(n) {
			if name := b.get(k.nameMember()); name.isString() && (name.text() != "" || !k.nameless) {
				set.Set(name.text(), k.binding(name.text(), b))
			}
		}
		if k.shape == names {
			for name := range n.value.Object().All() {
				b := n.get(name)
				set.Set(name, Binding{Name: name, Type: k.kind, Key: b.key, Offset: b.offset})
			}
		}
		if k.field == "assets" {
			addVars(&set, vars)
		}
	}
	return set.Values()
}

func addVars(set *jsvalue.Map[Binding], vars []Var) {
	for i := range vars {
		v, kind := &vars[i], "json"
		if v.Value.Is(jsvalue.String) {
			kind = "plain_text"
		}
		set.Set(v.Name, Binding{Name: v.Name, Type: kind, Key: v.Key, Offset: v.Offset, value: &v.Value})
	}
}

// binding makes a binding of the members of n.
func (k kind) binding(name string, n node) Binding {
	b := Binding{Name: name, Type: k.kind, Fields: jsvalue.NewObject(), Key: n.key, Offset: n.offset}
	for member, value := range n.value.Object().All() {
		switch {
		case member == k.nameMember() || k.kind == "assets":
		case member == "type" && k.kind == "unsafe":
			b.Type = unsafePrefix + value.Text()
		case member == "type":
			b.Type = value.Text()
		default:
			b.Fields.Set(member, value)
		}
	}
	return b
}
