// Package hidden keeps values out of the sight of printers, encoders and dumpers.
package hidden

// Box holds a value that only Get returns. The value is a captured variable of a function, which
// reflection cannot read: fmt, encoding/json, go-spew and the like show the address of code at
// most. The zero Box holds the zero T.
//
// reflect.DeepEqual takes no two Boxes for equal. A type that needs equality holds a pointer to a
// shared Box or has an Equal method.
type Box[T any] struct {
	// Structs of a single pointer are stored in an interface without indirection. go-spew misreads
	// these, and calls their methods on the memory that the pointer points to. A second field prevents
	// that; it comes first, so that what go-spew takes for a pointer is nil where a struct points to a
	// Box.
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
