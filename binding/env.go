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
// value. It does not distinguish vars from secrets. It is immutable and has the size of a pointer. The
// zero Env is empty.
//
// An Env has no resources: for the code of the Worker they are objects, not values.
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

// EnvOf returns the Env of the texts in vars, by name. It is useful in tests.
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

// With returns e with the vars and secrets among bs added. They replace those of the same names in e.
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

// Lookup returns the text, or the JSON text, of name, and whether e has the name. It does not
// allocate.
func (e Env) Lookup(name string) (Value, bool) {
	b, _ := e.lookup(name)
	return b.Value()
}

// Get reveals the value of name: the text, or the JSON text of a JSON var. It returns "" if e does
// not have the name.
func (e Env) Get(name string) string {
	v, _ := e.Lookup(name)
	return v.Reveal()
}

// IsJSON reports whether name is a JSON var. The code of the Worker sees the decoded JSON value. IsJSON
// returns false for a text and if e does not have the name.
func (e Env) IsJSON(name string) bool {
	b, _ := e.lookup(name)
	return b.Kind() == JSON
}

// Decode reveals the value of a JSON var: it unmarshals the var name into the value pointed to by
// into, by the rules of [encoding/json.Unmarshal].
//
// It fails with a [*DecodeError], whose cause is [ErrNotBound] if e does not have the name,
// [ErrNotJSON] if name is a text, and [ErrMismatch] if the JSON value does not fit. With ErrMismatch,
// into may have a part of the value.
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

// mismatch returns the error of Decode for an error of encoding/json. It does not contain err, whose
// text may contain a part of the value.
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

// Environ reveals all values in the form NAME=value, which os/exec takes, in the byte order of names.
// The value of a JSON var is its JSON text. The result is never nil, since os/exec uses the environment
// of this process in place of nil.
//
// Environ omits names that are empty or contain '=' or NUL, since they would set another variable. It
// does not omit values that contain NUL, so that os/exec reports them.
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

// Diff returns the changes that turn e into other. Since an Env does not distinguish secrets from
// vars, the kind of each text is PlainText.
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
