package devvars

import (
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Position is a place in a File. The zero Position is no place.
type Position struct {
	Offset int // bytes before it, from 0
	Line   int // from 1; lines end with LF, CR LF or CR, as editors count them
	Column int // characters (Unicode code points) from 1; a byte that is not UTF-8 counts as one, a byte order mark not at all
}

// IsValid reports whether p is a place.
func (p Position) IsValid() bool { return p.Line > 0 }

// String returns line:column, or "-" for no place.
func (p Position) String() string {
	if !p.IsValid() {
		return "-"
	}
	return strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// locator turns offsets into positions. Offsets must not go down from one call to the next, which keeps the whole of a
// text's positions linear.
type locator struct {
	text         string
	at           int // everything before it is counted
	line, column int // of at, from 0; -1 before a byte order mark
}

func newLocator(text string) locator {
	l := locator{text: text}
	if strings.HasPrefix(text, "\uFEFF") {
		l.column = -1
	}
	return l
}

func (l *locator) position(offset int) Position {
	for {
		n := strings.IndexAny(l.text[l.at:offset], "\r\n")
		if n < 0 {
			break
		}
		next := l.at + n + 1
		if strings.HasPrefix(l.text[next-1:], "\r\n") {
			if next == offset {
				break // between the two, still on the line
			}
			next++
		}
		l.at, l.line, l.column = next, l.line+1, 0
	}
	l.column += utf8.RuneCountInString(l.text[l.at:offset])
	l.at = offset
	return Position{Offset: offset, Line: l.line + 1, Column: max(l.column, 0) + 1}
}

// Entry is one assignment in a File. It shows its key and its place and keeps its value to itself until it is asked.
// The zero Entry is no assignment.
type Entry struct {
	key      string
	pos      Position
	valuePos Position
	value    func() string
}

// Key returns the name that is assigned to.
func (e Entry) Key() string { return e.key }

// Pos returns where the key is.
func (e Entry) Pos() Position { return e.pos }

// ValuePos returns where the value is: its first quote if it has one. An empty value is where it would be.
func (e Entry) ValuePos() Position { return e.valuePos }

// Value returns the value that wrangler reads from this assignment.
func (e Entry) Value() string {
	if e.value == nil {
		return ""
	}
	return e.value()
}

// Entries returns every assignment in the order of the text: also those that a later one of the same key replaces, and
// those to __proto__, which do nothing.
func (f *File) Entries() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		c := f.get()
		at := newLocator(c.text)
		x := scanner{text: c.text}
		var a assignment
		for x.next(&a) {
			if !yield(c.entry(a, &at)) {
				return
			}
		}
	}
}

func (c *content) entry(a assignment, at *locator) Entry {
	return Entry{
		key:      c.text[a.key:a.keyEnd],
		pos:      at.position(a.key),
		valuePos: at.position(a.value),
		value:    func() string { return c.decode(c.text[a.value:a.valueEnd]) },
	}
}
