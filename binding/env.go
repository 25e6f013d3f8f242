package binding

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Env is what the code of a Worker sees of its vars and secrets: names, each with a text or a JSON
// value. Nothing in it tells whether a text is a var or a secret. It is immutable and one pointer
// wide. The zero Env is empty.
//
// Resources are objects to the code, not values, and are not in an Env.
//
// Printed with any verb, an Env shows its names with the [Value.Fingerprint] of each value, so that
// a failing test shows which names differ.
type Env struct{ c *contents }

type contents struct {
	_ *contents // nil, for go-spew; see record

	set   Set            // of vars: each secret has become a var
	index map[string]int // the position of each name in set
}

// NewEnv returns the Env of the vars and secrets among bs. It fails as [NewSet] does, and as
// [Set.Env] does.
func NewEnv(bs ...Binding) (Env, error) {
	set, err := NewSet(bs...)
	if err != nil {
		return Env{}, err
	}
	return set.Env()
}

// EnvOf returns the Env of the texts in vars, by name: a short way to an Env for a test.
func EnvOf(vars map[string]string) Env {
	list := make([]Binding, 0, len(vars))
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		list = append(list, Var(name, vars[name]))
	}
	return envOf(setOf(list))
}

// Env returns the Env of the vars and secrets of s. If s has Inherit bindings, whose values are not
// known yet, it fails with an [*InheritError] that lists them; see [Set.Inherit].
func (s Set) Env() (Env, error) {
	if err := inheritError(s.list); err != nil {
		return Env{}, err
	}
	list := make([]Binding, 0, len(s.list))
	for _, b := range s.list {
		if _, ok := b.Value(); ok {
			list = append(list, b.asVar())
		}
	}
	return envOf(setOf(list)), nil
}

// envOf returns the Env of a Set of vars. It makes an empty one the zero Env, so that
// reflect.DeepEqual agrees with Equal.
func envOf(vars Set) Env {
	if vars.Len() == 0 {
		return Env{}
	}
	c := &contents{set: vars, index: make(map[string]int, vars.Len())}
	for i, b := range vars.list {
		c.index[b.r.name] = i
	}
	return Env{c}
}

// vars returns the Set of vars that e is made of.
func (e Env) vars() Set {
	if e.c == nil {
		return Set{}
	}
	return e.c.set
}

// With returns e with the vars and secrets among bs added, each in place of what has its name in e.
// A resource among bs removes the name. With fails as [NewEnv] does.
func (e Env) With(bs ...Binding) (Env, error) {
	set, err := NewSet(bs...)
	if err != nil {
		return Env{}, err
	}
	added, err := set.Env()
	if err != nil {
		return Env{}, err
	}
	return envOf(e.vars().Without(set.Names()...).Merge(added.vars())), nil
}

// Without returns e without the given names. A name that e does not have changes nothing.
func (e Env) Without(names ...string) Env { return envOf(e.vars().Without(names...)) }

func (e Env) lookup(name string) (Binding, bool) {
	if e.c == nil {
		return Binding{}, false
	}
	i, ok := e.c.index[name]
	if !ok {
		return Binding{}, false
	}
	return e.c.set.list[i], true
}

// Lookup returns the text, or the JSON text, under name, and whether there is one. It does not
// allocate.
func (e Env) Lookup(name string) (Value, bool) {
	b, _ := e.lookup(name)
	return b.Value()
}

// Get reveals what is under name: the text, or the JSON text of a JSON var, or "" if e does not
// have the name.
func (e Env) Get(name string) string {
	v, _ := e.Lookup(name)
	return v.Reveal()
}

// IsJSON reports whether name is a JSON var, which the code sees as the value that the JSON text
// denotes. It is false for a text and if e does not have the name.
func (e Env) IsJSON(name string) bool {
	b, _ := e.lookup(name)
	return b.Kind() == JSON
}

// Decode reveals the value of a JSON var: it unmarshals the var name into the value pointed to by
// into, by the rules of [encoding/json.Unmarshal].
//
// It fails with a [*DecodeError], whose cause is [ErrNotBound] if e does not have the name,
// [ErrNotJSON] if it is a text, and [ErrMismatch] if the JSON value does not fit; part of it may be
// stored then.
func (e Env) Decode(name string, into any) error {
	b, ok := e.lookup(name)
	switch {
	case !ok:
		return &DecodeError{Name: name, Err: ErrNotBound}
	case b.Kind() != JSON:
		return &DecodeError{Name: name, Err: ErrNotJSON}
	}
	if err := json.Unmarshal([]byte(b.r.value.Reveal()), into); err != nil {
		return mismatch(name, into, err)
	}
	return nil
}

// mismatch returns the error of Decode for the error of encoding/json, whose text can have a part
// of the value.
func mismatch(name string, into any, err error) error {
	d := &DecodeError{Name: name, Type: fmt.Sprintf("%T", into), Err: ErrMismatch}
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && t.Type != nil {
		d.Type, d.Offset = t.Type.String(), t.Offset
	}
	return d
}

// All returns the names, in byte order, and their Values.
func (e Env) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for b := range e.vars().All() {
			if !yield(b.r.name, b.r.value) {
				return
			}
		}
	}
}

// Names returns the names in byte order, in a slice that the caller owns.
func (e Env) Names() []string { return e.vars().Names() }

// Len returns the number of names.
func (e Env) Len() int { return e.vars().Len() }

// Map reveals all values: it returns a map from each name to what [Env.Get] returns. The caller
// owns the map. Vars and secrets look the same in it.
func (e Env) Map() map[string]string {
	m := make(map[string]string, e.Len())
	for name, v := range e.All() {
		m[name] = v.Reveal()
	}
	return m
}

// Environ reveals all values in the form that os/exec takes, NAME=value, in the byte order of
// names. The value of a JSON var is its JSON text. The result is never nil, which os/exec would
// take for the environment of this process.
//
// A name that is empty or contains '=' or NUL would set another variable and is left out. A value
// that contains NUL is not left out, so that os/exec reports it.
func (e Env) Environ() []string {
	list := make([]string, 0, e.Len())
	for name, v := range e.All() {
		if name != "" && !strings.ContainsAny(name, "=\x00") {
			list = append(list, name+"="+v.Reveal())
		}
	}
	return list
}

// Equal reports whether e and other have the same names with the same texts or JSON texts, compared
// as bytes.
func (e Env) Equal(other Env) bool { return e.vars().Equal(other.vars()) }

// Diff returns the changes that turn e into other. Since an Env does not tell secrets from vars,
// the kind of each text is PlainText.
func (e Env) Diff(other Env) Diff { return e.vars().Diff(other.vars()) }

// String returns the names, each with the fingerprint of its value, in the form
// "Env{API_KEY:#4be102fd, RETRIES:json#11aa22bb}". Fingerprints are different in each process, see
// [Value.Fingerprint].
func (e Env) String() string {
	list := make([]string, 0, e.Len())
	for b := range e.vars().All() {
		form := ""
		if b.r.kind == JSON {
			form = "json"
		}
		list = append(list, quoted(b.r.name)+":"+form+b.r.fingerprint.String())
	}
	return "Env{" + strings.Join(list, ", ") + "}"
}

// Format writes what String returns, for every verb and flag.
func (e Env) Format(f fmt.State, verb rune) { io.WriteString(f, e.String()) }

// MarshalJSON returns a JSON object with "[redacted]" under each name. [Env.RevealJSON] reveals the
// values.
func (e Env) MarshalJSON() ([]byte, error) {
	m := make(map[string]Value, e.Len())
	for name, v := range e.All() {
		m[name] = v
	}
	return json.Marshal(m)
}

// UnmarshalJSON always fails with [ErrRedacted], since the output of MarshalJSON has no values.
func (e *Env) UnmarshalJSON([]byte) error { return ErrRedacted }
