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
	separator bool // U+2028 or U+2029 is somewhere: an unquoted value can have several lines
}

// decode returns the value that dotenv makes of the text of a value: without its quotes, with \n and \r, but no other
// escape, replaced if it started with a double quote, and with U+FFFD for what is not UTF-8.
func (t traits) decode(raw string) string {
	if raw == "" {
		return ""
	}
	v := t.unquote(raw)
	if t.cr {
		v = unifyLineEnds(v)
	}
	if raw[0] == '"' {
		v = unescape(v)
	}
	if !utf8.ValidString(v) {
		return jsvalue.ValidText([]byte(v))
	}
	return v
}

// unquote takes the quotes off raw, which is not empty.
func (t traits) unquote(raw string) string {
	last := len(raw) - 1
	if classes[raw[0]]&quoteByte != 0 && last > 0 && raw[last] == raw[0] {
		return raw[1:last]
	}
	if t.separator && hasSeparator(raw) {
		return unquoteLines(raw)
	}
	return raw
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
func unifyLineEnds(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// unescape replaces \n with LF and \r with CR. Every other backslash stays, also one before a backslash.
func unescape(s string) string {
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for ; i >= 0; i = strings.IndexByte(s, '\\') {
		b = append(b, s[:i]...)
		s = s[i+1:]
		switch {
		case strings.HasPrefix(s, "n"):
			b, s = append(b, '\n'), s[1:]
		case strings.HasPrefix(s, "r"):
			b, s = append(b, '\r'), s[1:]
		default:
			b = append(b, '\\')
		}
	}
	return string(append(b, s...))
}
