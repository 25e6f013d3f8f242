package docgen

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// Typical returns a document as people write them: 5 to 30 assignments with tokens, URLs, keys, JSON
// and comments.
func (g *Generator) Typical() []byte { return g.typical(5 + g.r.IntN(26)) }

// Correct returns a typical document without mistakes: each key is assigned once, and each value is
// what it looks like.
func (g *Generator) Correct() []byte {
	seen := map[string]bool{}
	return g.document(5+g.r.IntN(26), correct, func() string {
		for {
			if key := g.key(); !seen[key] {
				seen[key] = true
				return key
			}
		}
	})
}

func (g *Generator) typical(assignments int) []byte { return g.document(assignments, features, g.key) }

func (g *Generator) document(assignments int, forms []func(*Generator) string, key func() string) []byte {
	var b strings.Builder
	for range assignments {
		b.WriteString(g.between())
		b.WriteString(key())
		b.WriteString(pick(g, forms)(g))
		b.WriteString("\n")
	}
	doc := b.String()
	switch g.r.IntN(8) {
	case 0:
		doc = strings.ReplaceAll(doc, "\n", "\r\n")
	case 1:
		doc = strings.TrimSuffix(doc, "\n")
	}
	if g.r.IntN(20) == 0 {
		doc = "\ufeff" + doc
	}
	return []byte(doc)
}

// between returns what precedes a key: a blank line, a comment, export, or nothing.
func (g *Generator) between() string {
	switch g.r.IntN(12) {
	case 0:
		return "\n"
	case 1:
		return "# " + g.words() + "\n"
	case 2:
		return "# don't forget\n"
	case 3:
		return "export "
	}
	return ""
}

func (g *Generator) key() string {
	key := pick(g, []string{"API", "DATABASE", "STRIPE", "JWT", "SMTP", "GITHUB", "S3", "SENTRY"}) +
		pick(g, []string{"_KEY", "_TOKEN", "_URL", "_SECRET", "_PASSWORD", "_ID"})
	if g.r.IntN(3) > 0 {
		key += fmt.Sprint("_", g.r.IntN(40))
	}
	return key
}

// correct are the forms of the part of an assignment after its key whose value is what it looks like.
var correct = []func(g *Generator) string{
	func(g *Generator) string { return "=" + g.token(24) },
	func(g *Generator) string { return `="` + g.token(24) + `"` },
	func(g *Generator) string { return "='" + g.token(24) + "'" },
	func(g *Generator) string { return "=" + fmt.Sprint(g.r.IntN(100000)) },
	func(g *Generator) string { return "=" + pick(g, []string{"true", "false", "null", "0"}) },
	func(g *Generator) string { return "=" },
	func(g *Generator) string { return pick(g, []string{`=""`, "=''", "=``"}) },
	func(g *Generator) string { return "=" + g.words() },
	func(g *Generator) string { return `="` + g.words() + `"` },
	func(g *Generator) string { return "=" + g.url("?a=1&b=%20c") },
	func(g *Generator) string { return `="` + g.url("?a=1&b=%20c") + `"` },
	func(g *Generator) string { return `="` + g.url("#part") + `"` },
	func(g *Generator) string { return "=postgres://user:" + g.token(8) + "@db.example.com:5432/app" },
	func(g *Generator) string { return "=eyJhbGciOiJIUzI1NiJ9." + g.token(20) + "." + g.token(20) },
	func(g *Generator) string { return "=" + g.base64() },
	func(g *Generator) string { return "=$2b$10$" + g.token(20) },
	func(g *Generator) string { return `="$2b$10$` + g.token(20) + `"` },
	func(g *Generator) string { return "='$2b$10$" + g.token(20) + "'" },
	func(g *Generator) string { return "=https://${HOST}/" + g.token(4) },
	func(g *Generator) string { return `="p#ss w'rd` + g.token(4) + `!"` },
	func(g *Generator) string { return `='p#ss "w"rd` + g.token(4) + `!'` },
	func(g *Generator) string { return "=" + g.token(12) + " # " + g.words() },
	func(g *Generator) string { return `="` + g.words() + `" # the "old" one` },
	func(g *Generator) string { return " = " + g.token(12) },
	func(g *Generator) string { return ` = "` + g.words() + `"  ` },
	func(g *Generator) string { return ": " + g.token(12) },
	func(g *Generator) string { return "=" + g.token(12) + "   " },
	func(g *Generator) string { return `={"a":"` + g.token(4) + `","b":[1,2]}` },
	func(g *Generator) string { return `='{"a":"` + g.token(4) + `","b":"#c"}'` },
	func(g *Generator) string { return "=`{\"a\":\"it's\"}`" },
	func(g *Generator) string { return "='{\n  \"a\": \"" + g.token(4) + "\"\n}'" },
	func(g *Generator) string { return `="` + g.pem("\n") + `"` },
	func(g *Generator) string { return "='" + g.pem("\n") + "'" },
	func(g *Generator) string { return `="` + g.pem(`\n`) + `"` },
	func(g *Generator) string { return `=C:\new\temp\` + g.token(4) },
	func(g *Generator) string { return "=it's " + g.token(4) },
	func(g *Generator) string { return `="it's ` + g.token(4) + `"` },
	func(g *Generator) string { return "=Grüße, 世界 🌍" },
}

// features are the correct forms, and those whose value is not what it looks like.
var features = append(slices.Clip(correct), []func(g *Generator) string{
	func(g *Generator) string { return "=" + g.url("#part") },
	func(g *Generator) string { return "=p#ss" + g.token(4) + "!" },
	func(g *Generator) string { return `="{\"a\":\"` + g.token(4) + `\"}"` },
	func(g *Generator) string { return `="C:\new\temp\` + g.token(4) + `"` },
}...)

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

func (g *Generator) token(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[g.r.IntN(len(letters))]
	}
	return string(b)
}

func (g *Generator) words() string {
	words := make([]string, 2+g.r.IntN(4))
	for i := range words {
		words[i] = g.token(2 + g.r.IntN(6))
	}
	return strings.Join(words, " ")
}

func (g *Generator) url(tail string) string {
	return "https://" + g.token(6) + ".example.com/" + g.token(4) + tail
}

// base64 often ends with padding.
func (g *Generator) base64() string {
	return base64.StdEncoding.EncodeToString([]byte(g.token(16 + g.r.IntN(3))))
}

func (g *Generator) pem(lineEnd string) string {
	lines := []string{"-----BEGIN PRIVATE KEY-----", g.token(64), g.token(64), g.token(20) + "==",
		"-----END PRIVATE KEY-----"}
	return strings.Join(lines, lineEnd)
}
