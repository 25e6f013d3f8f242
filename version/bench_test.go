package version_test

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// The benchmarks, and their bars at the largest sizes:
//
//	BenchmarkEdit      an edit of one secret of 128 bindings, by the rules alone   15 µs
//	BenchmarkUpdate    the same, kept in a MemStore
//	BenchmarkLoad      a whole history of 10,000 versions of 128 vars              100 ms
//	BenchmarkRefresh   one new record                                              the same for all sizes
//	BenchmarkYear      a Worker of 525,600 versions, after Compact                 20 ms, 1 MB of memory
//	BenchmarkPick      the version of a request, and a secret in its Env           100 ns, no allocation
//	BenchmarkResident  the memory of a version, 1,000,000 of them in 2 GiB         2,147 bytes
//
// The fastest of several runs counts: go test ./version -run '^$' -bench . -benchtime 100ms -count 5

// sizes are the lengths of histories over which costs are shown.
var sizes = []int{10, 100, 1_000, 10_000}

// filled returns a store with the history "api" of n versions: an upload of so many vars, and secrets put one after the other,
// each with a text of its own.
func filled(tb testing.TB, n, vars int) *version.MemStore {
	store := new(version.MemStore)
	h := version.NewHistory(store, "api", version.Options{})
	_, err := h.Update(tb.Context(), func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{Code: someCode(), Bindings: someVars(vars)})
		return err
	})
	require.NoError(tb, err)
	for i := 1; i < n; i++ {
		require.NoError(tb, putSecret(tb, h, "SECRET_"+strconv.Itoa(i%7), "value "+strconv.Itoa(i)))
	}
	return store
}

func putSecret(tb testing.TB, h *version.History, name, text string) error {
	_, err := h.Update(tb.Context(), func(tx *version.Tx) error {
		_, err := tx.SecretPut(name, text, version.Meta{Source: "wrangler"})
		return err
	})
	return err
}

func read(tb testing.TB, store version.Store) version.Snapshot {
	s, err := version.NewHistory(store, "api", version.Options{}).Read(tb.Context())
	require.NoError(tb, err)
	return s
}

func someCode() version.Code {
	return version.Code{
		MainModule:        "index.js",
		Modules:           []version.Module{{Name: "index.js", Type: "application/javascript+module", Digest: "sha256:0123456789abcdef", Size: 1234}},
		CompatibilityDate: "2026-01-01",
		Metadata:          binding.NewValue(`{"limits":{"cpu_ms":50}}`),
	}
}

func someVars(n int) binding.Set {
	var list []binding.Binding
	for i := range n {
		list = append(list, binding.Var(fmt.Sprintf("VAR_%03d", i), fmt.Sprintf("text %d", i)))
	}
	set, _ := binding.NewSet(list...)
	return set
}

// BenchmarkEdit is what an edit of one secret of a Worker with 128 vars costs by the rules alone: the new version, the
// deployment, and the record for a store.
func BenchmarkEdit(b *testing.B) {
	for _, n := range sizes {
		s := read(b, filled(b, n, 128))
		b.Run(fmt.Sprintf("versions=%d", n), func(b *testing.B) { benchmarkEdit(b, s) })
	}
}

func benchmarkEdit(b *testing.B, s version.Snapshot) {
	ids, now := benchIDs(), time.Now()
	b.ReportAllocs()
	for b.Loop() {
		tx := s.Begin(version.Options{Now: func() time.Time { return now }, NewID: ids})
		_, err := tx.SecretPut("SECRET_1", "a secret", version.Meta{})
		if err != nil || tx.Record().IsZero() {
			b.Fatal("no record", err)
		}
	}
}

// BenchmarkUpdate is what such an edit costs a History over a MemStore, with random IDs, each upon the one before.
func BenchmarkUpdate(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("versions=%d", n), func(b *testing.B) {
			h := version.NewHistory(filled(b, n, 128), "api", version.Options{})
			h.Read(b.Context())
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := putSecret(b, h, "SECRET_1", strconv.Itoa(i)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkYear is the load of a Worker that has been changed once a minute for a year, after a Compact. It also reports how
// long the Compact took, and the size of the log before and after. The bytes that are allocated are more than the memory
// of a History. It is skipped with -short.
func BenchmarkYear(b *testing.B) {
	if testing.Short() {
		b.Skip("takes half a minute")
	}
	const year = 365 * 24 * 60
	for _, vars := range []int{10, 128} {
		b.Run(fmt.Sprintf("vars=%d", vars), func(b *testing.B) {
			store := filled(b, year, vars)
			size := logSize(b, store, 0)
			h := version.NewHistory(store, "api", version.Options{})
			require.Equal(b, year, reading(b, h).VersionCount())
			start := time.Now()
			require.NoError(b, h.Compact(b.Context()))
			took := time.Since(start)
			b.ReportAllocs()
			for b.Loop() {
				if read(b, store).VersionCount() != 100 {
					b.Fatal("not what was stored")
				}
			}
			b.ReportMetric(size/1e6, "MB-log")
			b.ReportMetric(float64(took.Milliseconds()), "ms-compact")
			b.ReportMetric(logSize(b, store, year)/1e3, "KB-compacted")
		})
	}
}

// logSize returns the bytes of the records after the first after ones.
func logSize(b *testing.B, store version.Store, after int) (size float64) {
	records, err := store.Read(b.Context(), "api", after)
	require.NoError(b, err)
	for _, r := range records {
		size += float64(len(r.Reveal()))
	}
	return size
}

func benchIDs() func() string {
	n := 0
	return func() string {
		n++
		return fmt.Sprintf("10000000-0000-4000-8000-1%011d", n)
	}
}

// BenchmarkPick is the look-up of a secret for a request: the version by the key of the request, and the secret in its Env.
func BenchmarkPick(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("versions=%d", n), func(b *testing.B) {
			s := read(b, filled(b, n, 128))
			one, _ := s.Numbered(n - 1)
			two, _ := s.Numbered(n)
			tx := s.Begin(version.Options{NewID: benchIDs()})
			half := version.Percent(50)
			d, err := tx.Deploy(version.Deploy{Force: true, Splits: []version.Split{{one.ID(), half}, {two.ID(), half}}})
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := d.Pick("user 4711").Env().Lookup("SECRET_3"); !ok {
					b.Fatal("no secret")
				}
			}
		})
	}
}

// BenchmarkLoad is what it costs to read a whole history from a MemStore and look up a secret in the deployed version.
func BenchmarkLoad(b *testing.B) {
	for _, vars := range []int{10, 128} {
		for _, n := range sizes {
			b.Run(fmt.Sprintf("vars=%d/versions=%d", vars, n), func(b *testing.B) {
				store := filled(b, n, vars)
				b.ReportAllocs()
				for b.Loop() {
					s := read(b, store)
					current, _ := s.Current()
					if _, ok := current.Newest().Env().Lookup("SECRET_1"); !ok || s.VersionCount() != n {
						b.Fatal("not what was stored")
					}
				}
			})
		}
	}
}

// BenchmarkRefresh is what it costs to read one new record of a history, by a History that has all before it.
func BenchmarkRefresh(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("versions=%d", n), func(b *testing.B) {
			log, err := filled(b, n+n/10, 128).Read(b.Context(), "api", 0)
			require.NoError(b, err)
			store := &growing{log: log}
			b.ReportAllocs()
			h := store.at(b, n)
			for b.Loop() {
				if store.records == len(log) {
					b.StopTimer()
					h = store.at(b, n)
					b.StartTimer()
				}
				store.records++
				h.Read(b.Context())
			}
			require.Equal(b, store.records, h.Cached().Revision())
		})
	}
}

// growing is a Store of one log, of which the first records are there yet.
type growing struct {
	version.Store
	log     []version.Record
	records int
}

// at returns a History that has read n records.
func (g *growing) at(b *testing.B, n int) *version.History {
	g.records = n
	h := version.NewHistory(g, "api", version.Options{})
	_, err := h.Read(b.Context())
	require.NoError(b, err)
	return h
}

func (g *growing) Read(_ context.Context, _ string, after int) ([]version.Record, error) {
	return g.log[after:g.records], nil
}

// BenchmarkResident measures how many bytes a version takes, in a MemStore and in the histories together. Each Worker
// has 100 versions, each with a new secret of its own. The largest, 1,000,000 versions, is skipped with -short.
func BenchmarkResident(b *testing.B) {
	for _, workers := range []int{10, 100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			if workers == 10_000 && testing.Short() {
				b.Skip("takes half a minute")
			}
			benchmarkResident(b, workers)
		})
	}
}

func benchmarkResident(b *testing.B, workers int) {
	const versions = 100
	for b.Loop() {
		before := heap()
		account := version.NewAccount(new(version.MemStore), "a", version.Options{})
		for w := range workers {
			h, err := account.Create(b.Context(), "worker-"+strconv.Itoa(w))
			require.NoError(b, err)
			fill(b, h, w, versions)
		}
		b.ReportMetric(float64(heap()-before)/float64(workers*versions), "B/version")
		runtime.KeepAlive(account)
	}
}

func fill(b *testing.B, h *version.History, w, versions int) {
	_, err := h.Update(b.Context(), func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{Code: someCode(), Bindings: someVars(10)})
		return err
	})
	require.NoError(b, err)
	for i := 1; i < versions; i++ {
		require.NoError(b, putSecret(b, h, "SECRET_"+strconv.Itoa(i%7), fmt.Sprintf("value %d of %d", i, w)))
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
