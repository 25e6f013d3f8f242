package peers_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/integration/internal/sample"
	"github.com/workerenv/workerenv/integration/peers"
	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// TestAgreeOnBulk checks that all parsers read the bulk document alike, so that the benchmarks compare the same work.
func TestAgreeOnBulk(t *testing.T) {
	doc := sample.Bulk(256 << 10)
	want, err := peers.Ours[1].Map(doc)
	require.NoError(t, err)
	require.Greater(t, len(want), 3000)
	for _, p := range peers.Others {
		got, err := p.Map(doc)
		require.NoError(t, err, p.Name)
		require.Equal(t, want, got, p.Name)
	}
}

// TestAgreeWithDotenv compares this library with npm's dotenv on these documents.
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
		got, err := peers.Ours[1].Map(docs[i])
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

// TestReadRich checks that each parser reads all of a rich document, although they do not agree on the values.
func TestReadRich(t *testing.T) {
	doc := sample.Rich(256 << 10)
	want, err := peers.Ours[1].Map(doc)
	require.NoError(t, err)
	for _, p := range peers.Others {
		got, err := p.Map(doc)
		if !peers.ReadsRich(p) {
			require.Error(t, err, p.Name)
			continue
		}
		require.NoError(t, err, p.Name)
		require.Equal(t, len(want), len(got), p.Name)
	}
}

// TestSamples checks that the documents are the same in each run and have the right size and density.
func TestSamples(t *testing.T) {
	require.Equal(t, sample.Bulk(1<<16), sample.Bulk(1<<16))
	bulk, rich := sample.Bulk(1<<20), sample.Rich(1<<20)
	perEntry := func(doc []byte) int { n, _ := peers.Ours[1].Read(doc); return len(doc) / n }
	require.InDelta(t, 75, perEntry(bulk), 10)
	require.InDelta(t, 130, perEntry(rich), 20)
	for _, s := range append(sample.Worst, sample.Typical) {
		n := len(s.Make(1 << 16))
		require.LessOrEqual(t, n, 1<<16, s.Name)
		require.Greater(t, n, 1<<16-1024, s.Name)
	}
}
