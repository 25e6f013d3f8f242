package devvars_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

func TestSet(t *testing.T) {
	for name, test := range map[string]struct{ before, key, value, after string }{
		"into nothing":               {"", "A", "1", "A=1\n"},
		"at the end":                 {"A=1\n", "B", "2", "A=1\nB=2\n"},
		"at the end, no line end":    {"A=1", "B", "2", "A=1\nB=2\n"},
		"at the end, CRLF":           {"A=1\r\n", "B", "2", "A=1\r\nB=2\r\n"},
		"in place":                   {"# top\nA=1\nB=2\n", "A", "x", "# top\nA=x\nB=2\n"},
		"the comment stays":          {"A=1   # one\n", "A", "x", "A=x   # one\n"},
		"a comment close by":         {"A=#x\n", "A", "1", "A=1 #x\n"},
		"a comment behind quotes":    {"A='1'#x\n", "A", "2", "A=2 #x\n"},
		"export and spaces stay":     {"  export A = 1\n", "A", "2", "  export A = 2\n"},
		"a colon stays":              {"A: 1\n", "A", "2", "A: 2\n"},
		"the last of several":        {"A=1\nA=2\n", "A", "3", "A=1\nA=3\n"},
		"the same":                   {"A=\"1\"\n", "A", "1", "A=\"1\"\n"},
		"quotes where needed":        {"A=1\n", "A", "x # y", "A='x # y'\n"},
		"other quotes where needed":  {"A=1\n", "A", "it's # y", "A=\"it's # y\"\n"},
		"several lines":              {"A=1\nB=2\n", "A", "x\ny", "A='x\ny'\nB=2\n"},
		"several lines to one":       {"A='x\ny' # c\nB=2\n", "A", "z", "A=z # c\nB=2\n"},
		"to empty":                   {"A=1\nB=2\n", "A", "", "A=\nB=2\n"},
		"to empty before a quote":    {"A=1\n'x'\n", "A", "", "A=''\n'x'\n"},
		"CR":                         {"", "A", "x\ry", "A=\"x\\ry\"\n"},
		"value on a later line":      {"A=\n'x'\nB=1\n", "A", "y", "A=y\nB=1\n"},
		"an open quote before":       {"A='x\n", "B", "#", "A='x\nB=\"#\"\n"},
		"an open colon before":       {"A:\n", "B", "1", "A:\n\nB=1\n"},
		"integer keys go first":      {"B=1\n", "2", "x", "B=1\n2=x\n"},
		"U+FEFF at the start stays":  {"\ufeffA=1\n", "A", "2", "\ufeffA=2\n"},
		"all three quotes":           {"", "A", "`'\" x", "A=`'\" x\n"},
		"all three quotes and space": {"", "A", " `'\" ", "A=' `'\" '\n"},
	} {
		t.Run(name, func(t *testing.T) {
			f := devvars.Parse([]byte(test.before))
			require.NoError(t, f.Set(test.key, test.value))
			require.Equal(t, test.after, string(f.Bytes()))
			got, ok := f.Lookup(test.key)
			require.True(t, ok)
			require.Equal(t, test.value, got)
		})
	}
}

func TestSetErrors(t *testing.T) {
	for _, key := range []string{"", "A B", "A=1", "é", "__proto__", "A\n"} {
		f := devvars.Parse([]byte("A=1\n"))
		err := f.Set(key, "hunter2")
		require.ErrorIs(t, err, devvars.ErrKey, "%q", key)
		requireReason(t, err, "")
		require.Equal(t, "A=1\n", string(f.Bytes()))
	}
	for _, value := range []string{"hunter2\xff", "hunter2`'\"#", "hunter2\r\\n"} {
		f := devvars.Parse([]byte("A=1\n"))
		err := f.Set("A", value)
		require.ErrorIs(t, err, devvars.ErrValue, "%q", value)
		requireReason(t, err, "A")
		require.Equal(t, "A=1\n", string(f.Bytes()))
	}
}

func TestDelete(t *testing.T) {
	for name, test := range map[string]struct{ before, key, after string }{
		"a line":              {"A=1\nB=2\nC=3\n", "B", "A=1\nC=3\n"},
		"with its comment":    {"A=1\nB=2 # two\n# next\nC=3\n", "B", "A=1\n# next\nC=3\n"},
		"the last, no end":    {"A=1\nB=2", "B", "A=1\n"},
		"several lines":       {"A='x\ny\nz' # c\nB=2\n", "A", "B=2\n"},
		"all of them":         {"A=1\nB=2\nA=3\n", "A", "B=2\n"},
		"with export":         {"\texport A=1\nB=2\n", "A", "B=2\n"},
		"with export before":  {"export\nA=1\nB=2\n", "A", "B=2\n"},
		"blank lines stay":    {"A=1\n\n  B=2\n\nC=3\n", "B", "A=1\n\n\nC=3\n"},
		"CRLF":                {"A=1\r\nB=2\r\n", "A", "B=2\r\n"},
		"what it kept apart":  {"A=\"x\nB=\"y\"\nC=\"#\n", "B", "A=\"x\n# '.\".`.\nC=\"#\n"},
		"what it kept away":   {"A=\nB=1\n'x'\n", "B", "A=\n# '.\".`.\n'x'\n"},
		"something not there": {"A=1\n", "B", "A=1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			f := devvars.Parse([]byte(test.before))
			_, there := f.Lookup(test.key)
			require.Equal(t, there, f.Delete(test.key))
			require.Equal(t, test.after, string(f.Bytes()))
		})
	}
}

func TestQuote(t *testing.T) {
	for value, want := range map[string]string{
		"":               "",
		"plain":          "plain",
		"two words":      "two words",
		"it's":           "it's",
		" x":             "' x'",
		"x # y":          "'x # y'",
		"it's # y":       `"it's # y"`,
		"'\"#":           "`'\"#`",
		"'x'":            `"'x'"`,
		"a\nb":           "'a\nb'",
		"C:\\new":        "C:\\new",
		"$2b$10$abc":     "'$2b$10$abc'", // other parsers replace $2b and $10 without quotes
		"{\"a\": \"#\"}": "'{\"a\": \"#\"}'",
	} {
		got, err := devvars.Quote(value)
		require.NoError(t, err)
		require.Equal(t, want, got, "%q", value)
	}
	_, err := devvars.Quote("`'\"#")
	require.EqualError(t, err,
		"no form of .dev.vars holds this value: it needs quotes, and contains each of the three kinds")
	require.ErrorIs(t, err, devvars.ErrValue)
	requireReason(t, err, "")
}

// requireReason checks that err is an EditError for key that gives a reason and no value.
func requireReason(t *testing.T, err error, key string) {
	t.Helper()
	var edit *devvars.EditError
	require.True(t, errors.As(err, &edit))
	require.Equal(t, key, edit.Key)
	require.NotEmpty(t, edit.Reason)
	require.NotContains(t, err.Error(), "hunter2")
}

// TestFileShowsNothing formats a File with every verb of fmt.
func TestFileShowsNothing(t *testing.T) {
	f := devvars.Parse([]byte("TOKEN=hunter2-hunter2\n"))
	holder := struct {
		file *devvars.File
		File devvars.File
	}{f, *f}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%p"} {
		for _, v := range []any{f, *f, holder, &holder, []any{f}} {
			require.NotContains(t, strings.ToLower(fmt.Sprintf(verb, v)), "hunter")
			require.NotContains(t, fmt.Sprintf(verb, v), "68756e746572")
		}
	}
}

func TestZeroFile(t *testing.T) {
	var f devvars.File
	require.Empty(t, pairsOf(&f))
	require.Empty(t, f.Bytes())
	require.Empty(t, slices.Collect(f.Findings()))
	require.False(t, f.Delete("A"))
	require.NoError(t, f.Set("A", "1"))
	require.Equal(t, "A=1\n", string(f.Bytes()))
}
