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
	assert.True(t, v.Object().Has("constructor"), "it is a plain object")
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
		{"ill-formed", syntax.JSONC, "{ \"\xFF\xE2\x82\" : \"\xFF\" , /*\xFF*/ \"b\" : 1 }", "0:{ 2:\"\xFF\xE2\x82\" 10:\"\xFF\" 22:\"b\" 28:1"},
		{"blanked comment", syntax.JSONC, "// \u2028\n{ // x\r \"a\" : 1 } // y", "7:{ 15:\"a\" 21:1"},
		{"duplicate key", syntax.JSONC, `{ "a" : 1 , "b" : 2 , "a" : 3 }`, `0:{ 22:"a" 28:3 12:"b" 18:2`},
		{"pairs", syntax.TOML, "a = 1 \n'b' . c = \"x\" ", "0:a 0:a 4:1 7:'b' 7:'b' 13:c 17:\"x\""},
		{"values", syntax.TOML, "a = [ [ ] , { b = 1 , c . d = [ 'x' ] } , 2020-01-01 , -inf ] ", "0:a 0:a 4:[ 6:[ 12:{ 14:b 18:1 22:c 22:c 26:d 30:[ 32:'x' 42:2020-01-01 55:-inf"},
		{"tables", syntax.TOML, "[ a . b ] \n[ a ] \nc = 1 ", "0:[ 13:a 11:[ 6:b 0:[ 18:c 22:1"},
		{"arrays of tables", syntax.TOML, " [[ a ]] \n[[ \ta ]] \nb = 1 ", "0: 4:a 1:[[ 1:[[ 10:[[ 20:b 24:1"},
		{"mark and ill-formed", syntax.TOML, "\uFEFFa = '\xFF' \n[ b ] ", "3:a 3:a 7:'\xFF' 14:b 12:["},
		{"strange number", syntax.TOML, "a = 1e+-5 \nb = 2 ", "0:a 0:a 4:1e+-5 11:b 15:2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := syntax.Parse([]byte(c.src), c.format)
			require.NoError(t, err)
			assert.Equal(t, c.want, strings.Join(offsets(c.src, v), " "))
		})
	}
}

func TestErrorPlaceAndKey(t *testing.T) {
	for _, c := range []struct {
		format   syntax.Format
		src      string
		want     string
		wantCode string
	}{
		{syntax.JSONC, "{\n  \"vars\": {\"é\": [1, {\"b c\": @}]}}", `2:29: vars."é"[1]."b c": invalid JSON: invalid symbol`, "InvalidSymbol"},
		{syntax.JSONC, "{\"a\": 1 \"b\": 2}", "1:9: a: invalid JSON: comma expected", "CommaExpected"},
		{syntax.JSONC, "{\"a\": 1, b: 2}", "1:10: invalid JSON: invalid symbol", "InvalidSymbol"},
		{syntax.JSONC, "{\"a\": [1, @]}", "1:11: a[1]: invalid JSON: invalid symbol", "InvalidSymbol"},
		{syntax.JSONC, "{\"a\": 1, 2: 2}", "1:10: invalid JSON: property name expected", "PropertyNameExpected"},
		{syntax.JSONC, "{}\r\r{", "3:1: invalid JSON: end of file expected", "EndOfFileExpected"},
		{syntax.JSONC, "", "1:1: invalid JSON: value expected", "ValueExpected"},
		{syntax.JSONC, "\xFF\xFE{}", "1:1: the file has a UTF-16 LE byte order marker; save it as UTF-8", "UTF-16 LE byte order marker"},
		{syntax.TOML, "[env.\"a b\".vars]\n\nA = [1, {b.c = @}]", `3:16: env."a b".vars.A[1].b.c: invalid TOML: invalid value`, "invalid value"},
		{syntax.TOML, "[[r]]\n[[r]]\n[r.s]\nx=1\nx=2", "5:1: r[1].s.x: invalid TOML: trying to redefine an already defined table or value", "trying to redefine an already defined table or value"},
		{syntax.TOML, "[a]\n[b]\n[a]", "3:2: a: invalid TOML: trying to redefine an already defined table or value", "trying to redefine an already defined table or value"},
		{syntax.TOML, "a=" + strings.Repeat("[", 1001), "1:1003: a" + strings.Repeat("[0]", 66) + "[...: invalid TOML: document contains excessively nested structures. aborting", "document contains excessively nested structures. aborting."},
		{syntax.TOML, "\"\\n\" = @", `1:8: "\n": invalid TOML: invalid value`, "invalid value"},
	} {
		_, err := syntax.Parse([]byte(c.src), c.format)
		assert.EqualError(t, err, c.want)
		var e *syntax.Error
		if assert.ErrorAs(t, err, &e) {
			assert.Equal(t, c.wantCode, e.Code)
			assert.Equal(t, c.format, e.Format)
		}
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

func TestPosition(t *testing.T) {
	const src = "\uFEFFa\nbé\U0001F600c\r\nd\re\xFF\xFEf\n\n"
	want := []string{"1:1", "1:1", "1:1", "1:1", "1:2", "2:1", "2:2"}
	for offset, place := range want {
		line, column := syntax.Position([]byte(src), offset)
		assert.Equal(t, place, fmt.Sprintf("%d:%d", line, column), "offset %d", offset)
	}
	for text, place := range map[string]string{"c\r": "2:4", "\r\nd": "2:5", "\nd\r": "2:6", "d\r": "3:1", "\re": "3:2", "e\xFF": "4:1", "f\n": "4:4", "\n\n": "4:5"} {
		line, column := syntax.Position([]byte(src), strings.Index(src, text))
		assert.Equal(t, place, fmt.Sprintf("%d:%d", line, column), "%q", text)
	}
	line, column := syntax.Position([]byte(src), 1000)
	assert.Equal(t, [2]int{6, 1}, [2]int{line, column}, "beyond the end")
	line, column = syntax.Position(nil, -1)
	assert.Equal(t, [2]int{1, 1}, [2]int{line, column})
}

func TestLocator(t *testing.T) {
	var zero syntax.Locator
	line, column := zero.Position(5)
	assert.Equal(t, [2]int{1, 1}, [2]int{line, column})
	for _, src := range []string{"", "\uFEFFa", strings.Repeat("é", 3000), strings.Repeat("ab\r\n\U0001F600\xFF\r", 700), strings.Repeat("\n", 1025)} {
		l := syntax.NewLocator([]byte(src))
		for offset := -1; offset <= len(src)+1; offset++ {
			line, column := l.Position(offset)
			wantLine, wantColumn := syntax.Position([]byte(src), offset)
			require.Equal(t, [2]int{wantLine, wantColumn}, [2]int{line, column}, "offset %d of %d", offset, len(src))
		}
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
	nested := func(open, close string, n int) string { return strings.Repeat(open, n) + strings.Repeat(close, n) }
	for _, c := range []struct {
		name   string
		format syntax.Format
		src    string
		code   string // of the error, "" if there is none
	}{
		{"arrays at the bound", syntax.JSONC, nested("[", "]", syntax.MaxDepth), ""},
		{"arrays beyond", syntax.JSONC, nested("[", "]", syntax.MaxDepth+1), syntax.CodeDepth},
		{"objects at the bound", syntax.JSONC, strings.Repeat(`{"a":`, syntax.MaxDepth) + "1" + strings.Repeat("}", syntax.MaxDepth), ""},
		{"a million brackets", syntax.JSONC, strings.Repeat("[", 1_000_000), syntax.CodeDepth},
		{"a million braces", syntax.JSONC, strings.Repeat(`{"":`, 1_000_000), syntax.CodeDepth},
		{"prototypes", syntax.JSONC, strings.Repeat(`{"__proto__":`, 9000) + "1" + strings.Repeat(`,"__proto__":2}`, 9000), ""},
		{"values at the bound", syntax.JSONC, "[" + strings.Repeat("1,", syntax.MaxValues-1) + "]]", "EndOfFileExpected"},
		{"values beyond", syntax.JSONC, "[" + strings.Repeat("1,", syntax.MaxValues) + "]", syntax.CodeValues},
		{"dotted key at the bound", syntax.TOML, strings.Repeat("a.", syntax.MaxDepth-1) + "a=1", ""},
		{"dotted key beyond", syntax.TOML, strings.Repeat("a.", syntax.MaxDepth) + "a=1", syntax.CodeDepth},
		{"header and key beyond", syntax.TOML, "[" + strings.Repeat("a.", syntax.MaxDepth-2) + "a]\na.a=1", syntax.CodeDepth},
		{"header, key and array beyond", syntax.TOML, "[" + strings.Repeat("a.", syntax.MaxDepth-2) + "a]\na=[]", syntax.CodeDepth},
		{"a million brackets", syntax.TOML, "a=" + strings.Repeat("[", 1_000_000), "document contains excessively nested structures. aborting."},
		{"values at the bound", syntax.TOML, "a=[" + strings.Repeat("1,", syntax.MaxValues-1) + "]]", "each key-value declaration must be followed by an end-of-line"},
		{"pairs at the bound", syntax.TOML, numbered("%d=1\n", syntax.MaxValues) + "@", "illegal character in key"},
		{"values beyond", syntax.TOML, "a=[" + strings.Repeat("1,", syntax.MaxValues) + "]", syntax.CodeValues},
		{"tables beyond", syntax.TOML, numbered("[t%d."+strings.Repeat("a.", syntax.MaxDepth-2)+"a]\n", 105), syntax.CodeValues},
		{"arrays of tables beyond", syntax.TOML, numbered("[[a]] #%d\n", syntax.MaxValues), syntax.CodeValues},
	} {
		t.Run(c.format.String()+"/"+c.name, func(t *testing.T) {
			v, err := syntax.Parse([]byte(c.src), c.format)
			if c.code == "" {
				require.NoError(t, err)
				assert.NotPanics(t, func() { v.JSON() })
				return
			}
			var e *syntax.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, c.code, e.Code)
			assert.Less(t, len(e.Error()), 400)
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
		{"multi-line strings", syntax.TOML, func(n int) string { return "a=[" + strings.Repeat("\"\"\"\\\n\xFF\"\"\"\",", n/20) + "]" }},
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
