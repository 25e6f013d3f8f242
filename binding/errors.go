package binding

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// The causes that errors of this package have. Those up to ErrAttributes are found in an [*EntryError], those
// from ErrNotBound on in a [*DecodeError]. Test for them with errors.Is.
var (
	ErrZero       = errors.New("binding is the zero Binding")
	ErrDuplicate  = errors.New("name is used more than once")
	ErrKind       = errors.New("kind is not that of a resource")
	ErrJSON       = errors.New("text is not valid JSON")
	ErrAttributes = errors.New("attributes are not a JSON object that can stand beside a name and a type")

	ErrNotBound = errors.New("nothing has this name")
	ErrNotJSON  = errors.New("value is a text, not JSON")
	ErrMismatch = errors.New("JSON value does not fit")

	// ErrRedacted is the answer to reading what a Value, or what holds Values, printed of itself: the text is
	// not in it.
	ErrRedacted = errors.New("value is redacted, its text is not here")
)

// SetError tells why bindings do not make a Set.
type SetError struct {
	Entries []*EntryError // one for each invalid binding and each repeated name, in the order of the arguments
}

// EntryError tells why one binding can't be in a Set.
type EntryError struct {
	Index int    // the place of the binding among the arguments, from 0
	Name  string // "" for the zero Binding
	Err   error  // ErrZero, ErrDuplicate, ErrKind, ErrJSON or ErrAttributes
}

// newSetError finds the faults of bs.
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

// Error names the first few bindings and tells how many there are.
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

// Error returns the name and the cause, or the index and the cause if there is no name.
func (e *EntryError) Error() string {
	if errors.Is(e.Err, ErrZero) {
		return fmt.Sprintf("binding %d: %v", e.Index, e.Err)
	}
	return fmt.Sprintf("%s: %v", quoted(e.Name), e.Err)
}

// Unwrap returns Err.
func (e *EntryError) Unwrap() error { return e.Err }

// InheritError tells which Inherit bindings stand for nothing.
type InheritError struct {
	Missing []Binding // in the byte order of names; all of kind Inherit
}

// inheritError finds the Inherit bindings in a list of valid ones; it returns nil if there are none.
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

// Error names the first few bindings and tells how many there are.
func (e *InheritError) Error() string {
	return few(len(e.Missing), func(i int) string {
		b := e.Missing[i]
		if name, _ := b.Origin(); name != b.Name() {
			return quoted(b.Name()) + ": nothing to inherit from " + quoted(name)
		}
		return quoted(b.Name()) + ": nothing to inherit"
	})
}

// DecodeError tells why [Env.Decode] failed. It has no part of the value in it, nor the error of the decoder,
// which may have.
type DecodeError struct {
	Name   string
	Type   string // the Go type that the value does not fit, "" unless Err is ErrMismatch
	Offset int64  // the bytes of the JSON text that were read before, 0 if that is not known
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

// few joins the first ten of n texts and counts the rest, so that no input makes a message long.
func few(n int, text func(i int) string) string {
	const most = 10
	list := joined(min(n, most), "; ", text)
	if n > most {
		list += fmt.Sprintf("; and %d more", n-most)
	}
	return list
}

func joined(n int, separator string, text func(i int) string) string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = text(i)
	}
	return strings.Join(texts, separator)
}

// quoted returns a name as messages show it: as it is, or in quotes if it would be hard to see where it ends,
// and never long.
func quoted(name string) string {
	const longest = 100
	if len(name) > longest {
		return strconv.Quote(name[:longest]) + "..."
	}
	odd := func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune(" \"',:;()[]", r) }
	if name == "" || strings.ContainsFunc(name, odd) {
		return strconv.Quote(name)
	}
	return name
}
