// Package docgen generates .dev.vars and .env files for tests: typical ones, adversarial ones, and all
// short ones. A seed gives the same documents on every machine. The values are made up.
package docgen

import (
	"bytes"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
)

// Generator generates random documents. It is not safe for concurrent use. The zero value is invalid;
// use [New].
type Generator struct {
	r    *rand.Rand
	wild bool // whether the current chain is wild, see chainPiece
}

// New returns a Generator. Its documents depend on seed only.
func New(seed uint64) *Generator {
	return &Generator{r: rand.New(rand.NewPCG(seed, 0))}
}

// Adversarial returns a short random sequence of pieces that have a meaning in the language: quotes,
// comments, line ends, all kinds of white space, unusual keys, invalid UTF-8.
func (g *Generator) Adversarial() []byte {
	var b strings.Builder
	for range 1 + g.r.IntN(24) {
		b.WriteString(strings.Repeat(g.piece(), g.repeats()))
	}
	return []byte(b.String())
}

// piece returns the start of an assignment in one of four cases. Documents without assignments would
// not test much.
func (g *Generator) piece() string {
	if g.r.IntN(4) == 0 {
		return pick(g, keyPieces) + pick(g, assignPieces)
	}
	return pick(g, pick(g, pieces))
}

// repeats returns 1 in most cases, sometimes up to 4, and rarely a few hundred.
func (g *Generator) repeats() int {
	switch n := g.r.IntN(400); {
	case n == 0:
		return 100 + g.r.IntN(200)
	case n < 40:
		return 2 + g.r.IntN(3)
	}
	return 1
}

// Mutated returns a typical document with one to five random edits.
func (g *Generator) Mutated() []byte {
	doc := g.typical(1 + g.r.IntN(8))
	for range 1 + g.r.IntN(5) {
		doc = g.mutate(doc)
	}
	return doc
}

// mutate makes an edit at a random position.
func (g *Generator) mutate(doc []byte) []byte {
	at := g.r.IntN(len(doc) + 1)
	end := min(len(doc), at+g.r.IntN(8))
	switch g.r.IntN(6) {
	case 0: // delete
		return slices.Delete(doc, at, end)
	case 1: // duplicate
		return slices.Insert(doc, at, bytes.Clone(doc[at:end])...)
	case 2: // insert
		return slices.Insert(doc, at, []byte(g.piece())...)
	case 3: // insert a copy of other text
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

// pieces are the parts of adversarial documents. Each group has the same probability.
var pieces = [][]string{
	keyPieces,
	assignPieces,
	{"'", `"`, "`"},
	{`\'`, `\"`, "\\`", `\n`, `\r`, `\t`, `\\`, `\`},
	{"#", " #", "# c", "#'", `#"`},
	{"\n", "\r", "\r\n", "\n\n"},
	{"\u2028", "\u2029"},
	{" ", "\t", "\v", "\f", "\u00a0", "\ufeff"},
	{"\u1680", "\u2000", "\u2005", "\u200a", "\u202f", "\u205f", "\u3000"},
	{"\u0085", "\u200b", "\u180e", "\u001c", "\x00", "\x7f"},
	{"\xff", "\xc3", "\xe2\x80", "\xed\xa0\x80", "\xf0\x9f\x98", "\xc0\xaf", "\xef\xbb", "\xf4\x90\x80\x80"},
	{"é", "😀", "\ufffd", "ﬁ"},
	{"a", "b c", "x=y", "{}", "$", "${A}", "n", "r"},
	{"export", "export ", "export\t", "export\n", "exportA", "export export "},
	{"__proto__=1", "__proto__='1'", "constructor=1", "toString=1"},
}

var keyPieces = []string{
	"A", "A", "B", "C", "_", "A.B", "A-B", ".", "-", "1A", "export",
	"0", "1", "2", "10", "01", "-1", "1.5", "4294967294", "4294967295", "4294967296",
	"__proto__", "constructor", "é",
}

var assignPieces = []string{"=", "=", "=", " = ", "= ", " =", ": ", ":", ":\t", ":  ", "\n=", "=\n", ":\n", "=="}

// special are the symbols with a meaning in the language, a key and a letter.
var special = []string{"A", "=", ":", "#", "'", `"`, "`", `\`, "n", "\n", "\r", " ", "\t", "export "}

// inValue are the symbols with a meaning in a value.
var inValue = []string{"x", "'", `"`, "`", `\`, "n", "#", "\n", " ", "\u2028", "\nB="}

// Exhaustive yields every document of up to n special symbols. There are 14 symbols: n = 5 yields
// 579,195 documents. A document is valid until the next one.
func Exhaustive(n int) iter.Seq[[]byte] { return words(nil, special, n) }

// ExhaustiveValues yields every document that assigns a value of up to n symbols. There are 11 symbols:
// n = 5 yields 177,156 documents. A document is valid until the next one.
func ExhaustiveValues(n int) iter.Seq[[]byte] { return words([]byte("A="), inValue, n) }

// words yields doc followed by each sequence of up to n symbols.
func words(doc []byte, symbols []string, n int) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) { extend(doc, symbols, n, yield) }
}

// extend is words with the result of the last yield.
func extend(doc []byte, symbols []string, n int, yield func([]byte) bool) bool {
	if !yield(doc) {
		return false
	}
	if n == 0 {
		return true
	}
	for _, symbol := range symbols {
		if !extend(append(doc, symbol...), symbols, n-1, yield) {
			return false
		}
	}
	return true
}
