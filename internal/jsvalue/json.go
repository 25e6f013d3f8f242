package jsvalue

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends what JSON.stringify makes of v, without white space: numbers as JavaScript prints them, NaN
// and the infinities as null, -0 as 0, dates as strings, object keys in JavaScript's order. Undefined and functions
// are left out of objects and are null elsewhere.
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.kind {
	case Bool:
		return strconv.AppendBool(dst, v.number != 0)
	case Number:
		return appendNumber(dst, v.number)
	case String, Date:
		return appendString(dst, v.text)
	case Array:
		return v.appendArray(dst)
	case ObjectKind:
		return v.object.appendJSON(dst)
	}
	return append(dst, "null"...)
}

// JSON returns what AppendJSON appends.
func (v Value) JSON() string { return string(v.AppendJSON(nil)) }

func (v Value) appendArray(dst []byte) []byte {
	dst = append(dst, '[')
	for i, item := range v.Items() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = item.AppendJSON(dst)
	}
	return append(dst, ']')
}

func (o *Object) appendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	start := len(dst)
	for key, v := range o.All() {
		if v.kind == Undefined {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, key), ':')
		dst = v.AppendJSON(dst)
	}
	return append(dst, '}')
}

// appendNumber writes f as Number.prototype.toString does.
func appendNumber(dst []byte, f float64) []byte {
	abs := math.Abs(f)
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return append(dst, "null"...)
	case f == 0:
		return append(dst, '0')
	case abs < 1e-6 || abs >= 1e21:
		return appendExponent(dst, f)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

// appendExponent writes f with an exponent that has no leading zero: Go's 1e-07 is JavaScript's 1e-7.
func appendExponent(dst []byte, f float64) []byte {
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	if n := len(dst); n >= 4 && dst[n-4] == 'e' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}

const hex = "0123456789abcdef"

func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		dst = appendEscape(dst, c)
	}
	return append(append(dst, s[start:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\t':
		return append(dst, `\t`...)
	case '\n':
		return append(dst, `\n`...)
	case '\f':
		return append(dst, `\f`...)
	case '\r':
		return append(dst, `\r`...)
	}
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// ValidText returns s as valid UTF-8, with U+FFFD for each part that is not, as the WHATWG decoder puts it.
func ValidText(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return string(decodeLossy(b))
}
