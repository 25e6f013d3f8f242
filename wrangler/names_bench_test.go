package wrangler_test

import (
	"runtime"
	"testing"

	"github.com/workerenv/workerenv/wrangler"
)

// BenchmarkNames resolves 100,000 names with different values, in lines of 14 bytes, and reports how much memory a
// Resolution keeps for each.
func BenchmarkNames(b *testing.B) {
	const n = 100_000
	for _, file := range []string{".dev.vars", ".env"} {
		b.Run(file, func(b *testing.B) {
			b.ReportAllocs()
			o := wrangler.Options{FS: tree(map[string]string{file: manyLines(n, "N%d=v%[1]d\n")})}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			var r *wrangler.Resolution
			for b.Loop() {
				var err error
				if r, err = resolve(o, wrangler.DevOptions{}); err != nil {
					b.Fatal(err)
				}
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/name")
			b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/n, "B-kept/name")
			runtime.KeepAlive(r)
		})
	}
}
