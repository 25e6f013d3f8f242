package syntax_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

var record = flag.Bool("record", false, "write testdata/recorded.json from the wrangler that WORKERENV_ORACLE names")

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
			if accident(d.format, []byte(d.text), want) == "" {
				assert.Empty(t, difference(d.format, []byte(d.text), want))
			}
			_, err := syntax.Parse([]byte(d.text), d.format)
			var e *syntax.Error
			if errors.As(err, &e) && want.Error != "" {
				assert.Equal(t, want.Line, e.Line, "line of the error")
			}
		})
	}
}

// TestLiveRecorded checks that the recorded answers are those of the wrangler that WORKERENV_ORACLE names, or writes
// them.
func TestLiveRecorded(t *testing.T) {
	tool := liveWrangler(t)
	r := recorded{
		Source: tool.version + ", " + time.Now().Format(time.DateOnly) +
			": go test ./wrangler/internal/syntax -run LiveRecorded -record",
		Answers: map[string]answer{},
	}
	for _, d := range documents() {
		r.Answers[d.name] = tool.ask(t, d.format, [][]byte{[]byte(d.text)})[0]
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
