package sample

import (
	"bytes"
	"fmt"
	"strings"
)

// Shape is a kind of document.
type Shape struct {
	Name string
	Make func(n int) []byte // returns slightly less than n bytes
}

// Typical is the shape of documents as people write them.
var Typical = Shape{"typical", Bulk}

// Worst are shapes for which a parser may be slow: other parsers take quadratic time for some of them,
// and others have the fewest bytes for each token.
var Worst = []Shape{
	{"blank lines", repeat("", "\n", "")},
	{"blank lines and spaces", repeat("", " \n", "")},
	{"key, blank lines, !", repeat("A", "\n", "!")},
	{"export, blank lines, !", repeat("export", "\n", "!")},
	{"equals, blank lines, !", repeat("A=", "\n", "!")},
	{"wide spaces", repeat("", "\u00a0", "!")},
	{"value of wide spaces", repeat("A=", "\u3000", "x")},
	{"open quote, plain lines", repeat("A=\"x\n", "B=some plain text\n", "")},
	{"open quotes", repeat("", "A='x\nB=\"y\nC=`z\n", "")},
	{"open quote, escaped quotes", repeat("A=\"", `\"`, "x")},
	{"open quote, escaped quotes on lines", repeat("A=\"", "\\\"\n", "\"x")},
	{"escaped quotes and spaces", repeat("A=\"", `\"   x`, "\n")},
	{"quotes", repeat("", "\"", "")},
	{"empty quotes", repeat("", "A=''\n", "")},
	{"#", repeat("", "#", "")},
	{"comment lines", repeat("", "#\n", "")},
	{"junk", repeat("", "a ", "")},
	{"junk lines", repeat("", "a\n", "")},
	{"exports", repeat("", "export\n", "")},
	{"U+2028", repeat("", "\u2028", "!")},
	{"values with U+2028", repeat("", "A=x\u2028y\n", "")},
	{"quotes and U+2028", repeat("A=", "'a'\u2028", "\n")},
	{"keys and U+2028", repeat("", "A=\u2028", "")},
	{"dashes", repeat("A=", "\u2014", "\n")},
	{"lone CR", repeat("", "A=1\r", "")},
	{"CR in quotes", repeat("A=\"", "\r", "\"\n")},
	{"line feed escapes", repeat("A=\"", `\n`, "\"\n")},
	{"values with escapes", repeat("", "A=\"\\n\"\n", "")},
	{"not UTF-8", repeat("A=", "\xff", "\n")},
	{"values that are not UTF-8", repeat("", "A=\xff\n", "")},
	{"one key", repeat("", "A=\n", "")},
	{"prototype keys", repeat("", "__proto__=\n", "")},
	{"many keys", keys("", func(i int) string { return name(i) + "=\n" }, "")},
	{"many integers", keys("", func(i int) string { return fmt.Sprintf("%d=\n", 1<<30-i) }, "")},
	{"many keys with escapes", keys("", func(i int) string { return name(i) + "=\"\\n\"\n" }, "")},
	{"assignments separated by U+2028", repeat("", "A=1#\u2028", "")},
	{"colons", repeat("", "A:\n", "")},
	{"values on the next line", repeat("", "A=\n'x'\n", "")},
	{"values of half a character", repeat("", "A=\xe2\n", "")},
	{"values of one wide space", repeat("", "A=\u00a0\n", "")},
	{"spaces before keys", repeat("", " A=\n", "")},
	{"two lone CR", repeat("", "A=\r\r", "")},
	{"CR LF", repeat("", "A=\r\n", "")},
	{"open brackets", repeat("", "A={\n", "")},
	{"open brackets after colons", repeat("", "A: {\n", "")},
	{"open quotes after colons", repeat("", "A: \"x\n", "")},
	{"quotes that end no value", repeat("", "A: 'x'y'\n", "")},
	{"documents without an end", repeat("", "A: <<x\n", "")},
	{"open PEM texts", repeat("", "A=-----BEGIN\n", "")},
	{"PEM texts without names", repeat("", "-----BEGIN\nab==\n", "")},
	{"Base64 on lines", repeat("A=", "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4\n", "")},
	{"lines that are continued", repeat("", "A: x\\\n", "")},
	{"invisible characters", repeat("", "\u200BA=1\n", "")},
	{"values of invisible characters", repeat("", "A=\u200B\n", "")},
	{"one value of invisible characters", repeat("A=", "\u200B", "\n")},
	{"rules turned off", repeat("", "A=x#y # workerenv:ignore cut-by-hash\n", "")},
	{"rules turned off on one line", repeat("", "A=x#workerenv:ignore a\u2028", "")},
	{"NUL bytes", repeat("", "A=\x00\n", "")},
	{"one long key", repeat("", "A", "=1\n")},
	{"one long value", repeat("A=", "x", "\n")},
}

// repeat returns documents of before, piece as often as it fits, and after.
func repeat(before, piece, after string) func(n int) []byte {
	return func(n int) []byte {
		count := max(0, n-len(before)-len(after)) / len(piece)
		return []byte(before + strings.Repeat(piece, count) + after)
	}
}

// keys returns documents of before, as many results of entry as fit, and after.
func keys(before string, entry func(i int) string, after string) func(n int) []byte {
	return func(n int) []byte {
		var b bytes.Buffer
		b.WriteString(before)
		for i := 0; ; i++ {
			e := entry(i)
			if b.Len()+len(e)+len(after) > n {
				b.WriteString(after)
				return b.Bytes()
			}
			b.WriteString(e)
		}
	}
}

// name returns a short key. All keys differ.
func name(i int) string {
	b := []byte{letters[i%52]}
	for i /= 52; i > 0; i /= len(letters) {
		b = append(b, letters[i%len(letters)])
	}
	return string(b)
}
