package version

import (
	"fmt"
	"iter"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/workerenv/workerenv/binding"
)

// Version is an immutable upload of a Worker: its code and its bindings, values included. It is one pointer wide
// and safe for concurrent use. The zero Version is none: it has number 0 and nothing in it.
type Version struct{ v *version }

// version is what a Version points to. Only set and env change once it is made, from nil to what follows from the rest.
type version struct {
	_ *version // nil, for go-spew: see record in package binding
	stamp
	number int
	base   *version // what it was made from, nil if from nothing
	depth  int      // how many versions base derives from, and base
	delta  delta    // from the bindings of base to those of this one
	code   *Code    // shared by the versions that derive from one another
	set    atomic.Pointer[binding.Set]
	env    atomic.Pointer[binding.Env]
}

func (v Version) data() *version {
	if v.v == nil {
		return &version{stamp: stamp{origin: new(origin)}, code: new(Code)}
	}
	return v.v
}

// IsZero reports whether v is none.
func (v Version) IsZero() bool { return v.v == nil }

// ID returns what identifies the version among all others, a UUID if nobody chose otherwise.
func (v Version) ID() string { return v.data().id }

// Number returns the place of the version in its Worker's history: 1, 2, 3, and so on without gaps.
func (v Version) Number() int { return v.data().number }

// Base returns the number of the version that this one was made from, 0 if it was made from none.
func (v Version) Base() int { return Version{v.data().base}.Number() }

// Created returns when the version was made, in UTC and microseconds, later than anything before it in the history.
func (v Version) Created() time.Time { return v.data().time() }

// Source returns the tool that made the version, see [Meta].
func (v Version) Source() string { return v.data().source }

// Author returns who made the version.
func (v Version) Author() Author { return v.data().author }

// Annotation returns the annotation under key, as [AnnotationTag], and whether there is one.
func (v Version) Annotation(key string) (string, bool) { return v.data().note(key) }

// Annotations returns all annotations in the byte order of their keys.
func (v Version) Annotations() iter.Seq2[string, string] { return v.data().all() }

// Bindings returns the bindings of the version. None of them is of kind Inherit. The values of secrets are among
// them, behind binding.Value as all values. They are put together at the first call and kept; after that the call
// does not allocate.
func (v Version) Bindings() binding.Set {
	if v.v == nil {
		return binding.Set{}
	}
	return v.v.bindings()
}

// Code returns a copy of everything else that was uploaded.
func (v Version) Code() Code { return v.data().code.clone() }

// Env returns what the code of the version finds in env. It is made at the first call and kept; after that the call
// does not allocate.
func (v Version) Env() binding.Env {
	if v.v == nil {
		return binding.Env{}
	}
	if env := v.v.env.Load(); env != nil {
		return *env
	}
	env, _ := v.v.bindings().Env() // fails only for bindings of kind Inherit
	v.v.env.Store(&env)
	return env
}

// Secrets lists the secrets of the version.
func (v Version) Secrets() []Secret {
	var list []Secret
	for b := range v.Bindings().All() {
		if isSecret(b) {
			list = append(list, Secret{b.Name(), b.Kind()})
		}
	}
	return list
}

// Equal reports whether v and w are the same version: one ID, one number and equal contents.
func (v Version) Equal(w Version) bool {
	a, b := v.data(), w.data()
	return a.equal(b)
}

func (a *version) equal(b *version) bool {
	return a == b || a.stamp.equal(&b.stamp) && a.number == b.number && Version{a.base}.Number() == Version{b.base}.Number() &&
		a.code.equal(b.code) && Version{a}.Bindings().Equal(Version{b}.Bindings())
}

func (s *stamp) equal(o *stamp) bool {
	return s.id == o.id && s.created == o.created && s.origin.equal(o.origin)
}

// String returns the number and the ID, as "3 (dc8dcd28-271b-4367-9840-6c244f84cb40)".
func (v Version) String() string { return strconv.Itoa(v.Number()) + " (" + v.ID() + ")" }

// Format writes what String returns, for every verb and with every flag.
func (v Version) Format(f fmt.State, verb rune) { fmt.Fprint(f, v.String()) }

// Secret is a secret as listings show it, without its value.
type Secret struct {
	Name string       `json:"name"`
	Kind binding.Kind `json:"type"`
}

// secretKey is the kind of secrets that are cryptographic keys, carried as resources are.
const secretKey binding.Kind = "secret_key"

func isSecret(b binding.Binding) bool { return isSecretKind(b.Kind()) }

func isSecretKind(k binding.Kind) bool { return k.IsSecret() || k == secretKey }

// secretsOf returns the secrets among bindings.
func secretsOf(s binding.Set) binding.Set { return s.Filter(isSecret) }
