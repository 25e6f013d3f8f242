package main

import (
	"io"
	"os"
)

// output is where a command writes, and whether it does so in colour.
type output struct {
	io.Writer
	color bool
}

// The styles, as a terminal takes them.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	yellow = "33"
)

// paint returns s in a style, if o has any.
func (o output) paint(style, s string) string {
	if !o.color || s == "" {
		return s
	}
	return "\x1b[" + style + "m" + s + "\x1b[0m"
}

// wantsColor reports whether the variables of the process leave room for colour: NO_COLOR (no-color.org) is absent
// or empty, and TERM names a terminal that can do more than write.
func wantsColor(lookup func(name string) (string, bool)) bool {
	noColor, _ := lookup("NO_COLOR")
	term, _ := lookup("TERM")
	return noColor == "" && term != "" && term != "dumb"
}

// isTerminal reports whether f is a terminal, or another device that writes characters and takes no harm.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
