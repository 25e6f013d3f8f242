package devvars

import (
	"errors"
	"iter"
)

var (
	// ErrExpandBuiltin means that a key, or a reference in its value, has the name of a built-in property of JavaScript
	// objects, such as toString or valueOf, and that wrangler 4.164.0 dies of it.
	ErrExpandBuiltin = errors.New("name of a built-in property of JavaScript objects")
	// ErrExpandEndless means that replacing the references of a value never ends, as in wrangler 4.164.0, or takes
	// more work than [ExpandOptions] allows.
	ErrExpandEndless = errors.New("expansion does not end")
	// ErrExpandSize means that a value grew over the bound of [ExpandOptions]. Wrangler 4.164.0 has no bound but the
	// memory of the machine.
	ErrExpandSize = errors.New("expanded value is too large")
)

// ExpandError says which key could not be expanded. It holds no part of any value.
type ExpandError struct {
	// Key is the key as the caller of [Expand] gave it.
	Key string
	// Err is [ErrExpandBuiltin], [ErrExpandEndless] or [ErrExpandSize].
	Err error
}

// Error returns the key and the cause.
func (e *ExpandError) Error() string { return e.Key + ": " + e.Err.Error() }

// Unwrap returns Err.
func (e *ExpandError) Unwrap() error { return e.Err }

// ExpandOptions change what [Expand] does. The zero value is what wrangler 4.164.0 does for the .env files of a Worker
// that has no secrets in its configuration.
type ExpandOptions struct {
	// Process is the process environment, name and value, in its order; nil means none. It comes first in the
	// Expansion, and a value in it that is not empty wins over one of the same name in the files. Where wrangler
	// includes the process environment, it is to be handed in. As in node, ill-formed UTF-8 in a value becomes
	// U+FFFD, and a variable with an ill-formed name is not there.
	Process iter.Seq2[string, string]

	// MaxBytes bounds the length of a value in bytes of UTF-8, while and after its references are replaced. A value that
	// is longer than that as it stands in the file may not grow. Zero or less means 1 MiB or, if that is more, the length
	// of all names and values handed in.
	//
	// The work is bounded too. A reference replaced counts 64, a byte put in for it 4, and a byte or an escaped dollar sign
	// looked at again at most 1. For one value the sum may be 8 times the bound above, and 16 times the smaller of
	// that bound and 1 MiB (but at least 64 Ki), and 64 times its length in the file. For all values it may be 16 times
	// what an empty one may have, and 64 times the length of all names and values. What needs more fails with
	// [ErrExpandEndless].
	MaxBytes int
}

// Expand replaces the references in the values of .env files, as dotenv-expand 12.0.2 does in wrangler 4.164.0. It is
// nothing for .dev.vars files: wrangler never expands those.
//
// The vars are what [File.All] gives for each file, one file after the other: of a key that comes twice, the last value
// counts, in the place of the first. They are expanded in JavaScript object order, integer-like keys before the others, and a
// reference finds the process environment and the keys before its own:
//
//	$NAME ${NAME}                 the value, or nothing if there is none or it is empty
//	${NAME-text} ${NAME:-text}    the value, or text
//	${NAME+text} ${NAME:+text}    text if there is a value that is not empty, or nothing
//	\$                            a dollar sign that starts no reference
//
// A NAME in braces is anything up to the first operator; without an operator, the word null is one. The first reference
// that has no braces inside is replaced, then the search begins anew at the start of the value, until there is none left. What
// came in by a replacement is therefore expanded as well. Quotes make no difference. What is replaced is the first
// occurrence of the reference's text, even if a backslash is before it. In what is put in, $$ stands for a dollar sign, $&
// for the reference, and $` and $' for the text before and after it; in the end \$ becomes $ everywhere. A reference to a
// value that the whole text was equal to before is replaced with its default, which breaks most cycles. ${toString},
// ${isPrototypeOf} and ${__proto__} find what JavaScript objects inherit, as they do in wrangler.
//
// The error joins one *[ExpandError] for each key that has no value, because wrangler would die of it, never end, or run
// out of memory. The Expansion is valid in any case: it lacks these keys, and for references to them
// the files have no value. It is good for showing what else there is, and not for running a Worker that wrangler would
// not run.
//
// The name __proto__ is passed over, since assigning to it makes no property in JavaScript. Expand keeps the strings that
// it is given.
//
// Values without a dollar sign cost nothing to expand. Time grows with the length of the input and of the result, within
// the bounds of [ExpandOptions].
func Expand(vars iter.Seq2[string, string], o ExpandOptions) (*Expansion, error) {
	env := newEnvironment(vars, o.Process)
	r := newRewriter(env, o.MaxBytes)
	var errs []error
	for _, i := range env.files {
		if err := env.expand(i, r); err != nil {
			env.vars[i].state = failed
			errs = append(errs, &ExpandError{Key: env.vars[i].name, Err: err})
		}
	}
	env.finish()
	return &Expansion{env: func() *environment { return env }}, errors.Join(errs...)
}

// Expansion is the result of [Expand]: the process environment, if one was handed in, and over it the expanded values
// of the files.
//
// The zero Expansion is empty. An Expansion does not change, and any number of goroutines may use it at once. It shows
// none of its values when it is printed, logged or dumped.
type Expansion struct {
	// env is behind a function so that no reflection gets at the values.
	env func() *environment
}

// All returns each name once with its value: first the process environment in its order, then the keys of the files
// that are not in it. Names that are integers come before all others, ascending, as in a JavaScript object.
func (e *Expansion) All() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		env := e.get()
		for i := range env.vars {
			if env.order != nil {
				i = env.order[i]
			}
			if value, ok := env.result(i); ok && !yield(env.vars[i].name, value) {
				return
			}
		}
	}
}

// Lookup returns the value of name, and whether there is one. A name that is set to nothing has the value "" and is
// there; a key that could not be expanded is not.
func (e *Expansion) Lookup(name string) (string, bool) {
	env := e.get()
	i, ok := env.index[name]
	if !ok {
		return "", false
	}
	return env.result(i)
}

// String returns a placeholder. Values are got with [Expansion.All] and [Expansion.Lookup].
func (e *Expansion) String() string { return "[devvars.Expansion]" }

// GoString returns a placeholder, as String does.
func (e *Expansion) GoString() string { return e.String() }

func (e *Expansion) get() *environment {
	if e == nil || e.env == nil {
		return &environment{}
	}
	return e.env()
}
