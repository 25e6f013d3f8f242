package oracle_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/oracle"
)

func ok(entries ...oracle.Entry) oracle.Answer {
	return oracle.Answer{Ending: oracle.Answered, Entries: append([]oracle.Entry{}, entries...)}
}

func TestParse(t *testing.T) {
	p := live.Oracle(t).NewParser(oracle.Limits{})
	t.Cleanup(p.Close)
	docs := []string{"", "A=1\nB='x y' # c\n", "A=b\xffc", "2=b\n1=a\nA=\x00", "__proto__=1"}
	want := []oracle.Answer{
		ok(),
		ok(oracle.Entry{Key: "A", Value: "1"}, oracle.Entry{Key: "B", Value: "x y"}),
		ok(oracle.Entry{Key: "A", Value: "b\uFFFDc"}),
		ok(oracle.Entry{Key: "1", Value: "a"}, oracle.Entry{Key: "2", Value: "b"}, oracle.Entry{Key: "A", Value: "\x00"}),
		ok(),
	}
	got, err := p.Parse(t.Context(), asBytes(docs))
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func asBytes(texts []string) [][]byte {
	docs := make([][]byte, len(texts))
	for i, text := range texts {
		docs[i] = []byte(text)
	}
	return docs
}

func TestParseKeepsAnswersApartFromLargeDocuments(t *testing.T) {
	p := live.Oracle(t).NewParser(oracle.Limits{})
	t.Cleanup(p.Close)
	large := make([]byte, 3<<20)
	for i := range large {
		large[i] = 'x'
	}
	docs := [][]byte{append([]byte("A="), large...), []byte("B=1"), append([]byte("C="), large...)}
	got, err := p.Parse(t.Context(), docs)
	require.NoError(t, err)
	require.Equal(t, ok(oracle.Entry{Key: "B", Value: "1"}), got[1])
	require.Equal(t, string(large), got[0].Entries[0].Value)
	require.Equal(t, string(large), got[2].Entries[0].Value)
}

func TestExpandEndings(t *testing.T) {
	tools := live.Oracle(t)
	file := func(text string) oracle.Expansion { return oracle.Expansion{Files: [][]byte{[]byte(text)}} }
	expand := func(l oracle.Limits, questions ...oracle.Expansion) []oracle.Answer {
		e := tools.NewExpander(l)
		t.Cleanup(e.Close)
		answers, err := e.Expand(t.Context(), questions)
		require.NoError(t, err)
		return answers
	}
	hung := expand(oracle.Limits{Time: 2 * time.Second}, file("A=${constructor}\n"), file("A=1\n"))
	require.Equal(t, oracle.Hung, hung[0].Ending)
	require.Equal(t, ok(oracle.Entry{Key: "A", Value: "1"}), hung[1])
	got := expand(oracle.Limits{Time: time.Minute, Memory: 64},
		file("A=x\nB=${A}y\n"), file("constructor=x\n"), file("M='a$&b'\nN=${M}\n"),
		oracle.Expansion{
			Files: [][]byte{[]byte("A=1\nB=$A$P"), []byte("A=2")}, Process: []oracle.Entry{{Key: "P", Value: "p"}},
		})
	require.Equal(t, []oracle.Answer{
		ok(oracle.Entry{Key: "A", Value: "x"}, oracle.Entry{Key: "B", Value: "xy"}),
		{Ending: oracle.Threw, Message: "value.replace is not a function"},
		{Ending: oracle.OutOfMemory},
		ok(oracle.Entry{Key: "P", Value: "p"}, oracle.Entry{Key: "A", Value: "2"}, oracle.Entry{Key: "B", Value: "2p"}),
	}, got)
}

func TestExpandStepsEndEarly(t *testing.T) {
	e := live.Oracle(t).NewExpander(oracle.Limits{Steps: 100})
	t.Cleanup(e.Close)
	got, err := e.Expand(t.Context(), []oracle.Expansion{
		{Files: [][]byte{[]byte("A=${constructor}\n")}},
		{Files: [][]byte{[]byte("A=${B}" + strings.Repeat("x", 1<<20) + "\n")}},
		{Files: [][]byte{[]byte("A=${B}${B}${B}${B}\n")}},
	})
	require.NoError(t, err)
	require.Equal(t, []oracle.Answer{
		{Ending: oracle.Hung},
		{Ending: oracle.OutOfMemory},
		ok(oracle.Entry{Key: "A", Value: ""}),
	}, got)
}

func TestAskEndsWithContext(t *testing.T) {
	e := live.Oracle(t).NewExpander(oracle.Limits{Time: time.Minute})
	t.Cleanup(e.Close)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	start := time.Now()
	_, err := e.Expand(ctx, []oracle.Expansion{{Files: [][]byte{[]byte("A=${constructor}")}}})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 20*time.Second)
}

func TestOpenNamesTheMissingPackage(t *testing.T) {
	_, err := oracle.Open(t.TempDir())
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		require.ErrorContains(t, err, "runs on linux/amd64 only")
		return
	}
	require.ErrorContains(t, err, "npm package wrangler")
}
