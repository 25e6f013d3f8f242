package peers_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/integration/internal/sample"
	"github.com/workerenv/workerenv/integration/peers"
	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// Speed is compared on documents that all parsers read alike, or it would not be the same work.
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

// The reference reads them as this library does.
func TestAgreeWithDotenv(t *testing.T) {
	dir := os.Getenv("WORKERENV_ORACLE")
	if dir == "" {
		t.Skip("WORKERENV_ORACLE names no folder with the real tools")
	}
	tools, err := oracle.Open(dir)
	require.NoError(t, err)
	defer tools.Close()
	parser := tools.NewParser(oracle.Limits{})
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

// What is measured on rich documents, where peers do not all agree, is at least a whole parse of each of them.
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

// Documents of one name are the same each time, near the size that was asked for, and have the entries that they should.
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
