package binding

import (
	"encoding/json"
	"fmt"
	"io"
)

// How Binding, Set, Env and Diff print: names and kinds, one form for every verb. Reading such a form back is an
// error, since the values are not in it.

// String returns the name and the kind, as "API_KEY (secret_text)".
func (b Binding) String() string {
	if b.r == nil {
		return "(zero Binding)"
	}
	return quoted(b.r.name) + " (" + quoted(string(b.r.kind)) + ")"
}

// Format writes what String returns, for every verb and with every flag.
func (b Binding) Format(f fmt.State, verb rune) { io.WriteString(f, b.String()) }

// MarshalJSON returns an object of the name and the kind, the form in which Cloudflare's API lists secrets.
func (b Binding) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name string `json:"name"`
		Type Kind   `json:"type"`
	}{b.Name(), b.Kind()})
}

// UnmarshalJSON always fails with [ErrRedacted].
func (b *Binding) UnmarshalJSON([]byte) error { return ErrRedacted }

// String returns the names and kinds, as "[API_HOST (plain_text), API_KEY (secret_text)]".
func (s Set) String() string {
	return "[" + joined(len(s.list), ", ", func(i int) string { return s.list[i].String() }) + "]"
}

// Format writes what String returns, for every verb and with every flag.
func (s Set) Format(f fmt.State, verb rune) { io.WriteString(f, s.String()) }

// MarshalJSON returns an array of what MarshalJSON of each Binding returns.
func (s Set) MarshalJSON() ([]byte, error) { return json.Marshal(append([]Binding{}, s.list...)) }

// UnmarshalJSON always fails with [ErrRedacted].
func (s *Set) UnmarshalJSON([]byte) error { return ErrRedacted }

// String returns the names, as "[API_HOST, API_KEY]".
func (e Env) String() string {
	names := e.sortedNames()
	return "[" + joined(len(names), ", ", func(i int) string { return quoted(names[i]) }) + "]"
}

// Format writes what String returns, for every verb and with every flag.
func (e Env) Format(f fmt.State, verb rune) { io.WriteString(f, e.String()) }

// MarshalJSON returns an object with each name and, for its value, "[redacted]". [Env.Map] reveals the values.
func (e Env) MarshalJSON() ([]byte, error) {
	m := make(map[string]Value, e.Len())
	for name, v := range e.All() {
		m[name] = v
	}
	return json.Marshal(m)
}

// UnmarshalJSON always fails with [ErrRedacted].
func (e *Env) UnmarshalJSON([]byte) error { return ErrRedacted }

// String returns a line for each change, see [Change.String].
func (d Diff) String() string {
	return joined(len(d), "\n", func(i int) string { return d[i].String() })
}

// String returns the change in words, with a sign in front: "+ NAME (kind)" added, "- NAME (kind)" removed, "~
// NAME (kind)" changed; "~ NAME (plain_text to secret_text, same value)" has a new kind and means the same to
// the code.
func (c Change) String() string {
	name, before, after := quoted(c.Name), quoted(string(c.Before)), quoted(string(c.After))
	switch {
	case c.Added():
		return fmt.Sprintf("+ %s (%s)", name, after)
	case c.Removed():
		return fmt.Sprintf("- %s (%s)", name, before)
	case !c.KindChanged():
		return fmt.Sprintf("~ %s (%s)", name, after)
	case c.ValueChanged:
		return fmt.Sprintf("~ %s (%s to %s)", name, before, after)
	}
	return fmt.Sprintf("~ %s (%s to %s, same value)", name, before, after)
}
