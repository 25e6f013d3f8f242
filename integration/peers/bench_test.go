package peers_test

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/integration/internal/sample"
	"github.com/workerenv/workerenv/integration/peers"
	"github.com/workerenv/workerenv/wrangler"
)

// fastest runs f as long as the benchmark is to run, and reports the time of the fastest run beside the mean: on a machine with
// other work it says more.
func fastest(b *testing.B, bytes int, f func()) {
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	best := time.Duration(math.MaxInt64)
	for b.Loop() {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	b.ReportMetric(float64(best.Nanoseconds()), "best-ns/op")
}

// fastestOf is fastest for an f so short that a clock would disturb it: it is run count times between two looks at the clock.
// What is reported is for one of them.
func fastestOf(b *testing.B, count int, f func()) {
	allocs := testing.AllocsPerRun(count, f)
	best := time.Duration(math.MaxInt64)
	for b.Loop() {
		start := time.Now()
		for range count {
			f()
		}
		best = min(best, time.Since(start))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*count), "ns/op")
	b.ReportMetric(allocs, "allocs/run")
	b.ReportMetric(float64(best.Nanoseconds())/float64(count), "best-ns/op")
}

var sizes = []struct {
	name string
	n    int
}{{"1KB", 1 << 10}, {"64KB", 64 << 10}, {"1MB", 1 << 20}, {"16MB", 16 << 20}}

func BenchmarkParse(b *testing.B) {
	for _, d := range []sample.Shape{{Name: "bulk", Make: sample.Bulk}, {Name: "rich", Make: sample.Rich}} {
		for _, size := range sizes {
			doc := d.Make(size.n)
			for _, p := range parsers() {
				if d.Name == "rich" && !peers.ReadsRich(p) {
					continue
				}
				b.Run(d.Name+"/"+size.name+"/"+p.Name, func(b *testing.B) {
					fastest(b, len(doc), func() { p.Read(doc) })
				})
			}
		}
	}
}

// parsers returns all that is compared, ours between the two that the bars are about.
func parsers() (all []peers.Parser) {
	all = append(all, peers.Floors[0], peers.Ours[0], peers.Others[2], peers.Floors[1], peers.Ours[1])
	return append(all, peers.Others[0], peers.Others[1], peers.Others[3])
}

// names returns n names as vars have them.
func names(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("SERVICE_%d_TOKEN", i)
	}
	return list
}

func BenchmarkLookup(b *testing.B) {
	for _, n := range []int{8, 128} {
		list := names(n)
		m := map[string]string{}
		for i, name := range list {
			m[name] = fmt.Sprint("value ", i)
		}
		e := binding.EnvOf(m)
		b.Run(fmt.Sprintf("%d/map", n), func(b *testing.B) {
			eachName(b, list, func(name string) bool { _, ok := m[name]; return ok })
		})
		b.Run(fmt.Sprintf("%d/Env", n), func(b *testing.B) {
			eachName(b, list, func(name string) bool { _, ok := e.Lookup(name); return ok })
		})
	}
}

// eachName reports the time for one look-up.
func eachName(b *testing.B, list []string, lookup func(string) bool) {
	for _, name := range list {
		require.True(b, lookup(name))
	}
	i := 0
	fastestOf(b, 1000, func() {
		lookup(list[i])
		if i++; i == len(list) {
			i = 0
		}
	})
}

func BenchmarkSet(b *testing.B) {
	var bs []binding.Binding
	for i, name := range names(128) {
		bs = append(bs, binding.Secret(name, fmt.Sprint("value ", i)))
	}
	s, err := binding.NewSet(bs...)
	require.NoError(b, err)
	rotated := binding.Secret("SERVICE_64_TOKEN", "another value")
	b.Run("With/128", func(b *testing.B) {
		fastestOf(b, 10, func() { s.With(rotated) })
	})
	b.Run("NewSet/128", func(b *testing.B) {
		fastestOf(b, 10, func() { binding.NewSet(bs...) })
	})
	b.Run("Env/128", func(b *testing.B) {
		fastestOf(b, 10, func() { s.Env() })
	})
}

func BenchmarkValue(b *testing.B) {
	b.Run("new", func(b *testing.B) {
		n := 0
		fastestOf(b, 100, func() {
			n++
			binding.NewValue(fmt.Sprintf("a value that is new each time, %d", n))
		})
	})
	b.Run("known", func(b *testing.B) {
		v := binding.NewValue("a value that is there already")
		fastestOf(b, 100, func() { binding.NewValue("a value that is there already") })
		require.False(b, v.IsZero())
	})
	b.Run("Reveal", func(b *testing.B) {
		v := binding.NewValue("a value")
		fastestOf(b, 1000, func() { v.Reveal() })
	})
}

func BenchmarkExpand(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10000} {
		var text strings.Builder
		text.WriteString("B0=x\n")
		for i := range n {
			fmt.Fprintf(&text, "B%d=${B%d}x\n", i+1, i)
		}
		f := devvars.Parse([]byte(text.String()))
		b.Run(fmt.Sprintf("chain/%d", n), func(b *testing.B) {
			fastest(b, text.Len(), func() {
				_, err := devvars.Expand(f.All(), devvars.ExpandOptions{})
				require.NoError(b, err)
			})
		})
	}
}

func BenchmarkFile(b *testing.B) {
	doc := sample.Bulk(1 << 20)
	var last string
	for key := range devvars.Parse(doc).All() {
		last = key
	}
	b.Run("Set/1MB", func(b *testing.B) {
		f := devvars.Parse(doc)
		n := 0
		fastest(b, len(doc), func() {
			n++
			require.NoError(b, f.Set(last, fmt.Sprintf("it's \"new\" #%d", n)))
		})
	})
	b.Run("Findings/64KB", func(b *testing.B) {
		part := sample.Bulk(64 << 10)
		f := devvars.Parse(part)
		fastest(b, len(part), func() { find(f) })
	})
}

// shop is the example project of this repository.
const shop = "../../examples/shop"

func BenchmarkResolve(b *testing.B) {
	dir := b.TempDir()
	require.NoError(b, os.CopyFS(dir, os.DirFS(shop)))
	b.Run("shop", func(b *testing.B) {
		fastest(b, 0, func() {
			config, err := wrangler.Load(wrangler.Options{Dir: dir})
			require.NoError(b, err)
			_, err = config.Dev(wrangler.DevOptions{})
			require.NoError(b, err)
		})
	})
}
