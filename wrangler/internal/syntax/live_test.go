package syntax_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// TestLive compares with the wrangler in the folder that WORKERENV_ORACLE names. WORKERENV_SEED repeats a run,
// WORKERENV_DOCUMENTS sets the number of documents in each format.
func TestLive(t *testing.T) {
	dir := os.Getenv("WORKERENV_ORACLE")
	if dir == "" {
		t.Skip("WORKERENV_ORACLE does not name a folder with wrangler in its node_modules")
	}
	seed, count := setting(t, "WORKERENV_SEED", rand.Uint64()), setting(t, "WORKERENV_DOCUMENTS", 30_000)
	t.Logf("WORKERENV_SEED=%d", seed)
	ref := startReference(t, dir)
	for _, f := range []syntax.Format{syntax.JSONC, syntax.TOML} {
		t.Run(f.String(), func(t *testing.T) {
			g := &generator{rand.New(rand.NewPCG(seed, uint64(f)))}
			compare(t, ref, f, g, int(count))
		})
	}
}

func setting(t *testing.T, name string, otherwise uint64) uint64 {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s is no number", name)
	}
	return n
}

func compare(t *testing.T, ref *reference, f syntax.Format, g *generator, count int) {
	const batch = 500
	accidents, accepted, differences := map[string]int{}, 0, 0
	for range count / batch {
		docs := make([][]byte, batch)
		for i := range docs {
			docs[i] = g.document(f)
		}
		for i, want := range ref.ask(t, f, docs) {
			if want.Error == "" {
				accepted++
			}
			got := parse(t, f, docs[i])
			if difference(got, want) == "" {
				continue
			}
			if name := accident(f, docs[i], want, got); name != "" {
				accidents[name]++
				continue
			}
			differences++
			if differences <= 10 {
				t.Errorf("document %s\n%s", quote(docs[i]), difference(got, want))
			}
		}
	}
	t.Logf("%d documents, %d accepted, %d differences, documented accidents: %v", count, accepted, differences, accidents)
}

func difference(got, want answer) string {
	want.Ambiguous = false
	if got == want {
		return ""
	}
	return fmt.Sprintf("reference %+v\n     here %+v", want, got)
}
