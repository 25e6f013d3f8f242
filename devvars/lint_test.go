package devvars_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

func TestFindings(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string // line:column rule key
	}{
		"nothing to say": {"# c\n\nA=1\nexport B='two words'\nC=\"a\\nb\"\n", nil},
		"duplicate":      {"A=1\nB=2\nA=3\n", []string{"1:1 duplicate-key A"}},
		"skipped": {"A=1\nnot this\n  nor this #\nB=1\n",
			[]string{"2:1 skipped-text", "3:3 skipped-text"}},
		"export on its own line": {"export\nA=1\nexport\n", []string{"3:1 skipped-text"}},
		"skipped after the last": {"A=1\r\nKEY:value\r\n", []string{"2:1 skipped-text"}},
		"open quote":             {"A='x\nB=1\n", []string{"1:3 open-quote A"}},
		"text after a quote":     {"A=\"x\" y\n", []string{"1:3 open-quote A"}},
		"cut by hash":            {"A=x#y\n", []string{"1:4 cut-by-hash A"}},
		"all cut by hash":        {"A=#fff\n", []string{"1:3 cut-by-hash A", "1:3 empty-value A"}},
		"a comment":              {"A=x #y\nB='x'#y\n", nil},
		"escapes": {"A=\"a\\tb\"\nB='it\\'s'\nC='\\t'\n",
			[]string{"1:5 literal-escape A", "2:6 literal-escape B"}},
		"next line":                     {"A=\n  'x'\n", []string{"2:3 next-line-value A"}},
		"a comment in place of a value": {"A= # b\n", []string{"1:4 empty-value A"}},
		"expansion":                     {"A=pa$$word\nB=$A\n", []string{"1:3 expansion A", "2:3 expansion B"}},
		"white space kept":              {"A=' x'\nB=\"x\\n\"\n", []string{"1:3 outer-space A", "2:3 outer-space B"}},
		"white space only":              {"A=' '\n", []string{"1:3 outer-space A"}},
		"empty":                         {"A=\nB=''\n", []string{"1:3 empty-value A", "2:3 empty-value B"}},
		"not UTF-8":                     {"A=x\xff\n", []string{"1:3 invalid-utf8 A"}},
		"prototype":                     {"__proto__=1\n", []string{"1:1 prototype-key __proto__"}},
		"columns are characters":        {"A='é'; B\nB='é€' #\n", []string{"1:3 open-quote A"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range slices.Collect(devvars.Parse([]byte(test.text)).Findings()) {
				got = append(got, strings.TrimSpace(f.Pos.String()+" "+string(f.Rule)+" "+f.Key))
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestFindingsStop(t *testing.T) {
	f := devvars.Parse([]byte("junk\nmore junk\nA=#b\nA='x\n\njunk\n"))
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
	findings := slices.Collect(devvars.Parse([]byte("A=hunter2#x\njunk hunter2\n")).Findings())
	require.Len(t, findings, 2)
	require.Equal(t,
		"1:10: A: the value ends at the # in it; put quotes around it if the # belongs to it (cut-by-hash)",
		findings[0].String())
	require.Equal(t,
		"2:1: not an assignment, so wrangler ignores it; write KEY=value, or # before a comment (skipped-text)",
		findings[1].String())
}
