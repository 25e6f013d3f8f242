// Package sample generates the documents of the benchmarks and of the growth tests: typical documents,
// and documents that are slow for some parsers. A document of the same size is the same on every
// machine. The values are made up.
package sample

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Bulk returns a document of slightly less than n bytes for which all parsers return the same result:
// plain and quoted values, URLs, tokens, JSON in single quotes, comments. An assignment has 75 bytes on
// average.
func Bulk(n int) []byte { return document(n, common) }

// Rich returns a document of slightly less than n bytes. In addition to the values of Bulk it has
// values that only some parsers read correctly: PEM and JSON of several lines, escaped line ends,
// back quotes. An assignment has 130 bytes on average.
func Rich(n int) []byte { return document(n, slices.Concat(common, rich, rich)) }

// form returns the part of an assignment after its key.
type form func(g *generator) string

type generator struct{ r *rand.Rand }

// document writes assignments as long as they fit into n bytes.
func document(n int, forms []form) []byte {
	g := &generator{rand.New(rand.NewPCG(7, 7))}
	var b bytes.Buffer
	b.Grow(n)
	for i := 0; ; i++ {
		assignment := g.before() + g.key(i) + forms[g.r.IntN(len(forms))](g) + "\n"
		if b.Len()+len(assignment) > n {
			return b.Bytes()
		}
		b.WriteString(assignment)
	}
}

// before returns what precedes a key: often nothing, sometimes a comment, a blank line or export.
func (g *generator) before() string {
	switch g.r.IntN(16) {
	case 0:
		return "\n"
	case 1:
		return "# " + g.words(4) + "\n"
	case 2:
		return "\n# --- " + g.words(2) + " ---\n"
	case 3:
		return "export "
	}
	return ""
}

var services = []string{"API", "DATABASE", "STRIPE", "JWT", "SMTP", "GITHUB", "S3", "SENTRY", "SESSION", "WEBHOOK"}
var roles = []string{"_KEY", "_TOKEN", "_URL", "_SECRET", "_PASSWORD", "_ID", "_REGION"}

// key returns the i-th key. All keys differ.
func (g *generator) key(i int) string {
	return services[g.r.IntN(len(services))] + roles[g.r.IntN(len(roles))] + fmt.Sprintf("_%d", i)
}

var common = []form{
	func(g *generator) string { return "=" + g.token(40) },
	func(g *generator) string { return "=" + g.token(64) },
	func(g *generator) string { return "=" + g.token(128) },
	func(g *generator) string { return `="` + g.token(40) + `"` },
	func(g *generator) string { return "='" + g.token(40) + "'" },
	func(g *generator) string { return fmt.Sprint("=", g.r.IntN(100000)) },
	func(g *generator) string { return "=true" },
	func(g *generator) string { return "=" },
	func(g *generator) string { return `="` + g.words(6) + `"` },
	func(g *generator) string { return "=https://" + g.token(8) + ".example.com/v1?a=1&b=" + g.token(8) },
	func(g *generator) string { return `="https://` + g.token(8) + `.example.com/` + g.token(8) + `#part"` },
	func(g *generator) string { return "=postgres://user:" + g.token(16) + "@db.example.com:5432/app" },
	func(g *generator) string { return "=eyJhbGciOiJIUzI1NiJ9." + g.token(60) + "." + g.token(43) },
	func(g *generator) string { return "=" + g.base64(48) },
	func(g *generator) string { return "='$2b$10$" + g.token(53) + "'" },
	func(g *generator) string { return "=" + g.token(24) + " # " + g.words(3) },
	func(g *generator) string { return `="` + g.words(4) + `" # ` + g.words(3) },
	func(g *generator) string { return " = " + g.token(24) },
	func(g *generator) string {
		return `='{"a":"` + g.token(36) + `","b":[1,2],"c":true,"d":"` + g.token(16) + `"}'`
	},
}

var rich = []form{
	func(g *generator) string { return `="` + g.pem("\n") + `"` },
	func(g *generator) string { return "='" + g.pem("\n") + "'" },
	func(g *generator) string { return `="` + g.pem(`\n`) + `"` },
	func(g *generator) string { return "='{\n  \"a\": \"" + g.token(12) + "\",\n  \"b\": [1, 2]\n}'" },
	func(g *generator) string { return "=`{\"a\":\"it's " + g.token(12) + "\"}`" },
	func(g *generator) string { return `="line one\nline two\n` + g.words(6) + `"` },
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

func (g *generator) token(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[g.r.IntN(len(letters))]
	}
	return string(b)
}

func (g *generator) words(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = g.token(3 + g.r.IntN(5))
	}
	return strings.Join(words, " ")
}

func (g *generator) base64(n int) string {
	return base64.StdEncoding.EncodeToString([]byte(g.token(n)))
}

func (g *generator) pem(lineEnd string) string {
	return strings.Join([]string{
		"-----BEGIN PRIVATE KEY-----", g.token(64), g.token(64), g.token(64), g.token(20) + "==", "-----END PRIVATE KEY-----",
	}, lineEnd)
}
