package concurrency_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/integration/internal/sample"
	"github.com/workerenv/workerenv/internal/tools/docgen"
	"github.com/workerenv/workerenv/wrangler"
)

const goroutines = 8

// together calls f from several goroutines, rounds times each, and checks that all results are equal.
// Meanwhile it runs the garbage collector, since values are interned with weak pointers.
func together[T any](t *testing.T, rounds int, f func() T) {
	t.Helper()
	want := f()
	var start, done sync.WaitGroup
	start.Add(1)
	for range goroutines {
		done.Go(func() {
			start.Wait()
			for range rounds {
				if got := f(); !assert.ObjectsAreEqual(want, got) {
					t.Error("the result differs from the first one")
					return
				}
			}
		})
	}
	start.Done()
	for range 3 {
		runtime.GC()
	}
	done.Wait()
}

// printed prints a value in several ways.
func printed(x any) string {
	slog.New(slog.NewTextHandler(io.Discard, nil)).Info("", "x", x)
	text, err := json.Marshal(x)
	return fmt.Sprintf("%v %+v %s %v", x, x, text, err != nil)
}

// fresh calls f with a new File each time, so that all goroutines run its lazy initialization at once.
func fresh(doc []byte, f func(*devvars.File)) {
	for range 50 {
		f(devvars.Parse(doc))
	}
}

func TestFile(t *testing.T) {
	docs := [][]byte{sample.Bulk(4 << 10), sample.Rich(4 << 10), docgen.New(1).Mutated(), []byte("B=1\n2=x\n1=y\nB=2\n")}
	for _, doc := range docs {
		fresh(doc, func(f *devvars.File) {
			together(t, 2, func() []string {
				var all []string
				for key, value := range f.All() {
					got, ok := f.Lookup(key)
					all = append(all, key, value, got, fmt.Sprint(ok))
				}
				for e := range f.Assignments() {
					all = append(all, e.Key(), e.Value(), e.Pos().String(), e.ValuePos().String())
				}
				return append(all, string(f.Bytes()), printed(f))
			})
		})
	}
}

func TestFileFindings(t *testing.T) {
	for _, doc := range [][]byte{sample.Bulk(4 << 10), docgen.New(2).Mutated(), []byte("A=$B\nB=\"x\nA=y#z\n")} {
		f := devvars.Parse(doc)
		together(t, 3, func() []devvars.Finding { return slices.Collect(f.Findings()) })
	}
}

func TestExpansion(t *testing.T) {
	f := devvars.Parse([]byte("A=x\nB=${A}y\nC=\\$B $B\n2=a\n1=$2\n"))
	e, err := devvars.Expand(f.All(), devvars.ExpandOptions{})
	require.NoError(t, err)
	together(t, 200, func() []string {
		var all []string
		for name, value := range e.All() {
			got, ok := e.Lookup(name)
			all = append(all, name, value, got, fmt.Sprint(ok))
		}
		return append(all, printed(e))
	})
	together(t, 50, func() error { _, err := devvars.Expand(f.All(), devvars.ExpandOptions{}); return err })
}

func TestValue(t *testing.T) {
	v := binding.NewValue("some text")
	together(t, 500, func() []any {
		same := binding.NewValue("some text")
		passing := binding.NewValue(fmt.Sprint("not in use elsewhere", same.Fingerprint()))
		return []any{v == same, v.Equal(passing), v.Reveal(), passing.Reveal(), v.Fingerprint(),
			v.FingerprintWith([]byte("k")), printed(v)}
	})
}

// set returns a Set with a binding of each kind.
func set(t *testing.T) binding.Set {
	s, err := binding.NewSet(binding.Var("V", "a"), binding.Secret("S", "b"), binding.JSONVar("J", "[1]"),
		binding.Resource("kv_namespace", "R", `{"namespace_id":"x"}`), binding.Inherited("I"))
	require.NoError(t, err)
	return s
}

func TestSet(t *testing.T) {
	s := set(t)
	base := s.Without("I").Merge(must(binding.NewSet(binding.Secret("I", "c"))))
	together(t, 200, func() []any {
		inherited, err := s.Inherit(base)
		with := must(s.With(binding.Secret("S", "other"), binding.Var("N", "new")))
		b, ok := s.Lookup("J")
		names := s.Names()
		slices.Reverse(names) // owned by the caller
		breach := binding.Limits{Bindings: 1, ValueBytes: 1}.Check(s)
		return []any{
			inherited.String(), err, with.Diff(s).String(), with.Equal(s), b.String(), ok, names, s.Len(),
			fmt.Sprint(breach), printed(s),
			s.Filter(func(b binding.Binding) bool { return b.Kind().IsVar() }).Names(), len(slices.Collect(s.All())),
		}
	})
}

func TestEnv(t *testing.T) {
	s := set(t).Without("I")
	e := must(s.Env())
	together(t, 200, func() []any {
		var list []int
		err := e.Decode("J", &list)
		m := e.Map()
		clear(m) // owned by the caller
		v, ok := e.Lookup("S")
		var all []string
		for name, v := range e.All() {
			all = append(all, name, v.Reveal())
		}
		return []any{list, err, m, v.Reveal(), ok, all, e.Environ(), e.Get("V"), e.IsJSON("J"), e.Equal(must(s.Env())),
			printed(e)}
	})
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

var project = fstest.MapFS{
	"wrangler.jsonc": {Data: []byte(`{
		"name": "n", "compatibility_date": "2026-11-01", "vars": { "A": "1", "J": [1] },
		"kv_namespaces": [{ "binding": "KV", "id": "x" }],
		"secrets": { "required": ["S", "T", "U"] },
		"env": { "staging": { "vars": { "A": "2" } } }
	}`)},
	".env":         {Data: []byte("S=1\nT=${S}x\nA=y#z\n")},
	".env.local":   {Data: []byte("S=2\n")},
	"secrets.json": {Data: []byte(`{"S":"3","T":"4","U":"5"}`)},
}

func TestConfig(t *testing.T) {
	c, err := wrangler.Load(wrangler.Options{FS: project, Environ: []string{"T=process"}})
	require.NoError(t, err)
	together(t, 20, func() []any {
		dev, err := c.Dev(wrangler.DevOptions{Vars: []string{"F:1"}})
		deploy, err2 := c.Deploy(wrangler.DeployOptions{SecretsFile: "secrets.json"})
		name, named := c.Environment()
		required, has := c.RequiredSecrets()
		return []any{
			dev.Set().String(), err, deploy.Set().String(), err2, c.Name(), name, named, required, has,
			c.Environments(), c.Path(), c.UserPath(), c.IsPages(), c.Findings(), printed(c),
		}
	})
}

func TestResolution(t *testing.T) {
	c, err := wrangler.Load(wrangler.Options{FS: project, Environ: []string{"T=process"}})
	require.NoError(t, err)
	r, err := c.Dev(wrangler.DevOptions{})
	require.NoError(t, err)
	together(t, 100, func() []any {
		var explained []string
		for _, name := range r.Names() {
			explained = append(explained, r.Explain(name).String())
		}
		bindings := r.Bindings()
		slices.Reverse(bindings) // owned by the caller
		source, ok := r.Source("S")
		env, err := r.Env()
		return []any{
			explained, len(bindings), source, ok, env.Environ(), err, r.Findings(), r.KeepBindings(),
			r.Set().String(), printed(r) != "",
		}
	})
}
