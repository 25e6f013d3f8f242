package docgen_test

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/docgen"
)

func kinds() map[string]func(*docgen.Generator) []byte {
	return map[string]func(*docgen.Generator) []byte{
		"typical":     (*docgen.Generator).Typical,
		"correct":     (*docgen.Generator).Correct,
		"adversarial": (*docgen.Generator).Adversarial,
		"mutated":     (*docgen.Generator).Mutated,
		"chain":       func(g *docgen.Generator) []byte { return g.Chain().Files[0] },
	}
}

func TestSeedDeterminesTheDocuments(t *testing.T) {
	for name, next := range kinds() {
		t.Run(name, func(t *testing.T) {
			a, b, other := docgen.New(1), docgen.New(1), docgen.New(2)
			differ := 0
			for range 100 {
				doc := next(a)
				require.Equal(t, doc, next(b))
				if !bytes.Equal(doc, next(other)) {
					differ++
				}
			}
			require.Greater(t, differ, 50)
		})
	}
}

func TestAdversarialHasAllSpecialTexts(t *testing.T) {
	g := docgen.New(1)
	var all []byte
	invalid, long := 0, 0
	for range 20000 {
		doc := g.Adversarial()
		all = append(all, doc...)
		if !utf8.Valid(doc) {
			invalid++
		}
		if len(doc) > 200 {
			long++
		}
	}
	require.Greater(t, invalid, 1000)
	require.Greater(t, long, 100)
	for _, special := range []string{
		"\u2028", "\u2029", "\u00a0", "\ufeff", "\u0085", "\u200b", "\v", "\f", "\x00", "\r\n", "__proto__", "export ",
		"4294967295", "'", `"`, "`", `\`, "#", ": ",
	} {
		require.Contains(t, string(all), special)
	}
}

func TestExhaustiveIsExhaustive(t *testing.T) {
	seen := map[string]bool{}
	for doc := range docgen.Exhaustive(3) {
		seen[string(doc)] = true
	}
	require.Len(t, seen, 1+14+14*14+14*14*14)
	require.Contains(t, seen, "A=#")
	count := 0
	for doc := range docgen.ExhaustiveValues(2) {
		require.True(t, bytes.HasPrefix(doc, []byte("A=")))
		count++
	}
	require.Equal(t, 1+11+11*11, count)
}

func TestExhaustiveStops(t *testing.T) {
	for doc := range docgen.Exhaustive(5) {
		require.Empty(t, doc)
		break
	}
}
