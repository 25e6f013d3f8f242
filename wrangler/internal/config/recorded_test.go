package config_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

const recordedFile = "testdata/recorded.jsonl"

// record is a line of the recorded file.
type record struct {
	Request request `json:"request"`
	Answer  answer  `json:"answer"`
}

// recordedRequests are the corners and some random configurations.
func recordedRequests() []request {
	requests := cornerRequests()
	g := &generator{Rand: rand.New(rand.NewPCG(2026, 4))}
	for range 250 {
		requests = append(requests, g.request(len(requests)))
	}
	return requests
}

// TestRecord asks the real tool and writes what TestRecorded reads, if WORKERENV_RECORD is set.
func TestRecord(t *testing.T) {
	if os.Getenv("WORKERENV_RECORD") == "" {
		t.Skip("WORKERENV_RECORD is not set")
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	requests := recordedRequests()
	for i, a := range askWrangler(t, requests) {
		if err := encoder.Encode(record{requests[i], a}); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.FromSlash(recordedFile), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestRecorded compares with what was recorded of the real tool; see testdata/PROVENANCE.md.
func TestRecorded(t *testing.T) {
	f, err := os.Open(filepath.FromSlash(recordedFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	count := 0
	for lines.Scan() {
		var r record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		count++
		if diff := compare(t, r.Request, r.Answer); diff != "" {
			t.Errorf("%v\n%s\nreference: %s", r.Request, diff, r.Answer)
		}
	}
	if count < 300 {
		t.Errorf("only %d configurations", count)
	}
}

// TestLiveCorners compares the corners with the real tool.
func TestLiveCorners(t *testing.T) {
	realWrangler(t)
	compareAll(t, cornerRequests())
}
