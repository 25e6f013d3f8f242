package devvars

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// environment is what references find: the process environment, and the keys of the files that are expanded already.
type environment struct {
	vars  []variable     // the process environment in its order, then the keys that only the files have
	index map[string]int // name -> place in vars
	files []int          // places in vars of the keys of the files, in the order in which they are expanded
	order []int          // places in vars of all names, in the order of the result
	size  int            // length of all names and values handed in

	// dollars has the places of the values that hold a dollar sign, by length. A value that a reference was found in is
	// one of these, so all others need not be looked at to find out what was seen before.
	dollars map[int][]int
}

// variable is a name with the values that the process environment and the files give it.
type variable struct {
	name    string
	text    string // what the files have; when state is expanded, the result
	process string // what the process environment has
	// grown holds text and nothing else, if it is not nil. A value that only adds to the end of this one takes it over,
	// so that in a long chain of such values the bytes are there once.
	grown     *strings.Builder
	seen      int // the last key during whose expansion the whole text was equal to this value, as 1 + its place in vars
	state     state
	inProcess bool
	dollar    bool // whether value has a dollar sign
}

// state is how far the value that the files give a variable has come.
type state uint8

const (
	absent   state = iota // the files do not have it
	waiting               // it is not expanded yet
	expanded              // it is
	failed                // it can't be
)

// value is what a reference finds: the process environment's value, even an empty one, before the files' value.
func (v *variable) value() string {
	if v.inProcess {
		return v.process
	}
	if v.state == expanded {
		return v.text
	}
	return ""
}

// exists reports whether a reference finds a value.
func (v *variable) exists() bool { return v.inProcess || v.state == expanded }

// result is the value in the end.
func (v *variable) result() string {
	if v.state == expanded {
		return v.text
	}
	return v.process
}

func newEnvironment(vars, process iter.Seq2[string, string]) *environment {
	e := &environment{index: map[string]int{}}
	if process != nil {
		for name, value := range process {
			e.addProcess(validText(name), validText(value))
		}
	}
	if vars != nil {
		for key, value := range vars {
			e.addFile(key, value)
		}
	}
	e.files = e.integersFirst(e.files)
	for i := range e.vars {
		e.size += len(e.vars[i].name) + len(e.vars[i].text) + len(e.vars[i].process)
		e.noteDollar(i, e.vars[i].value())
	}
	return e
}

func (e *environment) addProcess(name, value string) {
	if i, ok := e.place(name); ok {
		e.vars[i].process, e.vars[i].inProcess = value, true
	}
}

func (e *environment) addFile(key, value string) {
	i, ok := e.place(key)
	if !ok {
		return
	}
	v := &e.vars[i]
	if v.state == absent {
		e.files = append(e.files, i)
	}
	v.text, v.state = value, waiting
}

// place returns where name is in vars, and makes room for it if it is new; false for the name that makes no property.
func (e *environment) place(name string) (int, bool) {
	if name == "__proto__" {
		return 0, false
	}
	i, ok := e.index[name]
	if !ok {
		i = len(e.vars)
		e.index[name] = i
		e.vars = append(e.vars, variable{name: name})
	}
	return i, true
}

// integersFirst returns places with the integer-like names first, ascending, and the others as they are.
func (e *environment) integersFirst(places []int) []int {
	type numbered struct {
		n     uint32
		place int
	}
	var integers []numbered
	for _, i := range places {
		if n, ok := jsvalue.ArrayIndex(e.vars[i].name); ok {
			integers = append(integers, numbered{n, i})
		}
	}
	if integers == nil {
		return places
	}
	slices.SortFunc(integers, func(a, b numbered) int { return cmp.Compare(a.n, b.n) })
	ordered := make([]int, 0, len(places))
	for _, n := range integers {
		ordered = append(ordered, n.place)
	}
	for _, i := range places {
		if _, ok := jsvalue.ArrayIndex(e.vars[i].name); !ok {
			ordered = append(ordered, i)
		}
	}
	return ordered
}

// noteDollar enters the variable at i in dollars if its value has a dollar sign, which can only be in part.
func (e *environment) noteDollar(i int, part string) {
	v := &e.vars[i]
	v.dollar = strings.IndexByte(part, '$') >= 0
	if !v.dollar {
		return
	}
	if e.dollars == nil {
		e.dollars = map[int][]int{}
	}
	n := len(v.value())
	e.dollars[n] = append(e.dollars[n], i)
}

// expand gives the variable at i its value.
func (e *environment) expand(i int, r *rewriter) error {
	v := &e.vars[i]
	switch {
	case v.inProcess && v.process != "" && v.process != v.text:
		v.text = unescapeDollars(v.process)
	case !v.inProcess && jsvalue.IsPrototypeName(v.name):
		return ErrExpandBuiltin
	case strings.IndexByte(v.text, '$') >= 0:
		return e.rewrite(i, r)
	}
	v.state = expanded
	return nil
}

// rewrite gives the variable at i, whose text has a dollar sign, its value.
func (e *environment) rewrite(i int, r *rewriter) error {
	v := &e.vars[i]
	head, rest, err := r.rewrite(i)
	if err != nil {
		return err
	}
	rest = unescapeDollars(rest)
	if head < 0 {
		v.text = rest
	} else {
		v.text, v.grown = e.extend(&e.vars[head], rest)
	}
	v.state = expanded
	if !v.inProcess {
		e.noteDollar(i, rest)
	}
	return nil
}

// extend returns the value of v with rest after it, and the builder that holds just that.
func (e *environment) extend(v *variable, rest string) (string, *strings.Builder) {
	head := v.value()
	if rest == "" {
		return head, nil
	}
	b := v.grown
	if b == nil || v.inProcess {
		b = new(strings.Builder)
		b.Grow(len(head) + len(rest))
		b.WriteString(head)
	} else {
		v.grown = nil
	}
	b.WriteString(rest)
	return b.String(), b
}

// finish puts the names into the order of the result.
func (e *environment) finish() {
	all := make([]int, len(e.vars))
	for i := range all {
		all[i] = i
	}
	e.order = e.integersFirst(all)
	e.dollars = nil
}

func unescapeDollars(s string) string { return strings.ReplaceAll(s, `\$`, "$") }

func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return jsvalue.ValidText([]byte(s))
}
