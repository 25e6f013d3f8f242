package devvars

import (
	"iter"
	"strings"
	"sync"

	"github.com/workerenv/workerenv/internal/hidden"
	"github.com/workerenv/workerenv/internal/jsvalue"
)

// File is a .dev.vars file: its text, and the assignments in it.
//
// The zero File is an empty file. Any number of goroutines may read a File at the same time; Set
// and Delete need exclusive access. Printing, logging or dumping a File does not show its text.
type File struct {
	content hidden.Box[*content]
}

// Parse reads src by the rules of dotenv 16.3.1. It copies src. It cannot fail, since the language
// has no syntax errors; see [File.Findings] for what looks wrong. Its time is linear in the length
// of src. Text beyond 4 GiB is kept and not read; Node.js does not read a file of that size.
func Parse(src []byte) *File {
	f := new(File)
	f.setContent(newContent(string(src)))
	return f
}

func (f *File) setContent(c *content) { f.content = hidden.New(c) }

func (f *File) get() *content {
	if f != nil {
		if c := f.content.Get(); c != nil {
			return c
		}
	}
	return new(content)
}

// All returns each key once with its value, in the order of the JavaScript object that dotenv
// returns: first the keys that are array indexes (0, 1, 2, ...), ascending, then the others in the
// order of their first assignments. A key that is assigned several times has its last value. The
// key __proto__ is never included.
//
// References in values are not replaced; see [Expand]. The strings share memory with the text of f.
func (f *File) All() iter.Seq2[string, string] {
	return func(yield func(key, value string) bool) {
		c := f.get()
		for key, a := range c.index().All() {
			if !yield(key, c.value(a)) {
				return
			}
		}
	}
}

// Lookup returns the value of key, and whether f has one. A key with an empty value has the value
// "" and true.
func (f *File) Lookup(key string) (string, bool) { return f.get().lookup(key) }

// Bytes returns the text of the file: the bytes that were parsed, with the changes of Set and
// Delete. The caller owns the slice.
func (f *File) Bytes() []byte { return []byte(f.get().text) }

// String returns a placeholder. See [File.Bytes] for the text.
func (f *File) String() string { return "[devvars.File]" }

// content is a text and its assignments. It is immutable, apart from what is found when it is first
// needed: the last assignment to each key, and which assignments are fragments.
type content struct {
	text        string
	assignments []assignment // in the order of the text

	once sync.Once
	last jsvalue.Map[*assignment] // the last assignment to each key; see index

	onceFragments sync.Once // for markFragments
}

func newContent(text string) *content {
	c := &content{text: text}
	most := min(strings.Count(text, "\n"), strings.Count(text, "=")) // unless there are colons or other line ends
	c.assignments = make([]assignment, 0, most+1)
	x := scanner{text: text[:min(uint64(len(text)), maxText)]}
	var a assignment // declared once, so that it is allocated once
	for x.next(&a) {
		c.assignments = append(c.assignments, a)
	}
	return c
}

func (c *content) key(a *assignment) string { return c.text[a.key:a.keyEnd] }

// raw returns the text of the value of a.
func (c *content) raw(a *assignment) string { return c.text[a.value:a.valueEnd] }

// value returns the value of a.
func (c *content) value(a *assignment) string { return decode(c.raw(a)) }

// end returns the start of the line after a.
func (c *content) end(a *assignment) int { return nextLine(c.text, int(a.valueEnd)) }

// protoKey is the key that cannot be set: in JavaScript, an assignment of a string to it has no
// effect.
const protoKey = "__proto__"

// index returns the last assignment to each key.
func (c *content) index() *jsvalue.Map[*assignment] {
	c.once.Do(func() {
		c.last.Grow(len(c.assignments))
		for i := range c.assignments {
			a := &c.assignments[i]
			if key := c.key(a); key != protoKey {
				c.last.Set(key, a)
			}
		}
	})
	return &c.last
}

// find returns the last assignment to key, nil if there is none.
func (c *content) find(key string) *assignment {
	a, _ := c.index().Get(key)
	return a
}

func (c *content) lookup(key string) (string, bool) {
	if a := c.find(key); a != nil {
		return c.value(a), true
	}
	return "", false
}
