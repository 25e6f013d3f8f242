package devvars_test

import (
	"testing"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/tools/docgen"
)

// BenchmarkFindings checks documents of 64 KB: one whose values are plain, and one with
// values of all forms.
func BenchmarkFindings(b *testing.B) {
	var mixed []byte
	for g := docgen.New(1); len(mixed) < 64<<10; {
		mixed = append(append(mixed, g.Typical()...), '\n')
	}
	for _, doc := range []struct {
		name string
		text []byte
	}{{"plain", typicalDocument(64 << 10)}, {"mixed", mixed}} {
		b.Run(doc.name, func(b *testing.B) {
			b.SetBytes(int64(len(doc.text)))
			b.ReportAllocs()
			for b.Loop() {
				f := devvars.Parse(doc.text)
				for range f.Findings() {
				}
			}
		})
	}
}
