package devvars_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/workerenv/workerenv/devvars"
)

// expandShapes are inputs of n bytes, for which the time must be linear in n.
var expandShapes = []struct {
	name string
	vars func(n int) []oraclePair
}{
	{"plain", func(n int) []oraclePair { return numbered(n, "value-without-references") }},
	{"typical", func(n int) []oraclePair { return numbered(n, "https://${HOST:-localhost}/path?$QUERY") }},
	{"chain", chain},
	{"refs", oneValue("$B ")},
	{"opens", oneValue("${$B")},
	{"nested", func(n int) []oraclePair {
		return []oraclePair{{"A", strings.Repeat("${A-", n/5) + strings.Repeat("}", n/5)}}
	}},
	{"dollars", oneValue("$$B")},
	{"escapes", oneValue(`\$`)},
}

func numbered(n int, value string) []oraclePair {
	pairs := []oraclePair{{"HOST", "example.com"}}
	for size := 0; size < n; {
		kv := oraclePair{fmt.Sprintf("KEY_%d", len(pairs)), value}
		size += len(kv.key) + len(kv.value) + len("=\n")
		pairs = append(pairs, kv)
	}
	return pairs
}

func oneValue(part string) func(n int) []oraclePair {
	return func(n int) []oraclePair {
		return []oraclePair{{"B", "xy"}, {"A", strings.Repeat(part, n/len(part))}}
	}
}

func BenchmarkExpand(b *testing.B) {
	for _, shape := range expandShapes {
		for _, size := range sizes[1:] {
			b.Run(shape.name+"/"+size.name, func(b *testing.B) {
				vars := sequence(shape.vars(size.n))
				b.SetBytes(int64(size.n))
				b.ReportAllocs()
				for b.Loop() {
					// A long chain exceeds the limit on the work.
					_, _ = devvars.Expand(vars, devvars.ExpandOptions{})
				}
			})
		}
	}
}
