package peers_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/integration/internal/sample"
	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// TestAgreeOnBulk checks that all parsers return the same result for a bulk document, so that the
// benchmarks compare the same work.
func TestAgreeOnBulk(t *testing.T) {
	doc := sample.Bulk(256 << 10)
	want := parseMap(doc)
	require.Greater(t, len(want), 3000)
	for _, p := range others {
		got, err := p.parse(doc)
		require.NoError(t, err, p.name)
		require.Equal(t, want, got, p.name)
	}
}

// TestReadRich checks that the parsers read a rich document to its end, although they do not agree on
// all values.
func TestReadRich(t *testing.T) {
	doc := sample.Rich(256 << 10)
	for _, p := range others {
		got, err := p.parse(doc)
		if !p.readsRich() {
			require.Error(t, err, p.name)
			continue
		}
		require.NoError(t, err, p.name)
		require.Len(t, got, len(parseMap(doc)), p.name)
	}
}

// TestAgreeWithDotenv compares the values with those of npm's dotenv.
func TestAgreeWithDotenv(t *testing.T) {
	parser := live.Oracle(t).NewParser(oracle.Limits{})
	defer parser.Close()
	docs := [][]byte{sample.Bulk(256 << 10), sample.Rich(256 << 10)}
	answers, err := parser.Parse(context.Background(), docs)
	require.NoError(t, err)
	for i, a := range answers {
		want := map[string]string{}
		for _, e := range a.Entries {
			want[e.Key] = e.Value
		}
		require.Equal(t, want, parseMap(docs[i]))
	}
}

// TestSamples checks that documents are the same in each run, and have the documented size and number
// of keys.
func TestSamples(t *testing.T) {
	require.Equal(t, sample.Bulk(1<<16), sample.Bulk(1<<16))
	perKey := func(doc []byte) int { return len(doc) / readAll(doc) }
	require.InDelta(t, 75, perKey(sample.Bulk(1<<20)), 10)
	require.InDelta(t, 130, perKey(sample.Rich(1<<20)), 20)
	for _, s := range append(sample.Worst, sample.Typical) {
		n := len(s.Make(1 << 16))
		require.LessOrEqual(t, n, 1<<16, s.Name)
		require.Greater(t, n, 1<<16-1024, s.Name)
	}
}
