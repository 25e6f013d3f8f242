package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// output is where a command writes, with color or without.
type output struct {
	io.Writer
	color bool
}

// Styles, as numbers of ANSI escape sequences.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	yellow = "33"
	green  = "32"
)

// paint returns s in a style, if o has color.
func (o output) paint(style, s string) string {
	if !o.color || s == "" {
		return s
	}
	return "\x1b[" + style + "m" + s + "\x1b[0m"
}

// wantsColor reports whether the environment allows color: NO_COLOR (no-color.org) is absent or
// empty, and TERM is neither absent nor dumb.
func wantsColor(lookup func(name string) (string, bool)) bool {
	noColor, _ := lookup("NO_COLOR")
	term, _ := lookup("TERM")
	return noColor == "" && (term != "" && term != "dumb" || forcesColor(lookup))
}

// forcesColor reports whether the environment wants color also where the output is no terminal: FORCE_COLOR is neither
// absent, empty nor 0.
func forcesColor(lookup func(name string) (string, bool)) bool {
	force, _ := lookup("FORCE_COLOR")
	return force != "" && force != "0"
}

// isTerminal reports whether f is a terminal or another character device.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// The most characters that the table shows of a value, and of a name or a source.
const (
	maxValue = 48
	maxLabel = 200
)

// isHarmless reports whether a terminal prints r without any other effect. Control characters are
// not harmless, nor are marks that change the direction of text, nor is invalid UTF-8, which is
// decoded as a RuneError of one byte.
func isHarmless(r rune, size int) bool {
	return unicode.IsPrint(r) && (r != utf8.RuneError || size > 1)
}

// escape returns s with the characters that are not harmless escaped as in a Go string literal.
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

// escapeJSON returns an equivalent JSON text in which characters that are not harmless are escaped.
// It returns text itself if all are harmless.
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

// label returns a name or a path for a line of text: unchanged, or quoted if it is empty, has
// characters that are not harmless, or could be read as several words.
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
