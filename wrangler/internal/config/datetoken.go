package config

import (
	"strings"
	"unicode/utf8"
)

type tokenKind uint8

const (
	endToken tokenKind = iota
	numberToken
	symbolToken
	keywordToken
	spaceToken
	otherToken
)

type wordKind uint8

const (
	wordOther wordKind = iota
	wordMonth
	wordHalf
	wordZone
	wordTime
)

// dateToken is a part of a date as V8 cuts it up.
type dateToken struct {
	kind   tokenKind
	number int // value of a number or of a word
	length int // in characters, of a number
	symbol byte
	word   wordKind
	isUTC  bool // whether the word is Z
}

func (t dateToken) isSymbol(c byte) bool { return t.kind == symbolToken && t.symbol == c }
func (t dateToken) isSign() bool         { return t.isSymbol('-') || t.isSymbol('+') }
func (t dateToken) isDigits(n int) bool  { return t.kind == numberToken && t.length == n }
func (t dateToken) isZ() bool            { return t.kind == keywordToken && t.isUTC }

// milliseconds takes the digits of a number for those after a decimal point, of which three count.
func (t dateToken) milliseconds() int {
	n, length := t.number, t.length
	for ; length < 3; length++ {
		n *= 10
	}
	for length = min(length, 9); length > 3; length-- {
		n /= 10
	}
	return n
}

// dateTokens reads tokens, one ahead.
type dateTokens struct {
	rest string
	peek dateToken
}

// next returns the token and goes on to the one after it.
func (d *dateTokens) next() dateToken {
	t := d.peek
	d.advance()
	return t
}

// skip goes on if the next token is the symbol c.
func (d *dateTokens) skip(c byte) bool {
	if !d.peek.isSymbol(c) {
		return false
	}
	d.advance()
	return true
}

// advance reads a token into peek.
func (d *dateTokens) advance() {
	if d.rest == "" {
		d.peek = dateToken{}
		return
	}
	c := d.rest[0]
	switch {
	case isDigit(c):
		d.peek = d.readNumber()
	case strings.IndexByte(":-+.)", c) >= 0:
		d.rest = d.rest[1:]
		d.peek = dateToken{kind: symbolToken, symbol: c}
	case d.wordLength() > 0:
		d.peek = d.readWord()
	case c == '(':
		d.skipParentheses()
		d.peek = dateToken{kind: otherToken}
	default:
		r, n := utf8.DecodeRuneInString(d.rest)
		d.rest = d.rest[n:]
		d.peek = dateToken{kind: otherToken}
		if strings.ContainsRune(whiteSpace, r) {
			d.peek.kind = spaceToken
		}
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// readNumber reads digits, of which nine count after the zeros in front.
func (d *dateTokens) readNumber() dateToken {
	t := dateToken{kind: numberToken}
	significant := 0
	for ; t.length < len(d.rest) && isDigit(d.rest[t.length]); t.length++ {
		c := int(d.rest[t.length] - '0')
		if significant == 0 && c == 0 {
			continue
		}
		if significant < 9 {
			t.number = t.number*10 + c
		}
		significant++
	}
	d.rest = d.rest[t.length:]
	return t
}

// wordLength returns how many bytes at the start are of a word: letters, and all that is above them in Unicode but
// white space, from which V8 excepts line terminators here.
func (d *dateTokens) wordLength() int {
	for i, r := range d.rest {
		if r < 'A' || r != '\u2028' && r != '\u2029' && strings.ContainsRune(whiteSpace, r) {
			return i
		}
	}
	return len(d.rest)
}

// dateWords are the first three letters of the words that mean something.
var dateWords = map[string]dateToken{
	"jan": {word: wordMonth, number: 1}, "feb": {word: wordMonth, number: 2}, "mar": {word: wordMonth, number: 3},
	"apr": {word: wordMonth, number: 4}, "may": {word: wordMonth, number: 5}, "jun": {word: wordMonth, number: 6},
	"jul": {word: wordMonth, number: 7}, "aug": {word: wordMonth, number: 8}, "sep": {word: wordMonth, number: 9},
	"oct": {word: wordMonth, number: 10}, "nov": {word: wordMonth, number: 11}, "dec": {word: wordMonth, number: 12},
	"am": {word: wordHalf, number: 0}, "pm": {word: wordHalf, number: 12},
	"ut": {word: wordZone}, "utc": {word: wordZone}, "z": {word: wordZone, isUTC: true}, "gmt": {word: wordZone},
	"cdt": {word: wordZone, number: -5}, "cst": {word: wordZone, number: -6}, "edt": {word: wordZone, number: -4},
	"est": {word: wordZone, number: -5}, "mdt": {word: wordZone, number: -6}, "mst": {word: wordZone, number: -7},
	"pdt": {word: wordZone, number: -7}, "pst": {word: wordZone, number: -8},
	"t": {word: wordTime},
}

// readWord reads a word. Only the names of months may be longer than their first three letters.
func (d *dateTokens) readWord() dateToken {
	n := d.wordLength()
	word := d.rest[:n]
	d.rest = d.rest[n:]
	prefix := lowerLetters(word[:min(n, 3)])
	t, ok := dateWords[prefix]
	if !ok || n > 3 && t.word != wordMonth {
		t = dateToken{}
	}
	t.kind = keywordToken
	return t
}

// lowerLetters makes letters lower case, and letters of a few other characters, as V8 does.
func lowerLetters(s string) string {
	b := []byte(s)
	for i := range b {
		b[i] |= 0x20
	}
	return string(b)
}

// skipParentheses goes to the end of what is in parentheses.
func (d *dateTokens) skipParentheses() {
	depth := 0
	for i := range len(d.rest) {
		switch d.rest[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth <= 0 {
			d.rest = d.rest[i+1:]
			return
		}
	}
	d.rest = ""
}
