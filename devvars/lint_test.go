package devvars_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/joho/godotenv"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

func TestLint(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string // line:column rule key
	}{
		"nothing to say":                {"# c\n\nA=1\nexport B='two words'\nC=\"a\\nb\"\n", nil},
		"duplicate":                     {"A=1\nB=2\nA=3\n", []string{"1:1 duplicate-key A"}},
		"skipped":                       {"A=1\nnot this\n  nor this #\nB=1\n", []string{"2:1 skipped-text", "3:3 skipped-text"}},
		"export on its own line":        {"export\nA=1\nexport\n", []string{"3:1 skipped-text"}},
		"skipped after the last":        {"A=1\r\nKEY:value\r\n", []string{"2:1 skipped-text"}},
		"open quote":                    {"A='x\nB=1\n", []string{"1:1 godotenv A", "1:3 open-quote A"}},
		"text after a quote":            {"A=\"x\" y\n", []string{"1:1 godotenv A", "1:3 open-quote A"}},
		"cut by hash":                   {"A=x#y\n", []string{"1:4 cut-by-hash A"}},
		"all cut by hash":               {"A=#fff\n", []string{"1:3 cut-by-hash A", "1:3 empty-value A"}},
		"a comment":                     {"A=x #y\nB='x'#y\n", nil},
		"escapes":                       {"A=\"a\\tb\"\nB='it\\'s'\nC='\\t'\n", []string{"1:1 godotenv A", "1:5 literal-escape A", "2:6 literal-escape B"}},
		"next line":                     {"A=\n  'x'\n", []string{"1:1 godotenv A", "2:3 next-line-value A"}},
		"a comment in place of a value": {"A= # b\n", []string{"1:1 godotenv A", "1:4 empty-value A"}},
		"expansion":                     {"A=pa$$word\nB=$A\n", []string{"1:3 expansion A", "2:1 godotenv B", "2:3 expansion B"}},
		"godotenv takes no backtick":    {"A=`x`\n", []string{"1:1 godotenv A"}},
		"white space kept":              {"A=' x'\nB=\"x\\n\"\n", []string{"1:3 outer-space A", "2:3 outer-space B"}},
		"white space only":              {"A=' '\n", []string{"1:3 outer-space A"}},
		"empty":                         {"A=\nB=''\n", []string{"1:3 empty-value A", "2:3 empty-value B"}},
		"not UTF-8":                     {"A=x\xff\n", []string{"1:3 invalid-utf8 A"}},
		"prototype":                     {"__proto__=1\n", []string{"1:1 prototype-key __proto__"}},
		"columns are characters":        {"A='é'; B\nB='é€' #\n", []string{"1:1 godotenv A", "1:3 open-quote A"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range devvars.Parse([]byte(test.text)).Lint() {
				got = append(got, strings.TrimSpace(f.Pos.String()+" "+string(f.Rule)+" "+f.Key))
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestFindingsStop(t *testing.T) {
	f := devvars.Parse([]byte("junk\nmore junk\nA=#b\nA='x\n\njunk\n"))
	all := f.Lint()
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

// TestPeerDiffers asks godotenv itself about every value of two printable characters, and about longer ones.
func TestPeerDiffers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var values []string
	for a := byte(' '); a <= '~'; a++ {
		for b := byte(' '); b <= '~'; b++ {
			values = append(values, string([]byte{a, b}))
		}
		for range 100 {
			value := make([]byte, 1+r.IntN(12))
			for i := range value {
				value[i] = byte(' ' + r.IntN('~'-' '+1))
			}
			values = append(values, string(append(value, a)))
		}
	}
	differ := 0
	for _, value := range append(values, "") {
		f := devvars.Parse([]byte("K=" + value + "\n"))
		want, _ := f.Lookup("K")
		vars, err := godotenv.Unmarshal("K=" + value + "\n")
		differs := err != nil || len(vars) != 1 || vars["K"] != want
		var rules []devvars.Rule
		for finding := range f.Findings() {
			rules = append(rules, finding.Rule)
		}
		if slices.Contains(rules, devvars.CutByHash) {
			continue // then godotenv is asked about what is before
		}
		require.Equal(t, differs, slices.Contains(rules, devvars.PeerDiffers), "%q", value)
		if differs {
			differ++
		}
	}
	require.Greater(t, differ, 500)
}

func TestFindingString(t *testing.T) {
	findings := devvars.Parse([]byte("A=hunter2#x\njunk hunter2\n")).Lint()
	require.Len(t, findings, 2)
	require.Equal(t, "1:10: A: the value ends at the # in it; put quotes around it if the # belongs to it (cut-by-hash)", findings[0].String())
	require.Equal(t, "2:1: not an assignment, so wrangler passes over it; write KEY=value, or # before a comment (skipped-text)", findings[1].String())
}

func TestRulesHaveTexts(t *testing.T) {
	require.Len(t, devvars.Rules(), 12)
	for _, r := range devvars.Rules() {
		require.NotEmpty(t, devvars.Finding{Rule: r}.Text())
	}
}

// TestLintBounds feeds what kills godotenv: with an overflow of the stack, or with a value that doubles on every line.
func TestLintBounds(t *testing.T) {
	doubling := "A0=xxxxxxxxxx\n"
	for i := range 40 {
		doubling += fmt.Sprintf("A%d=$A%d$A%d\n", i+1, i, i)
	}
	require.Len(t, devvars.Parse([]byte("K=`\n"+doubling+"`\n")).Lint(), 2)
	quoted, err := devvars.Quote("'\"#\n" + doubling)
	require.NoError(t, err)
	require.Equal(t, "`'\"#\n"+doubling+"`", quoted)
	comments := strings.Repeat("#\n", 4<<20)
	require.Empty(t, devvars.Parse([]byte(comments)).Lint())
	findings := devvars.Parse([]byte("A='" + comments + "'\n")).Lint()
	require.Len(t, findings, 1)
	require.Equal(t, devvars.OuterSpace, findings[0].Rule)
}
