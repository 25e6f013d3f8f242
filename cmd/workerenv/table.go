package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

// maxColumn is the largest width of a column, in characters. A longer cell shifts the rest of its line.
const maxColumn = 56

// maxFindings is the most findings that follow the table of what wrangler dev binds.
const maxFindings = 20

// writeTable prints the bindings as a table of name, kind, value and source.
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
			w.WriteString(tableName(r, name, f.reveal) + " is not bound\n")
			writeCandidates(w, out, r.Explain(name))
		}
	}
	return w.Flush()
}

// tableRows returns the cells of the table, beginning with the headings.
func tableRows(r *wrangler.Resolution, bindings []binding.Binding, reveal bool) [][]string {
	rows := [][]string{{"NAME", "KIND", "VALUE", "SOURCE"}}
	for _, b := range bindings {
		source, _ := r.Source(b.Name())
		place := cut(escape(source.String()), maxLabel)
		rows = append(rows, []string{tableName(r, b.Name(), reveal), label(string(b.Kind())), shown(b, reveal), place})
	}
	return rows
}

// shownName returns the name of a binding. It hides one that is a piece of a value.
func shownName(r *wrangler.Resolution, name string, reveal bool) string {
	if !reveal && r.IsFragment(name) {
		return fragmentName
	}
	return name
}

// meantNames returns the names that a source has, without pieces of values.
func meantNames(r *wrangler.Resolution) []string { return slices.DeleteFunc(r.Names(), r.IsFragment) }

const fragmentName = "(part of a value)"

func tableName(r *wrangler.Resolution, name string, reveal bool) string {
	if shown := shownName(r, name, reveal); shown == fragmentName {
		return shown
	}
	return label(name)
}

// writeCandidates prints the unused sources of a name.
func writeCandidates(w *bufio.Writer, out output, e wrangler.Explanation) {
	for _, candidate := range e.Candidates {
		if candidate.Outcome != wrangler.Used || candidate.Expanded {
			w.WriteString(out.paint(dim, "  "+cut(escape(candidate.String()), 2*maxLabel)) + "\n")
		}
	}
}

// shown returns the cell for the value of b: a quoted text, or JSON unchanged.
func shown(b binding.Binding, reveal bool) string {
	v, ok := b.Value()
	switch {
	case b.Kind().IsSecret() && !reveal:
		return "(hidden)"
	case !reveal && wrangler.LooksSecret(b):
		return "(hidden, looks secret)"
	case ok && b.Kind() != binding.JSON:
		return cut(strconv.Quote(prefix(v.Reveal(), maxValue)), maxValue)
	}
	value, attributes := shownJSON(b, reveal)
	raw, _ := value.(json.RawMessage) // texts are handled above
	text := prefix(string(raw)+string(attributes), maxValue+1)
	if text == "" {
		return "-"
	}
	return cut(string(escapeJSON([]byte(text))), maxValue)
}

// align returns a line for each row, with aligned columns.
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

var severityStyles = map[wrangler.Severity]string{
	wrangler.SeverityError: red, wrangler.SeverityWarning: yellow, wrangler.SeverityNote: dim,
}

// writeFindings prints a line for each finding.
func writeFindings(out output, findings []wrangler.Finding) error {
	w := bufio.NewWriter(out)
	for _, f := range findings {
		severity := out.paint(severityStyles[f.Severity], f.Severity.String())
		rule := string(f.Rule)
		if f.Environment != "" {
			rule += ", --env " + label(f.Environment)
		}
		w.WriteString(severity + ": " + escape(f.String()) + " (" + escape(rule) + ")\n")
	}
	return w.Flush()
}

// emptiness returns why nothing is bound, and what would change that.
func emptiness(dir string, config *wrangler.Config) string {
	if config.Path() == "" {
		return "nothing is bound: " + noProject(dir)
	}
	text := "nothing is bound: " + label(config.Path()) + " binds nothing"
	if config.Path() != config.UserPath() {
		return text // a generated configuration has no environments; there is a note about it
	}
	names := config.Environments()
	if name, named := config.Environment(); named && name != "" {
		if !slices.Contains(names, name) {
			return text + " in the selected environment" // there is a warning too; the name can be a value of a .env file
		}
		return text + " in the environment " + label(name)
	}
	if len(names) == 0 {
		return text
	}
	return text + " at its top level; its environments, for --env, are " + listed(names)
}

// noProject returns what to do if there is no configuration.
func noProject(dir string) string {
	return label(dir) + " and its parent directories have no wrangler.json, wrangler.jsonc or wrangler.toml; use -C or " +
		"--config if the project is elsewhere"
}

// lead returns where to look next if nothing is bound.
func lead(r *wrangler.Resolution) string {
	if names := meantNames(r); len(names) > 0 {
		return "not bound: " + listed(names) + "; use --explain to see why"
	}
	return "wrangler dev finds no names in .dev.vars or .env files; secrets that were set with wrangler secret put are " +
		"in the deployed Worker only, and process variables are bound only with CLOUDFLARE_INCLUDE_PROCESS_ENV=true or " +
		"if secrets.required names them"
}

// listed returns the first names, separated by commas, and the number of the others.
func listed(names []string) string {
	const most = 10
	var labels []string
	for _, name := range names[:min(most, len(names))] {
		labels = append(labels, label(name))
	}
	text := strings.Join(labels, ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// keeping returns what happens to bindings of the deployed Worker that an upload does not have.
func keeping(kept []binding.Kind) string {
	if slices.Contains(kept, binding.PlainText) {
		return "other vars and secrets of the deployed Worker are kept"
	}
	return "other secrets of the deployed Worker are kept, other vars are deleted; use --keep-vars to keep them"
}
