package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
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

func TestNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range vectors() {
		require.False(t, seen[v.name], v.name)
		require.NotEmpty(t, v.comment, v.name)
		seen[v.name] = true
	}
	clear(seen)
	for _, e := range expansions() {
		require.False(t, seen[e.name], e.name)
		require.NotEmpty(t, e.comment, e.name)
		seen[e.name] = true
	}
}

func TestEveryVectorIsRecorded(t *testing.T) {
	var golden struct{ Vectors []recordedVector }
	require.NoError(t, json.Unmarshal(read(t, filepath.Join(devvarsData, "vectors.json")), &golden))
	all := vectors()
	require.Len(t, golden.Vectors, len(all))
	for i, v := range all {
		require.Equal(t, v.name, golden.Vectors[i].Name)
		_, input, _ := bytes.Cut(read(t, filepath.Join(devvarsData, "vectors", v.name+".txt")), []byte("\n\n"))
		require.Equal(t, v.input, string(input), v.name)
	}
}

func readExpansions(t *testing.T) []recordedExpansion {
	t.Helper()
	var golden struct{ Expansions []recordedExpansion }
	require.NoError(t, json.Unmarshal(read(t, filepath.Join(devvarsData, "expand.json")), &golden))
	return golden.Expansions
}

func TestEveryExpansionIsRecorded(t *testing.T) {
	golden := readExpansions(t)
	all := expansions()
	require.Len(t, golden, len(all))
	for i, e := range all {
		require.Equal(t, e.name, golden[i].Name)
		require.Equal(t, e.comment, golden[i].Comment)
		require.Equal(t, append([]string{}, e.files...), golden[i].Files)
		require.Equal(t, e.process, golden[i].Process)
	}
}

func TestRecordingAgain(t *testing.T) {
	tools := live.Oracle(t)
	dir := t.TempDir()
	src := newSource(tools, "go run ./internal/tools/record -oracle DIR", "2000-01-01")
	require.NoError(t, recordVectors(t.Context(), tools, src, dir))
	require.Equal(t, withoutDates(read(t, filepath.Join(devvarsData, "vectors.json"))),
		withoutDates(read(t, filepath.Join(dir, "vectors.json"))))
	for _, v := range vectors() {
		path := filepath.Join("vectors", v.name+".txt")
		require.Equal(t, string(read(t, filepath.Join(devvarsData, path))), string(read(t, filepath.Join(dir, path))))
	}
}

// TestAskingAgain skips expansions that do not end.
func TestAskingAgain(t *testing.T) {
	expander := live.Oracle(t).NewExpander(expansionLimits)
	t.Cleanup(expander.Close)
	golden := readExpansions(t)
	var questions []oracle.Expansion
	var want []recordedExpansion
	for i, e := range expansions() {
		if g := golden[i]; g.Ending == oracle.Answered || g.Ending == oracle.Threw {
			questions = append(questions, e.question())
			want = append(want, g)
		}
	}
	answers, err := expander.Expand(t.Context(), questions)
	require.NoError(t, err)
	for i, a := range answers {
		require.Equal(t, want[i].Ending, a.Ending, want[i].Name)
		require.Equal(t, want[i].Message, a.Message, want[i].Name)
		require.Equal(t, append([][2]string{}, want[i].Entries...), pairs(a.Entries), want[i].Name)
	}
}

func TestGoldenFileShowsEveryCharacter(t *testing.T) {
	g := goldenFile{Source: source{Date: "2026-01-01"}, Key: "items"}
	g.add("a\u00a0<\U0001F600>\x7f")
	text, err := g.text()
	require.NoError(t, err)
	require.Equal(t, "{\n\"source\": {\"packages\":null,\"command\":\"\",\"date\":\"2026-01-01\"},\n\"items\": [\n"+
		`"a\u00a0<\ud83d\ude00>\u007f"`+"\n]\n}\n", string(text))
}

func TestWriteUnlessOnlyTheDateDiffers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	require.NoError(t, writeUnlessSame(path, []byte("on 2026-01-01: a")))
	require.NoError(t, writeUnlessSame(path, []byte("on 2026-02-02: a")))
	require.Equal(t, "on 2026-01-01: a", string(read(t, path)))
	require.NoError(t, writeUnlessSame(path, []byte("on 2026-02-02: b")))
	require.Equal(t, "on 2026-02-02: b", string(read(t, path)))
}
