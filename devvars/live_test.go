package devvars_test

import (
	"bytes"
	"cmp"
	"errors"
	"iter"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/tools/docgen"
	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// liveDocuments is the number of random documents of each kind, unless WORKERENV_DOCUMENTS is set.
const liveDocuments = 60000

func liveGenerator(t *testing.T) (g *docgen.Generator, documents int) {
	t.Helper()
	return docgen.New(live.Seed(t)), live.Count(t, "WORKERENV_DOCUMENTS", liveDocuments)
}

func times[T any](n int, next func() T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for range n {
			if !yield(next()) {
				return
			}
		}
	}
}

func copies(docs iter.Seq[[]byte]) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		docs(func(doc []byte) bool { return yield(bytes.Clone(doc)) })
	}
}

func TestParseEqualsDotenv(t *testing.T) {
	tools := live.Oracle(t)
	g, n := liveGenerator(t)
	parser := tools.NewParser(oracle.Limits{Time: 20 * time.Second})
	t.Cleanup(parser.Close)
	kinds := []struct {
		name string
		docs iter.Seq[[]byte]
	}{
		{"typical", times(n, g.Typical)},
		{"adversarial", times(n, g.Adversarial)},
		{"mutated", times(n, g.Mutated)},
		{"every short document", copies(docgen.Exhaustive(5))},
		{"every short value", copies(docgen.ExhaustiveValues(5))},
	}
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			total := 0
			for docs := range batches(kind.docs) {
				compareParse(t, parser, docs)
				total += len(docs)
			}
			t.Logf("%d documents, no difference", total)
		})
	}
}

func batches[T any](all iter.Seq[T]) iter.Seq[[]T] {
	const size = 5000
	return func(yield func([]T) bool) {
		batch := make([]T, 0, size)
		for doc := range all {
			if batch = append(batch, doc); len(batch) < size {
				continue
			}
			if !yield(batch) {
				return
			}
			batch = batch[:0]
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}

// compareParse fails the test at the first difference in docs, with a minimised document.
func compareParse(t *testing.T, parser *oracle.Parser, docs [][]byte) {
	t.Helper()
	firstDifference := func(docs [][]byte) int {
		answers, err := parser.Parse(t.Context(), docs)
		require.NoError(t, err)
		return slices.IndexFunc(answers, func(a oracle.Answer) bool {
			doc := docs[0]
			docs = docs[1:]
			return a.Ending != oracle.Answered || !slices.Equal(a.Entries, entriesOf(devvars.Parse(doc).All()))
		})
	}
	i := firstDifference(docs)
	if i < 0 {
		return
	}
	doc := minimise(docs[i], firstDifference)
	answers, err := parser.Parse(t.Context(), [][]byte{doc})
	require.NoError(t, err)
	t.Fatalf("document %q\ndotenv: %s %q\ndevvars: %q",
		doc, answers[0].Ending, answers[0].Entries, entriesOf(devvars.Parse(doc).All()))
}

func entriesOf(all iter.Seq2[string, string]) []oracle.Entry {
	var entries []oracle.Entry
	for k, v := range all {
		entries = append(entries, oracle.Entry{Key: k, Value: v})
	}
	return entries
}

// minimise removes pieces of doc as long as the rest still fails. firstFailure returns the index of
// the first document that fails, -1 if there is none.
func minimise(doc []byte, firstFailure func([][]byte) int) []byte {
	for size := len(doc) / 2; size > 0; {
		var smaller [][]byte
		for at := 0; at+size <= len(doc); at += max(1, size/2) {
			smaller = append(smaller, slices.Concat(doc[:at], doc[at+size:]))
		}
		if i := firstFailure(smaller); i >= 0 {
			doc = smaller[i]
			size = min(size, len(doc))
			continue
		}
		size /= 2
	}
	return doc
}

func TestExpandEqualsDotenvExpand(t *testing.T) {
	tools := live.Oracle(t)
	g, n := liveGenerator(t)
	expander := tools.NewExpander(oracle.Limits{Time: 20 * time.Second, Steps: 300})
	t.Cleanup(expander.Close)
	endings := map[oracle.Ending]int{}
	for chains := range batches(times(n, g.Chain)) {
		answers, err := expander.Expand(t.Context(), chains)
		require.NoError(t, err)
		for i, a := range answers {
			if endings[a.Ending]++; unknown(a) && endings[a.Ending] > 50 {
				continue // those take time
			}
			if !sameExpansion(chains[i], a) {
				reportExpansion(t, expander, chains[i])
			}
		}
	}
	t.Logf("endings of dotenv-expand: %v, no difference", endings)
	require.Greater(t, endings[oracle.Answered], n*9/10)
}

// unknown reports whether dotenv-expand did not end within its limit of steps.
func unknown(a oracle.Answer) bool { return a.Ending == oracle.Hung || a.Ending == oracle.OutOfMemory }

// sameExpansion reports whether Expand does what dotenv-expand did. If that is unknown, Expand only
// has to end.
func sameExpansion(c oracle.Expansion, a oracle.Answer) bool {
	got, err := expandChain(c)
	switch a.Ending {
	case oracle.Answered:
		return err == nil && slices.Equal(a.Entries, entriesOf(got.All()))
	case oracle.Threw:
		return errors.Is(err, devvars.ErrExpandBuiltin)
	}
	return true
}

func expandChain(c oracle.Expansion) (*devvars.Expansion, error) {
	process := object(func(yield func([2]string) bool) {
		for _, e := range c.Process {
			if !yield([2]string{e.Key, e.Value}) {
				return
			}
		}
	})
	return devvars.Expand(merged(c.Files), devvars.ExpandOptions{Environ: environ(process)})
}

// merged yields the entries of all files merged into one object, as wrangler 4.164.0 does before it
// expands them.
func merged(files [][]byte) iter.Seq2[string, string] {
	return object(func(yield func([2]string) bool) {
		for _, file := range files {
			for k, v := range devvars.Parse(file).All() {
				if !yield([2]string{k, v}) {
					return
				}
			}
		}
	})
}

// object yields the properties of a JavaScript object after the assignments: array indexes first,
// then the other keys in the order of their first assignments, each with its last value.
func object(assignments iter.Seq[[2]string]) iter.Seq2[string, string] {
	var entries [][2]string
	for kv := range assignments {
		i := slices.IndexFunc(entries, func(e [2]string) bool { return e[0] == kv[0] })
		if i < 0 {
			entries = append(entries, kv)
		} else {
			entries[i] = kv
		}
	}
	slices.SortStableFunc(entries, func(a, b [2]string) int { return cmp.Compare(rank(a[0]), rank(b[0])) })
	return func(yield func(k, v string) bool) {
		for _, e := range entries {
			if !yield(e[0], e[1]) {
				return
			}
		}
	}
}

// rank returns the number of an array index, and the same greater number for all other keys.
func rank(key string) uint64 {
	const none = 1<<32 - 1
	n, err := strconv.ParseUint(key, 10, 32)
	if err != nil || n == none || strconv.FormatUint(n, 10) != key {
		return none
	}
	return n
}

// reportExpansion fails the test with a minimised chain.
func reportExpansion(t *testing.T, expander *oracle.Expander, c oracle.Expansion) {
	t.Helper()
	for i := range c.Files {
		with := func(doc []byte) oracle.Expansion {
			other := oracle.Expansion{Files: slices.Clone(c.Files), Process: c.Process}
			other.Files[i] = doc
			return other
		}
		c.Files[i] = minimise(c.Files[i], func(docs [][]byte) int {
			var chains []oracle.Expansion
			for _, doc := range docs {
				chains = append(chains, with(doc))
			}
			answers, err := expander.Expand(t.Context(), chains)
			require.NoError(t, err)
			return slices.IndexFunc(answers, func(a oracle.Answer) bool {
				chain := chains[0]
				chains = chains[1:]
				return !sameExpansion(chain, a)
			})
		})
	}
	answers, err := expander.Expand(t.Context(), []oracle.Expansion{c})
	require.NoError(t, err)
	got, err := expandChain(c)
	t.Fatalf("files %q process %q\ndotenv-expand: %s %s %q\ndevvars: %v %q", c.Files, c.Process,
		answers[0].Ending, answers[0].Message, answers[0].Entries, err, entriesOf(got.All()))
}
