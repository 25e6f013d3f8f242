package devvars

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	// ErrKey means that a name cannot be a key: a key has at least one character, only A to Z, a to
	// z, 0 to 9, "_", "." and "-", and is not __proto__.
	ErrKey = errors.New("not a key of .dev.vars")

	// ErrValue means that the language cannot express a value.
	ErrValue = errors.New("no form of .dev.vars holds this value")
)

// EditError is the error of [Quote] and [File.Set]. It contains no part of the value.
type EditError struct {
	// Key is the key that was to be set. It is empty if Quote returned the error, and with ErrKey,
	// since such a name may be a line of a file with a secret in it.
	Key string
	// Err is [ErrKey] or [ErrValue].
	Err error
	// Reason says in a few words what is wrong with the name or the value.
	Reason string
}

// Error returns the key, the condition and the reason.
func (e *EditError) Error() string {
	s := e.Err.Error() + ": " + e.Reason
	if e.Key != "" {
		return e.Key + ": " + s
	}
	return s
}

// Unwrap returns Err.
func (e *EditError) Unwrap() error { return e.Err }

// Quote returns the plainest form of value: the text that, after "KEY=", reads back as value. That
// is value itself, or value in single quotes, double quotes or back quotes, or in double quotes
// with \n and \r for line ends. A value that contains a $ or starts with a quote gets quotes if
// possible, since other parsers would read it differently without them.
//
// The form is meant for .dev.vars. In a .env file wrangler replaces $NAME, in quotes or not.
//
// The error is an *[EditError] with [ErrValue].
func Quote(value string) (string, error) {
	for _, form := range forms(value) {
		c := newContent("K=" + form + "\n")
		if got, ok := c.lookup("K"); ok && got == value && c.index().Len() == 1 {
			return form, nil
		}
	}
	return "", &EditError{Err: ErrValue, Reason: whyNoForm(value)}
}

var escapeLineEnds = strings.NewReplacer("\n", `\n`, "\r", `\r`)

// forms returns the possible forms of value, the best first. Not each of them reads back as value.
// Quotes that occur in the value come last, since few parsers allow that.
func forms(value string) []string {
	var good, bad []string
	for _, quote := range []string{"'", `"`, "`"} {
		if form := quote + value + quote; strings.Contains(value, quote) {
			bad = append(bad, form)
		} else {
			good = append(good, form)
		}
	}
	bad = append(bad, `"`+escapeLineEnds.Replace(value)+`"`)
	if strings.Contains(value, "$") || strings.IndexAny(value, "'\"`") == 0 {
		return slices.Concat(good, []string{value}, bad)
	}
	return slices.Concat([]string{value}, good, bad)
}

// whyNoForm returns the reason why no form reads back as value.
func whyNoForm(value string) string {
	switch {
	case !utf8.ValidString(value):
		return "it is not valid UTF-8"
	case strings.Contains(value, "\r"):
		return `it has a carriage return, which only \r in double quotes can express, ` +
			"and they cannot hold the rest of it"
	}
	return "it needs quotes, and contains each of the three kinds"
}
