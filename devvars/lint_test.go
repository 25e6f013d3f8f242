package devvars_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

// findingsOf returns line:column rule key of each finding about text.
func findingsOf(text string) (list []string) {
	for f := range devvars.Parse([]byte(text)).Findings() {
		list = append(list, strings.TrimSpace(f.Place()+" "+string(f.Rule)+" "+f.Key))
	}
	return list
}

func TestFindings(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string // line:column rule key
	}{
		"nothing to say":                   {"# c\n\nA=1\nexport B='two words'\nC=\"a\\nb\"\n", nil},
		"duplicate":                        {"A=1\nB=2\nA=3\n", []string{"1:1 duplicate-key A"}},
		"only the last assignment is read": {"A='x\nA=3\n", []string{"1:1 duplicate-key A"}},
		"skipped": {"A=1\nnot this\n  nor this #\nB=1\n",
			[]string{"2:1 skipped-text", "3:3 skipped-text"}},
		"JSON":                          {" {\n\"A\": \"x=1\",\n\"B\": {}\n}\n", []string{"1:2 skipped-text"}},
		"JSON with a comment":           {"# c\n{\n}\n", []string{"2:1 skipped-text", "3:1 skipped-text"}},
		"export on its own line":        {"export\nA=1\nexport\n", []string{"3:1 skipped-text"}},
		"skipped after the last":        {"A=1\r\nKEY:value\r\n", []string{"2:1 skipped-text"}},
		"open quote":                    {"A='x\nB=1\n", []string{"1:3 open-quote A"}},
		"text after a quote":            {"A=\"x\" y\n", []string{"1:3 open-quote A"}},
		"the outer quotes are removed":  {"A='it's'\nB=\"{\"a\":\"b\"}\"\n", nil},
		"cut by hash":                   {"A=x#y\n", []string{"1:4 cut-by-hash A"}},
		"all cut by hash":               {"A=#fff\n", []string{"1:3 cut-by-hash A"}},
		"a comment":                     {"A=x #y\nB='x'#y\n", nil},
		"next line":                     {"A=\n  'x'\n", []string{"2:3 next-line-value A"}},
		"a colon takes the next line":   {"A:\nB=1\n", []string{"2:1 next-line-value A"}},
		"a comment in place of a value": {"A= # b\n", []string{"1:4 empty-value A"}},
		"white space kept": {"A=' x'\nB=\"x\\n\"\nC=\"x\n\"\n",
			[]string{"1:3 outer-space A", "2:3 outer-space B", "3:3 outer-space C"}},
		"white space only":            {"A=' '\n", []string{"1:3 outer-space A"}},
		"a text of lines ends a line": {"A=\"x\\ny\\n\"\nB=\"x\ny\n\"\n", nil},
		"empty":                       {"A=\nB=''\n", []string{"1:3 empty-value A"}},
		"not UTF-8":                   {"A=x\xff\nN\xfcR=1\n", []string{"1:3 invalid-utf8 A", "2:2 invalid-utf8"}},
		"prototype":                   {"__proto__=1\n", []string{"1:1 prototype-key __proto__"}},
		"columns are characters":      {"A='é'; B\nB='é€' #\n", []string{"1:3 open-quote A"}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, findingsOf(test.text)) })
	}
}

func TestBackslashes(t *testing.T) {
	for text, want := range map[string]string{
		`A="a\tb"`:               "1:5 literal-escape A",
		`A='it\'s'`:              "1:6 literal-escape A",
		`A="{\"a\": \"b\"}"`:     "1:5 literal-escape A",
		`A="a\\nb"`:              "1:5 literal-escape A",
		`A='\t'`:                 "",
		`A="^\d+\s*$"`:           "", // stays, and is meant to
		`A=C:\new\repo`:          "",
		`A='C:\new\repo'`:        "",
		`A="C:\temp\x"`:          "",
		`A="C:\new\repo"`:        "1:6 path-escape A",
		`A="C:\temp\new"`:        "1:11 path-escape A",
		`A="file:///C:\repo"`:    "1:14 path-escape A",
		`A="\\server\new"`:       "1:12 path-escape A",
		`A="..\new"`:             "1:6 path-escape A",
		`A="%APPDATA%\npm"`:      "1:13 path-escape A",
		`A="D:\\new"`:            "1:7 path-escape A",
		`A="DOMAIN\paul\robert"`: "1:15 path-escape A",
		`A="p@ss\nword"`:         "",
		`A="Note:\nText"`:        "",

		`A='-----BEGIN KEY-----\nabc\n'`:                    "1:23 pem-line-ends A",
		`A=-----BEGIN KEY-----\nabc\n`:                      "1:22 pem-line-ends A",
		"A=`-----BEGIN KEY-----\\nabc\\n`":                  "1:23 pem-line-ends A",
		`A="-----BEGIN KEY-----\\nabc\\n"`:                  "1:23 pem-line-ends A",
		`A="-----BEGIN KEY-----\nabc\n-----END KEY-----\n"`: "",
		`A={"private_key": "-----BEGIN KEY-----\nabc"}`:     "",
		`A='{"private_key": "-----BEGIN KEY-----\nabc"}'`:   "",
	} {
		var list []string
		if want != "" {
			list = []string{want}
		}
		require.Equal(t, list, findingsOf(text+"\n"), "%s", text)
	}
}

func TestCharacters(t *testing.T) {
	for text, want := range map[string]string{
		"\u200BA=1":            "1:1 invisible-character: U+200B, a zero width space",
		"AB\u200BC=1":          "1:3 invisible-character: U+200B, a zero width space",
		"A\u200B=1":            "1:2 invisible-character: U+200B, a zero width space",
		"export A\u00ADB=1":    "1:9 invisible-character: U+00AD, a soft hyphen",
		"A\uFEFFB=1":           "1:2 invisible-character: U+FEFF, a byte order mark",
		"A\u00A0B=1":           "1:2 invisible-character: U+00A0, a no-break space",
		"\u202EA=1":            "1:1 invisible-character: U+202E, a mark for the direction of text",
		"\u200B# A=1":          "1:1 invisible-character: U+200B, a zero width space",
		"\u0410\u200BPI: 6":    "1:2 invisible-character: U+200B, a zero width space",
		"A=x\u200B":            "1:4 invisible-character: U+200B, a zero width space",
		"A=\u200Bx":            "1:3 invisible-character: U+200B, a zero width space",
		"A=\"x\u00A0\"":        "1:5 invisible-character: U+00A0, a no-break space",
		"A=sk-\u2060x":         "1:6 invisible-character: U+2060, a word joiner",
		"A=x\u200E":            "1:4 invisible-character: U+200E, a left-to-right mark",
		"A='x\x1b'":            "1:5 invisible-character: U+001B, a control character",
		"A=x\x7f":              "1:4 invisible-character: U+007F, a control character",
		"\u0410PI=6":           "1:1 look-alike: U+0410, a Cyrillic character",
		"API_\u039AEY=6":       "1:5 look-alike: U+039A, a Greek character",
		"A\u2010B=6":           "1:2 look-alike: U+2010, a dash that is not the ASCII one",
		"\uFF21=6":             "1:1 look-alike: U+FF21, a character that is not ASCII",
		"Größe=6":              "1:3 look-alike: U+00F6, a character that is not ASCII",
		"A\uFF1Db":             "1:2 look-alike: U+FF1D",
		"A=“x”":                "1:3 typographic-quotes: typographic",
		"A=‘x y’":              "1:3 typographic-quotes: typographic",
		"A=„x“":                "1:3 typographic-quotes: typographic",
		"A=“x":                 "1:3 typographic-quotes: typographic",
		"\u00A0A=1":            "", // white space
		"A=1\u00A0":            "", // white space, too
		"A='“x”'":              "",
		"A=„Ja“, sagte er":     "",
		"A=👩\u200D💻 e\u0301té": "",
		"A=می\u200Cخواهم":      "",
	} {
		var got string
		for f := range devvars.Parse([]byte("\n" + text + "\n")).Findings() {
			code, _, _ := strings.Cut(f.Text, ", is ")
			code, _, _ = strings.Cut(code, " quotes")
			code, _, _ = strings.Cut(code, " is a ")
			require.Equal(t, 2, f.Line)
			got += "1" + strings.TrimPrefix(f.Place(), "2") + " " + string(f.Rule) + ": " + code
		}
		require.Equal(t, want, got, "%q", text)
	}
}

func TestReferences(t *testing.T) {
	tests := map[devvars.Rule]string{
		devvars.RuleUnresolvedReference: "encrypted:BDqDBibm4w|op://Dev/item/credential|vault:secret/data/x#key|" +
			"vault://secret/x|aws-sm://name|gcp-sm://name|bws:1234|ref+awsssm://name|ref+vault://a/b|" +
			"doppler://a/b|infisical://a|keyring:a/b|ENC[AES256_GCM,data:x]|" +
			"{{ op://a/b/c }}|${{ secrets.TOKEN }}|$(pass show x)",
		devvars.RuleUnexpanded: "$B|x${B}|${C:-d}|a\\$b",
		"": "https://example.com|operation|op:x|vaulted|postgres://u:p@h/d|reference://x|" +
			"$2b$10$abcdefghijk|pa$$word|cost $5|$|${|${}|$C",
	}
	for want, values := range tests {
		for value := range strings.SplitSeq(values, "|") {
			for _, quote := range []string{"", `"`} {
				var got []string
				for _, f := range findingsOf("A=" + quote + value + quote + "\nB=1\n") {
					if !strings.Contains(f, "cut-by-hash") {
						got = append(got, strings.Fields(f)[1])
					}
				}
				require.Equal(t, string(want), strings.Join(got, " "), "%s", value)
			}
		}
	}
	require.Empty(t, findingsOf("A='${B}'\nB=1\n"), "single quotes say that no reference is meant")
}

func TestEncoding(t *testing.T) {
	utf16 := func(text string, high, low int) string {
		var b []byte
		for _, r := range text {
			pair := [2]byte{}
			pair[high], pair[low] = byte(r>>8), byte(r)
			b = append(b, pair[:]...)
		}
		return string(b)
	}
	const text = "TOKEN=hunter2\r\nZm9vYmFy=\r\nOTHER: x\r\n"
	for name, test := range map[string]struct{ text, want string }{
		"little endian":               {utf16("\uFEFF"+text, 1, 0), "UTF-16"},
		"big endian":                  {utf16("\uFEFF"+text, 0, 1), "UTF-16"},
		"little endian without a BOM": {utf16(text, 1, 0), "UTF-16"},
		"big endian without a BOM":    {utf16(text, 0, 1), "UTF-16"},
		"Cyrillic":                    {utf16("\uFEFFKEY=\u0416\u0417\u0418\u0419\n", 1, 0), "UTF-16"},
		"UTF-32":                      {"\xff\xfe\x00\x00A\x00\x00\x00=\x00\x00\x00", "UTF-32"},
		"NUL bytes":                   {"A=1\n" + strings.Repeat("\x00", 9), "not UTF-8 text"},
		"UTF-8 with a BOM":            {"\uFEFF" + text, ""},
	} {
		f := devvars.Parse([]byte(test.text))
		findings := slices.Collect(f.Findings())
		if test.want == "" {
			for _, finding := range findings {
				require.NotEqual(t, devvars.RuleEncoding, finding.Rule, name)
			}
			continue
		}
		require.Len(t, findings, 1, name)
		require.Equal(t, devvars.RuleEncoding, findings[0].Rule, name)
		require.Contains(t, findings[0].String(), test.want, name)
		require.Zero(t, findings[0].Line, name)
		for a := range f.Assignments() {
			require.True(t, a.IsFragment(), name)
		}
	}
}

func TestIgnore(t *testing.T) {
	for text, want := range map[string][]string{
		"A=x#y # workerenv:ignore cut-by-hash\n":                  nil,
		"A=x#workerenv:ignore cut-by-hash\n":                      nil,
		"A=x#y # workerenv:ignore empty-value\n":                  {"1:4 cut-by-hash A"},
		"A=x#y # workerenv:ignore\n":                              {"1:4 cut-by-hash A"},
		"# workerenv:ignore open-quote, cut-by-hash\nA='x#y\n":    nil,
		"# workerenv:ignore cut-by-hash\n\nA=x#y\n":               {"3:4 cut-by-hash A"},
		"# workerenv:ignore cut-by-hash\r\nA=x#y\r\nB=x#y\r\n":    {"3:4 cut-by-hash B"},
		"# workerenv:ignore skipped-text\nset -a\n":               nil,
		"A=' x' # workerenv:ignore outer-space\nB=' x'\n":         {"2:3 outer-space B"},
		"A=' x\n# workerenv:ignore outer-space'\n":                nil,
		"A=1 # workerenv:ignore duplicate-key\nA=2\n":             nil,
		"# workerenv:ignore unquoted-lines\nA={\n  \"a\": 1\n}\n": nil,
	} {
		require.Equal(t, want, findingsOf(text), "%q", text)
	}
	for a := range devvars.Parse([]byte("A=1 # workerenv:ignore some-rule\n")).Assignments() {
		require.True(t, a.Ignores("some-rule"), "rules of other packages can be turned off, too")
		require.False(t, a.Ignores("rule"))
	}
	require.False(t, devvars.Assignment{}.Ignores("some-rule"))
}

func TestRelated(t *testing.T) {
	findings := slices.Collect(devvars.Parse([]byte("A=1\nB=2\nA=3\n B=4\nA=5\n")).Findings())
	var got []string
	for _, f := range findings {
		require.Len(t, f.Related, 1)
		got = append(got, f.Place()+" "+f.Related[0].String())
	}
	require.Equal(t, []string{"1:1 5:1", "2:1 4:2", "3:1 5:1"}, got)
}

func TestLostReferences(t *testing.T) {
	for text, want := range map[string][]string{
		"BCRYPT=$2b$10$abcdefghijk\n":              {"1:14 BCRYPT"},
		"PRICE=\"cost $5\"\n":                      nil,
		"A=1\nB=${A}/$C$D\n":                       {"2:8 B"},
		"B=$A\nA=1\n":                              {"1:3 B"}, // A is not expanded yet
		"A=\nB=$A\n":                               nil,       // empty, and not missing
		"A=${B:-x}${B-}${B+x}\n":                   nil,
		"A=\\$b'$c\n":                              {"1:7 A"},
		"A=\"x\\n\r\n\\$b $c\"\n":                  {"2:5 A"},
		"A=$b\nA=1\n":                              nil,
		"A=$b # workerenv:ignore lost-reference\n": nil,
		"A='$x'\nB=$A\n":                           {"1:4 A"},
		"K={\n\"a\": 1,\nb: $c\n}\n":               nil,
		"A=\\$x\nB=\\$y$A\n":                       nil,
		"A=pre-\nB=$A$NOPE\nC=é$NOPE\nD=${NO${NOPE}PE}\n": {"2:5 B", "3:4 C", "4:7 D"},
	} {
		f := devvars.Parse([]byte(text))
		e, err := devvars.Expand(f.All(), devvars.ExpandOptions{})
		require.NoError(t, err)
		var got []string
		for finding := range f.LostReferences(e) {
			require.Equal(t, devvars.RuleLostReference, finding.Rule)
			got = append(got, finding.Place()+" "+finding.Key)
		}
		require.Equal(t, want, got, "%q", text)
	}
	f := devvars.Parse([]byte("A=$b\n"))
	other, _ := devvars.Expand(devvars.Parse([]byte("A=$c$d\n")).All(), devvars.ExpandOptions{})
	require.Empty(t, slices.Collect(f.LostReferences(other)), "another file has another value")
	require.Empty(t, slices.Collect(f.LostReferences(nil)))
}

func TestFindingsStop(t *testing.T) {
	f := devvars.Parse([]byte("junk\nmore junk\nA=#b\nB='x\nC=\nD=x{\n\njunk\nE={\n\"a\": 1\n}\n-----BEGIN\nabc\n"))
	all := slices.Collect(f.Findings())
	require.Greater(t, len(all), 6)
	for n := range all {
		var got []devvars.Finding
		for finding := range f.Findings() {
			if got = append(got, finding); len(got) > n {
				break
			}
		}
		require.Equal(t, all[:n+1], got)
	}
}

func TestFindingString(t *testing.T) {
	f := devvars.Finding{Text: "text"}
	require.Equal(t, "text", f.String())
	f.Key = "KEY"
	require.Equal(t, "KEY: text", f.String())
	f.Line, f.Column = 2, 3
	require.Equal(t, "2:3: KEY: text", f.String())
	f.File = ".dev.vars"
	require.Equal(t, ".dev.vars:2:3: KEY: text", f.String())
	f.Line = 0
	require.Equal(t, ".dev.vars: KEY: text", f.String())
}

func TestTextsAboutSkippedLines(t *testing.T) {
	const (
		header = "the file has no sections, so wrangler ignores this header; delete it"
		alone  = "wrangler ignores this line, since it does not start with a name; write NAME=value alone"
		quotes = "wrangler ignores this line, since the name is in quotes; write NAME=value"
		other  = "this is not an assignment, so wrangler ignores it; write NAME=value, or # before a comment"
	)
	for line, want := range map[string]string{
		"[vars]":            header,
		"[env.staging]":     header,
		`["a", "b"]`:        other,
		"set A=1":           alone,
		"SET A=1":           alone,
		"ENV A=1":           alone,
		"- A=1":             alone,
		`$env:A = "x"`:      alone,
		`declare -x A="x"`:  alone,
		`const a = "x";`:    alone,
		`"A": "x"`:          quotes,
		`'A'='x'`:           quotes,
		"set -a":            other,
		"settings are A=1":  other,
		`{"A": "x", "B": 1`: other,
		`{"A": "x"}`:        "the file is JSON, which wrangler does not read here; write a line NAME=value for each member",
	} {
		findings := slices.Collect(devvars.Parse([]byte(line)).Findings())
		require.Len(t, findings, 1, line)
		require.Equal(t, want, findings[0].Text, line)
	}
}
