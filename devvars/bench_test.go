package devvars_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/workerenv/workerenv/devvars"
)

// sizes are the lengths of the benchmarks' documents, in bytes.
var sizes = []struct {
	name string
	n    int
}{{"1KB", 1 << 10}, {"64KB", 64 << 10}, {"1MB", 1 << 20}, {"16MB", 16 << 20}}

// typicalDocument is n bytes of plain and quoted values with comments between, about 75 bytes a
// key.
func typicalDocument(n int) []byte {
	r := rand.New(rand.NewPCG(7, 7))
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		switch r.IntN(6) {
		case 0:
			fmt.Fprintf(&b, "# section %d\n\n", i)
		case 1:
			fmt.Fprintf(&b, "SERVICE_%d_URL=\"https://example.com/api/v%d?q=%d\"\n", i, r.IntN(9), r.IntN(1e6))
		default:
			fmt.Fprintf(&b, "SERVICE_%d_TOKEN=%x%x%x%x\n", i, r.Uint64(), r.Uint64(), r.Uint64(), r.IntN(1<<30))
		}
	}
	return []byte(b.String())[:n]
}

func BenchmarkParse(b *testing.B) {
	for _, size := range sizes {
		doc := typicalDocument(size.n)
		b.Run(size.name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				devvars.Parse(doc)
			}
		})
	}
}

func BenchmarkParseAll(b *testing.B) {
	for _, size := range sizes {
		doc := typicalDocument(size.n)
		b.Run(size.name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				for range devvars.Parse(doc).All() {
				}
			}
		})
	}
}
