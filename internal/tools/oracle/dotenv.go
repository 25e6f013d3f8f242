package oracle

import (
	"context"
	_ "embed"
)

//go:embed js/frames.cjs
var framesScript string

//go:embed js/parse.cjs
var parseScript string

//go:embed js/expand.cjs
var expandScript string

// Parser asks dotenv.parse. It is not safe for concurrent use.
type Parser struct{ session session }

// NewParser makes a Parser. Its node process starts with the first question.
func (t *Tools) NewParser(l Limits) *Parser {
	return &Parser{session{tools: t, script: framesScript + parseScript, limits: l}}
}

// Parse gives the entries of each document, which may hold any bytes. It fails if ctx ends or node can't run.
func (p *Parser) Parse(ctx context.Context, docs [][]byte) ([]Answer, error) {
	return p.session.answers(ctx, docs)
}

// Close ends the node process.
func (p *Parser) Close() { p.session.close() }

// Expansion is a question to dotenv-expand: .env files and the process environment below them.
type Expansion struct {
	// Files are the texts of the files, the one that overrides the others last.
	Files [][]byte
	// Process is the process environment, if it is to be included.
	Process []Entry
}

// Expander asks dotenv.parse and dotenv-expand, in the way in which wrangler 4.164.0 loads its .env files. It is not
// safe for concurrent use.
type Expander struct{ session session }

// NewExpander makes an Expander. Its node process starts with the first question.
func (t *Tools) NewExpander(l Limits) *Expander {
	return &Expander{session{tools: t, script: framesScript + expandScript, limits: l}}
}

// Expand gives the resulting environment of each question: the process environment first, then the keys of the
// files. It fails if ctx ends or node can't run.
func (e *Expander) Expand(ctx context.Context, questions []Expansion) ([]Answer, error) {
	requests := make([][]byte, len(questions))
	for i, q := range questions {
		requests[i] = q.request(e.session.limits.Steps)
	}
	return e.session.answers(ctx, requests)
}

// Close ends the node process.
func (e *Expander) Close() { e.session.close() }

func (q Expansion) request(steps int) []byte {
	b := appendCount(appendCount(nil, steps), len(q.Files))
	for _, file := range q.Files {
		b = appendText(b, file)
	}
	b = appendCount(b, len(q.Process))
	for _, e := range q.Process {
		b = appendText(appendText(b, e.Key), e.Value)
	}
	return b
}

// answers asks for lists of entries.
func (s *session) answers(ctx context.Context, requests [][]byte) ([]Answer, error) {
	answers := make([]Answer, len(requests))
	err := s.ask(ctx, requests, func(i int, reply []byte, e Ending) (err error) {
		if e != Answered {
			answers[i] = Answer{Ending: e}
			return nil
		}
		answers[i], err = decodeAnswer(reply)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answers, nil
}
