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
BenchmarkNode/bulk/1KB/dotenv 1 700 ns/op
BenchmarkNode/bulk/1KB/Parse+All 1 100 ns/op
BenchmarkEdit/versions=10-2   100 4000 ns/op 2064 B/op 33 allocs/op
BenchmarkLoad/vars=10/versions=10000-2   1 40000000 ns/op
BenchmarkPick/versions=1000-2   100 60 ns/op 0 B/op 0 allocs/op
BenchmarkResident/workers=10000-2   1 1 ns/op 1073.741824 B/version
BenchmarkServe/secret-put/bare/clients=8-2   100 20000 ns/op 30000 cpu-ns/op 80000 p50-ns 4000000 p99-ns 3000 B/op 37 allocs/op
BenchmarkServe/secret-put/handler/clients=8-2   100 50000 ns/op 40000 cpu-ns/op 90000 p50-ns 5000000 p99-ns 6000 B/op 90 allocs/op
BenchmarkProcess/shop/wrangler 1 1000000000 ns/op
BenchmarkProcess/shop/library 1 4000000 ns/op
BenchmarkProcess/shop/workerenv 1 5000000 ns/op
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
		"| Parse and All are at least 8 times as fast as dotenv in V8 | 7 (bulk 1KB) | 7 (bulk 1KB) | no; a bar of our own |",
		"| An edit of one secret of 128 bindings takes at most 15 µs | 4 (10 versions) | 4 (10 versions) | yes |",
		"| Pick and a look-up in the Env do not allocate | 0 (1,000 versions) |  | yes |",
		"| A history of 10,000 versions is loaded in at most 100 ms | 40 (10 vars) | 40 (10 vars) | yes |",
		"| 1,000,000 versions take at most 2 GiB of memory | 1 (10,000 Workers) |  | yes |",
		"allocates at most 3 times the bytes of a bare handler | 2 (secret put, 8 clients) |  | yes |",
		"| edit | 4 µs | - | - | - |\n| edit, bytes allocated | 2,064 | - | - | - |",
		"| Pick and look-up | - | - | 60 ns | - |",
		"| 1,000,000 | 1074 | 1024 |",
		"| secret put | 8 | 20,000 | 90 µs | 5 ms | 40 µs | 6,000 | 50,000 | 30 µs | 3,000 | 2 |",
		"each library in a process of its own | 250 (shop) |",
		"by the command workerenv as by a program that uses wrangler | 200 (shop) |",
	} {
		assert.Contains(t, text, want)
	}
}

func TestNothingMeasured(t *testing.T) {
	text := document(samples{}, map[string]string{})
	assert.Contains(t, text, "| Pick and a look-up in the Env do not allocate | not measured |")
	assert.Contains(t, text, "| 1,000,000 | - | - |")
	assert.Contains(t, text, "| versions list | 64 | - | - |")
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
