package binding_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/workerenv/workerenv/binding"
)

// BenchmarkHeld makes 100,000 Values of 8 bytes, keeps them all, and reports the memory and time of
// one, and the memory that is left after all have been dropped.
func BenchmarkHeld(b *testing.B) {
	texts := make([]string, 100_000)
	for i := range texts {
		texts[i] = fmt.Sprintf("v%07d", i)
	}
	values := make([]binding.Value, len(texts))
	empty := heap()
	for b.Loop() {
		clear(values)
		b.StopTimer()
		before := heap()
		b.StartTimer()
		for i, text := range texts {
			values[i] = binding.NewValue(text)
		}
		b.StopTimer()
		b.ReportMetric(float64(heap()-before)/float64(len(values)), "B/value")
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(values)), "ns/value")
	clear(values)
	b.ReportMetric(float64(heap()-empty), "B-left")
	runtime.KeepAlive(texts)
	runtime.KeepAlive(values)
}

// heap returns the bytes of live objects, after cleanups have run.
func heap() int64 {
	for range 5 {
		runtime.GC()
		time.Sleep(5 * time.Millisecond)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
