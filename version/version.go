package version

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/workerenv/workerenv/binding"
)

// Version is an immutable upload of a Worker: its code and its bindings, values included. It is one pointer wide and
// safe for concurrent use. The zero Version means that there is none: its number is 0 and it is empty.
type Version struct{ v *version }

// version is what a Version points to. Only env changes once the version is made, from nil to a value.
type version struct {
	_ *version // always nil; it stops go-spew, see record in package binding
	stamp
	number   int
	base     int   // the number of the version that it was made from, 0 if there is none
	code     *Code // shared with the base if equal
	bindings binding.Set
	env      atomic.Pointer[binding.Env]
}

// newVersion returns a version made from base, which may be nil. Its stamp and number are still missing. What is equal
// to something of base shares its memory, so that a history of many versions stays small.
func newVersion(base *version, bindings binding.Set, code *Code) *version {
	if base == nil {
		return &version{code: code, bindings: bindings}
	}
	if code.equal(base.code) {
		code = base.code
	}
	var removed []string
	var set []binding.Binding
	for _, c := range base.bindings.Diff(bindings) {
		if b, ok := bindings.Lookup(c.Name); ok {
			set = append(set, b)
		} else {
			removed = append(removed, c.Name)
		}
	}
	shared, _ := base.bindings.Without(removed...).With(set...) // fails only for bindings that no Set holds
	return &version{base: base.number, code: code, bindings: shared}
}

func (v Version) data() *version {
	if v.v == nil {
		return &version{stamp: stamp{provenance: new(provenance)}, code: new(Code)}
	}
	return v.v
}

// IsZero reports whether v is the zero Version.
func (v Version) IsZero() bool { return v.v == nil }

// ID returns the ID of the version, which no other version or deployment has. It is a UUID unless
// [Options] say otherwise.
func (v Version) ID() string { return v.data().id }

// Number returns the place of the version in its Worker's history: 1, 2, 3, and so on without gaps.
func (v Version) Number() int { return v.data().number }

// Base returns the number of the version that this one was made from, 0 if there is none.
func (v Version) Base() int { return v.data().base }

// Created returns when the version was made, in UTC, to the microsecond. It is later than
// everything before it in the history.
func (v Version) Created() time.Time { return v.data().time() }

// Source returns the tool that made the version, see [Meta].
func (v Version) Source() string { return v.data().source }

// Author returns who made the version.
func (v Version) Author() Author { return v.data().author }

// Annotation returns the annotation under key, for example [AnnotationTag], and whether there is one.
func (v Version) Annotation(key string) (string, bool) { return v.data().annotation(key) }

// Annotations returns all annotations in the byte order of their keys.
func (v Version) Annotations() iter.Seq2[string, string] { return v.data().all() }

// Bindings returns the bindings of the version. None of them is of kind Inherit. The call does not allocate.
func (v Version) Bindings() binding.Set {
	if v.v == nil {
		return binding.Set{}
	}
	return v.v.bindings
}

// Code returns a copy of everything else in the upload.
func (v Version) Code() Code { return v.data().code.clone() }

// Env returns the env that the code of the version sees. The first call makes it; later calls do not allocate.
func (v Version) Env() binding.Env {
	if v.v == nil {
		return binding.Env{}
	}
	if env := v.v.env.Load(); env != nil {
		return *env
	}
	env, _ := v.v.bindings.Env() // fails only for bindings of kind Inherit
	v.v.env.Store(&env)
	return env
}

// Secrets returns the names and kinds of the secrets of the version, in the byte order of names.
func (v Version) Secrets() []Secret {
	var list []Secret
	for b := range v.Bindings().All() {
		if isSecret(b) {
			list = append(list, Secret{b.Name(), b.Kind()})
		}
	}
	return list
}

// Missing returns those of names that are neither a var nor a secret of the version, sorted, each
// once. A resource does not count.
func (v Version) Missing(names ...string) []string {
	var list []string
	for _, name := range names {
		if b, _ := v.Bindings().Lookup(name); !b.Kind().IsVar() && !isSecret(b) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Equal reports whether v and w are the same version: same ID, same number and equal contents.
func (v Version) Equal(w Version) bool { return v.data().equal(w.data()) }

func (v *version) equal(w *version) bool {
	return v == w || v.stamp.equal(&w.stamp) && v.number == w.number && v.base == w.base &&
		v.code.equal(w.code) && v.bindings.Equal(w.bindings)
}

// String returns the number and the ID, as "3 (dc8dcd28-271b-4367-9840-6c244f84cb40)".
func (v Version) String() string { return strconv.Itoa(v.Number()) + " (" + v.ID() + ")" }

// Format writes what String returns, for every verb and with every flag.
func (v Version) Format(f fmt.State, verb rune) { io.WriteString(f, v.String()) }

// MarshalJSON returns an object of the ID, the number, the time, the source, and the names and kinds of the bindings.
func (v Version) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		ID       string      `json:"id"`
		Number   int         `json:"number"`
		Base     int         `json:"base,omitempty"`
		Created  time.Time   `json:"created"`
		Source   string      `json:"source"`
		Bindings binding.Set `json:"bindings"`
	}{v.ID(), v.Number(), v.Base(), v.Created(), v.Source(), v.Bindings()})
}

// Secret is the name and the kind of a secret, as lists of secrets show it.
type Secret struct {
	Name string       `json:"name"`
	Kind binding.Kind `json:"type"`
}

// secretKey is the kind of secrets that are cryptographic keys. Package binding carries it as a resource.
const secretKey binding.Kind = "secret_key"

func isSecret(b binding.Binding) bool { return b.Kind().IsSecret() || b.Kind() == secretKey }

// secretsOf returns the secrets among bindings.
func secretsOf(s binding.Set) binding.Set { return s.Filter(isSecret) }
