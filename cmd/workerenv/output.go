package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/term"
)

// output is where a command writes, with color or without.
type output struct {
	io.Writer
	color bool
}

func outputTo(f *os.File) output {
	return output{f, hasColor(os.Getenv, term.IsTerminal(int(f.Fd())))}
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

// hasColor reports whether output has color: never if NO_COLOR (no-color.org) is set, always if FORCE_COLOR is set and
// not 0, and otherwise on a terminal unless TERM is absent or dumb.
func hasColor(getenv func(name string) string, terminal bool) bool {
	force, name := getenv("FORCE_COLOR"), getenv("TERM")
	switch {
	case getenv("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	}
	return terminal && name != "" && name != "dumb"
}

// The most characters that the table shows of a value, and of a name or a source.
const (
	maxValue = 48
	maxLabel = 200
)

// isHarmless reports whether a terminal prints r without any other effect. Control characters are not harmless, nor are
// marks that change the direction of text, nor is invalid UTF-8, which is decoded as a RuneError of one byte.
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
func escapeJSON(text []byte) []byte {
	b := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if isHarmless(r, size) {
			b = append(b, text[:size]...)
		} else {
			for _, unit := range utf16.Encode([]rune{r}) {
				b = fmt.Appendf(b, `\u%04x`, unit)
			}
		}
		text = text[size:]
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
