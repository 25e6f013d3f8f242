package jsvalue

import "unicode/utf8"

// DecodeRune returns the first character of b and its length in bytes, as the WHATWG decoder reads it: U+FFFD and the
// length of the ill-formed part that it stands for, or U+FFFD and 0 if b is empty. Go's own decoder gives one U+FFFD
// for each byte instead.
func DecodeRune(b []byte) (r rune, size int) {
	r, size = utf8.DecodeRune(b)
	if r == utf8.RuneError && size == 1 {
		size = subpartLen(b)
	}
	return r, size
}

// decodeLossy replaces each ill-formed part with one U+FFFD.
func decodeLossy(b []byte) []byte {
	out := make([]byte, 0, len(b)+8)
	for len(b) > 0 {
		r, n := DecodeRune(b)
		out = utf8.AppendRune(out, r)
		b = b[n:]
	}
	return out
}

// subpartLen returns the length of the ill-formed sequence at the start of b that is replaced as a whole: a lead
// byte and the continuation bytes that could have followed it.
func subpartLen(b []byte) int {
	want, lo, hi := continuation(b[0])
	n := 1
	for n <= want && n < len(b) && b[n] >= lo && b[n] <= hi {
		n++
		lo, hi = 0x80, 0xBF
	}
	return n
}

// continuation returns how many bytes may follow the lead byte c, and the bounds of the first of them.
func continuation(c byte) (want int, lo, hi byte) {
	switch {
	case c >= 0xC2 && c <= 0xDF:
		return 1, 0x80, 0xBF
	case c == 0xE0:
		return 2, 0xA0, 0xBF
	case c == 0xED:
		return 2, 0x80, 0x9F
	case c >= 0xE1 && c <= 0xEF:
		return 2, 0x80, 0xBF
	case c == 0xF0:
		return 3, 0x90, 0xBF
	case c >= 0xF1 && c <= 0xF3:
		return 3, 0x80, 0xBF
	case c == 0xF4:
		return 3, 0x80, 0x8F
	}
	return 0, 0, 0
}
