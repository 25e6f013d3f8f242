package devvars_test

import (
	"bytes"
	"encoding/json"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

// The expected results are those of the real tools, recorded by internal/tools/record.

type vector struct {
	Name    string      `json:"name"`
	Entries [][2]string `json:"entries"`
	input   string
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, v))
}

func readVectors(t *testing.T) []vector {
	t.Helper()
	var golden struct{ Vectors []vector }
	readJSON(t, "testdata/vectors.json", &golden)
	require.NotEmpty(t, golden.Vectors)
	for i := range golden.Vectors {
		v := &golden.Vectors[i]
		text, err := os.ReadFile(filepath.Join("testdata", "vectors", v.Name+".txt"))
		require.NoError(t, err)
		_, input, ok := bytes.Cut(text, []byte("\n\n"))
		require.True(t, ok, "%s has no header", v.Name)
		v.input = string(input)
	}
	return golden.Vectors
}

func pairsFrom(all iter.Seq2[string, string]) [][2]string {
	pairs := [][2]string{}
	for k, v := range all {
		pairs = append(pairs, [2]string{k, v})
	}
	return pairs
}

func TestVectors(t *testing.T) {
	for _, v := range readVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			f := devvars.Parse([]byte(v.input))
			require.Equal(t, v.Entries, pairsFrom(f.All()))
			require.Equal(t, v.input, string(f.Bytes()))
			for _, kv := range v.Entries {
				value, ok := f.Lookup(kv[0])
				require.True(t, ok)
				require.Equal(t, kv[1], value)
			}
		})
	}
}

func TestOracleAgreesWithVectors(t *testing.T) {
	for _, v := range readVectors(t) {
		if len(v.input) > 1000 {
			continue // the oracle is slow
		}
		want := []oraclePair(nil)
		for _, kv := range v.Entries {
			want = append(want, oraclePair{kv[0], kv[1]})
		}
		require.Equal(t, want, oracleParse(v.input), v.Name)
	}
}

func TestEveryVectorFileIsRecorded(t *testing.T) {
	recorded := map[string]bool{}
	for _, v := range readVectors(t) {
		recorded[v.Name] = true
	}
	files, err := os.ReadDir("testdata/vectors")
	require.NoError(t, err)
	for _, file := range files {
		require.True(t, recorded[strings.TrimSuffix(file.Name(), ".txt")], "%s is not in vectors.json", file.Name())
	}
	require.Len(t, files, len(recorded))
}

type recordedExpansion struct {
	Name    string      `json:"name"`
	Files   []string    `json:"files"`
	Process [][2]string `json:"process"`
	Ending  string      `json:"ending"`
	Entries [][2]string `json:"entries"`
}

func TestRecordedExpansions(t *testing.T) {
	var golden struct{ Expansions []recordedExpansion }
	readJSON(t, "testdata/expand.json", &golden)
	require.NotEmpty(t, golden.Expansions)
	for _, e := range golden.Expansions {
		t.Run(e.Name, func(t *testing.T) {
			o := devvars.ExpandOptions{Environ: environ(object(slices.Values(e.Process)))}
			got, err := devvars.Expand(merged(asBytes(e.Files)), o)
			switch e.Ending {
			case "ok":
				require.NoError(t, err)
				require.Equal(t, append([][2]string{}, e.Entries...), pairsFrom(got.All()))
			case "throws":
				require.ErrorIs(t, err, devvars.ErrExpandBuiltin)
			default: // dotenv-expand hangs or runs out of memory
				var failed *devvars.ExpandError
				require.ErrorAs(t, err, &failed)
			}
		})
	}
}

func asBytes(texts []string) [][]byte {
	docs := make([][]byte, len(texts))
	for i, text := range texts {
		docs[i] = []byte(text)
	}
	return docs
}
