package syntax_test

import (
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

var record = flag.Bool("record", false, "write testdata/recorded.json anew from the wrangler that WORKERENV_ORACLE names")

const recordedFile = "testdata/recorded.json"

// recorded is the content of testdata/recorded.json.
type recorded struct {
	Source  string
	Answers map[string]answer // by name of document
}

func TestRecorded(t *testing.T) {
	r := readRecorded(t)
	require.Len(t, r.Answers, len(documents()), "names must be unique, and each document recorded")
	for _, d := range documents() {
		t.Run(d.name, func(t *testing.T) {
			want, ok := r.Answers[d.name]
			require.True(t, ok, "not recorded")
			got := parse(t, d.format, []byte(d.text))
			if accident(d.format, []byte(d.text), want, got) == "" {
				assert.Equal(t, want, got)
			}
		})
	}
}

// TestLiveRecorded checks that the recorded answers are those of the wrangler that WORKERENV_ORACLE names, or writes
// them.
func TestLiveRecorded(t *testing.T) {
	ref := liveReference(t)
	r := recorded{
		Source:  ref.version + ", " + time.Now().Format(time.DateOnly) + ": go test ./wrangler/internal/syntax -run LiveRecorded -record",
		Answers: map[string]answer{},
	}
	for _, d := range documents() {
		r.Answers[d.name] = ref.ask(t, d.format, [][]byte{[]byte(d.text)})[0]
	}
	if !*record {
		assert.Equal(t, readRecorded(t).Answers, r.Answers)
		return
	}
	text, err := json.MarshalIndent(r, "", "\t")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(recordedFile, append(text, '\n'), 0o644))
}

func readRecorded(t *testing.T) recorded {
	text, err := os.ReadFile(recordedFile)
	require.NoError(t, err)
	var r recorded
	require.NoError(t, json.Unmarshal(text, &r))
	return r
}

// TestAccidents pins what this package does where it differs from the reference. The rows of docs/differences.md name
// these subtests.
func TestAccidents(t *testing.T) {
	for _, c := range []struct {
		name   string
		format syntax.Format
		text   string
		want   answer
	}{
		{"lone surrogate keys", syntax.JSONC, `{"\ud800":1,"\ud801":2}`, answer{Value: `{"` + "\uFFFD" + `":2|__proto__,constructor=function}`}},
		{"fallback dates", syntax.TOML, "a=0012-31-01", answer{Error: "Invalid TOML document: invalid date", Line: 1, Column: 2}},
		{"dates beyond ASCII", syntax.TOML, "a=2020-é1-01", answer{Error: "Invalid TOML document: illegal character in numeric literal", Line: 1, Column: 6}},
		{"place of a bad value with a colon", syntax.TOML, "a = ab:c", answer{Error: "Invalid TOML document: invalid value", Line: 1, Column: 4}},
		{"methods of an array prototype", syntax.JSONC, `{"__proto__":[]}`, answer{Value: `{|__proto__,constructor=function,length=0}`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, parse(t, c.format, []byte(c.text)))
		})
	}
}
