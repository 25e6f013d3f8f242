package syntax

import (
	"bytes"
	"unicode/utf8"
)

// token is a kind of JSON token. White space and comments are none.
type token uint8

const (
	endOfFile token = iota
	openBrace
	closeBrace
	openBracket
	closeBracket
	comma
	colon
	stringToken
	literalToken // a number, true, false or null
)

// jsoncScanner splits a text into tokens as the reference's scanner does.
type jsoncScanner struct {
	draft
	token token // the current token
	start int   // where it begins
	pos   int   // where it ends
}

// next goes to the next token. The code it returns is that of a lexical error, which begins at start, or "".
func (s *jsoncScanner) next() (code string) {
	for code == "" && s.space() {
		code = s.comment()
	}
	if code != "" {
		return code
	}
	s.start = s.pos
	if s.pos == len(s.text) {
		s.token = endOfFile
		return ""
	}
	c := s.text[s.pos]
	if t := punctuation(c); t != endOfFile {
		s.pos++
		s.token = t
		return ""
	}
	switch {
	case c == '"':
		s.token = stringToken
		return s.stringEnd()
	case c == '-' || isDigit(c):
		s.token = literalToken
		return s.number()
	}
	s.token = literalToken
	return s.word()
}

func punctuation(c byte) token {
	switch c {
	case '{':
		return openBrace
	case '}':
		return closeBrace
	case '[':
		return openBracket
	case ']':
		return closeBracket
	case ',':
		return comma
	case ':':
		return colon
	}
	return endOfFile
}

// space skips white space, and reports whether a slash follows.
func (s *jsoncScanner) space() bool {
	for s.pos < len(s.text) && isJSONSpace(s.text[s.pos]) {
		s.pos++
	}
	return s.pos < len(s.text) && s.text[s.pos] == '/'
}

func isJSONSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// comment skips the comment that begins here.
func (s *jsoncScanner) comment() (code string) {
	s.start = s.pos
	rest := s.text[s.pos+1:]
	switch {
	case bytes.HasPrefix(rest, []byte("/")):
		s.lineComment()
		return ""
	case bytes.HasPrefix(rest, []byte("*")):
		n := bytes.Index(rest[1:], []byte("*/"))
		if n < 0 {
			return "UnexpectedEndOfComment"
		}
		s.pos += len("/*") + n + len("*/")
		return ""
	}
	return "InvalidSymbol"
}

// lineComment skips a comment that ends with the line. A line ends at a lone CR and at the end of the file too, which
// hujson takes for a part of the comment and for an error; and hujson refuses U+2028 and U+2029 in it.
func (s *jsoncScanner) lineComment() {
	body, rest := s.text[s.pos:], []byte(nil)
	if n := bytes.IndexAny(body, "\r\n"); n >= 0 {
		body, rest = body[:n], body[n:]
	}
	s.pos += len(body)
	if !bytes.HasPrefix(rest, []byte("\n")) && !bytes.HasPrefix(rest, []byte("\r\n")) || hasLineSeparator(body) {
		s.overwrite(s.start, s.pos, ' ')
	}
}

func hasLineSeparator(b []byte) bool {
	return bytes.Contains(b, []byte("\u2028")) || bytes.Contains(b, []byte("\u2029"))
}

// stringEnd goes to the end of the string that begins here. Of several errors in a string the last one counts.
func (s *jsoncScanner) stringEnd() (code string) {
	for s.pos++; s.pos < len(s.text); s.pos++ {
		switch c := s.text[s.pos]; {
		case c == '"':
			s.pos++
			return code
		case c == '\n' || c == '\r':
			return "UnexpectedEndOfString"
		case c < ' ':
			code = "InvalidCharacter"
		case c == '\\':
			if bad := s.escape(); bad != "" {
				code = bad
			}
		}
	}
	return "UnexpectedEndOfString"
}

// escape goes from a backslash to the last byte of its escape sequence.
func (s *jsoncScanner) escape() (code string) {
	s.pos++
	if s.pos == len(s.text) || bytes.IndexByte([]byte(`"\/bfnrt`), s.text[s.pos]) >= 0 {
		return ""
	}
	if s.text[s.pos] != 'u' {
		return "InvalidEscapeCharacter"
	}
	for range 4 {
		if s.pos+1 == len(s.text) || hexDigit(s.text[s.pos+1]) < 0 {
			return "InvalidUnicode"
		}
		s.pos++
	}
	return ""
}

// hexDigit returns the number that a hexadecimal digit stands for, or -1.
func hexDigit(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// number goes to the end of the number that begins here. A zero is a number of its own before more digits.
func (s *jsoncScanner) number() (code string) {
	if s.text[s.pos] == '-' {
		s.pos++
	}
	switch {
	case s.pos == len(s.text) || !isDigit(s.text[s.pos]):
		return "InvalidSymbol"
	case s.text[s.pos] == '0':
		s.pos++
	default:
		s.digits()
	}
	if s.accept(".") && !s.digits() {
		return "UnexpectedEndOfNumber"
	}
	if s.accept("eE") {
		s.accept("+-")
		if !s.digits() {
			return "UnexpectedEndOfNumber"
		}
	}
	return ""
}

// digits skips digits, and reports whether there are any.
func (s *jsoncScanner) digits() bool {
	start := s.pos
	for s.pos < len(s.text) && isDigit(s.text[s.pos]) {
		s.pos++
	}
	return s.pos > start
}

// accept skips one byte if it is among chars, and reports whether it is.
func (s *jsoncScanner) accept(chars string) bool {
	if s.pos == len(s.text) || bytes.IndexByte([]byte(chars), s.text[s.pos]) < 0 {
		return false
	}
	s.pos++
	return true
}

// word goes to the end of a word, which must be true, false or null.
func (s *jsoncScanner) word() (code string) {
	for s.pos < len(s.text) && isWordByte(s.text[s.pos]) {
		s.pos++
	}
	switch string(s.text[s.start:s.pos]) {
	case "true", "false", "null":
		return ""
	}
	return "InvalidSymbol"
}

func isWordByte(c byte) bool {
	return c >= utf8.RuneSelf || c != '"' && c != '/' && !isJSONSpace(c) && punctuation(c) == endOfFile
}
