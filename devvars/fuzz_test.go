package devvars_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

// seeds are the seeds of the fuzz targets.
var seeds = []string{
	"", "A=1", "A=1\nB='x\ny'\n", "export A = \"a\\nb\" # c\r\nB: c\r\n", "A='x\nB=#'\nC=`", "A=\n'q'\n", "A\n=x",
	"export\nA=1",
	"A=x\u2028'y'\u2029=\n", "\ufeffA=\u00a0b\u00a0", "A=b\xffc", "2=a\n1=b\nB=$A\n__proto__=1\n",
	"A:\nB=1", "A=\"x\\\"y\" z\nB=it's\n",
	"A=a#b\nA=\nnot this\n", "A=${B:-x}\rB=\\$\\n\r",
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file := devvars.Parse(src)
		require.Equal(t, string(src), string(file.Bytes()), "an unedited file is unchanged")
		pairs := pairsOf(file)
		if len(src) < 300 { // the oracle is slow
			require.Equal(t, oracleParse(string(src)), pairs, "the scanner and the oracle agree")
		}
		for n := range 8 {
			comment := strings.Repeat("#", n) + "\n"
			after := devvars.Parse([]byte(comment + string(src)))
			require.Equal(t, pairs, pairsOf(after), "a comment before it changes nothing")
		}
		last := map[string]string{}
		offset := -1
		for e := range file.Assignments() {
			require.Greater(t, e.Pos().Offset, offset, "assignments are in the order of the text")
			offset = e.Pos().Offset
			rest := string(src[offset:])
			require.True(t, strings.HasPrefix(rest, e.Key()), "the position of an assignment is that of its key")
			require.Equal(t, position(src, offset), e.Pos())
			value := e.ValuePos().Offset
			require.GreaterOrEqual(t, value, offset+len(e.Key())+1, "the value is after the key and its separator")
			require.Equal(t, position(src, value), e.ValuePos())
			require.True(t, strings.HasPrefix(rest, e.Raw()), "the text of an assignment is in the file")
			last[e.Key()] = e.Value()
		}
		delete(last, "__proto__")
		require.Equal(t, last, maps.Collect(file.All()), "the last assignment to a key wins")
		for k, v := range last {
			got, ok := file.Lookup(k)
			require.True(t, ok)
			require.Equal(t, v, got)
		}
		require.Equal(t, pairs, pairsOf(file), "All gives the same once keys are looked up")
	})
}

// position returns the position of offset in src.
func position(src []byte, offset int) devvars.Position {
	s := strings.ReplaceAll(strings.TrimPrefix(string(src[:offset]), "\uFEFF"), "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	line := s[strings.LastIndexByte(s, '\n')+1:]
	return devvars.Position{Offset: offset, Line: 1 + strings.Count(s, "\n"), Column: 1 + utf8.RuneCountInString(line)}
}

// reasons are the possible reasons of an EditError.
var reasons = []string{
	"it is empty", "an assignment to __proto__ has no effect",
	`it has a character other than A to Z, a to z, 0 to 9, "_", "." and "-"`,
	"it is not valid UTF-8", "it needs quotes, and contains each of the three kinds",
	`it has a carriage return, which only \r in double quotes can express, and they cannot hold the rest of it`,
	"every form of it would change the meaning of other lines",
}

func FuzzSet(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s), "A", "it's #1")
		f.Add([]byte(s), "NEW", " \"'`\n")
		f.Add([]byte(s), "B", "")
	}
	f.Fuzz(func(t *testing.T, src []byte, key, value string) {
		file := devvars.Parse(src)
		before := maps.Collect(file.All())
		if err := file.Set(key, value); err != nil {
			require.Equal(t, string(src), string(file.Bytes()), "a failed Set changes nothing")
			var edit *devvars.EditError
			require.True(t, errors.As(err, &edit))
			require.Contains(t, reasons, edit.Reason, "a reason is a fixed text")
			if !errors.Is(err, devvars.ErrKey) {
				key += ": "
			} else {
				key = ""
			}
			require.Equal(t, key+edit.Err.Error()+": "+edit.Reason, err.Error())
			return
		}
		got, ok := file.Lookup(key)
		require.True(t, ok)
		require.Equal(t, value, got)
		if old, ok := before[key]; ok && old == value {
			require.Equal(t, string(src), string(file.Bytes()), "setting the same value changes nothing")
		}
		before[key] = value
		require.Equal(t, before, maps.Collect(file.All()), "all other keys keep their values")
		if len(file.Bytes()) < 300 {
			require.Equal(t, oracleParse(string(file.Bytes())), pairsOf(file))
		}
	})
}

func FuzzDelete(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s), "A")
	}
	f.Add([]byte("A=\"x\nB=\"y\"\nC=\"#"), "B")
	f.Add([]byte("A=\nB=1\n'x'"), "B")
	f.Fuzz(func(t *testing.T, src []byte, key string) {
		file := devvars.Parse(src)
		want := maps.Collect(file.All())
		_, there := want[key]
		require.Equal(t, there, file.Delete(key))
		delete(want, key)
		require.Equal(t, want, maps.Collect(file.All()))
		if !there {
			require.Equal(t, string(src), string(file.Bytes()))
		}
	})
}

func FuzzQuote(f *testing.F) {
	values := []string{"it's", "a b", " a", "a#b", "`'\"", "`'\" ", "`'\"#", "C:\\new", "a\\nb\n", "$2b$10$x", "\xff"}
	for _, s := range append(values, seeds...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		form, err := devvars.Quote(value)
		if err != nil {
			require.ErrorIs(t, err, devvars.ErrValue)
			ordinary := utf8.ValidString(value) && !strings.ContainsAny(value, "'\"`") &&
				!(strings.Contains(value, "\r") && strings.Contains(value, `\`))
			require.False(t, ordinary, "every value without quotes, or CR and a backslash, has a form")
			return
		}
		for _, text := range []string{
			"K=" + form, "K=" + form + "\n", "K=" + form + " # comment\n", "export K = " + form + "\r\nB=1",
		} {
			got, ok := devvars.Parse([]byte(text)).Lookup("K")
			require.True(t, ok, "%q", text)
			require.Equal(t, value, got, "%q", text)
		}
		if len(form) < 100 {
			require.Equal(t, []oraclePair{{"K", value}}, oracleParse("K="+form+"\n"))
		}
	})
}

func FuzzFindings(f *testing.F) {
	var rules []devvars.Rule
	for _, r := range devvars.Rules() {
		rules = append(rules, r.Rule)
		f.Add([]byte(r.Example))
	}
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file := devvars.Parse(src)
		findings := slices.Collect(file.Findings())
		require.Equal(t, findings, slices.Collect(devvars.Parse(src).Findings()), "Findings are deterministic")
		line, column := 1, 0
		for _, finding := range findings {
			require.NotEmpty(t, finding.Text, "every finding has a text")
			require.Contains(t, rules, finding.Rule)
			require.False(t, file.IsFragment(finding.Key), "a piece of a value is not a key")
			if finding.Rule == devvars.RuleEncoding {
				require.Len(t, findings, 1)
				continue
			}
			inOrder := finding.Line > line || finding.Line == line && finding.Column >= column
			require.True(t, inOrder, "findings are in the order of the text")
			line, column = finding.Line, finding.Column
		}
	})
}
