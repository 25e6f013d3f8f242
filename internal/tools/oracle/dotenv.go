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

// Parser runs dotenv.parse. It is not safe for concurrent use. The caller must close it.
type Parser struct{ session }

// NewParser returns a Parser. Its node process starts with the first document.
func (t *Tools) NewParser(l Limits) *Parser {
	return &Parser{session{tools: t, script: serveScript + parseScript, limits: l}}
}

// Parse returns the entries of each document, which may contain any bytes. It fails if ctx ends or node
// cannot run.
func (p *Parser) Parse(ctx context.Context, docs [][]byte) (answers []Answer, err error) {
	answers = make([]Answer, len(docs))
	for i, doc := range docs {
		if answers[i], err = p.entries(ctx, doc); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// Expansion is a set of .env files and the process environment with which they are expanded.
type Expansion struct {
	// Files are the contents of the files. Later files override earlier ones.
	Files [][]byte
	// Process is the process environment, if it is included.
	Process []Entry
}

// Expander runs dotenv.parse and dotenv-expand in the way in which wrangler 4.164.0 loads .env files.
// It is not safe for concurrent use. The caller must close it.
type Expander struct{ session }

// NewExpander returns an Expander. Its node process starts with the first expansion.
func (t *Tools) NewExpander(l Limits) *Expander {
	return &Expander{session{tools: t, script: serveScript + expandScript, limits: l}}
}

// Expand returns the resulting environments: the process environment first, then the keys of the files.
// It fails if ctx ends or node cannot run.
func (e *Expander) Expand(ctx context.Context, expansions []Expansion) (answers []Answer, err error) {
	type request struct {
		Steps   int      `json:"steps"`
		Files   [][]byte `json:"files"`
		Process []Entry  `json:"process"`
	}
	answers = make([]Answer, len(expansions))
	for i, x := range expansions {
		if answers[i], err = e.entries(ctx, request{e.limits.Steps, x.Files, x.Process}); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// entries sends a request whose result is a list of entries.
func (s *session) entries(ctx context.Context, request any) (Answer, error) {
	r, err := s.ask(ctx, request)
	a := Answer{Ending: r.Ending, Message: r.Message}
	if err == nil && r.Ending == Answered {
		err = json.Unmarshal(r.Result, &a.Entries)
	}
	return a, err
}
