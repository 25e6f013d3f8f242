// Package compat reports assignments that other dotenv parsers read differently.
//
// It compares package devvars with github.com/joho/godotenv 1.5.1, the parser that most Go programs
// use. It is a package of its own so that programs that only read .dev.vars files do not link that
// parser.
package compat

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/joho/godotenv"

	"github.com/workerenv/workerenv/devvars"
)

// Limits on what godotenv gets to parse. It recurses for each comment line, so that a long text
// overflows the stack, from which a program cannot recover. And it can read one value of several
// lines as several assignments with references to one another, whose values grow exponentially.
const (
	maxBytes      = 64 << 10
	maxReferences = 8 // in a text of several lines
)

// Findings returns a finding of [devvars.RuleOtherParsers] for each assignment in f that godotenv
// 1.5.1 refuses or reads as another value, in the order of the text. It considers only the last
// assignment to each key, and no fragments (see [devvars.Assignment.IsFragment]). A comment that
// cuts a value short, such as the one in A=b#c, is not considered: [devvars.RuleCutByHash] is about
// it. Assignments of more than 64 KiB, and those of several lines with more than 8 dollar signs, are
// not compared. The time is linear in the length of the text.
//
// Findings can be used as wrangler.Options.Lint.
func Findings(f *devvars.File) iter.Seq[devvars.Finding] {
	return func(yield func(devvars.Finding) bool) {
		last := map[string]int{}
		for a := range f.Assignments() {
			last[a.Key()] = a.Pos().Offset
		}
		delete(last, "__proto__") // an assignment to it has no effect
		for a := range f.Assignments() {
			offset, ok := last[a.Key()]
			if !ok || offset != a.Pos().Offset || isSame(a) || a.IsFragment() || a.Ignores(devvars.RuleOtherParsers) {
				continue
			}
			if !yield(devvars.RuleOtherParsers.Finding(a.Pos(), a.Key())) {
				return
			}
		}
	}
}

// isSame reports whether godotenv reads the value of a, or is not asked.
func isSame(a devvars.Assignment) bool {
	text, value := textAfterKey(a), a.Value()
	isLong := len(text) > maxBytes || strings.ContainsAny(text, "\r\n") && strings.Count(text, "$") > maxReferences
	if isPlain(text) || isLong {
		return true
	}
	got, ok := read(text)
	return ok && got == value
}

// textAfterKey returns the text of a without its key, and without a comment that cuts the value
// short.
func textAfterKey(a devvars.Assignment) string {
	raw, value := a.Raw(), a.Value()
	at := a.ValuePos().Offset - a.Pos().Offset
	end := at + len(value)
	if strings.HasPrefix(raw[at:], value+"#") {
		if r, _ := utf8.DecodeLastRuneInString(raw[:end]); !unicode.IsSpace(r) {
			raw = raw[:end]
		}
	}
	return raw[len(a.Key()):]
}

// isPlain reports whether text is "=" and a value that every parser reads as it is.
func isPlain(text string) bool {
	return strings.HasPrefix(text, "=") && !strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r >= 0x7F || strings.ContainsRune("\"'`$#\\", r)
	})
}

// read returns the value that godotenv reads from the text after a key, and whether it reads one.
// Its errors contain pieces of the text, so they are dropped here.
func read(text string) (value string, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	vars, err := godotenv.Unmarshal("K" + text + "\n")
	if err != nil || len(vars) != 1 {
		return "", false
	}
	value, ok = vars["K"]
	return value, ok
}
