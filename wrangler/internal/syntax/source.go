package syntax

import (
	"bytes"
	"unicode/utf8"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// source is a file: its bytes, and the text that the reference makes of them before it parses anything.
type source struct {
	original []byte
	text     []byte // valid UTF-8 without a byte order mark
	marked   int    // length of the byte order mark
	decoded  bool   // whether text differs from the rest of original

	// A place in text and the same place in original, where origin goes on.
	at, from int
}

var utf8BOM = []byte("\xEF\xBB\xBF")

const bomSuffix = " byte order marker"

// foreignBOMs are the marks of encodings that wrangler refuses. UTF-32 LE begins like UTF-16 LE and comes before it.
var foreignBOMs = [...]struct{ mark, name string }{
	{"\x00\x00\xFE\xFF", "UTF-32 BE"},
	{"\xFF\xFE\x00\x00", "UTF-32 LE"},
	{"\xFE\xFF", "UTF-16 BE"},
	{"\xFF\xFE", "UTF-16 LE"},
}

// newSource returns the source that src is. The error is a fault.
func newSource(src []byte) (*source, error) {
	s := &source{original: src, text: src}
	for _, b := range foreignBOMs {
		if bytes.HasPrefix(src, []byte(b.mark)) {
			return s, &fault{code: b.name + bomSuffix}
		}
	}
	if bytes.HasPrefix(src, utf8BOM) {
		s.marked = len(utf8BOM)
		s.text = src[s.marked:]
	}
	if !utf8.Valid(s.text) {
		s.text, s.decoded = []byte(jsvalue.ValidText(s.text)), true
	}
	return s, nil
}

// origin returns the offset in the original of the character at offset in the text. It is made for offsets that go
// up from one call to the next: these cost linear time altogether, and a step back begins at the start.
func (s *source) origin(offset int) int {
	if !s.decoded {
		return offset + s.marked
	}
	if offset < s.at {
		s.at, s.from = 0, 0
	}
	rest := s.original[s.marked:]
	for s.at < offset && s.from < len(rest) {
		r, size := jsvalue.DecodeRune(rest[s.from:])
		s.at += utf8.RuneLen(r)
		s.from += size
	}
	return s.from + s.marked
}

// draft is a text for a library to read, which differs from the checked text where the library must be kept from
// reading something in its own way. Both are of one length, so that offsets are the same in both.
type draft struct {
	text  []byte // never changed
	fixed []byte // nil as long as nothing differs
}

// overwrite fills the bytes from start to end with c.
func (d *draft) overwrite(start, end int, c byte) {
	if d.fixed == nil {
		d.fixed = bytes.Clone(d.text)
	}
	for i := start; i < end; i++ {
		d.fixed[i] = c
	}
}

// bytes returns the text for the library.
func (d *draft) bytes() []byte {
	if d.fixed != nil {
		return d.fixed
	}
	return d.text
}
