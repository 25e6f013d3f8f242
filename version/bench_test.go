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

// sizes are the lengths of histories over which costs are shown.
var sizes = []int{10, 100, 1_000, 10_000}

// filled returns a store with the history "api" of n versions: an upload of so many vars, and secrets put one after the other.
func filled(tb testing.TB, n, bindings int) *version.MemStore {
	store := new(version.MemStore)
	h := version.NewHistory(store, "api", "api", version.Options{})
	ctx := context.Background()
	_, err := h.Update(ctx, func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{Code: someCode(), Bindings: someVars(bindings)})
		return err
	})
	require.NoError(tb, err)
	for i := 1; i < n; i++ {
		_, err := h.Update(ctx, func(tx *version.Tx) error {
			_, err := tx.SecretPut("SECRET_"+strconv.Itoa(i%7), "value "+strconv.Itoa(i), version.Meta{Source: "wrangler"})
			return err
		})
		require.NoError(tb, err)
	}
	return store
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

// What an edit of one secret costs by the rules alone: the new version, and the record for a store.
func BenchmarkEdit(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("versions=%d", n), func(b *testing.B) {
			s, err := version.NewHistory(filled(b, n, 128), "api", "api", version.Options{}).Read(b.Context())
			require.NoError(b, err)
			ids := benchIDs()
			now := time.Now()
			text := "a secret"
			b.ReportAllocs()
			for b.Loop() {
				tx := s.Begin(version.TxOptions{Now: now, NewID: ids})
				if _, err := tx.SecretPut("SECRET_1", text, version.Meta{}); err != nil {
					b.Fatal(err)
				}
				if tx.Record().IsZero() {
					b.Fatal("no record")
				}
			}
		})
	}
}

// What an edit of one secret costs a History over a MemStore, one after the other.
func BenchmarkUpdate(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("versions=%d", n), func(b *testing.B) {
			h := version.NewHistory(filled(b, n, 128), "api", "api", version.Options{NewID: benchIDs()})
			h.Read(b.Context())
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				_, err := h.Update(b.Context(), func(tx *version.Tx) error {
					_, err := tx.SecretPut("SECRET_1", [2]string{"a secret", "another one"}[i%2], version.Meta{})
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func benchIDs() func() string {
	n := 0
	return func() string {
		n++
		return fmt.Sprintf("10000000-0000-4000-8000-%012d", n)
	}
}

func BenchmarkPick(b *testing.B) {
	s, err := version.NewHistory(filled(b, 10, 128), "api", "api", version.Options{}).Read(b.Context())
	require.NoError(b, err)
	one, _ := s.Numbered(9)
	two, _ := s.Numbered(10)
	tx := s.Begin(version.TxOptions{NewID: benchIDs()})
	d, err := tx.Deploy(version.Deploy{Force: true, Splits: []version.Split{{one.ID(), version.Percent(50)}, {two.ID(), version.Percent(50)}}})
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := d.Pick("user 4711").Env().Lookup("SECRET_3"); !ok {
			b.Fatal("no secret")
		}
	}
}

// What it costs to read a whole history from a MemStore.
func BenchmarkLoad(b *testing.B) {
	for _, bindings := range []int{10, 128} {
		for _, n := range sizes {
			b.Run(fmt.Sprintf("bindings=%d/versions=%d", bindings, n), func(b *testing.B) { benchmarkLoad(b, n, bindings) })
		}
	}
}

func benchmarkLoad(b *testing.B, n, bindings int) {
	store := filled(b, n, bindings)
	b.ReportAllocs()
	for b.Loop() {
		s, err := version.NewHistory(store, "api", "api", version.Options{}).Read(b.Context())
		if err != nil || s.VersionCount() != n {
			b.Fatal(err)
		}
	}
}

// What it costs to read one more record of a history.
func BenchmarkLoadTail(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("versions=%d", n), func(b *testing.B) {
			store := filled(b, n, 128)
			writer := version.NewHistory(store, "api", "api", version.Options{})
			reader := version.NewHistory(store, "api", "api", version.Options{})
			reader.Read(b.Context())
			for b.Loop() {
				b.StopTimer()
				writer.Update(b.Context(), func(tx *version.Tx) error {
					_, err := tx.SecretPut("SECRET_1", "a secret", version.Meta{})
					return err
				})
				b.StartTimer()
				reader.Read(b.Context())
			}
		})
	}
}

// BenchmarkResident tells how many bytes a version of Workers with 100 versions takes, in a MemStore and in the histories
// together, of which every one has a new secret of its own. The largest, 1,000,000 versions, is skipped with -short.
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
	for i := range versions {
		_, err := h.Update(b.Context(), func(tx *version.Tx) error {
			if i == 0 {
				_, err := tx.UploadAndDeploy(version.Upload{Code: someCode(), Bindings: someVars(10)})
				return err
			}
			_, err := tx.SecretPut("SECRET_"+strconv.Itoa(i%7), fmt.Sprintf("value %d of %d", i, w), version.Meta{Source: "wrangler"})
			return err
		})
		require.NoError(b, err)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
