package devvars

import (
	"errors"
	"iter"
	"strings"
)

// ErrValue is the error for a value that no form of the language can hold: one that is not UTF-8; one with a CR and with
// a backslash before an n or r; or one with all three quotes and something that needs them, such as a #.
var ErrValue = errors.New("no form of .dev.vars holds this value")

// Quote returns value in the plainest form that, after "KEY=", reads back as the very same value: as it is, or in single
// quotes, double quotes, back quotes, or double quotes with \n and \r. A value with line ends has them between its
// quotes. Where there is a choice, a form that godotenv 1.5.1 reads alike is taken.
//
// The form is for .dev.vars. In a .env file wrangler also expands $, in quotes or not.
//
// The error is [ErrValue].
func Quote(value string) (string, error) {
	second := ""
	found := false
	for form := range forms(value) {
		if got, ok := Parse([]byte("K=" + form + "\n")).only(); !ok || got != value {
			continue
		}
		if readsAlike("="+form, value) {
			return form, nil
		}
		if !found {
			second, found = form, true
		}
	}
	if !found {
		return "", ErrValue
	}
	return second, nil
}

// only returns the value of the only key, and whether there is just one.
func (f *File) only() (string, bool) {
	if f.Len() != 1 {
		return "", false
	}
	for _, v := range f.All() {
		return v, true
	}
	return "", false
}

var escapeLineEnds = strings.NewReplacer("\n", `\n`, "\r", `\r`)

// forms returns the ways to write value, the plainest first. Whether one reads back as value has to be tried.
func forms(value string) iter.Seq[string] {
	return func(yield func(string) bool) {
		_ = yield(value) && yield("'"+value+"'") && yield(`"`+value+`"`) && yield("`"+value+"`") &&
			yield(`"`+escapeLineEnds.Replace(value)+`"`)
	}
}
