package devvars

import (
	"math/bits"
	"strings"
)

// The functions in this file search eight bytes at a time, as one number whose lowest byte is the
// first one. Most runs are so short that a call of strings.IndexByte would take longer.

const (
	ones = 0x0101010101010101 // times a byte: that byte eight times
	tops = 0x80 * ones        // the top bits
)

// word returns the eight bytes of s at i.
func word(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// below returns the top bit of each byte of w that is less than limit, which is at most 0x80. The
// bits of bytes after the first such byte may be set too, so that they have to be checked again.
func below(w uint64, limit uint64) uint64 { return (w - limit*ones) &^ w & tops }

// plainEnd returns the position of the first #, LF or CR at or after i, or the length of s.
func plainEnd(s string, i int) int {
	for ; len(s)-i >= 8; i += 8 {
		for m := below(word(s, i), '#'+1); m != 0; m &= m - 1 {
			if n := i + bits.TrailingZeros64(m)/8; classes[s[n]]&(breakByte|hashByte) != 0 {
				return n
			}
		}
	}
	for i < len(s) && classes[s[i]]&(breakByte|hashByte) == 0 {
		i++
	}
	return i
}

// lineEnd returns the position of the first line end at or after i, or the length of s.
func lineEnd(s string, i int) int {
	for near := min(i+4, len(s)); i < near; i++ {
		if endsLine(s, i) {
			return i
		}
	}
	for ; len(s)-i >= 8; i += 8 {
		w := word(s, i)
		for m := below(w, '\r'+1) | w&tops; m != 0; m &= m - 1 {
			if n := i + bits.TrailingZeros64(m)/8; endsLine(s, n) {
				return n
			}
		}
	}
	for i < len(s) && !endsLine(s, i) {
		i++
	}
	return i
}

func endsLine(s string, i int) bool {
	c := classes[s[i]]
	return c&breakByte != 0 || c&leadByte != 0 && isSeparator(s, i)
}

// find returns the position of the first c, an ASCII character, at or after i, or the length of s.
func find(s string, i int, c byte) int {
	for near := i + 16; i < near && len(s)-i >= 8; i += 8 {
		if m := below(word(s, i)^uint64(c)*ones, 1); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	if n := strings.IndexByte(s[i:], c); n >= 0 {
		return i + n
	}
	return len(s)
}

// isASCII reports whether s has no bytes of 0x80 and more.
func isASCII(s string) bool {
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		if word(s, i)&tops != 0 {
			return false
		}
	}
	return strings.IndexFunc(s[i:], func(r rune) bool { return r >= 0x80 }) < 0
}
