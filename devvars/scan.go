package devvars

import "strings"

// An assignment is one match of dotenv's grammar, as byte offsets into the text.
type assignment struct {
	start           int // of the word export, or of the key
	key, keyEnd     int
	value, valueEnd int  // without the white space around it, with its quotes
	quoted          bool // whether quotes enclose the value, which then may have several lines
	end             int  // where the scan goes on: after the line end, or at the end of the text
}

// A scanner finds the assignments of a text one after the other, in time linear in its length.
//
// dotenv repeats one regular expression over the text, and the expression backtracks. What makes a single pass
// enough: at a given line start the expression can only match from the first character that is not white space;
// a key and its separator either match or not, with nothing to try again; and once they match, a value always
// does. The one choice left is where a quoted value ends, and [scanner.closing] makes it in a single pass too.
type scanner struct {
	text  string
	plain bool // whether LF is the only line end in text
	at    int  // a line start, or the end of text
}

func newScanner(text string) scanner {
	return scanner{text: text, plain: strings.IndexByte(text, '\r') < 0 && !hasSeparator(text)}
}

// hasSeparator reports whether U+2028 or U+2029 is anywhere in s.
func hasSeparator(s string) bool {
	if strings.IndexByte(s, 0xE2) < 0 {
		return false // the common case, and faster to find out
	}
	const lead = "\xE2\x80"
	for {
		i := strings.Index(s, lead)
		if i < 0 {
			return false
		}
		if isSeparator(s, i) {
			return true
		}
		s = s[i+len(lead):]
	}
}

// next sets a to the next assignment, and reports whether there is one.
func (x *scanner) next(a *assignment) bool {
	for x.at < len(x.text) {
		ok := x.plain && x.matchSimple(x.at, a) || x.match(x.at, a)
		x.at = a.end
		if ok {
			return true
		}
	}
	return false
}

// matchSimple is match for the lines that most files are full of: a key at the start of the line, "=" right after it, and
// a value right after that, which ends at the line end or a comment. It fails for all other lines, and finds nothing else
// than match does.
func (x *scanner) matchSimple(i int, a *assignment) bool {
	s := x.text
	a.start, a.key = i, i
	i = skipKey(s, i)
	if i == a.key || len(s)-i < 2 || s[i] != '=' {
		return false
	}
	a.keyEnd = i
	i++
	switch c := classes[s[i]]; {
	case c&quoteByte != 0:
		return simpleQuoted(s, i, a)
	case c&(blankByte|leadByte) != 0:
		return false
	}
	e := len(s)
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
		e = i + n
	}
	a.end = min(e+1, len(s))
	if n := strings.IndexByte(s[i:e], '#'); n >= 0 {
		e = i + n
	}
	a.value, a.valueEnd, a.quoted = i, e, false
	if e > i && (s[e-1] <= ' ' || s[e-1] >= 0x80) {
		a.value, a.valueEnd = trim(s, i, e)
	}
	return true
}

// simpleQuoted is scanValue for a quoted run with the line end right after it.
func simpleQuoted(s string, i int, a *assignment) bool {
	n := strings.IndexByte(s[i+1:], s[i])
	if n < 0 {
		return false
	}
	e := i + n + 2
	if s[e-2] == '\\' || e < len(s) && s[e] != '\n' {
		return false
	}
	a.value, a.valueEnd, a.quoted, a.end = i, e, true, min(e+1, len(s))
	return true
}

// match tries the line start at i. Without a match only the field end of a is of use.
func (x *scanner) match(i int, a *assignment) bool {
	s := x.text
	i = x.skipBlank(i)
	a.start, a.key = i, i
	i = skipKey(s, i)
	if i == a.key {
		a.end = x.nextLine(i)
		return false
	}
	if i-a.key == len("export") && s[a.key:i] == "export" {
		a.key, i = x.skipExport(a.key, i)
	}
	a.keyEnd = i
	v, ok := x.separator(i)
	if !ok {
		a.end = x.nextLine(a.start)
		return false
	}
	x.scanValue(v, a)
	return true
}

// skipExport decides what the word export at s[key:end] is: a key of its own, or, with white space and another
// key after it, a mere prefix. It returns the bounds of the key.
func (x *scanner) skipExport(key, end int) (int, int) {
	i := x.skipBlank(end)
	if i == end {
		return key, end
	}
	if j := skipKey(x.text, i); j > i {
		return i, j
	}
	return key, end
}

// separator finds the = or : that follows a key, and returns where the value may start.
func (x *scanner) separator(i int) (int, bool) {
	s := x.text
	if i < len(s) && s[i] == ':' {
		if i++; i == len(s) {
			return 0, false
		}
		n := x.blankAt(i)
		return i + n, n > 0
	}
	i = x.skipBlank(i)
	if i == len(s) || s[i] != '=' {
		return 0, false
	}
	return i + 1, true
}

// blankAt returns the length of the white space character at i. CR LF is one.
func (x *scanner) blankAt(i int) int {
	if strings.HasPrefix(x.text[i:], "\r\n") {
		return 2
	}
	return blankLen(x.text, i)
}

// scanValue sets the fields of a that are about the value, which starts at i.
func (x *scanner) scanValue(i int, a *assignment) {
	s := x.text
	if q := x.skipBlank(i); q < len(s) && classes[s[q]]&quoteByte != 0 {
		if e := x.closing(q); e > 0 {
			a.value, a.valueEnd, a.quoted, a.end = q, e, true, x.nextLine(e)
			return
		}
	}
	e := x.plainEnd(i)
	a.value, a.valueEnd = trim(s, i, e)
	a.quoted, a.end = false, x.nextLine(e)
}

// closing returns the end of the quoted run that starts at the quote s[q], 0 if it does not end in a way that
// lets the line end after it. The first quote without a backslash before it closes the run; if something other than
// a comment follows that one on its line, the last quote before it that has a backslash is tried, then the one before.
func (x *scanner) closing(q int) int {
	s := x.text
	escaped := 0
	for i := q + 1; ; i++ {
		n := strings.IndexByte(s[i:], s[q])
		if n < 0 {
			return escaped
		}
		i += n
		bare := i == q+1 || s[i-1] != '\\'
		switch {
		case x.canEnd(i + 1):
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
func (x *scanner) canEnd(i int) bool {
	s := x.text
	for i < len(s) {
		if s[i] == '#' || classes[s[i]]&breakByte != 0 || isSeparator(s, i) {
			return true
		}
		n := blankLen(s, i)
		if n == 0 {
			return false
		}
		i += n
	}
	return true
}

// plainEnd returns the end of an unquoted value that starts at i: the next # or line end. U+2028 and U+2029 do not
// end it, but after the # they end the line, so that nothing beyond the # must be looked at where they occur.
func (x *scanner) plainEnd(i int) int {
	s := x.text
	if !x.plain {
		for i < len(s) && classes[s[i]]&breakByte == 0 && s[i] != '#' {
			i++
		}
		return i
	}
	e := len(s)
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
		e = i + n
	}
	if n := strings.IndexByte(s[i:e], '#'); n >= 0 {
		return i + n
	}
	return e
}

// lineEnd returns the position of the next line end at or after i, or the end of the text.
func (x *scanner) lineEnd(i int) int {
	s := x.text
	if x.plain {
		if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
			return i + n
		}
		return len(s)
	}
	for i < len(s) && classes[s[i]]&breakByte == 0 && !isSeparator(s, i) {
		i++
	}
	return i
}

// nextLine returns the start of the line after the one that i is in, or the end of the text.
func (x *scanner) nextLine(i int) int {
	s := x.text
	i = x.lineEnd(i)
	switch {
	case i == len(s):
		return i
	case s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n':
		return i + 2
	case s[i] >= 0x80:
		return i + len("\u2028")
	}
	return i + 1
}

// skipBlank returns the position of the first character at or after i that is not white space.
func (x *scanner) skipBlank(i int) int {
	s := x.text
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
