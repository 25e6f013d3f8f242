package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/oracle"
)

const devvarsData = "../../../devvars/testdata"

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return text
}

func TestExpansionsHaveNamesAndComments(t *testing.T) {
	cases, err := readExpansions(filepath.Join(devvarsData, "expand.json"))
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	seen := map[string]bool{}
	for _, c := range cases {
		require.False(t, c.Name == "" || seen[c.Name], c.Name)
		require.NotEmpty(t, c.Comment, c.Name)
		seen[c.Name] = true
	}
}

func TestRecordVectorsAgain(t *testing.T) {
	tools := live.Oracle(t)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(devvarsData)))
	file := filepath.Join(dir, "vectors.json")
	require.NoError(t, os.Remove(file))
	require.NoError(t, recordVectors(t.Context(), tools, newSource(tools), dir))
	require.Equal(t, withoutDate(read(t, filepath.Join(devvarsData, "vectors.json"))), withoutDate(read(t, file)))
}

// TestExpandAgain skips expansions that do not end.
func TestExpandAgain(t *testing.T) {
	tools := live.Oracle(t)
	want, err := readExpansions(filepath.Join(devvarsData, "expand.json"))
	require.NoError(t, err)
	want = slices.DeleteFunc(want, func(c expansion) bool {
		return c.Ending != oracle.Answered && c.Ending != oracle.Threw
	})
	got := slices.Clone(want)
	for i := range got {
		got[i].Ending, got[i].Entries, got[i].Message = "", nil, ""
	}
	require.NoError(t, expand(t.Context(), tools, got))
	for i := range got {
		if len(got[i].Entries) == 0 {
			got[i].Entries = nil // omitted in the file
		}
	}
	require.Equal(t, want, got)
}

func TestGoldenFileShowsEveryCharacter(t *testing.T) {
	g := goldenFile{Source: source{Date: "2026-01-01"}, Key: "items"}
	g.add("a\u00a0<\U0001F600>\x7f")
	g.add(1)
	text, err := g.text()
	require.NoError(t, err)
	require.Equal(t, "{\n\"source\": {\"packages\":null,\"command\":\"\",\"date\":\"2026-01-01\"},\n\"items\": [\n"+
		`"a\u00a0<\ud83d\ude00>\u007f"`+",\n1\n]\n}\n", string(text))
}

func TestWriteUnlessOnlyTheDateDiffers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write := func(date string, item any) string {
		g := goldenFile{Source: source{Date: date}, Key: "items"}
		g.add(item)
		require.NoError(t, g.write(path))
		return string(read(t, path))
	}
	first := write("2026-01-01", "a")
	require.Equal(t, first, write("2026-02-02", "a"))
	require.Contains(t, write("2026-02-02", "b"), "2026-02-02")
}
