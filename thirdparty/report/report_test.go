package main

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const output = `date: 2026-01-02
machine: a machine
BenchmarkParse/bulk/1KB/Parse-2   10 100 ns/op 90 best-ns/op 1200 B/op 4 allocs/op
BenchmarkParse/bulk/1KB/floor-slice-2   10 50 ns/op 30 best-ns/op 1200 B/op 4 allocs/op
BenchmarkParse/bulk/1KB/envparse-2   10 1000 ns/op 900 best-ns/op
BenchmarkLookup/128/Env-2   10 10 ns/op 0 allocs/run
BenchmarkGrowth/parse/typical/1MB-2   10 1 ns/op 1000000 best-ns/op
BenchmarkGrowth/parse/typical/16MB-2   10 1 ns/op 16000000 best-ns/op
BenchmarkGrowth/parse/many_keys/1MB-2   10 1 ns/op 3000000 best-ns/op
BenchmarkGrowth/parse/many_keys/16MB-2   10 1 ns/op 80000000 best-ns/op
BenchmarkProcess/shop/wrangler 1 1000000000 ns/op
BenchmarkProcess/shop/workerenv 1 4000000 ns/op
`

func TestDocument(t *testing.T) {
	s := samples{}
	s.parse([]byte(output))
	text := document(s, settingOf([]byte(output)))
	for _, want := range []string{
		"| date | 2026-01-02 |",
		"| machine | a machine |",
		"| Parse takes at most 1.5 times the slice floor | 2 (bulk 1KB) | 3 (bulk 1KB) | **no** |",
		"| Parse is at least 5 times as fast as envparse, the fastest peer | 10 (bulk 1KB) | 10 (bulk 1KB) | yes |",
		"| Parse takes at most 4 times as long for a byte of the worst text as of a typical one | 5 (many keys 16MB) |",
		"| Env.Lookup does not allocate | 0 (128 names) |  | yes |",
		"| Parse is at least 8 times as fast as dotenv in V8 | not measured |",
		"process by process | 250 (shop) |",
	} {
		assert.Contains(t, text, want)
	}
}

func TestChartIsXML(t *testing.T) {
	s := samples{}
	s.parse([]byte(output))
	chart := growthChart(s)
	assert.Contains(t, chart, "parse, worst text")
	for d := xml.NewDecoder(strings.NewReader(chart)); ; {
		_, err := d.Token()
		if err == io.EOF {
			return
		}
		require.NoError(t, err)
	}
}
