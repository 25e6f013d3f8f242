package binding

import (
	"cmp"
	"encoding/json"
	"errors"
)

// latest is the version that an Inherit binding means if it names none, as in Cloudflare's API.
const latest = "latest"

// Binding is a named entry of a Worker's environment. It is one pointer wide and immutable. Compare with Equal,
// since == tells only whether one is a copy of the other.
//
// The zero Binding is invalid. So is what a constructor made of arguments that it can't use; [NewSet] and
// [Set.With] say why. A name is any string, even an empty one, as in wrangler 4.164.0.
type Binding struct{ r *record }

// record is what a Binding points to. Nothing changes it once it is made.
type record struct {
	// go-spew takes a value that an interface holds directly for a pointer to it, and calls its methods on what it then
	// finds. What it finds is this nil, and so a zero Binding, instead of a name.
	_ *record

	name  string
	kind  Kind
	value Value // text, JSON text, or attributes: the kind says which
	fault error // why no Set takes it
}

// Var returns a var of kind PlainText.
func Var(name, text string) Binding {
	return Binding{&record{name: name, kind: PlainText, value: NewValue(text)}}
}

// JSONVar returns a var of kind JSON. Raw is its JSON text and is kept to the byte, white space and all. If raw
// is not one valid JSON value, the binding is invalid with [ErrJSON].
func JSONVar(name, raw string) Binding {
	r := &record{name: name, kind: JSON, value: NewValue(raw)}
	if !json.Valid([]byte(raw)) {
		r.fault = ErrJSON
	}
	return Binding{r}
}

// Secret returns a secret, of kind SecretText.
func Secret(name, text string) Binding {
	return Binding{&record{name: name, kind: SecretText, value: NewValue(text)}}
}

// Inherited returns a binding of kind Inherit, that stands for the one of the same name in the latest version.
func Inherited(name string) Binding { return InheritedFrom(name, "") }

// InheritedFrom returns a binding of kind Inherit with attributes of its own: a JSON object, kept to the byte,
// in which Cloudflare's API reads "old_name", the name of the binding that it stands for, and "version_id", the
// version to take it from. "" is "{}".
//
// If attributes is not an object, has a member "name" or "type", or one of the two members is not a string, the
// binding is invalid with [ErrAttributes].
func InheritedFrom(name, attributes string) Binding {
	b := withAttributes(Inherit, name, attributes)
	if _, _, err := b.origin(); err != nil {
		b.r.fault = ErrAttributes
	}
	return b
}

// Resource returns a binding that is neither a var nor a secret, as a kv_namespace. Attributes is the JSON
// object of everything but its name and type, kept to the byte; "" is "{}".
//
// If attributes is not an object or has a member "name" or "type", the binding is invalid with [ErrAttributes],
// and with [ErrKind] if kind is not the kind of a resource.
func Resource(kind Kind, name, attributes string) Binding {
	b := withAttributes(kind, name, attributes)
	if !kind.IsResource() {
		b.r.fault = ErrKind
	}
	return b
}

func withAttributes(kind Kind, name, attributes string) Binding {
	if attributes == "" {
		attributes = "{}"
	}
	r := &record{name: name, kind: kind, value: NewValue(attributes)}
	if !areAttributes(attributes) {
		r.fault = ErrAttributes
	}
	return Binding{r}
}

// members returns the members of the JSON object raw, nil if it is not one.
func members(raw string) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal([]byte(raw), &m) != nil {
		return nil
	}
	return m
}

// areAttributes reports whether raw is a JSON object that goes well with a name and a type beside it.
func areAttributes(raw string) bool {
	m := members(raw)
	_, name := m["name"]
	_, kind := m["type"]
	return m != nil && !name && !kind
}

// Name returns the name of the binding, which is that of env's property.
func (b Binding) Name() string {
	if b.r == nil {
		return ""
	}
	return b.r.name
}

// Kind returns the kind of the binding, "" for the zero Binding.
func (b Binding) Kind() Kind {
	if b.r == nil {
		return ""
	}
	return b.r.kind
}

// Value returns the text of a PlainText or SecretText binding or the JSON text of a JSON one. It returns false, and
// the zero Value, for any other kind.
func (b Binding) Value() (Value, bool) {
	if k := b.Kind(); k.IsVar() || k.IsSecret() {
		return b.r.value, true
	}
	return Value{}, false
}

// Attributes returns the JSON object that an Inherit binding or a resource was made with, to the byte. It
// returns false, and the zero Value, for any other kind.
func (b Binding) Attributes() (Value, bool) {
	if b.Kind() == Inherit || b.Kind().IsResource() {
		return b.r.value, true
	}
	return Value{}, false
}

// Origin returns what an Inherit binding stands for: the name of a binding and the version that has it, "latest" if
// the binding names none. Both are "" for any other kind and if the binding is invalid.
func (b Binding) Origin() (name, version string) {
	if b.Kind() != Inherit || b.r.fault != nil {
		return "", ""
	}
	name, version, _ = b.origin()
	return cmp.Or(name, b.r.name), cmp.Or(version, latest)
}

// origin reads the attributes of an Inherit binding and fails if a member is not a string.
func (b Binding) origin() (name, version string, err error) {
	m := members(b.r.value.Reveal())
	name, err1 := text(m["old_name"])
	version, err2 := text(m["version_id"])
	return name, version, errors.Join(err1, err2)
}

// text returns the string that raw denotes, "" for null and where there is nothing.
func text(raw json.RawMessage) (s string, err error) {
	if raw != nil {
		err = json.Unmarshal(raw, &s)
	}
	return s, err
}

// Equal reports whether b and c have the same name, kind, and text, JSON text or attributes, compared as bytes.
func (b Binding) Equal(c Binding) bool {
	if b.r == c.r || b.r == nil || c.r == nil {
		return b.r == c.r
	}
	return b.r.name == c.r.name && b.r.kind == c.r.kind && b.r.value.Equal(c.r.value)
}

// fault returns why no Set takes b, or nil.
func (b Binding) fault() error {
	if b.r == nil {
		return ErrZero
	}
	return b.r.fault
}

// renamed returns b under another name.
func (b Binding) renamed(name string) Binding {
	if b.r.name == name {
		return b
	}
	r := *b.r
	r.name = name
	return Binding{&r}
}

// sameToCode reports whether the code of the Worker sees the same under the names of b and c.
func (b Binding) sameToCode(c Binding) bool {
	return b.form() == c.form() && b.r.value.Equal(c.r.value)
}

// form is what kinds that the code can't tell apart have in common.
func (b Binding) form() Kind {
	if b.r.kind == SecretText {
		return PlainText
	}
	return b.r.kind
}
