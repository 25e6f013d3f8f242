package wrangler_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler"
)

// manyLines makes n lines from a format with one number.
func manyLines(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func list(n int, format string) string {
	return strings.TrimSuffix(manyLines(n, format+","), ",")
}

// TestHugeProjects resolves what is far larger than any real project. Anything worse than linear would not end in time.
func TestHugeProjects(t *testing.T) {
	const n = 50_000
	json := `{"vars": {` + list(n, `"V%d": "v"`) + `}, "secrets": {"required": [` + list(n, `"R%d"`) + `]}}`
	tests := []struct {
		name  string
		files map[string]string
		want  int // bindings
	}{
		{"vars in JSON", map[string]string{"wrangler.json": `{"vars": {` + list(n, `"V%d": %[1]d`) + `}}`}, n},
		{"vars in TOML", map[string]string{"wrangler.toml": "[vars]\n" + manyLines(n, "V%d = 'v'\n")}, n},
		{"integer names", map[string]string{".dev.vars": manyLines(n, "%d=v\n")}, n},
		{"lines of .dev.vars", map[string]string{".dev.vars": manyLines(n, "S%d=v\n")}, n},
		{"one name in many lines", map[string]string{".dev.vars": manyLines(n, "S=%d\n")}, 1},
		{"lines of .env", map[string]string{".env": manyLines(n, "S%d=v\n"), ".env.local": manyLines(n, "S%d=${S1}w\n")}, n},
		{"required secrets and vars",
			map[string]string{"wrangler.json": json, ".dev.vars": manyLines(n, "R%d=v\n") + manyLines(n, "V%d=w\n")}, 2 * n},
		{"required secrets that are missing", map[string]string{"wrangler.json": json}, n},
		{"an environment that inherits nothing", map[string]string{
			"wrangler.json": `{"vars": {` + list(n, `"V%d": 1`) + `}, "env": {"e": {"vars": {` + list(n, `"W%d": 1`) + `}}}}`,
		}, n},
		{"resources", map[string]string{"wrangler.json": `{"kv_namespaces": [` +
			list(n/4, `{"binding": "K%d", "id": "x"}`) + `]}`, ".dev.vars": manyLines(n/4, "K%d=v\n")}, n / 4},
		{"a value of 1 MB", map[string]string{".dev.vars": "A=" + strings.Repeat("x", 1<<20)}, 1},
		{"NUL bytes", map[string]string{".dev.vars": strings.Repeat("\x00", 1<<20) + "\nA=\x00\n"}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := wrangler.Options{FS: tree(test.files), Programmatic: test.name == "lines of .env"}
			if strings.HasPrefix(test.name, "an environment") {
				o.Environment = new("e")
			}
			r, err := resolve(o, wrangler.DevOptions{})
			require.NoError(t, err)
			require.Len(t, r.Bindings(), test.want)
			for _, name := range r.Names()[:1] {
				requireConsistent(t, r, r.Explain(name))
			}
		})
	}
}

// TestHugeFile reads 100 MB of local secrets of several shapes. What is left of them is bounded.
func TestHugeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes memory and seconds")
	}
	const size = 100 << 20
	for name, line := range map[string]string{
		"comments": "# a comment that says nothing\n", "junk": "x", "quotes": "A='", "blank lines": "\n",
		"lines": "A=a line of some length that is replaced\n",
	} {
		t.Run(name, func(t *testing.T) {
			files := tree(map[string]string{".dev.vars": strings.Repeat(line, size/len(line))})
			r, err := resolve(wrangler.Options{FS: files}, wrangler.DevOptions{})
			require.NoError(t, err)
			require.LessOrEqual(t, len(r.Bindings()), 1)
			require.LessOrEqual(t, len(r.Findings()), 1002)
		})
	}
}

func TestTooLargeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a file of 512 MiB, though one with a hole")
	}
	file := filepath.Join(t.TempDir(), ".dev.vars")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	require.NoError(t, os.Truncate(file, 1<<29))
	_, err := resolve(wrangler.Options{Dir: filepath.Dir(file)}, wrangler.DevOptions{})
	requireTyped(t, err, "an error: a string cannot be as long")
	require.EqualError(t, err, ".dev.vars: cannot read this file: larger than 512 MiB")
}
