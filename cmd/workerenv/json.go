package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

// bindingRow is the JSON form of a binding, or of a name that is not bound, which has candidates only.
type bindingRow struct {
	Config     string          `json:"config,omitempty"` // only if there are several
	Name       string          `json:"name"`
	Type       binding.Kind    `json:"type,omitempty"`
	Value      any             `json:"value,omitempty"` // a string or a json.RawMessage
	Attributes json.RawMessage `json:"attributes,omitempty"`
	Source     string          `json:"source,omitempty"`
	Candidates []candidateRow  `json:"candidates,omitempty"`
}

type candidateRow struct {
	Source  string           `json:"source"`
	Outcome wrangler.Outcome `json:"outcome"`
	Reason  wrangler.Reason  `json:"reason,omitempty"`
}

func bindingRows(r *wrangler.Resolution, f *flags) []bindingRow {
	var rows []bindingRow
	for _, b := range r.Bindings() {
		rows = append(rows, newBindingRow(r, b, f))
	}
	if f.explain {
		for _, name := range unbound(r) {
			rows = append(rows, bindingRow{Name: shownName(r, name, f.reveal), Candidates: candidateRows(r, name)})
		}
	}
	if len(f.configs) > 1 {
		for i := range rows {
			rows[i].Config = f.config
		}
	}
	return rows
}

func newBindingRow(r *wrangler.Resolution, b binding.Binding, f *flags) bindingRow {
	source, _ := r.Source(b.Name())
	row := bindingRow{Name: shownName(r, b.Name(), f.reveal), Type: b.Kind(), Source: source.String()}
	row.Value, row.Attributes = shownJSON(b, f.reveal)
	if f.explain {
		row.Candidates = candidateRows(r, b.Name())
	}
	return row
}

func candidateRows(r *wrangler.Resolution, name string) []candidateRow {
	var rows []candidateRow
	for _, c := range r.Explain(name).Candidates {
		rows = append(rows, candidateRow{c.Source.String(), c.Outcome, c.Reason})
	}
	return rows
}

// unbound returns the names that a source has and that are not bound.
func unbound(r *wrangler.Resolution) []string {
	var names []string
	for _, name := range r.Names() {
		if _, bound := r.Source(name); !bound {
			names = append(names, name)
		}
	}
	return names
}

// shownJSON returns the value of a var or a secret and the attributes of a resource. Without reveal it returns those of
// vars only: attributes can contain keys, as in an unsafe binding of the type secret_key.
func shownJSON(b binding.Binding, reveal bool) (value any, attributes json.RawMessage) {
	if !reveal && !b.Kind().IsVar() {
		return nil, nil
	}
	if a, ok := b.Attributes(); ok && a.Reveal() != "{}" {
		return nil, json.RawMessage(a.Reveal())
	}
	v, ok := b.Value()
	switch {
	case !ok:
		return nil, nil
	case b.Kind() == binding.JSON:
		return json.RawMessage(v.Reveal()), nil
	}
	return v.Reveal(), nil
}

// writeJSON writes rows as a JSON array with a line for each row.
func writeJSON[Row any](w io.Writer, rows []Row) error {
	out := bufio.NewWriter(w)
	separator := "\n  "
	out.WriteString("[")
	for _, row := range rows {
		out.WriteString(separator)
		out.Write(escapeJSON(encodeJSON(row)))
		separator = ",\n  "
	}
	if rows != nil {
		out.WriteString("\n")
	}
	out.WriteString("]\n")
	return out.Flush()
}

// encodeJSON returns v as JSON, with <, > and & unchanged.
func encodeJSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("null") // does not happen: rows have texts, numbers and valid JSON only
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
