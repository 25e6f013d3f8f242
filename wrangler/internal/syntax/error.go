package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error says where and why a file is not well formed. It never holds text of the file other than keys.
type Error struct {
	Format Format
	// Offset is the number of bytes before the error, from 0.
	Offset int
	// Line and Column are the place of Offset as Position counts them, from 1.
	Line, Column int
	// Code names the rule that is broken, as the reference does: for JSON the name of jsonc-parser's code, such as
	// "CommaExpected"; for TOML the reason that smol-toml gives, such as "invalid value"; for a file in a foreign
	// encoding "UTF-16 LE byte order marker" and the like; or one of the Code constants, which are ours.
	Code string
	// Key is the path of the property that was being read, such as "env.staging.vars.A" or "routes[1]", "" if there
	// is none. Parts that are not bare words are quoted, and a very long path is cut.
	Key string
}

// Codes that the reference does not have.
const (
	CodeDepth  = "NestingTooDeep" // deeper than MaxDepth; the reference runs out of stack
	CodeValues = "TooManyValues"  // more than MaxValues
	// CodeLibrary says that the reference takes the file and the library that reads it for us does not.
	CodeLibrary = "NotReadable"
)

// Error returns the place, the key and the cause, as "3:5: vars.A: invalid JSON: comma expected".
func (e *Error) Error() string {
	text := strconv.Itoa(e.Line) + ":" + strconv.Itoa(e.Column) + ": "
	if e.Key != "" {
		text += e.Key + ": "
	}
	return text + e.Cause()
}

// Cause returns what is wrong, without the place and the key.
func (e *Error) Cause() string {
	switch {
	case strings.HasSuffix(e.Code, bomSuffix):
		return "the file has a " + e.Code + "; save it as UTF-8"
	case e.Code == CodeDepth:
		return "nested more than " + strconv.Itoa(MaxDepth) + " levels deep"
	case e.Code == CodeValues:
		return "more than " + strconv.Itoa(MaxValues) + " values"
	case e.Format == JSONC || e.Code == CodeLibrary:
		return "invalid " + e.Format.String() + ": " + words(e.Code)
	}
	return "invalid " + e.Format.String() + ": " + strings.TrimSuffix(e.Code, ".")
}

// words turns "CommaExpected" into "comma expected".
func words(code string) string {
	var b strings.Builder
	for i, r := range code {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte(' ')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// fault is an Error before its place is known in the original text.
type fault struct {
	offset int // in the text that was checked
	code   string
	path   path
}

// Error is never shown: report makes an Error of every fault.
func (f *fault) Error() string { return f.code }

// report turns a fault in the text of s into an error in the original.
func (s *source) report(f Format, err error) error {
	flt := err.(*fault)
	e := &Error{Format: f, Offset: s.origin(flt.offset), Code: flt.code, Key: flt.path.String()}
	e.Line, e.Column = Position(s.original, e.Offset)
	return e
}

// path leads to a property: keys, and indices of arrays.
type path []step

type step struct {
	key   string
	index int // if key is not set
	isKey bool
}

func keyStep(key string) step  { return step{key: key, isKey: true} }
func indexStep(index int) step { return step{index: index} }

// maxPath bounds the length of a path's text in bytes.
const maxPath = 200

// String returns the path as "routes[1].pattern", cut at maxPath.
func (p path) String() string {
	var b []byte
	for _, s := range p {
		if len(b) > maxPath {
			break
		}
		b = s.append(b)
	}
	if len(b) <= maxPath {
		return string(b)
	}
	n := maxPath
	for !utf8.RuneStart(b[n]) {
		n--
	}
	return string(b[:n]) + "..."
}

func (s step) append(b []byte) []byte {
	if !s.isKey {
		b = strconv.AppendInt(append(b, '['), int64(s.index), 10)
		return append(b, ']')
	}
	if len(b) > 0 {
		b = append(b, '.')
	}
	if isBareKey(s.key) {
		return append(b, s.key...)
	}
	return strconv.AppendQuote(b, s.key[:min(len(s.key), maxPath)])
}

func isBareKey(s string) bool {
	for i := range len(s) {
		if !isBareKeyByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func isBareKeyByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '-' || c == '_'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
