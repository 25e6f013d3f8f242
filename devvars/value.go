package devvars

import (
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// traits are what a text has that makes reading a value harder than cutting it out. They hold for a whole text, so
// that an ordinary one pays nothing.
type traits struct {
	cr        bool // a CR is somewhere: line ends inside values become LF
	wide      bool // a byte above 0x7F is somewhere, which may not be UTF-8
	separator bool // U+2028 or U+2029 is somewhere: an unquoted value can have several lines
}

func newTraits(text string) traits {
	t := traits{cr: strings.IndexByte(text, '\r') >= 0, wide: !isASCII(text)}
	t.separator = t.wide && hasSeparator(text)
	return t
}

// isValue reports whether raw, the text of a value, is certain to be the value itself. A CR is in quotes only.
func (t traits) isValue(raw string) bool {
	return raw == "" || !t.wide && classes[raw[0]]&quoteByte == 0
}

// decoder makes values of their texts.
type decoder struct {
	traits
	chunk strings.Builder // the values that are not part of the text, many in one piece of memory
}

// decode returns the value that dotenv makes of the text of a value: without its quotes, with \n and \r, but no other
// escape, replaced if it started with a double quote, and with U+FFFD for what is not UTF-8.
func (d *decoder) decode(raw string) string {
	if d.isValue(raw) {
		return raw
	}
	v := raw
	if last := len(raw) - 1; classes[raw[0]]&quoteByte != 0 && last > 0 && raw[last] == raw[0] {
		v = raw[1:last]
	} else if d.separator && hasSeparator(raw) {
		v = unquoteLines(raw)
	}
	if d.cr {
		v = d.unifyLineEnds(v)
	}
	if raw[0] == '"' {
		v = d.unescape(v)
	}
	if d.wide && !utf8.ValidString(v) {
		return jsvalue.ValidText([]byte(v))
	}
	return v
}

// unquoteLines takes pairs of quotes off a text of several lines: one at the start of a line, and the last quote of the
// same sort that stands at the end of a line.
func unquoteLines(raw string) string {
	last := lastAtLineEnd(raw)
	var b strings.Builder
	for i := 0; i < len(raw); {
		if end := last[raw[i]]; end > i {
			b.WriteString(raw[i+1 : end])
			i = end + 1
		}
		n := nextSeparator(raw, i)
		b.WriteString(raw[i:n])
		i = n
	}
	return b.String()
}

// lastAtLineEnd tells for each sort of quote where it last stands at the end of a line.
func lastAtLineEnd(raw string) (last [256]int) {
	for i := range len(raw) {
		if classes[raw[i]]&quoteByte != 0 && (i+1 == len(raw) || isSeparator(raw, i+1)) {
			last[raw[i]] = i
		}
	}
	return last
}

// nextSeparator returns the position after the next U+2028 or U+2029 at or after i, or the end of s.
func nextSeparator(s string, i int) int {
	for ; i < len(s); i++ {
		if isSeparator(s, i) {
			return i + len("\u2028")
		}
	}
	return len(s)
}

// unifyLineEnds replaces CR LF, and CR alone, with LF.
func (d *decoder) unifyLineEnds(s string) string {
	i := strings.IndexByte(s, '\r')
	if i < 0 {
		return s
	}
	start := d.reserve(len(s))
	for ; i >= 0; i = strings.IndexByte(s, '\r') {
		d.chunk.WriteString(s[:i])
		d.chunk.WriteByte('\n')
		s = strings.TrimPrefix(s[i+1:], "\n")
	}
	d.chunk.WriteString(s)
	return d.chunk.String()[start:]
}

// unescape replaces \n with LF and \r with CR. Every other backslash stays, also one before a backslash.
func (d *decoder) unescape(s string) string {
	i := nextEscape(s)
	if i == len(s) {
		return s
	}
	start := d.reserve(len(s))
	for ; i < len(s); i = nextEscape(s) {
		d.chunk.WriteString(s[:i])
		d.chunk.WriteByte(lineEnds[s[i+1]])
		s = s[i+2:]
	}
	d.chunk.WriteString(s)
	return d.chunk.String()[start:]
}

// lineEnds has what an escape stands for at the byte after its backslash.
var lineEnds = [256]byte{'n': '\n', 'r': '\r'}

// nextEscape returns the position of the first \n or \r in s, or the length of s.
func nextEscape(s string) int {
	for i := 0; ; i++ {
		n := strings.IndexByte(s[i:], '\\')
		if n < 0 || i+n+1 == len(s) {
			return len(s)
		}
		i += n
		if lineEnds[s[i+1]] != 0 {
			return i
		}
	}
}

// reserve makes room for a value of n bytes, and returns where in chunk it starts. Each piece of memory is twice as large as the
// one before, up to maxChunk, so that there are few of them, and not much in them that is never used.
func (d *decoder) reserve(n int) (start int) {
	if size := d.chunk.Cap(); size-d.chunk.Len() < n {
		d.chunk.Reset() // the values in it stay as they are
		d.chunk.Grow(max(n, min(2*size, maxChunk)))
	}
	return d.chunk.Len()
}

// maxChunk is how much memory, in bytes, values share at most. Keeping one of them keeps all of it.
const maxChunk = 32 << 10
