package leaks_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// revealing are the methods that return values on purpose. TestNoMethodLeaks calls all others, so a new
// method that returns values must be added here.
var revealing = []string{
	"binding.Value.Reveal", "binding.Env.Get", "binding.Env.Map", "binding.Env.Environ", "binding.Env.Decode",
	"binding.Env.Values", "binding.Env.RevealJSON", "binding.Binding.RevealJSON",
	"devvars.File.All", "devvars.File.Bytes", "devvars.File.Lookup", "devvars.Assignment.Key",
	"devvars.Assignment.Raw", "devvars.Assignment.Value",
	"devvars.Expansion.All", "devvars.Expansion.Lookup",
	"version.Record.Reveal",
}

// changing are the methods that are not called, since they change the specimens or files.
var changing = []string{
	"Set", "Delete", "WriteFile", "UnmarshalText", "UnmarshalJSON", "Append", "Update", "UpdateAt", "Rename", "ServeHTTP",
	"Compact", "Erase", "Truncate", "Close",
}

// moduleName is the prefix of the import paths of this library.
const moduleName = "github.com/workerenv/workerenv/"

// waiting is how long methods that wait for a change may take.
const waiting = 300 * time.Millisecond

// names are arguments for methods that take the name of a variable of the specimens.
var names = []string{"V", "S", "J", "R", "A", "B", "TEXT", "SECRET", "SHADOWED", "api", ""}

// arguments returns lists of arguments for a method, or none if it has parameters of other types.
func arguments(method reflect.Type) [][]reflect.Value {
	lists := [][]reflect.Value{nil}
	for i := range method.NumIn() {
		var next [][]reflect.Value
		for _, arg := range argumentsOf(method.In(i)) {
			for _, list := range lists {
				next = append(next, append(slices.Clone(list), arg))
			}
		}
		lists = next[:min(len(next), 100)]
	}
	return lists
}

func argumentsOf(t reflect.Type) (list []reflect.Value) {
	switch {
	case t.Kind() == reflect.String:
		for _, name := range names {
			list = append(list, reflect.ValueOf(name).Convert(t))
		}
		return list
	case t == reflect.TypeFor[context.Context]():
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(waiting, cancel)
		return []reflect.Value{reflect.ValueOf(ctx)}
	case t == reflect.TypeFor[[]byte]():
		return []reflect.Value{reflect.ValueOf([]byte("key"))}
	case t.Kind() == reflect.Func:
		return []reflect.Value{reflect.MakeFunc(t, func([]reflect.Value) (out []reflect.Value) {
			for i := range t.NumOut() {
				out = append(out, reflect.Zero(t.Out(i)))
			}
			return out
		})}
	}
	return []reflect.Value{reflect.Zero(t)}
}

// caller calls the methods of values and of their results.
type caller struct {
	t      *testing.T
	called map[string]bool
}

// call calls all methods of v, and those of their results up to depth.
func (c *caller) call(v reflect.Value, depth int) {
	if joined, ok := v.Interface().(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			c.call(reflect.ValueOf(err), depth)
		}
	}
	name := typeName(v.Type())
	if name == "" {
		return
	}
	for i := range v.NumMethod() {
		m := v.Type().Method(i)
		full := name + "." + m.Name
		if slices.Contains(changing, m.Name) || slices.Contains(revealing, full) {
			continue
		}
		method := v.Method(i)
		for _, args := range arguments(method.Type()) {
			attempt(func() string { // zero arguments may be invalid
				if method.Type().IsVariadic() {
					args = args[:len(args)-1]
				}
				for _, result := range method.Call(args) {
					c.called[full] = true
					c.look(full, result, depth)
				}
				return ""
			})
		}
	}
}

// typeName returns package.Type if t, or its element, is a type of this library, and "" otherwise.
func typeName(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if !strings.HasPrefix(t.PkgPath(), moduleName) {
		return ""
	}
	return t.PkgPath()[strings.LastIndexByte(t.PkgPath(), '/')+1:] + "." + t.Name()
}

// look prints the result of a method and calls the methods of the result.
func (c *caller) look(from string, result reflect.Value, depth int) {
	switch {
	case result.Kind() == reflect.Func && result.Type().CanSeq2():
		for k, v := range result.Seq2() {
			c.look(from, k, depth)
			c.look(from, v, depth)
		}
		return
	case result.Kind() == reflect.Func && result.Type().CanSeq():
		for v := range result.Seq() {
			c.look(from, v, depth)
		}
		return
	case result.Kind() == reflect.Interface:
		if result.IsNil() {
			return
		}
		result = result.Elem()
	}
	x := result.Interface()
	if found := leak(fmt.Sprintf("%v\n%+v\n%#v\n%q\n%x", x, x, x, x, x)); found != "" {
		assert.Fail(c.t, from+" leaks", "%q", found)
	}
	if result.Kind() == reflect.Slice {
		for i := range min(result.Len(), 5) {
			c.look(from, result.Index(i), depth)
		}
		return
	}
	if depth > 0 {
		c.call(result, depth-1)
	}
}

// TestNoMethodLeaks calls every method of every type that holds a value, except those of revealing and
// changing, and searches the results for the canary.
func TestNoMethodLeaks(t *testing.T) {
	skipIfRace(t)
	c := &caller{t: t, called: map[string]bool{}}
	for _, s := range specimens() {
		for _, p := range s.places[:2] { // the value and a pointer to it
			c.call(reflect.ValueOf(p.x), 1)
		}
	}
	assert.Greater(t, len(c.called), 150)
	t.Logf("%d methods return no part of a value", len(c.called))
	for _, name := range []string{
		"binding.Set.Diff", "devvars.File.Findings", "wrangler.Resolution.Explain", "version.Snapshot.Versions",
		"wrangler.Error.Error",
	} {
		assert.True(t, c.called[name], name)
	}
}

// TestRevealingMethodsReveal finds the canary in the results of the methods that TestNoMethodLeaks does
// not call.
func TestRevealingMethodsReveal(t *testing.T) {
	found := map[string]bool{}
	for _, s := range specimens() {
		v := reflect.ValueOf(s.places[1].x)
		if v.Elem().Kind() == reflect.Pointer {
			v = v.Elem()
		}
		for _, full := range revealing {
			at := strings.LastIndexByte(full, '.')
			if typeName(v.Type()) != full[:at] {
				continue
			}
			method := v.MethodByName(full[at+1:])
			for _, args := range arguments(method.Type()) {
				if full == "binding.Env.Decode" {
					args[1] = reflect.ValueOf(new(any))
				}
				out := method.Call(args)
				found[full] = found[full] || leak(shownBy(out, args)) != ""
			}
		}
	}
	for _, full := range revealing {
		assert.True(t, found[full], full)
	}
}

// shownBy prints results, changed arguments, and the elements of iterators.
func shownBy(results, args []reflect.Value) string {
	var b strings.Builder
	for _, v := range slices.Concat(results, args) {
		switch {
		case v.Kind() == reflect.Func && v.Type().CanSeq2():
			for key, value := range v.Seq2() {
				fmt.Fprintln(&b, key, value)
			}
		case v.Kind() == reflect.Pointer && !v.IsNil():
			fmt.Fprintf(&b, "%v", v.Elem())
		case v.Type() == reflect.TypeFor[[]byte]():
			fmt.Fprintf(&b, "%s", v)
		default:
			fmt.Fprintf(&b, "%v\n", v)
		}
	}
	return b.String()
}
