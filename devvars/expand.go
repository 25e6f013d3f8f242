package devvars

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/internal/hidden"
	"github.com/workerenv/workerenv/internal/jsvalue"
)

var (
	// ErrExpandBuiltin means that a key, or a reference in its value, has the name of a built-in
	// property of JavaScript objects, such as toString or valueOf. Wrangler 4.164.0 fails on it.
	ErrExpandBuiltin = errors.New("name of a built-in property of JavaScript objects")

	// ErrExpandEndless means that replacing the references of a value never ends, as in wrangler
	// 4.164.0, or takes more work than [ExpandOptions] allows.
	ErrExpandEndless = errors.New("expansion does not end")

	// ErrExpandSize means that a value exceeds the limit of [ExpandOptions]. Wrangler 4.164.0 has
	// no limit.
	ErrExpandSize = errors.New("expanded value is too large")
)

// ExpandError reports a key that cannot be expanded. It contains no part of a value.
type ExpandError struct {
	// Key is the key that was passed to [Expand].
	Key string
	// Err is [ErrExpandBuiltin], [ErrExpandEndless] or [ErrExpandSize].
	Err error
}

// Error returns the key and the cause.
func (e *ExpandError) Error() string { return e.Key + ": " + e.Err.Error() }

// Unwrap returns Err.
func (e *ExpandError) Unwrap() error { return e.Err }

// ExpandOptions are the options of [Expand]. The zero value does what wrangler 4.164.0 does with
// the .env files of a Worker whose configuration declares no secrets.
type ExpandOptions struct {
	// Environ is the process environment as NAME=value, in the form of os.Environ; nil means that
	// it is empty. References look for a name here first. A value that is not empty replaces the one
	// of the files. As in Node.js, the first of two variables with the same name counts, invalid
	// UTF-8 in a value becomes U+FFFD, and a variable whose name is not valid UTF-8 is ignored.
	Environ []string

	// MaxBytes limits the length of a value in bytes while its references are replaced. A value
	// that is longer in the file may not grow. Zero or less means 1 MiB or, if that is more, the
	// length of all names and values.
	//
	// The work is limited too, in proportion to this limit and to the length of the input. If it is
	// exceeded, the key fails with [ErrExpandEndless]. By default, a value of 5 KB, the most that
	// Cloudflare takes, may consist of references only, one of 64 KB may have some hundred, and all
	// values together may grow by about 100 MB.
	MaxBytes int
}

// Expand replaces the references in the values of .env files as dotenv-expand 12.0.2 does, which
// wrangler 4.164.0 uses. Wrangler does not expand .dev.vars files.
//
// The vars are what [File.All] yields for each file, one file after the other. A key that comes
// twice has its last value. The keys are expanded in the order of a JavaScript object: first array
// indexes (0, 1, 2, ...), ascending, then the others. References find the process environment and
// the keys that are expanded already:
//
//	$NAME ${NAME}                 the value, or nothing if it is missing or empty
//	${NAME-text} ${NAME:-text}    the value, or text if it is missing or empty
//	${NAME+text} ${NAME:+text}    text, or nothing if the value is missing or empty
//	\$                            a dollar sign that does not start a reference
//
// A NAME in braces extends to the first operator; without one, the word null acts as an operator.
// References are found in quotes, too. The first reference without braces inside is replaced. Then
// the search starts again at the beginning of the value, so that inserted text is expanded as well.
// The following details are those of dotenv-expand:
//
//   - What is replaced is the first occurrence of the text of the reference, even one after a
//     backslash.
//   - In the inserted text, $$ is a dollar sign, $& the reference, $` the text before it and $' the
//     text after it.
//   - A reference gets its default if the value that it names equals an earlier text of the value
//     in which it stands. This ends most cycles.
//   - At the end, every \$ becomes $.
//   - ${toString}, ${isPrototypeOf} and ${__proto__} yield what JavaScript objects inherit under
//     these names.
//   - The key __proto__ is ignored.
//
// The error joins an *[ExpandError] for each key that has no value since wrangler would fail, never
// end or run out of memory. The Expansion is not nil even then; it lacks these keys, and other keys
// were expanded as if the files did not have them.
func Expand(vars iter.Seq2[string, string], o ExpandOptions) (*Expansion, error) {
	e := new(environment)
	e.addProcess(o.Environ)
	e.addFiles(vars)
	e.setLimits(o.MaxBytes)
	var errs []error
	for _, name := range e.files.Keys() {
		if err := e.expand(name); err != nil {
			errs = append(errs, &ExpandError{Key: name, Err: err})
		}
	}
	return &Expansion{hidden.New(e)}, errors.Join(errs...)
}

// Expansion is the result of [Expand]: the process environment and the expanded values of the
// files.
//
// The zero Expansion is empty. An Expansion is immutable and safe for concurrent use. Printing,
// logging or dumping it does not show its values.
type Expansion struct {
	env hidden.Box[*environment]
}

// All returns each name once with its value: first array indexes (0, 1, 2, ...), ascending, then
// the process environment in its order, then the keys that only the files have.
func (e *Expansion) All() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		env := e.get()
		for _, name := range env.names() {
			if value, ok := env.result(name); ok && !yield(name, value) {
				return
			}
		}
	}
}

// Lookup returns the value of name, and whether there is one. A name with an empty value has the
// value "" and true; a key that could not be expanded has none.
func (e *Expansion) Lookup(name string) (string, bool) { return e.get().result(name) }

// String returns a placeholder. See [Expansion.All] and [Expansion.Lookup] for the values.
func (e *Expansion) String() string { return "[devvars.Expansion]" }

func (e *Expansion) get() *environment {
	if e != nil {
		if env := e.env.Get(); env != nil {
			return env
		}
	}
	return new(environment)
}

// environment is what references find: the process environment, and the variables of the files.
type environment struct {
	process jsvalue.Map[string]
	files   jsvalue.Map[variable]
	size    int             // total length of all names and values
	lost    map[string]loss // of the expanded variables of the files
	limits
}

// variable is a variable of the files.
type variable struct {
	value    string // in the files or, if it is expanded, the result
	expanded bool
}

// loss is a reference that was replaced by nothing since the name in it is missing.
type loss struct {
	value  string // contains the reference
	offset int    // of the reference, in bytes
}

// addProcess adds the process environment.
func (e *environment) addProcess(environ []string) {
	for _, s := range environ {
		name, value, ok := strings.Cut(s, "=")
		_, there := e.process.Get(name)
		if ok && !there && name != protoKey && utf8.ValidString(name) {
			e.size += len(name) + len(value)
			value = jsvalue.ValidText([]byte(value))
			e.process.Set(name, value)
			e.noteLength(value)
		}
	}
}

// addFiles adds the variables of the files.
func (e *environment) addFiles(vars iter.Seq2[string, string]) {
	if vars == nil {
		return
	}
	for name, value := range vars {
		e.size += len(name) + len(value)
		if name != protoKey {
			e.files.Set(name, variable{value: value})
		}
	}
}

// expand replaces the references in the value that the files have for name.
func (e *environment) expand(name string) error {
	v, _ := e.files.Get(name)
	value := v.value
	process, inProcess := e.process.Get(name)
	switch {
	case !inProcess && jsvalue.IsPrototypeName(name):
		return ErrExpandBuiltin
	case process != "" && process != value:
		value = process
	case strings.Contains(value, "$"):
		expanded, lost, err := e.replaceAll(value)
		if err != nil {
			return err
		}
		if lost >= 0 {
			if e.lost == nil {
				e.lost = map[string]loss{}
			}
			e.lost[name] = loss{value, lost}
		}
		value = expanded
	}
	value = strings.ReplaceAll(value, `\$`, "$")
	e.files.Set(name, variable{value: value, expanded: true})
	e.noteLength(value)
	return nil
}

// find returns the value that a reference to name finds, and whether it finds one.
func (e *environment) find(name string) (string, bool) {
	if value, ok := e.process.Get(name); ok {
		return value, true
	}
	return e.expanded(name)
}

// expanded returns the expanded value that name has in the files, and whether it has one.
func (e *environment) expanded(name string) (string, bool) {
	if v, _ := e.files.Get(name); v.expanded {
		return v.value, true
	}
	return "", false
}

// result returns the value of name in the end, and whether it has one.
func (e *environment) result(name string) (string, bool) {
	if _, ok := e.files.Get(name); ok {
		return e.expanded(name)
	}
	return e.process.Get(name)
}

// names returns the names of all variables in the order of the result.
func (e *environment) names() []string {
	if e.process.Len() == 0 {
		return e.files.Keys()
	}
	names := e.process.Keys()
	for name := range e.files.All() {
		if _, ok := e.process.Get(name); !ok {
			names = append(names, name)
		}
	}
	slices.SortStableFunc(names, jsvalue.CompareKeys)
	return names
}
