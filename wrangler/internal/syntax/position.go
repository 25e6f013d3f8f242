package syntax

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// Locator finds the line and column of any offset in one text, without reading all that is before it. It is immutable
// and safe for concurrent use. The zero Locator is that of an empty text.
type Locator struct {
	src   []byte
	marks []place // ascending, one for each markDistance bytes
}

// markDistance is the number of bytes that Locator.Position may have to look at.
const markDistance = 256

// NewLocator returns the Locator of src, which the caller must not change afterwards.
func NewLocator(src []byte) Locator {
	l := Locator{src: src, marks: make([]place, 0, len(src)/markDistance+1)}
	for p := firstPlace(src); p.offset < len(src); p = p.advance(src, p.offset+markDistance) {
		l.marks = append(l.marks, p)
	}
	return l
}

// Text returns the text, which the caller must not change.
func (l Locator) Text() []byte { return l.src }

// Position returns the line and the column of the byte at offset, from 1. Lines end with LF, CR LF or CR. Columns count
// Unicode code points; a byte that is not UTF-8 counts as one, and a byte order mark at the start does not count. An
// offset out of range is taken to the nearer end.
func (l Locator) Position(offset int) (line, column int) {
	p := firstPlace(l.src)
	i, found := slices.BinarySearchFunc(l.marks, offset, func(m place, offset int) int { return m.offset - offset })
	switch {
	case found:
		p = l.marks[i]
	case i > 0:
		p = l.marks[i-1]
	}
	p = p.advance(l.src, offset)
	return p.line, p.column
}

// place is the start of a character in a text.
type place struct{ offset, line, column int }

func firstPlace(src []byte) place {
	p := place{line: 1, column: 1}
	if bytes.HasPrefix(src, []byte(utf8BOM)) {
		p.offset = len(utf8BOM)
	}
	return p
}

// advance goes on to the first character at or behind the offset to.
func (p place) advance(src []byte, to int) place {
	to = min(to, len(src))
	for p.offset < to {
		c, size := src[p.offset], 1
		if c >= utf8.RuneSelf {
			_, size = utf8.DecodeRune(src[p.offset:])
		}
		p.offset += size
		if c == '\n' || c == '\r' && !bytes.HasPrefix(src[p.offset:], []byte{'\n'}) {
			p.line++
			p.column = 1
		} else {
			p.column++
		}
	}
	return p
}
