package binding

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// The causes of errors of this package. Those up to ErrAttributes are found in an [*EntryError],
// those from ErrNotBound to ErrMismatch in a [*DecodeError]. Test for them with errors.Is.
var (
	ErrZero       = errors.New("binding is the zero Binding")
	ErrDuplicate  = errors.New("name is used more than once")
	ErrKind       = errors.New("kind is not that of a resource")
	ErrJSON       = errors.New("text is not valid JSON")
	ErrAttributes = errors.New("attributes are not a JSON object without name and type")

	ErrNotBound = errors.New("name is not bound")
	ErrNotJSON  = errors.New("value is a text, not JSON")
	ErrMismatch = errors.New("JSON value does not fit")

	// ErrForm is returned by [ParseBinding].
	ErrForm = errors.New("not a binding in the form of Cloudflare's API")

	// ErrRedacted is returned for an attempt to read the output of a Value, or of a type that
	// contains Values. That output has no values.
	ErrRedacted = errors.New("value is redacted")
)

// SetError reports why bindings do not make a Set.
type SetError struct {
	// Entries has an element for each invalid binding and each repeated name, in the order of the
	// arguments.
	Entries []*EntryError
}

// EntryError reports why one binding cannot be in a Set.
type EntryError struct {
	Index int    // position among the arguments, from 0
	Name  string // "" for the zero Binding
	Err   error  // ErrZero, ErrDuplicate, ErrKind, ErrJSON or ErrAttributes
}

// newSetError returns the faults of bs.
func newSetError(bs []Binding) *SetError {
	e := new(SetError)
	seen := make(map[string]bool, len(bs))
	for i, b := range bs {
		if err := b.fault(); err != nil {
			e.Entries = append(e.Entries, &EntryError{i, b.Name(), err})
		}
		if b.r != nil && seen[b.Name()] {
			e.Entries = append(e.Entries, &EntryError{i, b.Name(), ErrDuplicate})
		}
		seen[b.Name()] = seen[b.Name()] || b.r != nil
	}
	return e
}

// Error returns the errors of the first few Entries and the number of the others.
func (e *SetError) Error() string {
	return few(len(e.Entries), func(i int) string { return e.Entries[i].Error() })
}

// Unwrap returns the Entries.
func (e *SetError) Unwrap() []error {
	errs := make([]error, len(e.Entries))
	for i, err := range e.Entries {
		errs[i] = err
	}
	return errs
}

// Error returns the name, or the index for the zero Binding, and the cause.
func (e *EntryError) Error() string {
	if errors.Is(e.Err, ErrZero) {
		return fmt.Sprintf("binding %d: %v", e.Index, e.Err)
	}
	return fmt.Sprintf("%s: %v", quoted(e.Name), e.Err)
}

// Unwrap returns Err.
func (e *EntryError) Unwrap() error { return e.Err }

// InheritError reports the Inherit bindings that have nothing to inherit.
type InheritError struct {
	Missing []Binding // in the byte order of names; all of kind Inherit
}

// inheritError returns the error for the Inherit bindings in a list of valid ones, or nil if there
// are none.
func inheritError(list []Binding) error {
	var missing []Binding
	for _, b := range list {
		if isInherit(b) {
			missing = append(missing, b)
		}
	}
	if missing == nil {
		return nil
	}
	return &InheritError{missing}
}

// Names returns the names of the bindings.
func (e *InheritError) Names() []string { return Set{e.Missing}.Names() }

// Error returns the first few names and the number of the others.
func (e *InheritError) Error() string {
	return few(len(e.Missing), func(i int) string {
		b := e.Missing[i]
		if name, _ := b.Origin(); name != b.Name() {
			return quoted(b.Name()) + ": nothing to inherit from " + quoted(name)
		}
		return quoted(b.Name()) + ": nothing to inherit"
	})
}

// DecodeError reports why [Env.Decode] failed. It contains no part of the value. For that reason it
// does not contain the error of encoding/json either.
type DecodeError struct {
	Name   string
	Type   string // the Go type that the value does not fit, "" unless Err is ErrMismatch
	Offset int64  // number of bytes of the JSON text read before the error, 0 if not known
	Err    error  // ErrNotBound, ErrNotJSON or ErrMismatch
}

// Error returns the name, the cause and the type.
func (e *DecodeError) Error() string {
	text := fmt.Sprintf("%s: %v", quoted(e.Name), e.Err)
	if e.Type != "" {
		text += " " + e.Type
	}
	return text
}

// Unwrap returns Err.
func (e *DecodeError) Unwrap() error { return e.Err }

// few joins the first ten of n texts and counts the others, so that messages stay short.
func few(n int, text func(i int) string) string {
	const most = 10
	list := make([]string, min(n, most))
	for i := range list {
		list[i] = text(i)
	}
	joined := strings.Join(list, "; ")
	if n > most {
		joined += fmt.Sprintf("; and %d more", n-most)
	}
	return joined
}

// quoted returns a name for a message. It puts names with unusual characters in quotes and truncates
// long names.
func quoted(name string) string {
	const longest = 100
	if len(name) > longest {
		return strconv.Quote(name[:longest]) + "..."
	}
	odd := func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune(" \"',:;()[]{}", r) }
	if name == "" || strings.ContainsFunc(name, odd) {
		return strconv.Quote(name)
	}
	return name
}
