package devvars

// class is a set of roles that a byte can have in the .dev.vars language.
type class uint8

const (
	keyByte   class = 1 << iota // a character of a key
	blankByte                   // ASCII white space of JavaScript, line ends included
	breakByte                   // an ASCII line end: LF or CR
	leadByte                    // the first byte of a white space character of several bytes
	tailByte                    // the last byte of a white space character of several bytes
	quoteByte                   // ' " or `
	hashByte                    // #
)

var classes = func() (t [256]class) {
	for _, c := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-" {
		t[c] |= keyByte
	}
	for _, c := range "\t\n\v\f\r " {
		t[c] |= blankByte
	}
	for _, c := range "\n\r" {
		t[c] |= breakByte
	}
	for _, c := range "'\"`" {
		t[c] |= quoteByte
	}
	t['#'] |= hashByte
	for _, c := range []byte{0xC2, 0xE1, 0xE2, 0xE3, 0xEF} {
		t[c] |= leadByte
	}
	for _, c := range []byte("\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8A\x9F\xA0\xA8\xA9\xAF\xBF") {
		t[c] |= tailByte
	}
	return t
}()

// blankLen returns the length of the white space character at s[i], 0 if there is none. White space
// is what \s matches in JavaScript: it includes U+FEFF, but not U+0085 and U+200B. In invalid
// UTF-8, too, each of the first bytes below starts a character, so that the bytes can be compared
// without decoding.
func blankLen(s string, i int) int {
	c := classes[s[i]]
	if c&blankByte != 0 {
		return 1
	}
	if c&leadByte == 0 {
		return 0
	}
	return wideBlankLen(s[i:])
}

func wideBlankLen(s string) int {
	if len(s) >= 2 && s[:2] == "\u00A0" {
		return 2
	}
	if len(s) < 3 {
		return 0
	}
	switch s[:3] {
	case "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
		"\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\uFEFF":
		return 3
	}
	return 0
}

// isSeparator reports whether s[i:] starts with U+2028 or U+2029, which are line ends in
// JavaScript.
func isSeparator(s string, i int) bool {
	return len(s)-i >= 3 && (s[i:i+3] == "\u2028" || s[i:i+3] == "\u2029")
}

// trim returns the bounds of s[i:j] without the white space at both ends.
func trim(s string, i, j int) (int, int) {
	i = skipBlank(s[:j], i)
	return i, trimEnd(s, i, j)
}

// trimEnd returns the end of s[i:j] without the white space at its end.
func trimEnd(s string, i, j int) int {
	for i < j {
		n := blankLenBefore(s[i:j])
		if n == 0 {
			break
		}
		j -= n
	}
	return j
}

// blankLenBefore returns the length of the white space character at the end of s, which is not
// empty.
func blankLenBefore(s string) int {
	switch c := classes[s[len(s)-1]]; {
	case c&blankByte != 0:
		return 1
	case c&tailByte == 0:
		return 0
	}
	for n := 2; n <= 3 && n <= len(s); n++ {
		if wideBlankLen(s[len(s)-n:]) == n {
			return n
		}
	}
	return 0
}
