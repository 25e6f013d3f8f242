package leaks_test

import (
	"reflect"
	"slices"
)

// specimen is a value that contains the canary, in each place where a program may keep it.
type specimen struct {
	name   string
	places []place
	crash  func(mode string)                        // ends the process; see crash_test.go
	hold   func(ready func(), done <-chan struct{}) // keeps the value on the stack until done is closed
}

// place is one way to keep a specimen.
type place struct {
	name string
	x    any
}

// zero returns the zero value of the type of the place, for comparisons.
func (p place) zero() any { return reflect.Zero(reflect.TypeOf(p.x)).Interface() }

type exported[T any] struct {
	Name string
	V    T
}

type unexported[T any] struct {
	name string
	v    T
}

func specimenOf[T any](name string, x T) specimen {
	places := []place{
		{"direct", x},
		{"pointer", &x},
		{"exported", exported[T]{"n", x}},
		{"exported pointer", exported[*T]{"n", &x}},
		{"pointer to exported", &exported[T]{"n", x}},
		{"unexported", unexported[T]{"n", x}},
		{"pointer to unexported", &unexported[T]{"n", x}},
		{"unexported pointer", unexported[*T]{"n", &x}},
		{"unexported slice", unexported[[]T]{"n", []T{x}}},
		{"unexported map", unexported[map[string]T]{"n", map[string]T{"k": x}}},
		{"unexported interface", unexported[any]{"n", x}},
		{"deep", unexported[exported[*unexported[T]]]{"n", exported[*unexported[T]]{"m", &unexported[T]{"o", x}}}},
		{"slice", []T{x}},
		{"array", [1]T{x}},
		{"map", map[string]T{"k": x}},
		{"interface", []any{x}},
		{"interface map", map[string]any{"k": &x}},
	}
	if v := reflect.ValueOf(x); v.IsValid() && v.Comparable() {
		places = append(places, place{"map key", map[any]int{x: 1}}, place{"typed map key", typedKey(v)})
	}
	return specimen{name, places, func(mode string) { crash(mode, x) },
		func(ready func(), done <-chan struct{}) { hold(x, ready, done) }}
}

// typedKey returns a map whose key type is that of v.
func typedKey(v reflect.Value) any {
	m := reflect.MakeMap(reflect.MapOf(v.Type(), reflect.TypeFor[int]()))
	m.SetMapIndex(v, reflect.ValueOf(1))
	return m.Interface()
}

// specimens returns a specimen of each type that holds a value, and of all findings and errors.
func specimens() []specimen {
	return slices.Concat(bindingSpecimens(), devvarsSpecimens(), wranglerSpecimens(), versionSpecimens(),
		controlplaneSpecimens())
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}
