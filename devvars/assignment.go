package devvars

import (
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Assignment is one assignment in a File. Printing it shows neither its key, which may be a piece of
// a value (see [Assignment.IsFragment]), nor its value. The zero Assignment has no key, no position
// and an empty value.
type Assignment struct {
	pos      Position
	valuePos Position
	in       func() (*content, *assignment) // a function, so that reflection cannot reach the text
}

func (a Assignment) get() (*content, *assignment) {
	if a.in == nil {
		return new(content), new(assignment)
	}
	return a.in()
}

// Key returns the key that is assigned to. See [Assignment.IsFragment] before you show it.
func (a Assignment) Key() string {
	c, it := a.get()
	return c.key(it)
}

// Pos returns the position of the key.
func (a Assignment) Pos() Position { return a.pos }

// ValuePos returns the position of the value: of its opening quote if it has one, and of the place
// where a value would be if it is empty.
func (a Assignment) ValuePos() Position { return a.valuePos }

// Value returns the value that wrangler reads from this assignment.
func (a Assignment) Value() string {
	c, it := a.get()
	return c.value(it)
}

// Raw returns the text of the assignment as it is in the file: from the key to the end of the last
// line of the value, with quotes and comment, without the line end.
func (a Assignment) Raw() string {
	c, it := a.get()
	return c.text[it.key:lineEnd(c.text, int(it.valueEnd))]
}

// Assignments returns every assignment in the order of the text, including those that a later
// assignment to the same key replaces, and those to __proto__, which have no effect.
func (f *File) Assignments() iter.Seq[Assignment] {
	return func(yield func(Assignment) bool) {
		c := f.get()
		at := newLocator(c.text)
		for i := range c.assignments {
			a := &c.assignments[i]
			if !yield(Assignment{
				pos:      at.position(int(a.key)),
				valuePos: at.position(int(a.value)),
				in:       func() (*content, *assignment) { return c, a },
			}) {
				return
			}
		}
	}
}

// Position is a place in a File. The zero Position is invalid.
type Position struct {
	Offset int // in bytes, from 0
	Line   int // from 1; lines end with LF, CR LF or CR, as in editors
	Column int // in characters, from 1; an invalid byte is one character, a byte order mark none
}

// String returns line:column, or "-" if p is invalid.
func (p Position) String() string {
	if p.Line == 0 {
		return "-"
	}
	return strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// locator converts offsets to positions. The offsets must not decrease from one call to the next;
// all calls together then take time linear in the length of the text.
type locator struct {
	text         string
	at           int // the offset of the last call
	line, column int // of at, from 0; the column of a byte order mark is -1
}

func newLocator(text string) locator {
	l := locator{text: text}
	if strings.HasPrefix(text, "\uFEFF") {
		l.column = -1
	}
	return l
}

func (l *locator) position(offset int) Position {
	for i := l.at; i < offset; {
		if classes[l.text[i]]&breakByte == 0 {
			i++
			continue
		}
		if i = afterLine(l.text, i); i > offset {
			break // between CR and LF, which is still on the line
		}
		l.at, l.line, l.column = i, l.line+1, 0
	}
	l.column += utf8.RuneCountInString(l.text[l.at:offset])
	l.at = offset
	return Position{Offset: offset, Line: l.line + 1, Column: max(l.column, 0) + 1}
}
