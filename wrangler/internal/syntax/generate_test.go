package syntax_test

import (
	"math/rand/v2"
	"strings"

	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// generator makes small random documents that are nearly well formed.
type generator struct{ *rand.Rand }

func (g *generator) document(f syntax.Format) []byte {
	doc := g.jsonc
	typical := typicalJSON
	if f == syntax.TOML {
		doc, typical = g.toml, typicalTOML
	}
	if g.IntN(20) == 0 {
		return []byte(g.mutate(g.mutate(typical)))
	}
	return g.damaged(doc())
}

func (g *generator) damaged(doc string) []byte {
	if g.IntN(25) == 0 {
		doc = g.pick("\uFEFF", "\uFEFF\uFEFF", "\xFF\xFE", "\xFE\xFF", "\xFF\xFE\x00\x00", "\x00\x00\xFE\xFF") + doc
	}
	for range g.IntN(4) {
		doc = g.mutate(doc)
	}
	return []byte(doc)
}

const typicalJSON = `{
	// A Worker.
	"$schema": "node_modules/wrangler/config-schema.json",
	"name": "shop", "main": "src/index.ts", /* entry */
	"compatibility_date": "2025-12-19",
	"vars": { "API": "https://example.com/x//y", "LIMITS": { "a": [1, 2.50, -0, 1e3], "b": null }, "ON": true, },
	"env": { "staging": { "vars": { "API": "\u0068ttps:\/\/staging" } } },
	"kv_namespaces": [ { "binding": "KV", "id": "0123" }, ],
}
`

const typicalTOML = `#:schema node_modules/wrangler/config-schema.json
name = "shop"
main = 'src/index.ts' # entry
compatibility_date = "2025-12-19"
[vars]
API = "https://example.com"
LIMITS = { a = [1, 2.50, -0.0, 1e3], b.c = "\U0001F600" }
TEXT = """
one \
  two"""
[env.staging]
vars = { API = "x", "quoted key" = 0xFF }
[[kv_namespaces]]
binding = "KV"
id = "0123"
[[kv_namespaces]]
binding = "KV2"
[kv_namespaces.extra]
since = 2025-12-19 01:02:03Z
`

func (g *generator) pick(choices ...string) string { return choices[g.IntN(len(choices))] }

// often returns a choice among the first two nine times in ten.
func (g *generator) often(choices ...string) string {
	if g.IntN(10) > 0 {
		return choices[g.IntN(2)]
	}
	return g.pick(choices...)
}

func (g *generator) repeat(most int, f func() string) string {
	var b strings.Builder
	for range g.IntN(most + 1) {
		b.WriteString(f())
	}
	return b.String()
}

const special = "{}[]:,\"'\\/*#=.-+_eEuUx0123456789TZtz \t\n\r\x00\x01\x0b\x1f\x7f" +
	"\x80\xc3\xe2\x80\xa8\xef\xbb\xbf\xf0\xff abnfrtl"

func (g *generator) mutate(s string) string {
	if s == "" {
		return s
	}
	i := g.IntN(len(s))
	j := min(len(s), i+1+g.IntN(4))
	bit := special[g.IntN(len(special))]
	switch g.IntN(6) {
	case 0:
		return s[:i] + s[i+1:]
	case 1:
		return s[:i] + string([]byte{bit}) + s[i:]
	case 2:
		return s[:i] + string([]byte{bit}) + s[i+1:]
	case 3:
		return s[:j] + s[i:]
	case 4:
		return s[:i] + g.pick("/*", "*/", "//", "\"\"\"", "'''", "\r\n", "\u2028", "\uFEFF", "\\u", "\\\n", "e+", "- ",
			"[[", "]]", "\ud7ff", "\U0001F600") + s[i:]
	}
	return s[:i]
}

// JSON

func (g *generator) jsonc() string {
	return g.gap() + g.jsonValue(3) + g.gap()
}

func (g *generator) gap() string {
	if g.IntN(3) > 0 {
		return ""
	}
	return g.repeat(3, func() string {
		return g.pick(" ", "\t", "\n", "\r\n", "\r", "/* c */", "/**/", "/*\n*/", "// c\n", "//\r\n", "// c\r",
			"// \u2028x\n", "/* \u2028 * / */")
	})
}

func (g *generator) jsonValue(depth int) string {
	n := g.IntN(12)
	if depth == 0 {
		n = 4 + g.IntN(8)
	}
	switch {
	case n < 3:
		return "{" + g.jsonItems(depth, func() string {
			return g.jsonKey() + g.gap() + g.often(":", ":", "", ",", "=") + g.gap() + g.jsonValue(depth-1)
		}) + "}"
	case n < 4:
		return "[" + g.jsonItems(depth, func() string { return g.jsonValue(depth - 1) }) + "]"
	case n < 7:
		return g.jsonString()
	case n < 10:
		return g.jsonNumber()
	}
	return g.often("true", "null", "false", "tru", "nul", "True", "undefined", "NaN", "truefalse", "+1", "'x'")
}

func (g *generator) jsonItems(depth int, item func() string) string {
	s := g.gap()
	for i := range g.IntN(5) {
		if i > 0 {
			s += g.often(",", ",", "", ",,") + g.gap()
		}
		s += item() + g.gap()
	}
	return s + g.often("", "", ",") + g.gap()
}

func (g *generator) jsonKey() string {
	if g.IntN(8) == 0 {
		return g.jsonString()
	}
	return `"` + g.pick("a", "b", "vars", "__proto__", "__proto__", "constructor", "0", "10", "2", "01", "", "é",
		"a\\u0062", "\\ud800", "4294967295") + `"`
}

func (g *generator) jsonString() string {
	return `"` + g.repeat(4, func() string {
		if g.IntN(12) == 0 {
			return g.pick("\t", "\n", "\r", "\x00", "\x1f", "\\x", "\\u12", "\\u", "\\\n", "\\'", "\\")
		}
		return g.pick("a", "xyz", " ", "é", "\u2028", "\U0001F600", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\u00e9",
			"\\ud83d\\ude00", "\\ud83d", "\\ude00", "\\b\\f\\r\\t", "\xff", "\xe2\x82", "\xf0\x9f\x98", "\xc0\xaf",
			"\xed\xa0\x80", "\x7f", "\\u0000", "//", "/*")
	}) + g.often(`"`, `"`, "")
}

func (g *generator) jsonNumber() string {
	return g.often("", "", "-", "+", "--") +
		g.often("0", g.pick("7", "12", "9007199254740993", "123456789012345678901234567890"), "01", ".5", "") +
		g.often("", g.pick(".5", ".0", ".125", ".1234567890123456789"), ".", "..5") +
		g.often("", g.pick("e5", "E+21", "e-7", "e400", "e-400", "e21", "e20"), "e", "e+", "e+-5", "x")
}

// TOML

func (g *generator) toml() string {
	var b strings.Builder
	for range g.IntN(8) {
		b.WriteString(g.blank() + g.tomlLine() + g.blank())
		b.WriteString(g.often("", "", "# c", "#", "# \u2028", "# \x01", "# \r x"))
		b.WriteString(g.often("\n", "\n", "\r\n", "\r", "\n\n", ""))
	}
	return b.String()
}

func (g *generator) blank() string { return g.often("", "", " ", "\t", " \t ") }

func (g *generator) tomlLine() string {
	switch n := g.IntN(20); {
	case n == 0:
		return ""
	case n < 4:
		return "[" + g.tomlKey(3) + "]"
	case n < 6:
		return "[[" + g.tomlKey(2) + "]]"
	case n == 6:
		return g.pick("[", "[]", "[a", "[[a]", "[a]]", "[ [a]]", "[[a] ]", "a", "a.", ".a = 1", "a..b = 1", "= 1", "a = ",
			"a b = 1", "a = 1 b = 2", "\"\"\"a\"\"\" = 1", "[a] b = 1")
	}
	return g.tomlKey(3) + g.often("=", " = ", "", " == ", ":") + g.blank() + g.tomlValue(3)
}

func (g *generator) tomlKey(most int) string {
	key := g.tomlKeyPart()
	for range g.IntN(most) {
		key += g.often(".", " . ", "..", " ") + g.tomlKeyPart()
	}
	return key
}

func (g *generator) tomlKeyPart() string {
	if g.IntN(10) == 0 {
		return g.pick(`""`, `''`, `"a\u0062"`, `"é"`, `'a b'`, `"a.b"`, `"\x61"`, `"\e"`, `"__proto__"`, "é", "a\"b\"",
			`"a`, `"\ud800"`, "4294967295", "10", "01")
	}
	return g.pick("a", "b", "c", "a", "b", "vars", "__proto__", "constructor", "0", "2", "-", "a-b_c")
}

func (g *generator) tomlValue(depth int) string {
	n := g.IntN(16)
	if depth == 0 {
		n = 4 + g.IntN(12)
	}
	switch {
	case n < 2:
		return "[" + g.tomlItems(func() string { return g.tomlValue(depth - 1) }) + "]"
	case n < 4:
		return "{" + g.tomlItems(func() string {
			return g.tomlKey(2) + g.often("=", " = ", "") + g.tomlValue(depth-1)
		}) + "}"
	case n < 8:
		return g.tomlString()
	case n < 11:
		return g.tomlNumber()
	case n < 14:
		return g.tomlDate()
	}
	return g.often("true", "false", "True", "truex", "fals", "inf", "+inf", "-inf", "nan", "-nan", "infx", "i", "na",
		"x:y", "ab:", "")
}

func (g *generator) tomlItems(item func() string) string {
	s := g.tomlGap()
	for i := range g.IntN(4) {
		if i > 0 {
			s += g.often(",", ",", "", ",,") + g.tomlGap()
		}
		s += item() + g.tomlGap()
	}
	return s + g.often("", "", ",") + g.tomlGap()
}

func (g *generator) tomlGap() string {
	if g.IntN(3) > 0 {
		return ""
	}
	return g.repeat(2, func() string {
		return g.often(" ", "\n", "\r\n", "\t", "# c\n", "#\r\n", "\r", "# \x7f\n", "# é")
	})
}

func (g *generator) tomlString() string {
	switch g.IntN(4) {
	case 0:
		return `"` + g.tomlText(true) + g.often(`"`, `"`, "")
	case 1:
		return `'` + g.tomlText(false) + g.often(`'`, `'`, "")
	case 2:
		return `"""` + g.often("", "\n", "\r\n", "\r") + g.tomlLines(true, `"`) +
			g.often(`"""`, `"""`, `""""`, `"""""`, `""""""`, `""`)
	}
	return `'''` + g.often("", "\n", "\r\n", "\r") + g.tomlLines(false, `'`) +
		g.often(`'''`, `'''`, `''''`, `'''''`, `''''''`, `''`)
}

func (g *generator) tomlText(escapes bool) string {
	return g.repeat(4, func() string {
		switch {
		case g.IntN(15) == 0:
			return g.pick("\x00", "\x1f", "\x7f", "\n", "\r", "\\ud800", "\\U00110000", "\\UFFFFFFFF", "\\x4", "\\u12", "\\z",
				"\\", "\\/", "\\ ")
		case escapes && g.IntN(3) == 0:
			return g.pick("\\n", "\\t", "\\b", "\\f", "\\r", "\\e", "\\\"", "\\\\", "\\x41", "\\xe9", "\\u00e9", "\\U0001F600",
				"\\u0000")
		}
		return g.pick("a", "xyz", " ", "\t", "é", "\u2028", "\U0001F600", "#", "=", "\xff", "\xe2\x82", "\xed\xa0\x80", "]",
			"\u0085")
	})
}

func (g *generator) tomlLines(escapes bool, quote string) string {
	return g.repeat(4, func() string {
		n := g.IntN(6)
		switch {
		case n == 0:
			return g.pick("\n", "\r\n", quote, quote+quote, "\n\n")
		case n == 1 && escapes:
			return g.often("\\\n", "\\ \n", "\\\r\n", "\\\t\n \n", "\\ x", "\\\r", "\\\n \\\n") + g.pick("", " ", "\n", `"`, "x")
		}
		return g.tomlText(escapes)
	})
}

func (g *generator) tomlNumber() string {
	if g.IntN(5) == 0 {
		return g.pick("0x", "0o", "0b", "0X", "-0x", "+0b") +
			g.pick("1", "0", "ff", "DEAD_beef", "7", "8", "1_0", "_1", "1_", "", "1fffffffffffff", "20000000000000", "0_0")
	}
	return g.often("", "", "-", "+", "++", "_") +
		g.often(g.pick("0", "1", "7"), g.pick("12", "1_000", "9007199254740991", "9007199254740992", "100"), "00", "01",
			"1__0", "1_", "", "9223372036854775808", "1_2_3") +
		g.often("", g.pick("", ".5", ".0", ".1_2"), ".", "._5", ".5_", ".5.5", "_.5") +
		g.often("", g.pick("", "e5", "E+21", "e-7", "e400", "e1_0"), "e", "e+", "e+-5", "e--5", "e++1_0", "e_5", "e+_5",
			"e5e5", "x", "-", "e5.5")
}

func (g *generator) tomlDate() string {
	date := g.often("2020-02-29", g.pick("1979-05-27", "0000-01-01", "9999-12-31"), "2021-02-30", "2021-02-32",
		"2021-13-01", "2021-00-01",
		"2021-01-00", "2020-06-31", "20-01-01", "2020-1-1", "02020-01-01", "1900-02-29", "2020-ab-c1", "0012-31-01",
		"2020-01-0x", "é020-01-01")
	clock := g.often("10:00:00", g.pick("10:00", "23:59:59.999", "00:00:00.1", "07:32:00.123456789"), "24:00:00",
		"23:60:00", "10:00:60",
		"1:00", "10:0", "10:00:0", "10:00:00.", "10:00.5", "10-00", "1x:00", "10:", "10:00:00.9999999999")
	zone := g.often("", g.pick("Z", "z", "+05:30", "-23:59", "-00:00"), "+24:00", "+5:30", "+0530", "+00:60", "Zz", "+")
	switch g.IntN(4) {
	case 0:
		return date
	case 1:
		return clock + g.often("", "", zone)
	}
	return date + g.often("T", " ", "t", "  ", "\t", "") + clock + zone
}
