// Package docgen makes documents for tests of the .dev.vars language and of .env files: typical ones, hostile
// ones, and every short one. A seed gives the same documents on every machine. The values in them are made up.
package docgen

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
)

// Generator makes documents at random. It is not safe for concurrent use. The zero value is invalid: use [New].
type Generator struct {
	r    *rand.Rand
	wild bool // whether the chain in the making is
}

// New makes a Generator whose documents depend on seed alone.
func New(seed uint64) *Generator {
	return &Generator{r: rand.New(rand.NewPCG(seed, 0))}
}

// Adversarial makes a short document of pieces that matter to the language, in any order: quotes, comments, line
// ends, white space of every kind, odd keys, broken UTF-8.
func (g *Generator) Adversarial() []byte {
	var b strings.Builder
	for range 1 + g.r.IntN(24) {
		b.WriteString(strings.Repeat(g.piece(), g.repeats()))
	}
	return []byte(b.String())
}

// piece takes an entry-like piece more often than the pieces' number would give, since only entries tell anything.
func (g *Generator) piece() string {
	if g.r.IntN(4) == 0 {
		return pick(g, keyPieces) + pick(g, assignPieces)
	}
	return pick(g, pick(g, pieces))
}

// repeats is nearly always 1, sometimes a few, seldom a long run.
func (g *Generator) repeats() int {
	switch n := g.r.IntN(400); {
	case n == 0:
		return 100 + g.r.IntN(200)
	case n < 40:
		return 2 + g.r.IntN(3)
	}
	return 1
}

// Mutated makes a typical document and damages it in one to five places.
func (g *Generator) Mutated() []byte {
	doc := g.typical(1 + g.r.IntN(8))
	for range 1 + g.r.IntN(5) {
		doc = g.mutate(doc)
	}
	return doc
}

// mutate makes one edit at a random place.
func (g *Generator) mutate(doc []byte) []byte {
	at := g.r.IntN(len(doc) + 1)
	end := min(len(doc), at+g.r.IntN(8))
	switch g.r.IntN(6) {
	case 0: // leave out
		return slices.Delete(doc, at, end)
	case 1: // double
		return slices.Insert(doc, at, bytes.Clone(doc[at:end])...)
	case 2: // put in
		return slices.Insert(doc, at, []byte(g.piece())...)
	case 3: // put in another place's text
		from := g.r.IntN(len(doc) + 1)
		return slices.Insert(doc, at, bytes.Clone(doc[from:min(len(doc), from+12)])...)
	case 4: // change a byte
		if at < len(doc) {
			doc[at] = byte(g.r.IntN(256))
		}
		return doc
	default: // replace
		return slices.Replace(doc, at, end, []byte(g.piece())...)
	}
}

func pick[T any](g *Generator, from []T) T { return from[g.r.IntN(len(from))] }
