package devvars_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

func pairsOf(f *devvars.File) []oraclePair {
	var pairs []oraclePair
	for k, v := range f.All() {
		pairs = append(pairs, oraclePair{k, v})
	}
	return pairs
}

// symbols are what the grammar cares about, and a little else.
var symbols = []string{
	"A", "B", "1", "=", ":", " ", "\n", "\r", "#", "'", "\"", "`", "\\", "\\n", "export ", "\t", "\u2028", "\u00a0",
	"\ufeff", "\u0085", "é", "\xff", "\xe2\x80", "\xf0\x9f", "__proto__", "x", "A=", "B='", "C=\"", "\n\n", "0", "01", "\r\n", "$", "-",
}

func TestParseEqualsOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200000 {
		src := ""
		for range 1 + r.IntN(12) {
			src += symbols[r.IntN(len(symbols))]
		}
		f := devvars.Parse([]byte(src))
		require.Equal(t, oracleParse(src), pairsOf(f), "%q", src)
		require.Equal(t, src, string(f.Bytes()))
	}
}
