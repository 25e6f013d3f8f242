package binding

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Kind is the kind of a binding, in the words of Cloudflare's API, where it is the member "type".
//
// Any string other than "" and the constants below is the kind of a resource, such as
// "kv_namespace", and is carried unchanged. The zero Kind is that of the zero Binding.
type Kind string

// The kinds that are not resources.
const (
	PlainText  Kind = "plain_text"  // a var that is a string
	JSON       Kind = "json"        // a var that is any JSON value
	SecretText Kind = "secret_text" // a secret, always a string
	Inherit    Kind = "inherit"     // stands for a binding of another version, see [Set.Inherit]
)

// IsVar reports whether k is one of the two kinds of vars, PlainText and JSON.
func (k Kind) IsVar() bool { return k == PlainText || k == JSON }

// IsSecret reports whether k is the kind of a secret, SecretText.
func (k Kind) IsSecret() bool { return k == SecretText }

// IsResource reports whether k is the kind of a resource: neither "" nor one of the constants of
// this package.
func (k Kind) IsResource() bool {
	return k != "" && k != Inherit && !k.IsVar() && !k.IsSecret()
}

// latest is the version that an Inherit binding means if it names none, as in Cloudflare's API.
const latest = "latest"

// Binding is a named entry of a Worker's environment. It is immutable and has the size of a pointer.
// Use Equal to compare Bindings; == only reports whether one is a copy of the other.
//
// The zero Binding is invalid. A constructor also returns an invalid Binding for invalid arguments;
// [NewSet] and [Set.With] report why. A name is any string, even an empty one, as in
// wrangler 4.164.0.
type Binding struct{ r *record }

// record is what a Binding points to. It is never changed once it is made.
type record struct {
	// An interface stores a struct of a single pointer without indirection. go-spew does not expect
	// that: it treats the memory of the record as a Binding and calls methods of it. Because the
	// first field is nil, go-spew then finds the zero Binding.
	_ *record

	// A failing test assertion prints each field on a line, and shows one line before and after each
	// difference. The fingerprint differs if the value does. The name is between kind and fingerprint,
	// so that it is shown in either case.
	kind        Kind
	name        string
	fingerprint fingerprint

	value Value  // the text, JSON text or attributes, depending on the kind
	fault *error // why NewSet rejects the binding, nil if it does not; a pointer, since that is smaller
}

func newBinding(kind Kind, name, text string) Binding {
	v := NewValue(text)
	return Binding{&record{kind: kind, name: name, fingerprint: v.h.fingerprint, value: v}}
}

// Var returns a var of kind PlainText.
func Var(name, text string) Binding { return newBinding(PlainText, name, text) }

// JSONVar returns a var of kind JSON with the JSON text raw, which is kept unchanged, including white
// space. If raw is not one valid JSON value, the binding is invalid with [ErrJSON].
func JSONVar(name, raw string) Binding {
	b := newBinding(JSON, name, raw)
	if !json.Valid([]byte(raw)) {
		b.r.fault = &ErrJSON
	}
	return b
}

// Secret returns a secret, of kind SecretText.
func Secret(name, text string) Binding { return newBinding(SecretText, name, text) }

// Inherited returns a binding of kind Inherit that stands for the one of the same name in the
// latest version.
func Inherited(name string) Binding { return InheritedFrom(name, "") }

// InheritedFrom returns a binding of kind Inherit with the JSON object attributes, which is kept
// unchanged. Cloudflare's API reads two members of it: "old_name" is the name of the binding that this
// one stands for, and "version_id" is the version that has it. "" means "{}".
//
// If attributes is not an object, has a member "name" or "type", or one of the two members is not a
// string, the binding is invalid with [ErrAttributes].
func InheritedFrom(name, attributes string) Binding {
	b := withAttributes(Inherit, name, attributes)
	if _, _, err := b.origin(); err != nil {
		b.r.fault = &ErrAttributes
	}
	return b
}

// Resource returns a binding that is neither a var nor a secret, such as a kv_namespace. The JSON
// object attributes has all of its members except "name" and "type". It is kept unchanged; "" means
// "{}".
//
// If attributes is not an object or has a member "name" or "type", the binding is invalid with
// [ErrAttributes]. If kind is not the kind of a resource, it is invalid with [ErrKind].
func Resource(kind Kind, name, attributes string) Binding {
	b := withAttributes(kind, name, attributes)
	if !kind.IsResource() {
		b.r.fault = &ErrKind
	}
	return b
}

func withAttributes(kind Kind, name, attributes string) Binding {
	b := newBinding(kind, name, cmp.Or(attributes, "{}"))
	if !areAttributes(b.r.value.Reveal()) {
		b.r.fault = &ErrAttributes
	}
	return b
}

// members returns the members of the JSON object raw, or nil if raw is not one.
func members(raw string) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal([]byte(raw), &m) != nil {
		return nil
	}
	return m
}

// areAttributes reports whether raw is a JSON object without the members "name" and "type".
func areAttributes(raw string) bool {
	m := members(raw)
	_, name := m["name"]
	_, kind := m["type"]
	return m != nil && !name && !kind
}

// Name returns the name of the binding, which is the name of the property of env.
func (b Binding) Name() string {
	if b.r == nil {
		return ""
	}
	return b.r.name
}

// Kind returns the kind of the binding, or "" for the zero Binding.
func (b Binding) Kind() Kind {
	if b.r == nil {
		return ""
	}
	return b.r.kind
}

// Value returns the text of a PlainText or SecretText binding or the JSON text of a JSON binding.
// It returns false, and the zero Value, for any other kind.
func (b Binding) Value() (Value, bool) {
	if k := b.Kind(); k.IsVar() || k.IsSecret() {
		return b.r.value, true
	}
	return Value{}, false
}

// Attributes returns the JSON object with which an Inherit binding or a resource was made,
// unchanged. It returns false, and the zero Value, for any other kind.
func (b Binding) Attributes() (Value, bool) {
	if b.Kind() == Inherit || b.Kind().IsResource() {
		return b.r.value, true
	}
	return Value{}, false
}

// Origin returns what an Inherit binding stands for: the name of a binding and the version that has
// it, which is "latest" if the binding names none. Both are "" for any other kind and if the
// binding is invalid.
func (b Binding) Origin() (name, version string) {
	if b.Kind() != Inherit || b.r.fault != nil {
		return "", ""
	}
	name, version, _ = b.origin()
	return cmp.Or(name, b.r.name), cmp.Or(version, latest)
}

// origin reads the attributes of an Inherit binding. It fails if a member is not a string.
func (b Binding) origin() (name, version string, err error) {
	m := members(b.r.value.Reveal())
	name, err1 := stringOrNull(m["old_name"])
	version, err2 := stringOrNull(m["version_id"])
	return name, version, errors.Join(err1, err2)
}

// stringOrNull returns the string that the JSON text raw denotes, or "" if raw is nil or null.
func stringOrNull(raw json.RawMessage) (s string, err error) {
	if raw != nil {
		err = json.Unmarshal(raw, &s)
	}
	return s, err
}

// Equal reports whether b and c have the same name, the same kind, and the same text, JSON text or
// attributes, compared as bytes.
func (b Binding) Equal(c Binding) bool {
	if b.r == c.r || b.r == nil || c.r == nil {
		return b.r == c.r
	}
	return b.r.name == c.r.name && b.r.kind == c.r.kind && b.r.value.Equal(c.r.value)
}

// fault returns why NewSet rejects b, or nil.
func (b Binding) fault() error {
	switch {
	case b.r == nil:
		return ErrZero
	case b.r.fault == nil:
		return nil
	}
	return *b.r.fault
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

// asVar returns b as the code of the Worker sees it. It turns a secret into a var of the same text.
func (b Binding) asVar() Binding {
	if b.r.kind != SecretText {
		return b
	}
	r := *b.r
	r.kind = PlainText
	return Binding{&r}
}

// String returns the name and the kind, in the form "API_KEY (secret_text)".
func (b Binding) String() string {
	if b.r == nil {
		return "(zero Binding)"
	}
	return quoted(b.r.name) + " (" + quoted(string(b.r.kind)) + ")"
}

// Format writes what String returns, for every verb and flag.
func (b Binding) Format(f fmt.State, verb rune) { io.WriteString(f, b.String()) }

// MarshalJSON returns a JSON object of the name and the type, the form in which Cloudflare's API
// lists secrets. [Binding.RevealJSON] includes the value.
func (b Binding) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name string `json:"name"`
		Type Kind   `json:"type"`
	}{b.Name(), b.Kind()})
}

// UnmarshalJSON always fails with [ErrRedacted], since the output of MarshalJSON has no value. See
// [ParseBinding].
func (b *Binding) UnmarshalJSON([]byte) error { return ErrRedacted }
