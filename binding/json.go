package binding

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Values reveals all values in the form that configuration libraries and templates take: a string
// for a text, and for a JSON var what [encoding/json.Unmarshal] stores in an any. A number beyond
// the range of float64 is an infinity, as in JavaScript. The caller owns the map and everything in
// it.
func (e Env) Values() map[string]any {
	m := make(map[string]any, e.Len())
	for b := range e.vars().All() {
		if b.r.kind == JSON {
			m[b.r.name] = decoded(b.r.value.Reveal())
		} else {
			m[b.r.name] = b.r.value.Reveal()
		}
	}
	return m
}

// decoded returns the value that a valid JSON text denotes.
func decoded(raw string) any {
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber() // a number out of range would be an error
	var x any
	d.Decode(&x)
	return withFloats(x)
}

// withFloats replaces each json.Number in x by a float64.
func withFloats(x any) any {
	switch x := x.(type) {
	case json.Number:
		f, _ := x.Float64() // an infinity if out of range
		return f
	case []any:
		for i := range x {
			x[i] = withFloats(x[i])
		}
	case map[string]any:
		for name := range x {
			x[name] = withFloats(x[name])
		}
	}
	return x
}

// RevealJSON reveals all values as a JSON object: a string for a text, and for a JSON var its JSON text without white
// space. The result is that of JSON.stringify(env) in the Worker, except that members are in the byte order of their
// names, and that numbers and characters may be written differently.
func (e Env) RevealJSON() []byte {
	o := newObjectWriter()
	for b := range e.vars().All() {
		if b.r.kind == JSON {
			o.add(b.r.name, []byte(b.r.value.Reveal()))
		} else {
			o.add(b.r.name, quote(b.r.value.Reveal()))
		}
	}
	return o.end()
}

// RevealJSON reveals the binding in the form that it has in Cloudflare's API and in miniflare, a
// JSON object with the members "name" and "type", and
//
//   - "text" for a var of kind PlainText and for a secret,
//   - "json" for a var of kind JSON,
//   - the attributes for any other kind.
//
// White space is removed. An invalid binding is "null".
func (b Binding) RevealJSON() []byte {
	if b.fault() != nil {
		return []byte("null")
	}
	o := newObjectWriter()
	o.add("name", quote(b.r.name))
	o.add("type", quote(string(b.r.kind)))
	text := b.r.value.Reveal()
	switch b.r.kind {
	case PlainText, SecretText:
		o.add("text", quote(text))
	case JSON:
		o.add("json", []byte(text))
	default:
		for _, m := range orderedMembers([]byte(text)) {
			o.add(m.name, m.value)
		}
	}
	return o.end()
}

// ParseBinding returns the binding of a JSON object in the form of [Binding.RevealJSON], such as an
// element of the array "bindings" in Cloudflare's API. Other members of a var or a secret are
// ignored. White space is removed from attributes and JSON texts.
//
// If data is not such an object, the error wraps [ErrForm] and contains the name and the missing or
// wrong member. That includes secrets without a text, as Cloudflare's API lists them. If the binding
// is invalid, the error is that of [NewSet]. No error contains a value.
func ParseBinding(data []byte) (Binding, error) {
	m := members(string(data))
	if m == nil {
		return Binding{}, ErrForm
	}
	name, ok := stringOf(m["name"])
	if !ok {
		return Binding{}, fmt.Errorf(`%w: member "name" is not a string`, ErrForm)
	}
	b, missing := fromMembers(name, m, data)
	if missing != "" {
		return Binding{}, fmt.Errorf("%s: %w: member %q is missing or of another type", quoted(name), ErrForm, missing)
	}
	if err := b.fault(); err != nil {
		return Binding{}, fmt.Errorf("%s: %w", quoted(name), err)
	}
	return b, nil
}

// fromMembers returns the binding that has the members m of the JSON object data, or the name of a
// member that it lacks.
func fromMembers(name string, m map[string]json.RawMessage, data []byte) (b Binding, missing string) {
	kind, ok := stringOf(m["type"])
	if !ok {
		return Binding{}, "type"
	}
	switch kind := Kind(kind); kind {
	case PlainText, SecretText:
		text, ok := stringOf(m["text"])
		if !ok {
			return Binding{}, "text"
		}
		return newBinding(kind, name, text), ""
	case JSON:
		if m["json"] == nil {
			return Binding{}, "json"
		}
		return JSONVar(name, string(compacted(m["json"]))), ""
	case Inherit:
		return InheritedFrom(name, attributesIn(data)), ""
	default:
		b := Resource(kind, name, attributesIn(data))
		if strings.Trim(string(kind), "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			b.r.fault = &ErrKind // a misspelled secret_text must not become a resource with the attribute text
		}
		return b, ""
	}
}

// attributesIn returns the JSON object data without the members "name" and "type".
func attributesIn(data []byte) string {
	o := newObjectWriter()
	for _, m := range orderedMembers(data) {
		if m.name != "name" && m.name != "type" {
			o.add(m.name, m.value)
		}
	}
	return string(o.end())
}

// stringOf returns the string that a JSON text denotes, and whether it denotes one.
func stringOf(raw json.RawMessage) (string, bool) {
	var s *string
	if raw == nil || json.Unmarshal(raw, &s) != nil || s == nil {
		return "", false
	}
	return *s, true
}

type member struct {
	name  string
	value json.RawMessage
}

// orderedMembers returns the members of a valid JSON object in their order.
func orderedMembers(object []byte) []member {
	var list []member
	d := json.NewDecoder(bytes.NewReader(object))
	d.Token() // the opening brace
	for d.More() {
		name, _ := d.Token()
		m := member{name: name.(string)}
		d.Decode(&m.value)
		list = append(list, m)
	}
	return list
}

// objectWriter writes a JSON object without white space.
type objectWriter struct{ b bytes.Buffer }

func newObjectWriter() *objectWriter {
	o := new(objectWriter)
	o.b.WriteByte('{')
	return o
}

// add adds a member, whose value is a valid JSON text.
func (o *objectWriter) add(name string, value []byte) {
	if o.b.Len() > 1 {
		o.b.WriteByte(',')
	}
	o.b.Write(quote(name))
	o.b.WriteByte(':')
	json.Compact(&o.b, value)
}

func (o *objectWriter) end() []byte {
	o.b.WriteByte('}')
	return o.b.Bytes()
}

func compacted(raw []byte) []byte {
	var b bytes.Buffer
	json.Compact(&b, raw)
	return b.Bytes()
}

// quote returns s as a JSON string, with <, > and & unchanged. Invalid UTF-8 becomes U+FFFD.
func quote(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
