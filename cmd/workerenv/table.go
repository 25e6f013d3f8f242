package main

import (
	"bufio"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

// maxColumn bounds the width of a column, in characters. A longer cell shifts the rest of its own line.
const maxColumn = 56

// maxFindings bounds how many findings follow the table of what wrangler dev binds.
const maxFindings = 20

// writeTable prints the bindings for people: name, kind, value and source, in aligned columns.
func writeTable(out output, r *wrangler.Resolution, f *flags) error {
	w := bufio.NewWriter(out)
	bindings := r.Bindings()
	lines := align(tableRows(r, bindings, f.reveal))
	for i, b := range bindings {
		if i == 0 {
			w.WriteString(out.paint(bold, lines[0]) + "\n")
		}
		w.WriteString(lines[i+1] + "\n")
		if f.explain {
			writeCandidates(w, out, r.Explain(b.Name()))
		}
	}
	if f.explain {
		for _, name := range unbound(r) {
			w.WriteString(label(name) + " is not bound\n")
			writeCandidates(w, out, r.Explain(name))
		}
	}
	return w.Flush()
}

// tableRows returns the cells of the table, those of the heading first.
func tableRows(r *wrangler.Resolution, bindings []binding.Binding, reveal bool) [][]string {
	rows := [][]string{{"NAME", "KIND", "VALUE", "SOURCE"}}
	for _, b := range bindings {
		source, _ := r.Source(b.Name())
		rows = append(rows, []string{label(b.Name()), label(string(b.Kind())), shown(b, reveal), cut(escape(source.String()), maxLabel)})
	}
	return rows
}

// writeCandidates prints the sources of a name that are not used.
func writeCandidates(w *bufio.Writer, out output, e wrangler.Explanation) {
	for _, candidate := range e.Candidates {
		if candidate.Outcome != wrangler.Used {
			w.WriteString(out.paint(dim, "  "+cut(escape(candidate.String()), 2*maxLabel)) + "\n")
		}
	}
}

// shown returns what is in the column of values: a text quoted, JSON as it is.
func shown(b binding.Binding, reveal bool) string {
	v, ok := b.Value()
	switch {
	case b.Kind().IsSecret() && !reveal:
		return "(hidden)"
	case ok && b.Kind() != binding.JSON:
		return cut(strconv.Quote(prefix(v.Reveal(), maxValue)), maxValue)
	}
	value, attributes := shownJSON(b, reveal)
	raw, _ := value.(json.RawMessage) // texts have had their turn above
	text := prefix(string(raw)+string(attributes), maxValue+1)
	if text == "" {
		return "-"
	}
	return cut(string(escapeJSON([]byte(text))), maxValue)
}

// align returns a line for each row, with the columns beneath each other.
func align(rows [][]string) []string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			if width := utf8.RuneCountInString(cell); width <= maxColumn {
				widths[i] = max(widths[i], width)
			}
		}
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		var b strings.Builder
		for j, cell := range row {
			b.WriteString(cell)
			if j < len(row)-1 {
				b.WriteString(strings.Repeat(" ", max(0, widths[j]-utf8.RuneCountInString(cell))+2))
			}
		}
		lines[i] = b.String()
	}
	return lines
}

// writeFindings prints a line for each finding.
func writeFindings(out output, findings []wrangler.Finding) error {
	w := bufio.NewWriter(out)
	for _, f := range findings {
		style := red
		if f.Severity == wrangler.SeverityWarning {
			style = yellow
		}
		w.WriteString(out.paint(style, f.Severity.String()) + ": " + escape(f.String()) + " (" + escape(string(f.Rule)) + ")\n")
	}
	return w.Flush()
}
