package syntax

import (
	"math"
	"strconv"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// number checks the number that begins at start; pos is there or behind its sign.
func (c *tomlCheck) number(start int, delim byte) error {
	signed := c.pos > start
	switch ch := c.at(c.pos); {
	case ch == 'i':
		return c.keyword("inf", start)
	case ch == 'n':
		return c.keyword("nan", start)
	case ch < '0' || ch > '9':
		return c.fault(start, invalidValue)
	case ch == '0':
		if base := radix(c.at(c.pos + 1)); base != 0 && !signed {
			return c.radixInteger(start, base, delim)
		}
		if !c.isEnd(c.pos+1, delim) && !strings.ContainsRune(".eE", rune(c.at(c.pos+1))) {
			return c.fault(start, "illegal leading zero")
		}
	}
	n := numberState{hasDigit: true}
	for c.pos++; !c.isEnd(c.pos, delim); c.pos++ {
		if reason := n.add(c.text[c.pos]); reason != "" {
			return c.fault(c.pos, reason)
		}
	}
	return c.endNumber(start, n)
}

func (c *tomlCheck) endNumber(start int, n numberState) error {
	switch {
	case !n.hasDigit:
		return c.fault(start, unfinishedValue)
	case n.part == integerPart && !isSafeInteger(string(c.text[start:c.pos])):
		return c.fault(start, lossyInteger)
	case n.signs > 1: // go-toml refuses it; tomlNumber knows what it means
		c.overwrite(start, c.pos, '1')
	}
	return nil
}

// isEnd reports whether a number ends before i.
func (c *tomlCheck) isEnd(i int, delim byte) bool {
	switch ch := c.at(i); ch {
	case -1, ' ', '\t', '\n', '\r', '#':
		return true
	case ',', int(delim):
		return delim != 0
	}
	return false
}

// numberState is what a decimal number has had so far.
type numberState struct {
	part      numberPart
	hasDigit  bool // a digit is the last thing, in this part
	separated bool // an underscore is
	signs     int  // in the exponent
}

type numberPart uint8

const (
	integerPart numberPart = iota
	fractionPart
	exponentPart
)

// add goes on by one byte, and returns why it can't be there. The reference takes any number of signs in front of an
// exponent.
func (n *numberState) add(ch byte) (reason string) {
	switch {
	case isDigit(ch):
		n.hasDigit, n.separated = true, false
	case ch == '_' && !n.hasDigit:
		return illegalScore
	case ch == '_':
		n.hasDigit, n.separated = false, true
	case ch == '.' && n.part == integerPart && n.hasDigit:
		n.part, n.hasDigit = fractionPart, false
	case (ch == 'e' || ch == 'E') && n.part != exponentPart && n.hasDigit:
		n.part, n.hasDigit = exponentPart, false
	case (ch == '+' || ch == '-') && n.part == exponentPart && !n.hasDigit && !n.separated:
		n.signs++
	default:
		return illegalNumber
	}
	return ""
}

// radix returns the base that the letter after a zero stands for, 0 if it is none.
func radix(letter int) int {
	switch letter {
	case 'x':
		return 16
	case 'o':
		return 8
	case 'b':
		return 2
	}
	return 0
}

// radixInteger checks an integer that has a prefix, which begins here.
func (c *tomlCheck) radixInteger(start, base int, delim byte) error {
	hasDigit := false
	for c.pos += len("0x"); !c.isEnd(c.pos, delim); c.pos++ {
		ch := c.text[c.pos]
		switch d := hexDigit(ch); {
		case ch == '_' && !hasDigit:
			return c.fault(c.pos, illegalScore)
		case ch == '_':
			hasDigit = false
		case d < 0 || d >= base:
			return c.fault(c.pos, illegalNumber)
		default:
			hasDigit = true
		}
	}
	switch {
	case !hasDigit:
		return c.fault(c.pos, unfinishedValue)
	case !isSafeInteger(string(c.text[start:c.pos])):
		return c.fault(start, lossyInteger)
	}
	return nil
}

const maxSafeInteger = 1<<53 - 1

func isSafeInteger(literal string) bool { return math.Abs(tomlInteger(literal)) <= maxSafeInteger }

// tomlInteger returns the integer that a well-formed literal stands for, or an infinity if it is not a safe one.
func tomlInteger(literal string) float64 {
	digits := strings.TrimLeft(literal, "+-")
	base := 10
	if len(digits) > 1 {
		if r := radix(int(digits[1])); r != 0 {
			base, digits = r, digits[len("0x"):]
		}
	}
	n := int64(0)
	for i := range len(digits) {
		if digits[i] == '_' {
			continue
		}
		if n = n*int64(base) + int64(hexDigit(digits[i])); n > maxSafeInteger {
			return math.Inf(1)
		}
	}
	if literal[0] == '-' && n > 0 { // -0 is 0 to the reference
		n = -n
	}
	return float64(n)
}

// tomlNumber returns the value of a well-formed number.
func tomlNumber(literal string) jsvalue.Value {
	digits := strings.TrimLeft(literal, "+-")
	isRadix := len(digits) > 1 && radix(int(digits[1])) != 0
	switch {
	case digits == "nan":
		return jsvalue.NumberValue(math.NaN())
	case !isRadix && strings.ContainsAny(digits, ".eEi"):
		return jsvalue.NumberValue(tomlFloat(literal))
	}
	return jsvalue.NumberValue(tomlInteger(literal))
}

// tomlFloat returns the value of a well-formed float or infinity. Where an exponent has more than one sign, the
// reference's parseFloat stops in front of it.
func tomlFloat(literal string) float64 {
	s := strings.ReplaceAll(literal, "_", "")
	if i := strings.IndexAny(s, "eE"); i >= 0 && strings.IndexAny(s[i+1:], "+-") == 0 && strings.IndexAny(s[i+2:], "+-") == 0 {
		s = s[:i]
	}
	f, _ := strconv.ParseFloat(s, 64) // an infinity if it is out of range
	return f
}
