package leaks_test

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/repr"
	"github.com/davecgh/go-spew/spew"
	"github.com/google/go-cmp/cmp"
	"github.com/kr/pretty"
	"github.com/sanity-io/litter"
)

// dumpers are the probes that use reflection.
var dumpers = map[string]probe{
	"spew": func(p place) string {
		return parts(
			func() string { return spew.Sdump(p.x) },
			func() string { return spew.Sprintf("%v %+v %#v %#+v", p.x, p.x, p.x, p.x) },
			func() string { return spew.Errorf("%s %d", p.x, p.x).Error() },
		)
	},
	"spew, no methods": func(p place) string { return spewAll.Sdump(p.x) + spewAll.Sprintf("%#+v", p.x) },
	"go-cmp":           func(p place) string { return compared(p) },
	"go-cmp, unexported": func(p place) string {
		return compared(p, cmp.Exporter(func(reflect.Type) bool { return true }))
	},
	"pretty": func(p place) string {
		return parts(
			func() string { return pretty.Sprint(p.x) },
			func() string { return pretty.Sprintf("%# v %v", p.x, p.x) },
			func() string { return pretty.Errorf("%s %d", p.x, p.x).Error() },
		)
	},
	"pretty.Diff": func(p place) string {
		return parts(
			func() string { return fmt.Sprint(pretty.Diff(p.zero(), p.x)) },
			func() string { return fmt.Sprint(pretty.Diff(p.x, p.zero())) },
			func() string { return fmt.Sprint(pretty.Diff(p.x, 1)) },
		)
	},
	"litter": func(p place) string {
		return parts(
			func() string { return litter.Sdump(p.x) },
			func() string { return litter.Options{Compact: true, HideZeroValues: true}.Sdump(p.x) },
			func() string { return litter.Options{DisablePointerReplacement: true}.Sdump(p.x) },
		)
	},
	"repr": func(p place) string {
		return parts(
			func() string { return repr.String(p.x) },
			func() string { return repr.String(p.x, repr.Indent("  "), repr.ExplicitTypes(true)) },
			func() string { return repr.String(p.x, repr.IgnoreGoStringer(), repr.AlwaysIncludeType()) },
		)
	},
	"reflection": func(p place) string { return walked(p.x) },
}

// compared returns the differences between a place and its zero value, and between structs that
// contain them.
func compared(p place, o ...cmp.Option) string {
	return parts(
		func() string { return cmp.Diff(p.zero(), p.x, o...) },
		func() string { return cmp.Diff(p.x, p.zero(), o...) },
		func() string { return cmp.Diff([]any{1, p.x}, []any{2, p.x}, o...) },
	)
}

// spewAll calls no methods, as testify configures it.
var spewAll = spew.ConfigState{Indent: " ", DisableMethods: true, SpewKeys: true}

// walked returns all strings and bytes that reflection can reach.
func walked(x any) string {
	w := walker{seen: map[uintptr]bool{}}
	w.walk(reflect.ValueOf(x))
	return w.found.String()
}

type walker struct {
	found strings.Builder
	seen  map[uintptr]bool
}

func (w *walker) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		w.found.WriteString(v.String() + "\n")
	case reflect.Uint8:
		w.found.WriteByte(byte(v.Uint()))
	case reflect.Pointer:
		if !w.seen[v.Pointer()] {
			w.seen[v.Pointer()] = true
			w.walk(v.Elem())
		}
	case reflect.Interface:
		w.walk(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			w.walk(v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		w.walkList(v)
	case reflect.Map:
		for i := v.MapRange(); i.Next(); {
			w.walk(i.Key())
			w.walk(i.Value())
		}
	}
}

// walkList also visits the elements between length and capacity of a slice.
func (w *walker) walkList(v reflect.Value) {
	if v.Kind() == reflect.Slice {
		v = v.Slice(0, v.Cap())
	}
	for i := range v.Len() {
		w.walk(v.Index(i))
	}
}
