package syntax_test

import (
	"iter"
	"math/rand/v2"
	"testing"

	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// TestLive compares with wrangler on random documents, 30,000 in each format unless WORKERENV_DOCUMENTS is set.
func TestLive(t *testing.T) {
	tool := liveWrangler(t)
	seed, count := live.Seed(t), live.Count(t, "WORKERENV_DOCUMENTS", 30_000)
	for _, f := range []syntax.Format{syntax.JSONC, syntax.TOML} {
		t.Run(f.String(), func(t *testing.T) {
			g := &generator{rand.New(rand.NewPCG(seed, uint64(f)))}
			compare(t, tool, f, func(yield func([]byte) bool) {
				for range count {
					if !yield(g.document(f)) {
						return
					}
				}
			})
		})
	}
}

// TestLiveExhaustive compares every short sequence of the tokens that matter in some place.
func TestLiveExhaustive(t *testing.T) {
	tool := liveWrangler(t)
	for _, c := range []struct {
		name          string
		format        syntax.Format
		before, after string
		length        int
		tokens        []string
	}{
		{"document", syntax.JSONC, "", "", 4, []string{"{", "}", "[", "]", ",", ":", `"a"`, "1", "x"}},
		{"number", syntax.JSONC, "[", "]", 5, []string{"0", "1", ".", "e", "+", "-"}},
		{"string", syntax.JSONC, `["`, `"]`, 4, []string{`"`, `\`, "u", "0", "\n", "\t", "/"}},
		{"comment", syntax.JSONC, "[", "]", 4, []string{"/", "*", "\n", "\r", " ", "1", "\u2028"}},
		{"number", syntax.TOML, "a=[", "]", 4, []string{"0", "1", "_", ".", "e", "+", "-", "x", ","}},
		{"date", syntax.TOML, "a=2020-02-29", "", 4, []string{"T", " ", "10", ":00", ".5", "Z", "+10", "\n"}},
		{"time", syntax.TOML, "a=1", "", 5, []string{"0", ":", "6", ".", "\n", "T"}},
		{"multi-line string", syntax.TOML, `a="""`, `"""`, 5, []string{`"`, `\`, "\n", " ", "u", "\r"}},
		{"literal string", syntax.TOML, `a='''`, "", 6, []string{"'", "\n", "\r", "x"}},
		{"string", syntax.TOML, `a="`, `"`, 4, []string{`"`, `\`, "x", "4", "\n", "\t", "#"}},
		{"key", syntax.TOML, "", "=1", 4, []string{"a", ".", " ", `"`, "'", "\x00", "\n"}},
		{"header", syntax.TOML, "[", "]", 4, []string{"[", "]", "a", ".", " ", "\n", "#"}},
		{"array", syntax.TOML, "a=[", "]", 4, []string{"1", ",", "[", "]", "\n", "#", "{"}},
		{"inline table", syntax.TOML, "a={", "}", 4,
			[]string{"b=1", "b.c=1", "b={}", "c=[]", ",", "}", "\n", "#\n", "b.c.d=1"}},
		{"tables", syntax.TOML, "", "", 4, []string{"[a]\n", "[a.b]\n", "[a.b.c]\n", "[[a]]\n", "[[a.b]]\n", "[[a.b.c]]\n",
			"a=1\n", "a={}\n", "a.b=1\n", "a.b.c=1\n", "b=[]\n", "b.c=1\n", "b.d=1\n", "c.d=1\n"}},
	} {
		t.Run(c.format.String()+"/"+c.name, func(t *testing.T) {
			compare(t, tool, c.format, func(yield func([]byte) bool) {
				for doc := range sequences(c.tokens, c.length) {
					if !yield([]byte(c.before + doc + c.after)) {
						return
					}
				}
			})
		})
	}
}

// sequences goes through all concatenations of up to most tokens.
func sequences(tokens []string, most int) iter.Seq[string] {
	var extend func(doc string, left int, yield func(string) bool) bool
	extend = func(doc string, left int, yield func(string) bool) bool {
		if !yield(doc) {
			return false
		}
		for _, token := range tokens {
			if left > 0 && !extend(doc+token, left-1, yield) {
				return false
			}
		}
		return true
	}
	return func(yield func(string) bool) { extend("", most, yield) }
}

func liveWrangler(t *testing.T) *wranglerProcess { return startWrangler(t, live.Dir(t)) }

// compare asks wrangler about every document.
func compare(t *testing.T, tool *wranglerProcess, f syntax.Format, docs iter.Seq[[]byte]) {
	var count, accepted, differences int
	documented := map[string]int{}
	var batch [][]byte
	flush := func() {
		for i, want := range tool.ask(t, f, batch) {
			count++
			if want.Error == "" {
				accepted++
			}
			text := difference(f, batch[i], want)
			if text == "" {
				continue
			}
			if row := accident(f, batch[i], want); row != "" {
				documented[row]++
				continue
			}
			if differences++; differences <= 10 {
				t.Errorf("document %s\n%s", quote(batch[i]), text)
			}
		}
		batch = nil
	}
	for doc := range docs {
		if batch = append(batch, doc); len(batch) == 500 {
			flush()
		}
	}
	flush()
	t.Logf("%d documents, %d accepted, %d differences, documented ones: %v", count, accepted, differences, documented)
}
