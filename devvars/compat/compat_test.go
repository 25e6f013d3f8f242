package compat_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/joho/godotenv"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/devvars/compat"
)

func TestFindings(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string // line:column key
	}{
		"plain":                         {"# c\n\nA=1\nexport B='two words'\nC=\"a\\nb\"\n", nil},
		"open quote":                    {"A='x\nB=1\n", []string{"1:1 A"}},
		"text after a quote":            {"A=\"x\" y\n", []string{"1:1 A"}},
		"back quotes":                   {"A=`x`\n", []string{"1:1 A"}},
		"escapes":                       {"A=\"a\\tb\"\nB='it\\'s'\nC='\\t'\n", []string{"1:1 A"}},
		"value on the next line":        {"A=\n  'x'\n", []string{"1:1 A"}},
		"a comment in place of a value": {"A= # b\n", []string{"1:1 A"}},
		"a reference":                   {"A=1\nB=$A\n", []string{"2:1 B"}},
		"replaced by a later one":       {"A=`x`\nA=1\n", nil},
		"comments that cut values":      {"A=#fff\nB=x#y\nC='x'#y\n", nil},
		"no effect":                     {"__proto__=`x`\n", nil},
		"ignored text":                  {"not an assignment\nA='é'; B\n", []string{"2:1 A"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for f := range compat.Findings(devvars.Parse([]byte(test.text))) {
				require.Equal(t, devvars.RuleOtherParsers, f.Rule)
				require.NotEmpty(t, f.Text)
				got = append(got, f.Place()+" "+f.Key)
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestExampleOfTheRule(t *testing.T) {
	findings := slices.Collect(compat.Findings(devvars.Parse([]byte(devvars.RuleOtherParsers.Info().Example))))
	require.Len(t, findings, 1)
}

// TestFragments checks that the pieces of a value are not named.
func TestFragments(t *testing.T) {
	text := "K=-----BEGIN KEY-----\nProc-Type: a 'b\nab==\n-----END KEY-----\nA=`x` # workerenv:ignore other-parsers\n"
	for f := range compat.Findings(devvars.Parse([]byte(text))) {
		require.Equal(t, "K", f.Key)
	}
}

func TestFindingsStop(t *testing.T) {
	n := 0
	for range compat.Findings(devvars.Parse([]byte("A=`x`\nB=`x`\nC=`x`\n"))) {
		if n++; n == 2 {
			break
		}
	}
	require.Equal(t, 2, n)
}

// TestFindingsEqualGodotenv compares every value of two printable characters, and longer ones, with
// godotenv.
func TestFindingsEqualGodotenv(t *testing.T) {
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
		isCut := func(f devvars.Finding) bool { return f.Rule == devvars.RuleCutByHash }
		if slices.ContainsFunc(slices.Collect(f.Findings()), isCut) {
			continue // then only the text before the # is compared
		}
		want, _ := f.Lookup("K")
		vars, err := godotenv.Unmarshal("K=" + value + "\n")
		differs := err != nil || len(vars) != 1 || vars["K"] != want
		require.Equal(t, differs, len(slices.Collect(compat.Findings(f))) == 1, "%q", value)
		if differs {
			differ++
		}
	}
	require.Greater(t, differ, 500)
}

// TestQuoteReadsAlike checks that godotenv reads most values that devvars.Quote writes.
func TestQuoteReadsAlike(t *testing.T) {
	for _, value := range []string{
		"plain", "two words", "it's", " x ", "x # y", "it's # y", "a\nb", "$2b$10$abc", `C:\new`, `{"a": "#"}`,
	} {
		form, err := devvars.Quote(value)
		require.NoError(t, err)
		require.Empty(t, slices.Collect(compat.Findings(devvars.Parse([]byte("K="+form+"\n")))), "%q", value)
	}
}

// TestBounds uses texts on which godotenv overflows the stack, or makes a value that doubles on
// every line.
func TestBounds(t *testing.T) {
	doubling := "A0=xxxxxxxxxx\n"
	for i := range 40 {
		doubling += fmt.Sprintf("A%d=$A%d$A%d\n", i+1, i, i)
	}
	comments := strings.Repeat("#\n", 4<<20)
	for _, text := range []string{"K=`\n" + doubling + "`\n", comments, "A='" + comments + "'\n"} {
		require.Empty(t, slices.Collect(compat.Findings(devvars.Parse([]byte(text)))))
	}
}

func FuzzFindings(f *testing.F) {
	for _, s := range []string{
		"", "A=b\xffc", "A='x\nB=#'\nC=`", "A=\"\xff\"#", "A=\u2003#", "A:\nB=1", "A=x\u2028'y'\u2029=\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		line, column := 0, 0
		for finding := range compat.Findings(devvars.Parse(src)) {
			inOrder := finding.Line > line || finding.Line == line && finding.Column > column
			require.True(t, inOrder, "findings are in the order of the text")
			line, column = finding.Line, finding.Column
		}
	})
}
