// Package hidden holds values that packages cannot print, encode or dump by reflection.
package hidden

// Box holds a value that only Get returns. The value is a captured variable of a function, which
// reflection cannot read: fmt, encoding/json, go-spew and similar packages print at most an address of
// code. The zero Box holds the zero T.
//
// reflect.DeepEqual reports that two Boxes differ, even if their values are equal. A type that
// needs equality holds a pointer to a shared Box or has an Equal method.
type Box[T any] struct {
	// An interface stores a struct of a single pointer without indirection. go-spew does not expect
	// that, and calls methods on the memory that the pointer points to. A second field prevents that.
	// It is the first field, so that go-spew finds nil in a struct that points to a Box.
	_ *struct{}

	get func() T
}

// New returns a Box that holds v.
func New[T any](v T) Box[T] { return Box[T]{get: func() T { return v }} }

// Get returns the value of b.
func (b Box[T]) Get() T {
	if b.get == nil {
		var zero T
		return zero
	}
	return b.get()
}
