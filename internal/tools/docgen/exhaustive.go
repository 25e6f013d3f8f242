package docgen

import (
	"bytes"
	"iter"
)

// special are the symbols that the language treats in ways of their own, with a key and a plain letter.
var special = []string{"A", "=", ":", "#", "'", `"`, "`", `\`, "n", "\n", "\r", " ", "\t", "export "}

// inValue are the symbols that matter after an assignment.
var inValue = []string{"x", "'", `"`, "`", `\`, "n", "#", "\n", " ", "\u2028", "\nB="}

// Exhaustive makes every document of up to n special symbols. There are 14 symbols, so n = 5 makes 579,195
// documents. A document is valid until the next one.
func Exhaustive(n int) iter.Seq[[]byte] { return words("", special, n) }

// ExhaustiveValues makes every document that assigns a value of up to n symbols. There are 11 symbols, so
// n = 5 makes 177,156 documents. A document is valid until the next one.
func ExhaustiveValues(n int) iter.Seq[[]byte] { return words("A=", inValue, n) }

// words yields prefix followed by every sequence of up to n symbols, short ones first.
func words(prefix string, symbols []string, n int) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var doc bytes.Buffer
		for length := range n + 1 {
			word := make([]int, length)
			for more := true; more; more = next(word, len(symbols)) {
				doc.Reset()
				doc.WriteString(prefix)
				for _, i := range word {
					doc.WriteString(symbols[i])
				}
				if !yield(doc.Bytes()) {
					return
				}
			}
		}
	}
}

// next counts one up in the given base, and tells whether there was a next number.
func next(digits []int, base int) bool {
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i]++; digits[i] < base {
			return true
		}
		digits[i] = 0
	}
	return false
}
