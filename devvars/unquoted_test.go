package devvars_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

// brokenCase is a file with a value of several lines without quotes.
type brokenCase struct {
	text      string
	findings  []string // line:column rule key
	fragments []string
}

const (
	base64a = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
	base64b = "Zm9vYmFyYmF6cXV4"
)

var brokenCases = map[string]brokenCase{
	"PEM": {
		"A=1\nK=-----BEGIN PRIVATE KEY-----\n" + base64a + "\nx7Yp+/\n" + base64b + "==\n" +
			"-----END PRIVATE KEY-----\nNEXT=1\n",
		[]string{"2:3 unquoted-lines K"}, []string{base64b},
	},
	"PEM and CR LF": {
		"K=-----BEGIN KEY-----\r\n" + base64b + "=\r\n-----END KEY-----\r\nNEXT=1\r\n",
		[]string{"1:3 unquoted-lines K"}, []string{base64b},
	},
	"a header and no end": {
		"K=-----BEGIN\nC1dE3fG5hI7j==\n", []string{"1:3 unquoted-lines K"}, []string{"C1dE3fG5hI7j"},
	},
	"PEM with headers": {
		"K=-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0A1B\n\n" + base64b + "==\n" +
			"-----END RSA PRIVATE KEY-----\nNEXT: 1\n",
		[]string{"1:3 unquoted-lines K"}, []string{"Proc-Type", "DEK-Info", base64b},
	},
	"a chain of certificates": {
		"K=-----BEGIN C-----\nab==\n-----END C-----\n\n-----BEGIN C-----\ncd==\n-----END C-----\nNEXT=1\n",
		[]string{"1:3 unquoted-lines K"}, []string{"ab", "cd"},
	},
	"PEM in an open quote": {
		"K=\"-----BEGIN \"A\"-----\nab==\n-----END KEY-----\"\nNEXT=1\n",
		[]string{"1:3 unquoted-lines K"}, []string{"ab"},
	},
	"PEM in quotes that end too early": {
		"K=\"-----BEGIN KEY-----\"\nab==\n-----END KEY-----\n" +
			"L='-----BEGIN KEY-----\ncd=='\nef==\n-----END KEY-----\nNEXT=1\n",
		[]string{"1:3 unquoted-lines K", "4:3 unquoted-lines L"}, []string{"ab", "ef"},
	},
	"PEM on the next line": {
		"K=\n-----BEGIN KEY-----\nab==\n-----END KEY-----\nNEXT=1\n",
		[]string{"1:3 unquoted-lines K"}, []string{"ab"},
	},
	"PEM after a colon": {
		"K:\n-----BEGIN KEY-----\nab==\n-----END KEY-----\nNEXT=1\n",
		[]string{"2:1 unquoted-lines K"}, []string{"ab"},
	},
	"PEM without a name": {
		"A=1\n\n-----BEGIN KEY-----\nab==\ncd==\n-----END KEY-----\nNEXT=1\n",
		[]string{"3:1 unquoted-lines"}, []string{"ab", "cd"},
	},
	"PEM without an end, and a name": {
		"K=-----BEGIN KEY-----\nab==\nNEXT=\nOTHER=x\n",
		[]string{"1:3 unquoted-lines K", "3:6 empty-value NEXT"}, []string{"ab"},
	},
	"Base64": {
		"K=" + base64a + "\n" + base64a + "\n" + base64b + "==\nNEXT=1\n",
		[]string{"1:3 unquoted-lines K"}, []string{base64b},
	},
	"Base64 on the next lines": {
		"K=\n" + base64a + "\n" + base64b + "==\nNEXT=1\n",
		[]string{"1:3 unquoted-lines K"}, []string{base64b},
	},
	"hex": {
		"K=" + strings.Repeat("0aB1", 16) + "\n" + strings.Repeat("0aB1", 16) + "\nNEXT=1\n",
		[]string{"1:3 unquoted-lines K"}, nil,
	},
	"short hex": {"K=deadbeefdeadbeef\ndeadbeefdeadbeef\nNEXT=1\n", []string{"1:3 unquoted-lines K"}, nil},
	"PEM with backslashes": {
		"K=-----BEGIN KEY-----\\\n" + base64b + "==\\\n-----END KEY-----\nNEXT=1\n",
		[]string{"1:3 unquoted-lines K"}, []string{base64b},
	},
	"one line of Base64": {
		"A=1\n" + base64b + "==\nNEXT=1\n",
		[]string{"2:1 unquoted-lines"}, []string{base64b},
	},
	"JSON": {
		"K={\n  \"a\": 1,\n  \"b\": \"x\"\n}\nNEXT=1\n",
		[]string{"1:3 unquoted-lines K"}, nil,
	},
	"JavaScript": {
		"K={\n  a: 1,\n  b: [\n    c: \"}\",\n  ],\n}\nNEXT: 1\n",
		[]string{"1:3 unquoted-lines K"}, []string{"a", "b", "c"},
	},
	"JSON in an open quote": {
		"K=\"{\n  \"a\": 1,\n  b: 2\n}\"\nNEXT=1\n",
		[]string{"1:3 unquoted-lines K"}, []string{"b"},
	},
	"JSON with a key in it": {
		"K={\n\"key\": \"-----BEGIN KEY-----\n" + base64b + "==\n-----END KEY-----\n\"\n}\nNEXT=1\n",
		[]string{"1:3 unquoted-lines K"}, []string{base64b},
	},
	"JSON on the next line": {
		"K=\n{\n  a: 1\n}\nNEXT: 1\n",
		[]string{"1:3 unquoted-lines K"}, []string{"a"},
	},
	"an array": {
		"K=[\"a\",\n\"b\",\nc: d\n]\nNEXT: 1\n",
		[]string{"1:3 unquoted-lines K"}, []string{"c"},
	},
	"JSON without an end": {
		"K={\n  \"a\": 1,\nNEXT=1\n",
		[]string{"1:3 unquoted-lines K"}, nil,
	},
	"quotes in quotes": {
		"K=\"He said \"hi\"\nNote: hunter2\nthe end\"\nNEXT: 1\n",
		[]string{"1:3 unquoted-lines K"}, []string{"Note"},
	},
	"an open quote and text": {
		"K='it's\nsome text\nNEXT=1\n", []string{"1:3 open-quote K", "2:1 skipped-text"}, nil,
	},
	"an open quote that nothing closes": {
		"K='abc\nsome text\nmore text\n\nNEXT: 1\n", []string{"1:3 unquoted-lines K"}, nil,
	},
	"a document": {
		"K=<<EOF\nNote: hunter2\nEOF\nNEXT: 1\n", []string{"1:3 unquoted-lines K"}, []string{"Note"},
	},
	"YAML": {
		"K: |\n  Note: hunter2\n  more\nNEXT: 1\n", []string{"1:4 unquoted-lines K"}, []string{"Note"},
	},
	"a line that is continued": {
		"K=abc\\\n  def\\\n  ghi\nNEXT: 1\n", []string{"1:3 unquoted-lines K"}, nil,
	},
}

func TestBrokenValues(t *testing.T) {
	for name, test := range brokenCases {
		t.Run(name, func(t *testing.T) {
			f := devvars.Parse([]byte(test.text))
			require.Equal(t, test.findings, findingsOf(test.text))
			var fragments []string
			for a := range f.Assignments() {
				require.Equal(t, a.IsFragment(), f.IsFragment(a.Key()))
				if a.IsFragment() {
					fragments = append(fragments, a.Key())
				}
			}
			require.Equal(t, test.fragments, fragments)
			require.False(t, f.IsFragment("K"))
			require.False(t, f.IsFragment("NEXT"))
			require.False(t, f.IsFragment("absent"))
		})
	}
}

// TestBrokenValuesInAnyFile puts each broken value between other assignments and looks for its pieces
// in the findings.
func TestBrokenValuesInAnyFile(t *testing.T) {
	for name, test := range brokenCases {
		text := "FIRST=1\nVersion=2\n" + test.text + "LAST=1\n" + test.text
		f := devvars.Parse([]byte(text))
		printed := fmt.Sprintf("%+v", slices.Collect(f.Findings()))
		for _, piece := range test.fragments {
			require.True(t, f.IsFragment(piece), name)
			if len(piece) > 4 {
				require.NotContains(t, printed, piece, name)
			}
		}
		for _, key := range []string{"FIRST", "Version", "LAST"} {
			require.False(t, f.IsFragment(key), name)
		}
	}
}

func TestNotBroken(t *testing.T) {
	for _, text := range []string{
		"A={\"a\":1}\nB=2\n",
		"A={x9!kq\nB=2\n",
		"A=[1\nB: 2\n",
		"A='{\n  \"a\": 1\n}'\nB=2\n",
		"A=\"-----BEGIN KEY-----\nab==\n-----END KEY-----\"\nB=2\n",
		"A=-----BEGIN KEY-----\nB=2\nC=-----END KEY-----\n",
		"A=-----BEGIN KEY-----abc-----END KEY-----\nB=2\n",
		"# -----BEGIN KEY-----\n# ab==\nB=2\n",
		"A=" + base64a + "\nB=2\n",
		"A=" + base64a + "\nB: 2\n",
		"A=" + base64a + "\n\n# c\nB: 2\n",
		"A=" + base64b + "==\nB=2\n",
		"A=C:\\temp\\\nB: 2\n",
		"A=x\\\nB=2\n",
		"A=<<\nB: 2\n",
		"A='x\nB:\n",
		"A=\nB: 2\n",
		"A==\nB=2\n",
		"ABCDEFGH==\nB=2\n",
	} {
		f := devvars.Parse([]byte(text))
		for a := range f.Assignments() {
			require.False(t, a.IsFragment(), "%q", text)
		}
		for finding := range f.Findings() {
			require.NotEqual(t, devvars.RuleUnquotedLines, finding.Rule, "%q", text)
		}
	}
	require.False(t, devvars.Assignment{}.IsFragment())
	require.False(t, (*devvars.File)(nil).IsFragment("A"))
}

func TestFragmentThatIsAName(t *testing.T) {
	f := devvars.Parse([]byte("Version=1\nK=-----BEGIN PGP-----\nVersion: 2\nab==\n-----END PGP-----\n"))
	require.False(t, f.IsFragment("Version"), "one of its assignments is none")
	require.Equal(t, []string{"1:1 duplicate-key Version", "2:3 unquoted-lines K"}, findingsOf(string(f.Bytes())))
}
