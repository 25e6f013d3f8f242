package devvars_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

var update = flag.Bool("update", false, "write the rules into docs/findings.md")

func TestRules(t *testing.T) {
	rules := devvars.Rules()
	byName := func(a, b devvars.RuleInfo) int { return strings.Compare(string(a.Rule), string(b.Rule)) }
	require.True(t, slices.IsSortedFunc(rules, byName))
	for i, r := range rules {
		require.Equal(t, r, r.Rule.Info())
		for _, text := range []string{r.Meaning, r.Cure} {
			require.NotEmpty(t, text, r.Rule)
			require.False(t, strings.HasSuffix(text, "."), r.Rule)
		}
		require.True(t, i == 0 || rules[i-1].Rule != r.Rule, "%s is there twice", r.Rule)
	}
	rules[0] = devvars.RuleInfo{}
	require.NotEqual(t, rules, devvars.Rules(), "the caller owns the slice")
	require.Zero(t, devvars.Rule("absent").Info())
}

// TestExamplesOfRules checks that the example of each rule has one finding of that rule and no other.
// Package compat checks its own rule.
func TestExamplesOfRules(t *testing.T) {
	for _, r := range devvars.Rules() {
		f := devvars.Parse([]byte(r.Example))
		findings := slices.Collect(f.Findings())
		switch r.Rule {
		case devvars.RuleOtherParsers:
			require.Empty(t, findings)
			continue
		case devvars.RuleLostReference:
			require.Empty(t, findings)
			e, err := devvars.Expand(f.All(), devvars.ExpandOptions{})
			require.NoError(t, err)
			findings = slices.Collect(f.LostReferences(e))
		}
		require.Len(t, findings, 1, r.Rule)
		require.Equal(t, r.Rule, findings[0].Rule)
		require.Equal(t, r.Severity, findings[0].Severity)
	}
}

// TestFindingsDocument compares the table in docs/findings.md with the rules. Run it with -update to
// write the table.
func TestFindingsDocument(t *testing.T) {
	const file, begin, end = "../docs/findings.md", "<!-- devvars: begin -->\n", "<!-- devvars: end -->\n"
	document, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(document), begin)
	require.True(t, ok)
	table, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	want := rulesTable()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(before+begin+want+end+after), 0o666))
		return
	}
	require.Equal(t, want, table)
}

// rulesTable returns the rules as a Markdown table.
func rulesTable() string {
	b := new(strings.Builder)
	b.WriteString("| rule | severity | meaning | example | what to do |\n|---|---|---|---|---|\n")
	for _, r := range devvars.Rules() {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s |\n",
			r.Rule, r.Severity, cell(r.Meaning), code(r.Example), cell(r.Cure))
	}
	return b.String()
}

func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", `\`, `\\`, "_", `\_`).Replace(s)
}

// code returns the lines of s as code in a cell of a table. Characters that cannot be seen are escaped.
func code(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		quoted := fmt.Sprintf("%+q", strings.TrimSuffix(line, "\n"))
		quoted = strings.NewReplacer(`\"`, `"`, `\\`, `\`, "|", `\|`).Replace(quoted[1 : len(quoted)-1])
		fence := "`"
		if strings.Contains(quoted, "`") {
			fence, quoted = "``", " "+quoted+" "
		}
		lines = append(lines, fence+quoted+fence)
	}
	return strings.Join(lines, "<br>")
}
