package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

// maxShown bounds how much of a value the table shows, in characters.
const maxShown = 48

// Colours, as a terminal takes them.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	yellow = "33"
)

func (c command) paint(color, s string) string {
	if !c.color || s == "" {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

// writeTable prints the bindings for people: name, kind, value, source, in aligned columns.
func (c command) writeTable(r *wrangler.Resolution, f *flags) error {
	rows := [][]string{{"NAME", "KIND", "VALUE", "SOURCE"}}
	var names []string
	for _, b := range r.Bindings() {
		source, _ := r.Source(b.Name())
		rows = append(rows, []string{printable(b.Name()), string(b.Kind()), shown(b, f.reveal), printable(source.String())})
		names = append(names, b.Name())
	}
	var out strings.Builder
	for i, line := range align(rows) {
		if i == 0 {
			line = c.paint(bold, line)
		}
		out.WriteString(line + "\n")
		if f.explain && i > 0 {
			c.writeCandidates(&out, r.Explain(names[i-1]))
		}
	}
	if f.explain {
		c.writeUnused(&out, r)
	}
	_, err := io.WriteString(c.stdout, out.String())
	return err
}

// writeCandidates prints the sources of a name that are not used.
func (c command) writeCandidates(out *strings.Builder, e wrangler.Explanation) {
	for _, candidate := range e.Candidates {
		if candidate.Outcome != wrangler.Used {
			out.WriteString(c.paint(dim, "  "+printable(candidate.String())) + "\n")
		}
	}
}

// writeUnused prints the names that some source has and the Worker does not get.
func (c command) writeUnused(out *strings.Builder, r *wrangler.Resolution) {
	for _, name := range r.Names() {
		if _, used := r.Source(name); !used {
			out.WriteString(c.paint(dim, printable(name)+" is not bound") + "\n")
			c.writeCandidates(out, r.Explain(name))
		}
	}
}

// shown returns what the table has in the column of values.
func shown(b binding.Binding, reveal bool) string {
	v, ok := b.Value()
	switch {
	case b.Kind() == binding.SecretText && !reveal:
		return "(hidden)"
	case !ok:
		return "-"
	case b.Kind() == binding.JSON:
		return cut(v.Reveal())
	}
	return cut(strconv.Quote(v.Reveal()))
}

func cut(s string) string {
	if utf8.RuneCountInString(s) <= maxShown {
		return s
	}
	runes := []rune(s)
	return string(runes[:maxShown-1]) + "…"
}

// printable returns s, quoted if it could do something to a terminal.
func printable(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return s
}

// align returns a line for each row, with the columns beneath each other.
func align(rows [][]string) []string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		var b strings.Builder
		for j, cell := range row {
			b.WriteString(cell + strings.Repeat(" ", widths[j]-utf8.RuneCountInString(cell)+2))
		}
		lines[i] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

// writeFindings prints a line for each finding.
func (c command) writeFindings(w io.Writer, findings []wrangler.Finding) {
	for _, f := range findings {
		color := red
		if f.Severity == wrangler.SeverityWarning {
			color = yellow
		}
		fmt.Fprintf(w, "%s: %s (%s)\n", c.paint(color, f.Severity.String()), printable(f.String()), f.Rule)
	}
}
