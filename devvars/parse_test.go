package devvars_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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

// symbols are pieces of text that have a meaning in the grammar, and some that have none.
var symbols = []string{
	"A", "B", "1", "=", ":", " ", "\n", "\r", "#", "'", "\"", "`", "\\", "\\n", "export ", "\t", "\u2028", "\u00a0",
	"\ufeff", "\u0085", "é", "\xff", "\xe2\x80", "\xf0\x9f", "__proto__", "x", "A=", "B='", "C=\"", "\n\n", "0", "01",
	"\r\n", "$", "-",
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

// A key that comes twice has its last value, at the place of its first assignment.
func TestDuplicatesAmongMany(t *testing.T) {
	for _, n := range []int{1, 2, 15, 16, 17, 24, 25, 100, 5000} {
		requireLastValues(t, n, "SERVICE_%d_KEY", "value")
		requireLastValues(t, n, "K%x", "")
	}
}

func requireLastValues(t *testing.T, n int, form, value string) {
	t.Helper()
	var text strings.Builder
	var want []oraclePair
	for i := range n {
		key := fmt.Sprintf(form, i)
		text.WriteString(key + "=" + value + "\n")
		want = append(want, oraclePair{key, value})
	}
	require.Equal(t, want, pairsOf(devvars.Parse([]byte(text.String()))))
	require.Equal(t, append([]oraclePair{{"7", "x"}}, want...), pairsOf(devvars.Parse([]byte(text.String()+"7=x\n"))))
	for _, i := range []int{0, n / 2, n - 1} {
		changed := slices.Clone(want)
		changed[i].value = "again"
		require.Equal(t, changed, pairsOf(devvars.Parse([]byte(text.String()+want[i].key+"='again'\n"))))
	}
}

// The number of allocations of Parse does not grow with the text.
func TestAllocations(t *testing.T) {
	for _, n := range []int{1, 10, 100, 10000} {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "SERVICE_%d_KEY=some value\nSERVICE_%d_ID='another # value'\n", i, i)
		}
		src := []byte(text.String())
		require.LessOrEqual(t, testing.AllocsPerRun(10, func() { devvars.Parse(src) }), 5.0)
	}
}
