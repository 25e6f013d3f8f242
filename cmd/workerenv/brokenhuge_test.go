//go:build unix

package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestHugeBrokenProjects is TestBrokenProjects with files of a few megabytes.
func TestHugeBrokenProjects(t *testing.T) {
	if testing.Short() {
		t.Skip("takes memory and seconds")
	}
	live := watchHeap(t)
	for _, huge := range hugeProjects() {
		t.Run(huge.name, func(t *testing.T) {
			dir, size := project(t, section{huge.file, huge.text}), len(huge.text)
			if huge.name == "invalid UTF-8" {
				size *= len("\ufffd") // what node makes of each byte
			}
			huge.text = ""
			for _, args := range [][]string{{"env"}, {"env", "--json"},
				{"deploy-bindings", "--json", "--secrets-file", ".dev.vars"}, {"check"}} {
				live.reset()
				a := ask(t, dir, nil, args)
				require.Empty(t, a.fault(), "%q: %s", args, a.stderr.start)
				peak := live.peak()
				t.Logf("%-15s %4.1f MB input, %5.1f MB live, %4.1f times, %v", args[0], float64(size)/1e6,
					float64(peak)/1e6, float64(peak)/float64(size), a.took)
				require.LessOrEqual(t, peak, heapBound(size, huge.assignments), "%q", args)
			}
		})
	}
}

type hugeProject struct {
	name, file, text string
	assignments      int
}

// hugeProjects have the content with the highest cost per byte. A var of a configuration counts as two assignments: the
// text in the file and the value are kept. A part of a TOML key counts as a fourth, as an item of a TOML array would:
// go-toml makes a node for each before the key can be refused.
func hugeProjects() []hugeProject {
	const size = 2 << 20
	fill := func(text string) string { return strings.Repeat(text, size/len(text)) }
	lines := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	const n = 30_000
	return []hugeProject{
		{"names", ".dev.vars", lines(n, "NAME_%d=c4n4ry\n"), n},
		{"names in .env", ".env", lines(n, "NAME_%d=c4n4ry\n"), n},
		{"vars in JSON", "wrangler.json", `{"vars": {` + strings.TrimSuffix(lines(n, `"NAME_%d": "v4rval",`), ",") +
			"}}", 2 * n},
		{"vars in TOML", "wrangler.toml", "[vars]\n" + lines(n, "NAME_%d = 'v4rval'\n"), 2 * n},
		{"one value", ".dev.vars", "A=" + fill(canary+" "), 1},
		{"one name", ".dev.vars", fill("A=c4n4ry and more of it, as is usual\n"), size / 38},
		{"comments", ".dev.vars", fill("# c4n4ry\n"), 0},
		{"junk", ".dev.vars", fill("c4n4ry, which is no assignment\n"), 0},
		{"NUL", ".dev.vars", fill("\x00"), 0},
		{"open quote", ".dev.vars", "A='" + fill("c4n4ry "), 1},
		{"no end", "wrangler.json", `{"vars": {"A": "` + fill("v4rval"), 0},
		{"open brackets", "wrangler.json", `{"vars": {"A": ` + fill("["), 0},
		{"digits", "wrangler.json", `{"vars": {"A": ` + fill("9") + "}}", 1},
		{"invalid UTF-8", "wrangler.json", `{"vars": {"A": "` + fill("\xff") + `"}}`, 1},
		{"dotted key", "wrangler.toml", "[vars]\nA" + fill(".a") + " = 1\n", size / 2 / 4},
		{"long text", "wrangler.toml", "[vars]\nA = '''" + fill("v4rval\n") + "'''\n", 1},
	}
}
