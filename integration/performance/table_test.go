package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTable(t *testing.T) {
	const output = `goos: linux
BenchmarkParse/64KB/dotenv_in_node-2   	     100	   1500000 ns/op	  43.7 MB/s
BenchmarkParse/64KB/dotenv_in_node-2   	     100	   1700000 ns/op	  38.6 MB/s
BenchmarkParse/64KB/dotenv_in_node-2   	     100	   9900000 ns/op	  6.6 MB/s
BenchmarkLookup/map-2  	 1000000	        10.94 ns/op	       0 B/op
BenchmarkResident/workers=10 	       1	         1 ns/op	     819.4 B/version	 1234567 B/op	  70811 p99-ns
PASS
`
	const want = `| benchmark | time | MB/s | bytes allocated | p99 | other |
| --- | --- | --- | --- | --- | --- |
| Parse/64KB/dotenv in node | 1.7 ms | 38.6 |  |  |  |
| Lookup/map | 10.9 ns |  | 0 |  |  |
| Resident/workers=10 | 1 ns |  | 1,234,567 | 70.8 µs | 819 B/version |
`
	var b strings.Builder
	writeTable(&b, parse(output))
	require.Equal(t, want, b.String())
}
