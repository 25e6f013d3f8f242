package devvars

import (
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

var (
	unifyLineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
	unescape      = strings.NewReplacer(`\n`, "\n", `\r`, "\r")
)

// decode returns the value that raw, the text of a value, stands for. It removes the quotes,
// replaces CR LF and CR with LF, replaces \n and \r if raw starts with a double quote, and replaces
// invalid UTF-8 with U+FFFD.
func decode(raw string) string {
	if raw == "" {
		return ""
	}
	value, last := raw, len(raw)-1
	inQuotes := classes[raw[0]]&quoteByte != 0
	switch {
	case inQuotes && last > 0 && raw[last] == raw[0]:
		value = raw[1:last]
	case hasSeparator(raw):
		value = unquoteLines(raw)
	}
	if inQuotes { // otherwise the value ends before a CR
		if strings.IndexByte(value, '\r') >= 0 {
			value = unifyLineEnds.Replace(value)
		}
		if raw[0] == '"' && strings.IndexByte(value, '\\') >= 0 {
			value = unescape.Replace(value)
		}
	}
	if !utf8.ValidString(value) {
		return jsvalue.ValidText([]byte(value))
	}
	return value
}

// unquoteLines removes pairs of quotes from a value without quotes that has several lines, which
// only U+2028 and U+2029 can divide. A pair is a quote at the start of a line and the last quote of
// its kind at the end of a line.
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

// lastAtLineEnd returns for each kind of quote the position of the last one at the end of a line.
func lastAtLineEnd(raw string) (last [256]int) {
	for i := range len(raw) {
		if classes[raw[i]]&quoteByte != 0 && (i+1 == len(raw) || isSeparator(raw, i+1)) {
			last[raw[i]] = i
		}
	}
	return last
}

// nextSeparator returns the position after the next U+2028 or U+2029 at or after i, or the end of
// s.
func nextSeparator(s string, i int) int {
	for ; i < len(s); i++ {
		if isSeparator(s, i) {
			return i + len("\u2028")
		}
	}
	return len(s)
}

// hasSeparator reports whether U+2028 or U+2029 is in s.
func hasSeparator(s string) bool {
	return strings.IndexByte(s, "\u2028"[0]) >= 0 && strings.ContainsAny(s, "\u2028\u2029")
}
