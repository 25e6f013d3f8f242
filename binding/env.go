package binding

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Env is what the code of a Worker sees of its vars and secrets: names, each with a text or with JSON. Nothing
// in it tells whether a text is a var's or a secret's. It is one pointer wide and immutable. The zero Env is
// empty and ready.
//
// Resources are objects to the code, not values, and are not in an Env.
type Env struct{ t *entries }

type entries struct {
	_ *entries // for go-spew; see record

	names []string // sorted
	index map[string]entry
}

type entry struct {
	value Value
	json  bool
}

// Env returns the Env of the vars and secrets of s. If s has Inherit bindings, whose values nobody knows yet,
// it fails with an [*InheritError] that lists all of them; [Set.Inherit] comes first.
func (s Set) Env() (Env, error) {
	if err := inheritError(s.list); err != nil {
		return Env{}, err
	}
	t := &entries{names: make([]string, 0, s.Len()), index: make(map[string]entry, s.Len())}
	for b := range s.All() {
		if v, ok := b.Value(); ok {
			t.names = append(t.names, b.Name())
			t.index[b.Name()] = entry{v, b.Kind() == JSON}
		}
	}
	return envOf(t), nil
}

// EnvOf returns the Env of the texts in vars, by name: the short way to an Env for a test.
func EnvOf(vars map[string]string) Env {
	t := &entries{names: slices.Sorted(maps.Keys(vars)), index: make(map[string]entry, len(vars))}
	for name, text := range vars {
		t.index[name] = entry{value: NewValue(text)}
	}
	return envOf(t)
}

// envOf makes an empty Env the zero Env, so that reflect.DeepEqual agrees with Equal.
func envOf(t *entries) Env {
	if len(t.names) == 0 {
		return Env{}
	}
	return Env{t}
}

func (e Env) entry(name string) (entry, bool) {
	if e.t == nil {
		return entry{}, false
	}
	x, ok := e.t.index[name]
	return x, ok
}

// sortedNames returns the names in byte order; the slice is not to be written to.
func (e Env) sortedNames() []string {
	if e.t == nil {
		return nil
	}
	return e.t.names
}

// Lookup returns the text, or the JSON text, under name, and whether there is one. It does not allocate.
func (e Env) Lookup(name string) (Value, bool) {
	x, ok := e.entry(name)
	return x.value, ok
}

// Get reveals what is under name: the text, or the JSON text of a JSON var, or "" if there is nothing.
func (e Env) Get(name string) string {
	v, _ := e.Lookup(name)
	return v.Reveal()
}

// IsJSON reports whether what is under name is a JSON var, that the code sees as the value which its JSON text
// denotes. It is false for a text and where there is nothing.
func (e Env) IsJSON(name string) bool {
	x, _ := e.entry(name)
	return x.json
}

// Decode stores the value of a JSON var in what into points to, by the rules of [encoding/json.Unmarshal]. It
// fails with a [*DecodeError], whose cause is [ErrNotBound] if there is nothing under name, [ErrNotJSON] if it
// is a text, and [ErrMismatch] if it does not fit into, part of which may then be set already.
func (e Env) Decode(name string, into any) error {
	x, ok := e.entry(name)
	if !ok {
		return &DecodeError{Name: name, Err: ErrNotBound}
	}
	if !x.json {
		return &DecodeError{Name: name, Err: ErrNotJSON}
	}
	if err := json.Unmarshal([]byte(x.value.Reveal()), into); err != nil {
		return mismatch(name, into, err)
	}
	return nil
}

// mismatch takes from err what can't be a part of the value: its text can.
func mismatch(name string, into any, err error) error {
	d := &DecodeError{Name: name, Type: fmt.Sprintf("%T", into), Err: ErrMismatch}
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) && t.Type != nil {
		d.Type, d.Offset = t.Type.String(), t.Offset
	}
	return d
}

// All returns the names, in byte order, and their Values.
func (e Env) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for _, name := range e.sortedNames() {
			if !yield(name, e.t.index[name].value) {
				return
			}
		}
	}
}

// Names returns the names in byte order, in a slice of the caller's own.
func (e Env) Names() []string { return append([]string{}, e.sortedNames()...) }

// Len returns the number of names.
func (e Env) Len() int { return len(e.sortedNames()) }

// Map reveals everything: it returns what Get returns, by name, in a map of the caller's own.
func (e Env) Map() map[string]string {
	m := make(map[string]string, e.Len())
	for name, v := range e.All() {
		m[name] = v.Reveal()
	}
	return m
}

// Environ reveals everything in the form that os/exec takes, NAME=value, in the byte order of names; the value
// of a JSON var is its JSON text. It is never nil, which os/exec would take for the environment of this
// process.
//
// A name that is empty or has '=' or NUL in it would set some other variable and is left out. A value with NUL
// in it is not, so that os/exec reports it.
func (e Env) Environ() []string {
	list := make([]string, 0, e.Len())
	for name, v := range e.All() {
		if name != "" && !strings.ContainsAny(name, "=\x00") {
			list = append(list, name+"="+v.Reveal())
		}
	}
	return list
}

// Equal reports whether e and other have the same names, with equal texts or equal JSON texts, compared as bytes.
func (e Env) Equal(other Env) bool {
	return slices.Equal(e.sortedNames(), other.sortedNames()) && (e.t == other.t || maps.EqualFunc(e.t.index, other.t.index, entry.equal))
}

func (x entry) equal(y entry) bool { return x.json == y.json && x.value.Equal(y.value) }
