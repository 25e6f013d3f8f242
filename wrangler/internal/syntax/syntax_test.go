package syntax_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

func TestFormatOf(t *testing.T) {
	for path, want := range map[string]syntax.Format{
		"wrangler.json": syntax.JSONC, "a/b.jsonc": syntax.JSONC, "wrangler.toml": syntax.TOML, ".toml": syntax.TOML,
		"wrangler.TOML": syntax.None, "wrangler": syntax.None, "toml": syntax.None, "a.toml/b": syntax.None, "": syntax.None,
	} {
		assert.Equal(t, want, syntax.FormatOf(path), path)
	}
}

func TestParseNone(t *testing.T) {
	v, err := syntax.Parse([]byte("{ not read"), syntax.None)
	require.NoError(t, err)
	assert.Equal(t, "{}", v.JSON())
}

func TestParseSharesNoMemory(t *testing.T) {
	for f, text := range map[syntax.Format]string{
		syntax.JSONC: `{"key":["text"]} // x`,
		syntax.TOML:  "key=[\"text\",'text',{k='v'}]\n[table]",
	} {
		src := []byte(text)
		v, err := syntax.Parse(src, f)
		require.NoError(t, err)
		before := v.JSON()
		for i := range src {
			src[i] = '#'
		}
		assert.Equal(t, before, v.JSON())
	}
}

// offsets lists the text at every key's and every value's offset, up to the next blank.
func offsets(src string, v jsvalue.Value) []string {
	var found []string
	note := func(offset int, known bool) {
		if !known {
			found = append(found, "unknown")
			return
		}
		word, _, _ := strings.Cut(src[offset:]+" ", " ")
		found = append(found, fmt.Sprintf("%d:%s", offset, word))
	}
	note(v.Offset())
	for _, item := range v.Items() {
		found = append(found, offsets(src, item)...)
	}
	for key, item := range v.Object().All() {
		note(v.Object().KeyOffset(key))
		found = append(found, offsets(src, item)...)
	}
	return found
}

func TestOffsets(t *testing.T) {
	for _, c := range []struct {
		name   string
		format syntax.Format
		src    string
		want   string // without the blanks between
	}{
		{"object", syntax.JSONC, ` { "a" : [ 1 , "x" , null ] }`, `1:{ 3:"a" 9:[ 11:1 15:"x" 21:null`},
		{"byte order mark", syntax.JSONC, "\uFEFF{ \"a\" : true }", `3:{ 5:"a" 11:true`},
		{"ill-formed", syntax.JSONC, "{ \"\xFF\xE2\x82\" : \"\xFF\" , /*\xFF*/ \"b\" : 1 }",
			"0:{ 2:\"\xFF\xE2\x82\" 10:\"\xFF\" 22:\"b\" 28:1"},
		{"blanked comment", syntax.JSONC, "// \u2028\n{ // x\r \"a\" : 1 } // y", "7:{ 15:\"a\" 21:1"},
		{"duplicate key", syntax.JSONC, `{ "a" : 1 , "b" : 2 , "a" : 3 }`, `0:{ 22:"a" 28:3 12:"b" 18:2`},
		{"pairs", syntax.TOML, "a = 1 \n'b' . c = \"x\" ", "0:a 0:a 4:1 7:'b' 7:'b' 13:c 17:\"x\""},
		{"values", syntax.TOML, "a = [ [ ] , { b = 1 , c . d = [ 'x' ] } , 2020-01-01 , -inf ] ",
			"0:a 0:a 4:[ 6:[ 12:{ 14:b 18:1 22:c 22:c 26:d 30:[ 32:'x' 42:2020-01-01 55:-inf"},
		{"tables", syntax.TOML, "[ a . b ] \n[ a ] \nc = 1 ", "0:[ 13:a 11:[ 6:b 0:[ 18:c 22:1"},
		{"arrays of tables", syntax.TOML, " [[ a ]] \n[[ \ta ]] \nb = 1 ", "0: 4:a 1:[[ 1:[[ 10:[[ 20:b 24:1"},
		{"mark and ill-formed", syntax.TOML, "\uFEFFa = '\xFF' \n[ b ] ", "3:a 3:a 7:'\xFF' 14:b 12:["},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := syntax.Parse([]byte(c.src), c.format)
			require.NoError(t, err)
			assert.Equal(t, c.want, strings.Join(offsets(c.src, v), " "))
		})
	}
}

func TestError(t *testing.T) {
	const redefined = "invalid TOML: this name is already defined"
	for _, c := range []struct {
		format syntax.Format
		src    string
		want   string
	}{
		{syntax.JSONC, "{\n  \"vars\": {\"é\": [1, {\"b c\": @}]}}", "2:29: invalid JSON: expected a value"},
		{syntax.JSONC, "", "1:1: invalid JSON: expected a value"},
		{syntax.JSONC, "[1,,]", "1:4: invalid JSON: expected a value"},
		{syntax.JSONC, `{"a": 1 "b": 2}`, "1:9: invalid JSON: expected a comma or a closing brace"},
		{syntax.JSONC, `{"a": [1 2]}`, "1:10: invalid JSON: expected a comma or a closing bracket"},
		{syntax.JSONC, `{"a": 1, b: 2}`, "1:10: invalid JSON: expected a key in double quotes"},
		{syntax.JSONC, `{"a" 1}`, "1:6: invalid JSON: expected a colon after the key"},
		{syntax.JSONC, "{}\r\r{", "3:1: invalid JSON: expected the end of the file"},
		{syntax.JSONC, "[-]", "1:2: invalid JSON: this number is not written as JSON has it"},
		{syntax.JSONC, "[\n \"x\n\"]", "2:2: invalid JSON: this string has no closing quote"},
		{syntax.JSONC, `["x", "\x"]`, "1:7: invalid JSON: this string has an escape that JSON does not have"},
		{syntax.JSONC, "[\"x\ty\"]", "1:4: invalid JSON: control characters in a string must be escaped"},
		{syntax.JSONC, "{} /* x", "1:4: invalid JSON: this comment has no end"},
		{syntax.JSONC, "\xFF\xFE{}", "1:1: the file has a UTF-16 LE byte order mark; save it as UTF-8"},
		{syntax.TOML, "\x00\x00\xFE\xFF", "1:1: the file has a UTF-32 BE byte order mark; save it as UTF-8"},
		{syntax.TOML, "[vars]\n\nA = [1, {b.c = @}]", "3:16: invalid TOML: expected a value; strings need quotes"},
		{syntax.TOML, "\uFEFF# \xFF\xFF\nA = '\xE2\x82' @", "2:10: invalid TOML"},
		{syntax.TOML, "A = \"x", "1:6: invalid TOML"},
		{syntax.TOML, "A =\nB = 1", "1:4: invalid TOML: expected a value; strings need quotes"},
		{syntax.TOML, "A: 1", "1:2: invalid TOML"},
		{syntax.TOML, "a = [1,\n 2", "2:2: invalid TOML"},
		{syntax.TOML, "[[r]]\n[[r]]\n[r.s]\nx=1\n y=2\n x=2", "6:2: " + redefined},
		{syntax.TOML, "[a]\n[b]\n[ a]", "3:3: " + redefined},
		{syntax.TOML, "a = {b = 1, c.d = 1, c.d.e = 2}", "1:24: " + redefined},
		{syntax.TOML, "a = 9007199254740992",
			"1:5: invalid TOML: an integer beyond 2^53 loses digits in JavaScript; write it as a string"},
		{syntax.TOML, "a = [\n2021-13-01]", "2:1: invalid TOML: this date or time does not exist"},
	} {
		_, err := syntax.Parse([]byte(c.src), c.format)
		assert.EqualError(t, err, c.want, "%q", c.src)
		assert.ErrorAs(t, err, new(*syntax.Error))
	}
}

// TestErrorHoldsNoValue cuts and damages documents that are full of a secret in all places.
func TestErrorHoldsNoValue(t *testing.T) {
	const canary = "s3cr3t"
	for f, text := range map[syntax.Format]string{
		syntax.JSONC: "{\"a\":\"s3cr3t\",\"b\":[\"s3cr3t\",/*s3cr3t*/{\"c\":\"s3cr3t\"}],//s3cr3t\n\"d\":\"\\us3cr3t\"}",
		syntax.TOML:  "a=\"s3cr3t\" # s3cr3t\n[b]\nc='s3cr3t'\nd=[\"\"\"s3cr3t\ns3cr3t\"\"\",{e='s3cr3t'}]\n",
	} {
		for i := range len(text) + 1 {
			for _, with := range []string{"", "@", "\x00", "\"", "\\", "=", "\xFF\n"} {
				for _, rest := range []string{"", text[i:], text[min(len(text), i+1):]} {
					_, err := syntax.Parse([]byte(text[:i]+with+rest), f)
					if err != nil {
						require.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), canary, "damaged at %d", i)
					}
				}
			}
		}
	}
}

func TestLocator(t *testing.T) {
	position := func(l syntax.Locator, offset int) string {
		line, column := l.Position(offset)
		return fmt.Sprintf("%d:%d", line, column)
	}
	const src = "\uFEFFa\nbé\U0001F600c\r\nd\re\xFF\xFEf\n\n"
	l := syntax.NewLocator([]byte(src))
	for offset, want := range []string{"1:1", "1:1", "1:1", "1:1", "1:2", "2:1", "2:2"} {
		assert.Equal(t, want, position(l, offset), "offset %d", offset)
	}
	for text, want := range map[string]string{"c\r": "2:4", "\r\nd": "2:5", "\nd\r": "2:6", "d\r": "3:1", "\re": "3:2",
		"e\xFF": "4:1", "f\n": "4:4", "\n\n": "4:5"} {
		assert.Equal(t, want, position(l, strings.Index(src, text)), "%q", text)
	}
	assert.Equal(t, "6:1", position(l, 1000), "beyond the end")
	assert.Equal(t, "1:1", position(syntax.Locator{}, 5))
	assert.Equal(t, "1:1", position(syntax.NewLocator(nil), -1))

	long := syntax.NewLocator([]byte(strings.Repeat("ab\r\n\U0001F600\xFF\r", 700)))
	for i := range 700 {
		assert.Equal(t, fmt.Sprintf("%d:2", 2*i+2), position(long, 10*i+8))
	}
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestBounds(t *testing.T) {
	const (
		none    = ""
		invalid = "invalid "
		depth   = "nested more than 10000 levels deep"
		values  = "more than 1048576 values"
	)
	nested := func(open, close string, n int) string { return strings.Repeat(open, n) + strings.Repeat(close, n) }
	for _, c := range []struct {
		name   string
		format syntax.Format
		src    string
		cause  string // the start of it, none if there is no error
	}{
		{"arrays at the bound", syntax.JSONC, nested("[", "]", syntax.MaxDepth+1), none},
		{"arrays beyond", syntax.JSONC, nested("[", "]", syntax.MaxDepth+2), depth},
		{"objects at the bound", syntax.JSONC, strings.Repeat(`{"a":`, syntax.MaxDepth) + "1" +
			strings.Repeat("}", syntax.MaxDepth), none},
		{"a million brackets", syntax.JSONC, strings.Repeat("[", 1_000_000), depth},
		{"a million braces", syntax.JSONC, strings.Repeat(`{"":`, 1_000_000), depth},
		{"values at the bound", syntax.JSONC, "[" + strings.Repeat("1,", syntax.MaxValues-1) + "]]", invalid},
		{"values beyond", syntax.JSONC, "[" + strings.Repeat("1,", syntax.MaxValues) + "]", values},
		{"dotted key at the bound", syntax.TOML, strings.Repeat("a.", syntax.MaxDepth-1) + "a=1", none},
		{"dotted key beyond", syntax.TOML, strings.Repeat("a.", syntax.MaxDepth) + "a=1", depth},
		{"header and key beyond", syntax.TOML, "[" + strings.Repeat("a.", syntax.MaxDepth-2) + "a]\na.a=1", depth},
		{"header, key and array at the bound", syntax.TOML, "[" + strings.Repeat("a.", syntax.MaxDepth-2) + "a]\na=[]", none},
		{"header, key and array beyond", syntax.TOML, "[" + strings.Repeat("a.", syntax.MaxDepth-2) + "a]\na=[[]]",
			depth},
		{"a million brackets", syntax.TOML, "a=" + strings.Repeat("[", 1_000_000), invalid},
		{"values at the bound", syntax.TOML, "a=[" + strings.Repeat("1,", syntax.MaxValues-1) + "]]", invalid},
		{"pairs at the bound", syntax.TOML, numbered("%d=1\n", syntax.MaxValues) + "@", invalid},
		{"values beyond", syntax.TOML, "a=[" + strings.Repeat("1,", syntax.MaxValues) + "]", values},
		{"tables beyond", syntax.TOML, numbered("[t%d."+strings.Repeat("a.", syntax.MaxDepth-2)+"a]\n", 105),
			values},
		{"arrays of tables beyond", syntax.TOML, numbered("[[a]] #%d\n", syntax.MaxValues+1), values},
	} {
		t.Run(c.format.String()+"/"+c.name, func(t *testing.T) {
			v, err := syntax.Parse([]byte(c.src), c.format)
			if c.cause == none {
				require.NoError(t, err)
				assert.NotPanics(t, func() { v.JSON() })
				return
			}
			var e *syntax.Error
			require.ErrorAs(t, err, &e)
			assert.True(t, strings.HasPrefix(e.Cause(), c.cause), e)
		})
	}
}

// TestLinear parses hostile documents of a size and of eight times the size, and fails if the time grows far more than
// that.
func TestLinear(t *testing.T) {
	if os.Getenv("WORKERENV_GROWTH") == "" {
		t.Skip("WORKERENV_GROWTH is not set; times are only worth something on a quiet machine")
	}
	if testing.Short() {
		t.Skip("takes a few seconds")
	}
	keys := func(format string) func(int) string {
		return func(n int) string {
			var b strings.Builder
			for i := range n / 20 {
				fmt.Fprintf(&b, format, i)
			}
			return b.String()
		}
	}
	repeat := func(before, unit string) func(int) string {
		return func(n int) string { return before + strings.Repeat(unit, n/len(unit)) }
	}
	for _, c := range []struct {
		name   string
		format syntax.Format
		doc    func(size int) string
	}{
		{"keys", syntax.JSONC, func(n int) string { return "{" + keys(`"key%d":1,`)(n) + "}" }},
		{"integer-like keys", syntax.JSONC, func(n int) string { return "{" + keys(`"%d":1,`)(n) + "}" }},
		{"open comment", syntax.JSONC, repeat("", "/*")},
		{"line comments", syntax.JSONC, repeat("", "//\u2028\r")},
		{"open string", syntax.JSONC, repeat(`["`, `\"`)},
		{"strings", syntax.JSONC, func(n int) string { return "[" + strings.Repeat("\"\xFF\",", n/20) + "]" }},
		{"digits", syntax.JSONC, func(n int) string { return "[0." + strings.Repeat("9", n) + "]" }},
		{"ill-formed", syntax.JSONC, func(n int) string { return "{}//" + strings.Repeat("\xFF\xE2", n/2) }},
		{"nul", syntax.JSONC, repeat("", "\x00")},
		{"line ends", syntax.JSONC, repeat("", "\r")},
		{"keys", syntax.TOML, keys("key%d=1\n")},
		{"tables", syntax.TOML, keys("[a.b.t%d]\n")},
		{"arrays of tables", syntax.TOML, repeat("", "[[a]]\nb={}\n")},
		{"quoted keys", syntax.TOML, keys("\"\\u0061%d\"=1\n")},
		{"inline table", syntax.TOML, func(n int) string { return "a={" + keys("k%d.a=1,")(n) + "}" }},
		{"array", syntax.TOML, func(n int) string { return "a=[" + strings.Repeat("{},", n/20) + "]" }},
		{"open multi-line string", syntax.TOML, repeat(`a="""`, `\\""`)},
		{"multi-line strings", syntax.TOML,
			func(n int) string { return "a=[" + strings.Repeat("\"\"\"\\\n\xFF\"\"\"\",", n/20) + "]" }},
		{"comments", syntax.TOML, repeat("", "#\r\n")},
		{"digits", syntax.TOML, func(n int) string { return "a=0." + strings.Repeat("9", n) }},
		{"dotted keys", syntax.TOML, func(n int) string { return numbered(strings.Repeat("a.", 500)+"k%d=1\n", n/1000) }},
		{"line ends", syntax.TOML, repeat("", "\n")},
	} {
		t.Run(c.format.String()+"/"+c.name, func(t *testing.T) {
			const size, factor = 40_000, 8
			var small, large time.Duration
			for range 8 { // other work on the machine must not count
				small, large = duration(c.doc(size), c.format), duration(c.doc(size*factor), c.format)
				if large < 4*factor*small+50*time.Millisecond {
					return
				}
			}
			t.Errorf("%v for %d bytes, %v for %d", small, size, large, size*factor)
		})
	}
}

// duration returns the time to parse doc.
func duration(doc string, f syntax.Format) time.Duration {
	src := []byte(doc)
	runtime.GC()
	start := time.Now()
	syntax.Parse(src, f)
	return time.Since(start)
}

func TestRepeatedKeys(t *testing.T) {
	for src, want := range map[string][]syntax.RepeatedKey{
		`{"a": {"b": 1}, "b": [{"a": 1}, {"a": 2}]}`:   nil,
		`{"//": "a comment", "//": "another"}`:         nil,
		`{"a": 1, "b": {"c": 1, "\u0063": 2}, "a": 2}`: {{First: 15, Second: 23}, {First: 1, Second: 37}},
		"\uFEFF{\"a\": 1, \"a\": 2, \"a\": 3}":         {{First: 4, Second: 12}, {First: 12, Second: 20}},
	} {
		require.Equal(t, want, syntax.RepeatedKeys([]byte(src)), src)
	}
}
