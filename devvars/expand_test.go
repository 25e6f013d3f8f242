package devvars_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

// assignments splits each text at the first equals sign.
func assignments(texts []string) []oraclePair {
	var pairs []oraclePair
	for _, text := range texts {
		key, value, _ := strings.Cut(text, "=")
		pairs = append(pairs, oraclePair{key, value})
	}
	return pairs
}

// sequence returns an iterator over pairs, nil if pairs is nil.
func sequence(pairs []oraclePair) iter.Seq2[string, string] {
	if pairs == nil {
		return nil
	}
	return func(yield func(string, string) bool) {
		for _, kv := range pairs {
			if !yield(kv.key, kv.value) {
				return
			}
		}
	}
}

// environ returns variables in the form of os.Environ, each name once with its last value.
func environ(vars iter.Seq2[string, string]) []string {
	var names []string
	values := map[string]string{}
	if vars == nil {
		return nil
	}
	for name, value := range vars {
		if _, there := values[name]; !there {
			names = append(names, name)
		}
		values[name] = value
	}
	for i, name := range names {
		names[i] = name + "=" + values[name]
	}
	return names
}

func vars(texts ...string) iter.Seq2[string, string] { return sequence(assignments(texts)) }

func expansionOf(e *devvars.Expansion) []oraclePair {
	var pairs []oraclePair
	for k, v := range e.All() {
		pairs = append(pairs, oraclePair{k, v})
	}
	return pairs
}

func TestExpand(t *testing.T) {
	for _, c := range expandCases {
		t.Run(c.name, func(t *testing.T) {
			e, err := devvars.Expand(vars(c.vars...), devvars.ExpandOptions{Environ: c.process})
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, assignments(c.want), expansionOf(e))
			for _, kv := range assignments(c.want) {
				value, ok := e.Lookup(kv.key)
				require.True(t, ok, kv.key)
				require.Equal(t, kv.value, value)
			}
		})
	}
}

func TestModelAgreesWithRecordedExpansions(t *testing.T) {
	for _, c := range expandCases {
		got, err := modelExpand(assignments(c.process), assignments(c.vars))
		if c.err != nil {
			require.ErrorIs(t, err, errModelGaveUp, c.name)
			continue
		}
		require.NoError(t, err, c.name)
		require.Equal(t, assignments(c.want), got, c.name)
	}
	var golden struct{ Expansions []recordedExpansion }
	readJSON(t, "testdata/expand.json", &golden)
	for _, g := range golden.Expansions {
		var process, files []oraclePair
		for _, kv := range g.Process {
			process = append(process, oraclePair{kv[0], kv[1]})
		}
		for k, v := range merged(asBytes(g.Files)) {
			files = append(files, oraclePair{k, v})
		}
		got, err := modelExpand(process, files)
		switch g.Ending {
		case "ok":
			require.NoError(t, err, g.Name)
			var want []oraclePair
			for _, kv := range g.Entries {
				want = append(want, oraclePair{kv[0], kv[1]})
			}
			require.Equal(t, want, got, g.Name)
		case "throws":
			require.ErrorIs(t, err, errModelThrew, g.Name)
		default:
			require.ErrorIs(t, err, errModelGaveUp, g.Name)
		}
	}
}

// With each of these, dotenv-expand 12.0.2 on node 22.23.3 did not end within three seconds, or
// made a text of 16 MiB.
func TestExpandEndless(t *testing.T) {
	tests := []struct {
		name string
		vars []string
	}{
		{"the reference comes back", []string{"A=x${constructor}"}},
		{"the reference comes back in a pattern", []string{"M=$&", "A=x${M}"}},
		{"the value is the reference", []string{`B=\$B`, "A=x$B"}},
		{"two in turn", []string{`P=\$Q`, `Q=\$P`, "A=x$P"}},
		{"three in turn", []string{`P=\$Q`, `Q=\$R`, `R=\$P`, "A=x$P"}},
		{"an escaped occurrence comes back", []string{`B=\$B`, `A=\$B x$B`}},
		{"grows", []string{`B=x\${B}`, "A=y${B}"}},
		{"takes too long", []string{"B=xy", "A=" + strings.Repeat(`\$x`, 10_000) + strings.Repeat("$B ", 10_000)}},
		{"grows fast", []string{"B=" + strings.Repeat("x", 999) + `\${B}`, "A=y${B}"}},
		{"grows by a pattern", []string{"M=a$&b", "A=${M}"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, err := devvars.Expand(vars(append(test.vars, "Z=last")...), devvars.ExpandOptions{})
			require.ErrorIs(t, err, devvars.ErrExpandEndless)
			require.EqualError(t, err, "A: expansion does not end")
			require.Equal(t, len(test.vars), len(expansionOf(e)), "all but one key and one more")
			_, ok := e.Lookup("A")
			require.False(t, ok)
			value, ok := e.Lookup("Z")
			require.True(t, ok)
			require.Equal(t, "last", value)
		})
	}
}

func TestExpandSize(t *testing.T) {
	tests := []struct {
		name     string
		vars     []string
		maxBytes int
		ok       bool
	}{
		{"as long as may be", []string{"B=" + strings.Repeat("b", 9), "A=${B}${B}xx"}, 20, true},
		{"one longer", []string{"B=" + strings.Repeat("b", 9), "A=${B}${B}xxx"}, 20, false},
		{"too long in between", []string{"B=" + strings.Repeat("b", 21) + "}", "A=${X-${B}"}, 20, false},
		{"long in the file", []string{"A=" + strings.Repeat("x", 99) + "$B"}, 20, true},
		{"long in the file, and grows", []string{"B=bbb", "A=" + strings.Repeat("x", 99) + "$B"}, 20, false},
		{"long default", []string{"A=${B-" + strings.Repeat("x", 99) + "}"}, 20, true},
		{"no bound", []string{"B=bbb", "A=" + strings.Repeat("$B", 99)}, math.MaxInt, true},
		{"not expanded", []string{"A=" + strings.Repeat("x", 99)}, 20, true},
		{"text before, often",
			[]string{"O=" + strings.Repeat("$`", 9), "A=" + strings.Repeat("x", 99) + "${O}"}, 500, false},
		{"text before, very often",
			[]string{"O=" + strings.Repeat("$`", 1<<16), "A=" + strings.Repeat("x", 1<<20) + "${O}"}, 0, false},
		{"many references, small bound", []string{"B=b", "A=" + strings.Repeat("${X-$B}", 999)}, 1000, true},
		{"references only", []string{"B=b", "A=" + strings.Repeat("$B", 2560)}, 0, true},
		{"doubled", doubled(19), 0, true},
		{"doubled once too often", doubled(20), 0, false},
		{"larger than the default, from a large file", []string{"B=" + strings.Repeat("b", 1<<20), "A=x$B"}, 0, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, err := devvars.Expand(vars(test.vars...), devvars.ExpandOptions{MaxBytes: test.maxBytes})
			if test.ok {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, "A: expanded value is too large")
			require.ErrorIs(t, err, devvars.ErrExpandSize)
			require.Len(t, expansionOf(e), len(test.vars)-1)
		})
	}
}

// doubled returns variables that give A the text xx, doubled n times.
func doubled(n int) []string {
	texts := []string{"B0=xx"}
	for i := range n - 1 {
		texts = append(texts, fmt.Sprintf("B%d=${B%d}${B%d}", i+1, i, i))
	}
	return append(texts, fmt.Sprintf("A=${B%d}${B%d}", n-1, n-1))
}

func TestExpandReportsEveryKey(t *testing.T) {
	e, err := devvars.Expand(
		vars("A=$valueOf", "B=ok", "C=$constructor", "toString=x", "D=[${A}][${C-d}]"), devvars.ExpandOptions{})
	require.EqualError(t, err, "A: name of a built-in property of JavaScript objects\n"+
		"C: expansion does not end\n"+
		"toString: name of a built-in property of JavaScript objects")
	var first *devvars.ExpandError
	require.True(t, errors.As(err, &first))
	require.Equal(t, "A", first.Key)
	require.Equal(t, devvars.ErrExpandBuiltin, first.Err)
	require.Equal(t, []oraclePair{{"B", "ok"}, {"D", "[][d]"}}, expansionOf(e))
}

func TestExpandBoundsAllKeysTogether(t *testing.T) {
	texts := []string{`P=\$Q`, `Q=\$P`}
	for i := range 1000 {
		texts = append(texts, fmt.Sprintf("A%d=x$P", i))
	}
	e, err := devvars.Expand(vars(append(texts, "Z=$", "Y=z")...), devvars.ExpandOptions{})
	require.Equal(t, 1000, len(strings.Split(err.Error(), "\n")))
	require.Equal(t, []oraclePair{{"P", "$Q"}, {"Q", "$P"}, {"Z", "$"}, {"Y", "z"}}, expansionOf(e))
}

// Each value, a copy of a large one, is within the limit, but not all of them together.
func TestExpandBoundsCopies(t *testing.T) {
	for _, value := range []string{"${B}x", "x${B}"} {
		texts := []string{"B=" + strings.Repeat("b", 1<<20)}
		for i := range 1000 {
			texts = append(texts, fmt.Sprintf("A%d=%s", i, value))
		}
		e, err := devvars.Expand(vars(texts...), devvars.ExpandOptions{})
		require.ErrorIs(t, err, devvars.ErrExpandEndless)
		require.NotErrorIs(t, err, devvars.ErrExpandSize)
		require.Greater(t, len(expansionOf(e)), 50)
		require.Less(t, len(expansionOf(e)), 500)
	}
}

func TestExpandOfNothing(t *testing.T) {
	e, err := devvars.Expand(nil, devvars.ExpandOptions{})
	require.NoError(t, err)
	for _, e := range []*devvars.Expansion{e, {}, nil} {
		require.Empty(t, expansionOf(e))
		_, ok := e.Lookup("A")
		require.False(t, ok)
	}
}

// TestExpandRepeated has keys that come twice: the last counts in files, the first in the process
// environment, as in Node.js.
func TestExpandRepeated(t *testing.T) {
	environ := []string{"P=1", "Q=", "P=2", "no variable"}
	e, err := devvars.Expand(vars("A=1", "B=$A", "A=2"), devvars.ExpandOptions{Environ: environ})
	require.NoError(t, err)
	require.Equal(t, []oraclePair{{"P", "1"}, {"Q", ""}, {"A", "2"}, {"B", "2"}}, expansionOf(e))
}

// Recorded from node 22.23.3: with P=a\xffb\xe2\x82 and Q\xff=x in its environment,
// Object.assign({}, process.env) has a P of "a\ufffdb\ufffd" and no Q.
func TestExpandMakesProcessValidText(t *testing.T) {
	e, err := devvars.Expand(vars("A=$P"), devvars.ExpandOptions{Environ: []string{"P=a\xffb\xe2\x82", "Q\xff=x"}})
	require.NoError(t, err)
	require.Equal(t, []oraclePair{{"P", "a\ufffdb\ufffd"}, {"A", "a\ufffdb\ufffd"}}, expansionOf(e))
}

func TestExpandStopsWhenTheCallerDoes(t *testing.T) {
	e, err := devvars.Expand(vars("A=1", "B=2", "C=3"), devvars.ExpandOptions{})
	require.NoError(t, err)
	n := 0
	for range e.All() {
		if n++; n == 2 {
			break
		}
	}
	require.Equal(t, 2, n)
}

// The values of this chain have a total length of 1.7 GB. Those that exceed the limit on the work
// fail, which bounds the memory.
func TestExpandOfLongChain(t *testing.T) {
	var before, after runtime.MemStats
	texts := chain(1 << 20)
	runtime.ReadMemStats(&before)
	e, err := devvars.Expand(sequence(texts), devvars.ExpandOptions{})
	runtime.ReadMemStats(&after)
	require.ErrorIs(t, err, devvars.ErrExpandEndless)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(250<<20))
	require.Greater(t, len(expansionOf(e)), 10000)
}

// chain returns variables of n bytes, each of which has the value of the one before and an x.
func chain(n int) []oraclePair {
	var pairs []oraclePair
	for size, i := 0, 0; size < n; i++ {
		kv := oraclePair{fmt.Sprintf("B%d", i+1), fmt.Sprintf("${B%d}x", i)}
		size += len(kv.key) + len(kv.value) + len("=\n")
		pairs = append(pairs, kv)
	}
	return pairs
}

// Recorded from dotenv-expand 12.0.2 on node 22.23.3.
func TestExpandChainsThatFork(t *testing.T) {
	e, err := devvars.Expand(
		vars("A=a", "B=${A}b", "C=${B}c", "D=${B}d", "E=${B}", "F=${E}f", `G=${B}\$g`, "H=${G}h", "I=${C}i"),
		devvars.ExpandOptions{})
	require.NoError(t, err)
	want := []string{"A=a", "B=ab", "C=abc", "D=abd", "E=ab", "F=abf", "G=ab$g", "H=ab", "I=abci"}
	require.Equal(t, assignments(want), expansionOf(e))
}

func TestExpansionShowsNothing(t *testing.T) {
	const canary = "c4n4ry"
	e, err := devvars.Expand(
		vars("A="+canary, "B=x$A", "C=${valueOf-"+canary+"}", "D="+canary+"${constructor}",
			"E=${A}"+strings.Repeat("$A", 20)),
		devvars.ExpandOptions{Environ: []string{"P=" + canary}, MaxBytes: 60})
	require.Error(t, err)
	var failed *devvars.ExpandError
	require.True(t, errors.As(err, &failed))
	holder := struct{ e *devvars.Expansion }{e}
	text, jsonErr := json.Marshal([]any{e})
	require.NoError(t, jsonErr)
	shown := string(text)
	for _, v := range []any{e, *e, holder, err, failed, *failed} {
		shown += fmt.Sprintf("%v %+v %#v %s %q %d %x", v, v, v, v, v, v, v)
	}
	require.NotContains(t, shown, canary)
	require.NotContains(t, shown, fmt.Sprintf("%x", canary))
}

func TestExpansionIsSafeForConcurrentUse(t *testing.T) {
	e, err := devvars.Expand(vars("2=b", "A=$P", "1=a"), devvars.ExpandOptions{Environ: []string{"P=p"}})
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for k, v := range e.All() {
				value, ok := e.Lookup(k)
				if !ok || value != v {
					t.Error("All and Lookup differ")
				}
			}
		})
	}
	wg.Wait()
}
