package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// The most that the table shows of a value, and of a name or a place, in characters.
const (
	maxValue = 48
	maxLabel = 200
)

// isHarmless reports whether a terminal prints r and does nothing else. Controls are not harmless, nor are marks that change
// the direction of what is beside them, nor is what is no valid UTF-8: a rune error of one byte.
func isHarmless(r rune, size int) bool {
	return unicode.IsPrint(r) && (r != utf8.RuneError || size > 1)
}

// escape returns s with the characters that are not harmless as a Go literal has them.
func escape(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if isHarmless(r, size) {
			b.WriteString(s[:size])
		} else {
			quoted := strconv.Quote(s[:size])
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[size:]
	}
	return b.String()
}

// escapeJSON returns a JSON text with the characters that are not harmless as JSON escapes. It means the same,
// and is text itself if all are harmless.
func escapeJSON(text []byte) []byte {
	if !bytes.ContainsFunc(text, func(r rune) bool { return !isHarmless(r, utf8.RuneLen(r)) }) && utf8.Valid(text) {
		return text
	}
	b := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if isHarmless(r, size) {
			b = append(b, text[:size]...)
		} else {
			b = appendJSONEscape(b, r)
		}
		text = text[size:]
	}
	return b
}

func appendJSONEscape(b []byte, r rune) []byte {
	for _, unit := range utf16.Encode([]rune{r}) {
		b = fmt.Appendf(b, `\u%04x`, unit)
	}
	return b
}

// label returns a name or a path for a line of text: as it is, or quoted if it is empty, has something that is not harmless,
// or could be taken for more than one word.
func label(s string) string {
	if s == "" || strings.ContainsAny(s, ` "`) || escape(s) != s {
		s = strconv.Quote(prefix(s, maxLabel))
	}
	return cut(s, maxLabel)
}

// cut returns s, or its first characters and an ellipsis if it has more than limit.
func cut(s string, limit int) string {
	if prefix(s, limit) == s {
		return s
	}
	return prefix(s, limit-1) + "…"
}

// prefix returns the first n characters of s.
func prefix(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
