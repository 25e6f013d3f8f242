package docgen

import (
	"strings"

	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// Chain returns one or two files of a few assignments that refer to each other, sometimes with a
// process environment.
func (g *Generator) Chain() oracle.Expansion {
	g.wild = g.r.IntN(8) == 0
	c := oracle.Expansion{Files: [][]byte{g.references()}}
	if g.r.IntN(4) == 0 {
		c.Files = append(c.Files, g.references())
	}
	if g.r.IntN(3) == 0 {
		for range 1 + g.r.IntN(3) {
			c.Process = append(c.Process, oracle.Entry{Key: pick(g, chainKeys), Value: g.referringValue()})
		}
	}
	return c
}

// chainPiece returns a part of a value. One chain in eight is wild: it has escaped references and
// JavaScript's replacement patterns, for which dotenv-expand may not terminate.
func (g *Generator) chainPiece() string {
	if g.wild {
		return pick(g, wildPieces)
	}
	return pick(g, tamePieces)
}

// references returns a document of assignments with many references.
func (g *Generator) references() []byte {
	var b strings.Builder
	for range 1 + g.r.IntN(5) {
		quote := pick(g, []string{"", "", "'", `"`, "`"})
		b.WriteString(pick(g, chainKeys) + "=" + quote + g.referringValue() + quote + "\n")
	}
	return []byte(b.String())
}

// referringValue returns a value of up to six pieces and references.
func (g *Generator) referringValue() string {
	var b strings.Builder
	for range g.r.IntN(7) {
		if g.r.IntN(3) == 0 {
			b.WriteString(g.reference(3))
		} else {
			b.WriteString(g.chainPiece())
		}
	}
	return b.String()
}

// reference returns a well-formed reference. Its default may contain another one.
func (g *Generator) reference(depth int) string {
	key := g.referredKey()
	switch g.r.IntN(4) {
	case 0:
		return "$" + key
	case 1:
		return "${" + key + "}"
	}
	rest := pick(g, []string{"", "d", "x y", "$B", "+", "-", ":-", g.chainPiece()})
	if depth > 0 && g.r.IntN(3) == 0 {
		rest = g.reference(depth - 1)
	}
	return "${" + key + pick(g, []string{":-", "-", ":+", "+", ":", "?"}) + rest + "}"
}

// referredKey rarely returns a name that JavaScript objects inherit: dotenv-expand hangs or throws on
// most of them.
func (g *Generator) referredKey() string {
	if g.r.IntN(2000) == 0 {
		return pick(g, inheritedKeys)
	}
	return pick(g, referredKeys)
}

var chainKeys = []string{"A", "A", "B", "B", "C", "D", "1", "0", "A1", "_", "a.b", "A-B"}

var referredKeys = []string{
	"A", "A", "A", "B", "B", "B", "C", "C", "D", "1", "0", "A1", "_", "a.b", "A-B", "P", "NONE", "é", "",
}

var inheritedKeys = []string{
	"constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "toLocaleString",
	"propertyIsEnumerable", "__proto__", "__defineGetter__", "__lookupSetter__",
}

var tamePieces = []string{
	"$", "$$", "{", "}", "${", "$}", "${}", "$A", "${A", "A}", ":-", "-", ":+", "+", ":",
	"$1", "$<n>", "$$A", "&", "'", "`", `\n`, `\`,
	"a", "x", "plain", " ", "é", "😀", "#", "=",
}

var wildPieces = append([]string{
	`\$`, `\\$`, `\${`, `\$A`, `\${A}`, `\${B}`, `\`, "$&", "$`", "$'", "$$",
}, tamePieces...)
