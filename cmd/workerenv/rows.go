package main

import (
	"encoding/json"
	"io"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

// bindingRow is the JSON form of a binding.
type bindingRow struct {
	Name       string          `json:"name"`
	Type       binding.Kind    `json:"type"`
	Value      json.RawMessage `json:"value,omitempty"`      // not there for a hidden secret
	Attributes json.RawMessage `json:"attributes,omitempty"` // of a resource
	Source     string          `json:"source"`
	Candidates []candidateRow  `json:"candidates,omitempty"`
}

type candidateRow struct {
	Source  string           `json:"source"`
	Outcome wrangler.Outcome `json:"outcome"`
	Reason  wrangler.Reason  `json:"reason,omitempty"`
}

func bindingRows(r *wrangler.Resolution, f *flags) []bindingRow {
	rows := []bindingRow{}
	for _, b := range r.Bindings() {
		source, _ := r.Source(b.Name())
		row := bindingRow{Name: b.Name(), Type: b.Kind(), Value: jsonValue(b, f.reveal), Source: source.String()}
		if attributes, ok := b.Attributes(); ok && b.Kind().IsResource() {
			row.Attributes = json.RawMessage(attributes.Reveal())
		}
		if f.explain {
			row.Candidates = candidateRows(r.Explain(b.Name()))
		}
		rows = append(rows, row)
	}
	return rows
}

func candidateRows(e wrangler.Explanation) []candidateRow {
	var rows []candidateRow
	for _, c := range e.Candidates {
		rows = append(rows, candidateRow{c.Source.String(), c.Outcome, c.Reason})
	}
	return rows
}

// jsonValue returns the value as a JSON string, or the value itself for a JSON var; nil for what has none, and for a secret
// that is not to be revealed.
func jsonValue(b binding.Binding, reveal bool) json.RawMessage {
	v, ok := b.Value()
	switch {
	case !ok || b.Kind() == binding.SecretText && !reveal:
		return nil
	case b.Kind() == binding.JSON:
		return json.RawMessage(v.Reveal())
	}
	return quoteJSON(v.Reveal())
}

// quoteJSON returns s as a JSON string, with <, > and & as they are.
func quoteJSON(s string) json.RawMessage {
	var buf lineBuffer
	if err := encoder(&buf).Encode(s); err != nil {
		return nil // a string always has a JSON form
	}
	return json.RawMessage(buf)
}

// lineBuffer collects what is written to it.
type lineBuffer []byte

// Write implements io.Writer.
func (b *lineBuffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

// findingRow is the JSON form of a finding.
type findingRow struct {
	Severity wrangler.Severity `json:"severity"`
	Rule     wrangler.Rule     `json:"rule"`
	File     string            `json:"file,omitempty"`
	Line     int               `json:"line,omitempty"`
	Column   int               `json:"column,omitempty"`
	Key      string            `json:"key,omitempty"`
	Text     string            `json:"text"`
}

func findingRows(findings []wrangler.Finding) []findingRow {
	rows := []findingRow{}
	for _, f := range findings {
		rows = append(rows, findingRow(f))
	}
	return rows
}

func writeJSON(w io.Writer, v any) error {
	e := encoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func encoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}
