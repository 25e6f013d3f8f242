package oracle

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
)

//go:embed js/serve.cjs
var serveScript string

//go:embed js/parse.cjs
var parseScript string

//go:embed js/expand.cjs
var expandScript string

// Entry is an own enumerable property of a JavaScript object whose values are strings.
type Entry struct {
	Key   string
	Value string
}

// MarshalJSON returns an array of the key and the value, without escapes for HTML.
func (e Entry) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode([2]string{e.Key, e.Value})
	return b.Bytes(), err
}

// UnmarshalJSON reads an array of a key and a value.
func (e *Entry) UnmarshalJSON(text []byte) error {
	var pair [2]string
	err := json.Unmarshal(text, &pair)
	*e = Entry{pair[0], pair[1]}
	return err
}

// Answer is the result of a tool for a document or a set of files.
type Answer struct {
	Ending Ending
	// Entries are in the order of the JavaScript object. They are set if Ending is Answered.
	Entries []Entry
	// Message is the text of the error. It is set if Ending is Threw.
	Message string
}

// Parser runs dotenv.parse. It is not safe for concurrent use.
type Parser struct{ session session }

// NewParser returns a Parser. Its node process starts with the first document.
func (t *Tools) NewParser(l Limits) *Parser {
	return &Parser{session{tools: t, script: serveScript + parseScript, limits: l}}
}

// Parse returns the entries of each document, which may contain any bytes. It fails if ctx ends or node
// cannot run.
func (p *Parser) Parse(ctx context.Context, docs [][]byte) ([]Answer, error) {
	return entriesOf(ctx, &p.session, docs)
}

// Close ends the node process.
func (p *Parser) Close() { p.session.close() }

// Expansion is a set of .env files and the process environment with which they are expanded.
type Expansion struct {
	// Files are the contents of the files. Later files override earlier ones.
	Files [][]byte
	// Process is the process environment, if it is included.
	Process []Entry
}

// Expander runs dotenv.parse and dotenv-expand in the way in which wrangler 4.164.0 loads .env files.
// It is not safe for concurrent use.
type Expander struct{ session session }

// NewExpander returns an Expander. Its node process starts with the first expansion.
func (t *Tools) NewExpander(l Limits) *Expander {
	return &Expander{session{tools: t, script: serveScript + expandScript, limits: l}}
}

// Expand returns the resulting environments: the process environment first, then the keys of the files.
// It fails if ctx ends or node cannot run.
func (e *Expander) Expand(ctx context.Context, expansions []Expansion) ([]Answer, error) {
	type request struct {
		Steps   int      `json:"steps"`
		Files   [][]byte `json:"files"`
		Process []Entry  `json:"process"`
	}
	requests := make([]request, len(expansions))
	for i, x := range expansions {
		requests[i] = request{e.session.limits.Steps, append([][]byte{}, x.Files...), append([]Entry{}, x.Process...)}
	}
	return entriesOf(ctx, &e.session, requests)
}

// Close ends the node process.
func (e *Expander) Close() { e.session.close() }

// entriesOf sends requests whose results are lists of entries.
func entriesOf[R any](ctx context.Context, s *session, requests []R) ([]Answer, error) {
	answers := make([]Answer, len(requests))
	err := ask(ctx, s, requests, func(i int, r reply) error {
		answers[i] = Answer{Ending: r.Ending}
		switch r.Ending {
		case Answered:
			return json.Unmarshal(r.Result, &answers[i].Entries)
		case Threw:
			answers[i].Message = r.Message
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answers, nil
}
