package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSamples(t *testing.T) {
	s := samples{}
	s.parse([]byte(`goos: linux
BenchmarkA/x-2   	  100	 10 ns/op	  5 best-ns/op	 3 B/op
BenchmarkB/x-2   	  100	 20 ns/op	  4 best-ns/op
BenchmarkA/x-2   	  100	 30 ns/op	  6 best-ns/op
BenchmarkB/x-2   	  100	 15 ns/op	  8 best-ns/op
BenchmarkNode/1KB/dotenv 1 100 ns/op
PASS
`))
	assert.Equal(t, []float64{10, 30}, s.all("A/x", mean))
	assert.Equal(t, []float64{3}, s.all("A/x", bytesOp))
	assert.Equal(t, 20.0, s.typical("A/x", mean))
	assert.Equal(t, 5.0, s.typical("A/x", fastest))
	assert.Equal(t, 1.25, s.ratio("A/x", "B/x", mean))
	assert.Equal(t, 1.25, s.ratio("A/x", "B/x", fastest))
	assert.Equal(t, 100.0, s.typical("Node/1KB/dotenv", mean))
	assert.Zero(t, s.ratio("A/x", "C/x", mean))
}

func TestWithoutProcs(t *testing.T) {
	assert.Equal(t, "Parse/bulk/1KB/floor-slice", withoutProcs("Parse/bulk/1KB/floor-slice-16"))
	assert.Equal(t, "Node/bulk/1KB/floor-slice", withoutProcs("Node/bulk/1KB/floor-slice"))
}
