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
	vars     []variable     // the process environment in its order, then the keys that only the files have
	process  []string       // the values that the process environment gives to the first of vars
	index    map[string]int // name -> place in vars
	files    []int          // places in vars of the keys of the files, in the order in which they are expanded
	order    []int          // places in vars of all names in the order of the result, nil if that is the order of vars
	size     int            // length of all names and values handed in
	integers bool           // whether some name is integer-like

	// dollars has the values that hold a dollar sign, by length. A value that a reference was found in is one of these, so
	// all others need not be looked at to find out what was seen before.
	dollars map[int]*equalLength

	// grown has builders that hold the text of a variable and nothing else, by place. A value that only adds to the end of
	// another one takes its builder over, so that in a long chain of such values the bytes are there once.
	grown map[int]*strings.Builder
}

// variable is a name with the value that the files give it.
type variable struct {
	name   string
	text   string // what the files have; when state is expanded, the result
	state  state
	dollar *dollarText // what a reference finds, if that has a dollar sign
}

// dollarText is a value with a dollar sign, of one variable or of several.
type dollarText struct {
	text string
	seen int32 // the last key during whose expansion the whole text was equal to this one, as 1 + its place in vars
}

// equalLength holds distinct texts of one length.
type equalLength struct {
	list   []*dollarText
	byText map[string]*dollarText
}

// state is how far the value that the files give a variable has come.
type state uint8

const (
	absent   state = iota // the files do not have it
	waiting               // it is not expanded yet
	expanded              // it is
	failed                // it can't be
)

func newEnvironment(vars, process iter.Seq2[string, string]) *environment {
	e := &environment{index: map[string]int{}}
	if process != nil {
		for name, value := range process {
			e.addProcess(name, value)
		}
	}
	if vars != nil {
		for key, value := range vars {
			e.addFile(key, value)
		}
	}
	if e.integers {
		e.files = e.integersFirst(e.files)
	}
	for i, value := range e.process {
		e.noteDollar(i, value)
	}
	return e
}

// addProcess adds a variable of the process environment, as node shows it. All of them come before the keys of the files.
func (e *environment) addProcess(name, value string) {
	e.size += len(name) + len(value)
	if !utf8.ValidString(name) {
		return
	}
	if !utf8.ValidString(value) {
		value = jsvalue.ValidText([]byte(value))
	}
	i, ok := e.place(name)
	switch {
	case !ok:
	case i < len(e.process):
		e.process[i] = value
	default:
		e.process = append(e.process, value)
	}
}

func (e *environment) addFile(key, value string) {
	e.size += len(key) + len(value)
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
		_, integer := jsvalue.ArrayIndex(name)
		e.integers = e.integers || integer
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
	var others []int
	for _, i := range places {
		if n, ok := jsvalue.ArrayIndex(e.vars[i].name); ok {
			integers = append(integers, numbered{n, i})
		} else {
			others = append(others, i)
		}
	}
	slices.SortFunc(integers, func(a, b numbered) int { return cmp.Compare(a.n, b.n) })
	ordered := make([]int, 0, len(places))
	for _, n := range integers {
		ordered = append(ordered, n.place)
	}
	return append(ordered, others...)
}

// find returns where name is in vars, if a reference finds a value there.
func (e *environment) find(name string) (int, bool) {
	i, ok := e.index[name]
	return i, ok && (i < len(e.process) || e.vars[i].state == expanded)
}

// value is what a reference finds at i: the process environment's value, even an empty one, before the files' value.
func (e *environment) value(i int) string {
	if i < len(e.process) {
		return e.process[i]
	}
	return e.vars[i].text
}

// result returns the value that the variable at i has in the end, and whether it has one.
func (e *environment) result(i int) (string, bool) {
	switch v := &e.vars[i]; v.state {
	case expanded:
		return v.text, true
	case absent:
		return e.process[i], true
	}
	return "", false
}

// noteDollar enters the value of the variable at i in dollars if it has a dollar sign, which can only be in part.
func (e *environment) noteDollar(i int, part string) {
	if strings.IndexByte(part, '$') < 0 {
		return
	}
	if e.dollars == nil {
		e.dollars = map[int]*equalLength{}
	}
	text := e.value(i)
	same := e.dollars[len(text)]
	if same == nil {
		same = &equalLength{byText: map[string]*dollarText{}}
		e.dollars[len(text)] = same
	}
	if same.byText[text] == nil {
		d := &dollarText{text: text}
		same.byText[text] = d
		same.list = append(same.list, d)
	}
	e.vars[i].dollar = same.byText[text]
}

// expand gives the variable at i its value.
func (e *environment) expand(i int, r *rewriter) error {
	v := &e.vars[i]
	inProcess := i < len(e.process)
	switch {
	case inProcess && e.process[i] != "" && e.process[i] != v.text:
		v.text = unescapeDollars(e.process[i])
	case !inProcess && jsvalue.IsPrototypeName(v.name):
		return ErrExpandBuiltin
	case strings.IndexByte(v.text, '$') >= 0:
		text, added, err := r.rewrite(i)
		if err != nil {
			return err
		}
		v.text = text
		if !inProcess {
			e.noteDollar(i, added)
		}
	}
	v.state = expanded
	return nil
}

// extend returns the value of the variable at head with rest after it, which is the value of the variable at i, and how
// many bytes that copied.
func (e *environment) extend(head, i int, rest string) (text string, copied int) {
	value := e.value(head)
	if rest == "" {
		return value, 0
	}
	b := e.grown[head]
	if b == nil {
		b = new(strings.Builder)
		b.Grow(len(value) + len(rest))
		b.WriteString(value)
		copied = len(value)
	} else {
		delete(e.grown, head)
	}
	b.WriteString(rest)
	if e.grown == nil {
		e.grown = map[int]*strings.Builder{}
	}
	e.grown[i] = b
	return b.String(), copied
}

// finish puts the names into the order of the result, and forgets what only the expansion needs.
func (e *environment) finish() {
	e.dollars, e.grown, e.files = nil, nil, nil
	if !e.integers {
		return
	}
	all := make([]int, len(e.vars))
	for i := range all {
		all[i] = i
	}
	e.order = e.integersFirst(all)
}

func unescapeDollars(s string) string { return strings.ReplaceAll(s, `\$`, "$") }
