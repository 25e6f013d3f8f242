package devvars

import "strings"

// An assignment is one match of dotenv's grammar, as byte offsets into the text.
type assignment struct {
	start           int // of the word export, or of the key
	key, keyEnd     int
	value, valueEnd int  // without the white space around it, with its quotes
	quoted          bool // whether quotes enclose the value, which then may have several lines
}

// A scanner finds the assignments of a text one after the other, in time linear in its length.
//
// dotenv repeats one regular expression over the text, and the expression backtracks. What makes a single pass
// enough: at a given line start the expression can only match from the first character that is not white space;
// a key and its separator either match or not, with nothing to try again; and once they match, a value always
// does. The one choice left is where a quoted value ends, and closing makes it in a single pass too.
//
// Most lines are a key, "=" and a value with nothing between them, so that each step first looks whether it is on
// such a line, and leaves the others to a function of their own.
type scanner struct {
	text string
	at   int // a line start, or the end of text
}

// next sets a to the next assignment, and reports whether there is one. The scanner then is at the line after it.
func (x *scanner) next(a *assignment) bool {
	s, i := x.text, x.at
	for {
		if i >= len(s) || classes[s[i]]&keyByte == 0 {
			if i = nextWord(s, i); i == len(s) {
				x.at = i
				return false
			}
		}
		a.start, a.key = i, i
		i = skipKey(s, i)
		a.keyEnd = i
		switch {
		case i < len(s) && s[i] == '=': // a key then, also if it is export
			x.at = a.scanValue(s, i+1)
			return true
		case i+1 < len(s) && s[i] == '\n' && classes[s[i+1]]&keyByte != 0 && s[a.key:i] != "export":
			i++ // a word alone on its line
		default:
			if i = a.scanRest(s); i > 0 {
				x.at = i
				return true
			}
			i = nextLine(s, a.start)
		}
	}
}

// nextWord returns the position of the next byte of a key that nothing but white space stands before on its line, or
// the length of s. The text before i must be whole lines.
func nextWord(s string, i int) int {
	for i < len(s) {
		c := classes[s[i]]
		if c&keyByte != 0 {
			break
		}
		n := blankLen(s, i)
		if n == 0 {
			i = lineEnd(s, i)
		}
		i += n
	}
	return i
}

// scanRest reads an assignment after its first word, where no = comes right after it. It returns where the scan goes on, 0
// if this is no assignment.
func (a *assignment) scanRest(s string) int {
	if s[a.key:a.keyEnd] == "export" {
		a.key, a.keyEnd = skipExport(s, a.key, a.keyEnd)
	}
	v, ok := separator(s, a.keyEnd)
	if !ok {
		return 0
	}
	return a.scanValue(s, v)
}

// skipExport decides what the word export at s[key:end] is: a key of its own, or, with white space and another
// key after it, a mere prefix. It returns the bounds of the key.
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

// separator finds the = or : that follows a key, and returns where the value may start.
func separator(s string, i int) (int, bool) {
	if i < len(s) && s[i] == ':' {
		if i++; i == len(s) {
			return 0, false
		}
		n := blankAt(s, i)
		return i + n, n > 0
	}
	i = skipBlank(s, i)
	if i == len(s) || s[i] != '=' {
		return 0, false
	}
	return i + 1, true
}

// blankAt returns the length of the white space character at i. CR LF is one.
func blankAt(s string, i int) int {
	if strings.HasPrefix(s[i:], "\r\n") {
		return 2
	}
	return blankLen(s, i)
}

// scanValue sets the fields of a that are about the value, which starts at i, and returns where the scan goes on.
func (a *assignment) scanValue(s string, i int) int {
	if i+1 < len(s) && s[i] == '\n' && classes[s[i+1]]&(quoteByte|blankByte|leadByte) == 0 {
		a.setValue(i, i, false) // nothing, and no quotes on a later line
		return i + 1
	}
	from := i
	if i < len(s) && classes[s[i]]&(quoteByte|blankByte|leadByte) != 0 {
		from = skipBlank(s, i)
		if from < len(s) && classes[s[from]]&quoteByte != 0 {
			if e := closing(s, from); e > 0 {
				a.setValue(from, e, true)
				return nextLine(s, e)
			}
		}
		if classes[s[i]]&breakByte != 0 {
			a.setValue(i, i, false)
			return from // nothing but white space is between
		}
	}
	e := plainEnd(s, i)
	from = min(from, e)
	to := e
	if from < e && classes[s[e-1]]&(blankByte|tailByte) != 0 {
		to = trimEnd(s, from, e)
	}
	a.setValue(from, to, false)
	return nextLine(s, e)
}

func (a *assignment) setValue(from, to int, quoted bool) {
	a.value, a.valueEnd, a.quoted = from, to, quoted
}

// closing returns the end of the quoted run that starts at s[q], 0 if it does not end in a way that lets the line end after
// it. The first quote without a backslash before it closes the run; if something other than a comment follows that one on
// its line, the last quote before it that has a backslash is tried, then the one before.
func closing(s string, q int) int {
	escaped := 0
	for i := q + 1; ; i++ {
		i = find(s, i, s[q])
		if i == len(s) {
			return escaped
		}
		bare := i == q+1 || s[i-1] != '\\'
		switch {
		case canEnd(s, i+1):
			if bare {
				return i + 1
			}
			escaped = i + 1
		case bare:
			return escaped
		}
	}
}

// canEnd reports whether nothing but white space, and perhaps a comment, stands between i and a line end.
func canEnd(s string, i int) bool { return i == len(s) || s[i] == '\n' || isTail(s[i:]) }

// isTail reports whether the first line of s is white space and perhaps a comment.
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

// nextLine returns the start of the line after the one that i is in, or the end of the text.
func nextLine(s string, i int) int {
	if i < len(s) && s[i] == '\n' {
		return i + 1
	}
	return lineAfter(s, i)
}

// lineAfter is nextLine where i is not at a LF.
func lineAfter(s string, i int) int {
	if i < len(s) && s[i] != '\r' {
		i = lineEnd(s, i)
	}
	return afterLine(s, i)
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
