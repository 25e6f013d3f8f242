package syntax

import "unicode/utf8"

// stringScan is a string that is being checked.
type stringScan struct {
	*tomlCheck
	quote  int
	multi  bool // in three quotes, of several lines
	state  stringState
	escape int // where the last backslash is
}

type stringState uint8

const (
	inText    stringState = iota
	inEscape              // behind a backslash
	inBlank               // behind a backslash and white space; only white space may follow on the line
	inLineEnd             // behind a backslash and a line end; white space and line ends count for nothing
)

// stringEnd goes behind the string that begins here.
func (c *tomlCheck) stringEnd() error {
	start := c.pos
	s := stringScan{tomlCheck: c, quote: c.at(start)}
	if s.isTriple(start) {
		s.multi = true
		c.pos += 2
	}
	for c.pos++; c.pos < len(c.text); c.pos++ {
		if s.endsHere() {
			s.close()
			return nil
		}
		if err := s.step(); err != nil {
			return err
		}
	}
	return c.fault(start, "unfinished string")
}

// isTriple reports whether three quotes begin at i.
func (s *stringScan) isTriple(i int) bool {
	return s.at(i) == s.quote && s.at(i+1) == s.quote && s.at(i+2) == s.quote
}

func (s *stringScan) endsHere() bool {
	if s.state == inEscape || s.state == inBlank {
		return false
	}
	return s.isTriple(s.pos) || !s.multi && s.at(s.pos) == s.quote
}

// close goes behind the quotes that end the string. Up to two more in front of them belong to its value, but behind an
// escaped line end the reference loses them; go-toml skips white space there.
func (s *stringScan) close() {
	if !s.multi {
		s.pos++
		return
	}
	for range 2 {
		if s.at(s.pos+len(`"""`)) != s.quote {
			break
		}
		if s.state == inLineEnd {
			s.overwrite(s.pos, s.pos+1, ' ')
		}
		s.pos++
	}
	s.pos += len(`"""`)
}

// step takes one byte of the string.
func (s *stringScan) step() error {
	ch := s.text[s.pos]
	isBackslash := s.quote == '"' && ch == '\\'
	switch {
	case s.multi && s.isNewline(s.pos):
		if s.state != inText {
			s.state = inLineEnd
		}
	case isControl(ch):
		return s.fault(s.pos, "control characters are not allowed in strings")
	case s.state == inEscape:
		return s.escaped(ch)
	case s.state != inText && isTOMLBlank(ch):
		// still nothing
	case s.state == inBlank:
		return s.fault(s.escape, "invalid escape: only line-ending whitespace may be escaped")
	case isBackslash:
		s.state, s.escape = inEscape, s.pos
	default:
		s.state = inText
	}
	return nil
}

// escaped takes what follows a backslash.
func (s *stringScan) escaped(ch byte) error {
	s.state = inText
	switch ch {
	case 'b', 't', 'n', 'f', 'r', 'e', '"', '\\':
		return nil
	case 'x':
		return s.codePoint(2)
	case 'u':
		return s.codePoint(4)
	case 'U':
		return s.codePoint(8)
	case ' ', '\t':
		if s.multi {
			s.state = inBlank
			return nil
		}
	}
	return s.fault(s.pos, "unrecognised escape sequence")
}

// codePoint takes the hexadecimal digits of a character, up to the last one.
func (s *stringScan) codePoint(digits int) error {
	var r uint32
	for range digits {
		s.pos++
		d := -1
		if s.pos < len(s.text) {
			d = hexDigit(s.text[s.pos])
		}
		if d < 0 {
			return s.fault(s.pos, "invalid non-hex character in unicode escape")
		}
		r = r<<4 | uint32(d)
	}
	if r > utf8.MaxRune || !utf8.ValidRune(rune(r)) {
		return s.fault(s.escape, "invalid unicode escape")
	}
	return nil
}
