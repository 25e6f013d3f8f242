package devvars

import (
	"math"
	"strings"
)

// assignment is one match of dotenv's regular expression. The numbers are byte offsets into the
// text. They are small, since a File keeps an assignment for each line.
type assignment struct {
	start           uint32 // of the word export, or of the key
	key, keyEnd     uint32
	value, valueEnd uint32 // without the white space around it, with its quotes
	quoted          bool   // whether quotes enclose the value, which may have several lines then

	isFragment bool // see content.markFragments
	isName     bool // on the last assignment to a key: whether one of them is not a fragment
}

// maxText is the length of a text, in bytes, of which offsets can be stored. Node.js cannot read an
// eighth of it.
const maxText = math.MaxUint32

// scanner finds the assignments of a text one after the other, in time linear in its length.
//
// dotenv repeats a regular expression over the text, which backtracks. A single pass finds the same
// matches: from a given line start the expression can match only at the first character that is not
// white space; a key and its separator match in one way or not at all; and after them a value
// always matches. The one choice left is where a value in quotes ends, and closing makes it in a
// single pass too.
type scanner struct {
	text string
	at   int // a line start, or the end of text
}

// next sets a to the next assignment and reports whether there is one. It moves to the line after
// it.
func (x *scanner) next(a *assignment) bool {
	s := x.text
	for x.at < len(s) {
		start := skipBlank(s, x.at)
		key, end := start, skipKey(s, start)
		if s[key:end] == "export" {
			key, end = skipExport(s, key, end)
		}
		if v, ok := separator(s, end); ok && key < end {
			a.start, a.key, a.keyEnd = uint32(start), uint32(key), uint32(end)
			x.at = a.scanValue(s, v)
			return true
		}
		x.at = nextLine(s, start)
	}
	return false
}

// skipExport returns the bounds of the key if s[key:end] is the word export: of the word after it
// if there is one, with white space between, or else of export itself.
func skipExport(s string, key, end int) (int, int) {
	i := skipBlank(s, end)
	if i == end {
		return key, end
	}
	if j := skipKey(s, i); j > i {
		return i, j
	}
	return key, end
}

// separator returns the position after the = or : that follows the key that ends at i, and whether
// there is one. White space must follow a colon, of which the first character belongs to it.
func separator(s string, i int) (int, bool) {
	switch {
	case i == len(s):
		return 0, false
	case s[i] == '=':
		return i + 1, true
	case s[i] != ':':
		i = skipBlank(s, i)
		return i + 1, i < len(s) && s[i] == '='
	case strings.HasPrefix(s[i+1:], "\r\n"):
		return i + 3, true
	case i+1 == len(s):
		return 0, false
	}
	n := blankLen(s, i+1)
	return i + 1 + n, n > 0
}

// scanValue reads the value that starts at i and returns the position where the scan continues.
func (a *assignment) scanValue(s string, i int) int {
	from := i
	if i < len(s) && classes[s[i]]&(blankByte|leadByte) != 0 {
		from = skipBlank(s, i)
	}
	if from < len(s) && classes[s[from]]&quoteByte != 0 {
		if end := closing(s, from); end > 0 {
			a.value, a.valueEnd, a.quoted = uint32(from), uint32(end), true
			return nextLine(s, end)
		}
	}
	end := plainEnd(s, i)
	from = min(from, end)
	a.value, a.valueEnd, a.quoted = uint32(from), uint32(trimEnd(s, from, end)), false
	return nextLine(s, end)
}

// closing returns the end of the value in quotes that starts at s[q], 0 if no quote ends it. Only
// white space and a comment may follow the closing quote on its line. The first quote without a
// backslash before it is the closing one or, if it has other text after it, the last possible one
// before it.
func closing(s string, q int) int {
	escaped := 0
	for i := q + 1; ; i++ {
		i = find(s, i, s[q])
		if i == len(s) {
			return escaped
		}
		bare := i == q+1 || s[i-1] != '\\'
		switch {
		case isTail(s[i+1:]):
			if bare {
				return i + 1
			}
			escaped = i + 1
		case bare:
			return escaped
		}
	}
}

// isTail reports whether the first line of s is only white space, and perhaps a comment.
func isTail(s string) bool {
	i := 0
	for i < len(s) && !endsLine(s, i) {
		n := blankLen(s, i)
		if n == 0 {
			return s[i] == '#'
		}
		i += n
	}
	return true
}

// nextLine returns the start of the line after the one of i, or the end of the text.
func nextLine(s string, i int) int {
	if i < len(s) && s[i] == '\n' { // the usual case
		return i + 1
	}
	return afterLine(s, lineEnd(s, i))
}

// afterLine returns the position after the line end at i, or i if that is the end of the text.
func afterLine(s string, i int) int {
	switch {
	case i == len(s):
		return i
	case s[i] >= 0x80:
		return i + len("\u2028")
	case s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n':
		return i + 2
	}
	return i + 1
}

// skipBlank returns the position of the first character at or after i that is not white space.
func skipBlank(s string, i int) int {
	for i < len(s) {
		n := blankLen(s, i)
		if n == 0 {
			break
		}
		i += n
	}
	return i
}

// skipKey returns the end of the run of key characters that starts at i.
func skipKey(s string, i int) int {
	for i < len(s) && classes[s[i]]&keyByte != 0 {
		i++
	}
	return i
}
