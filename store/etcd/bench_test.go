package etcd_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/workerenv/workerenv/store/etcd"
	"github.com/workerenv/workerenv/version"
)

// compare calls two functions in turn, in each of a number of goroutines, and reports the median time
// of each, so that noise of the machine affects both alike.
func compare(b *testing.B, goroutines int, raw, store func(goroutine, i int) error) {
	var mu sync.Mutex
	times := make(map[string][]time.Duration)
	measure := func(unit string, f func(goroutine, i int) error, goroutine, i int) {
		start := time.Now()
		err := f(goroutine, i)
		end := time.Now()
		if err != nil {
			b.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		times[unit] = append(times[unit], end.Sub(start))
	}
	b.ResetTimer()
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range max(1, b.N/goroutines) {
				if i%2 == 0 {
					measure("raw-ns", raw, g, i)
					measure("store-ns", store, g, i)
				} else {
					measure("store-ns", store, g, i)
					measure("raw-ns", raw, g, i)
				}
			}
		})
	}
	wg.Wait()
	for unit, all := range times {
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)/2]), unit)
	}
	b.ReportMetric(0, "ns/op") // of both together
}

// BenchmarkAppend compares Append with a transaction that puts the same bytes without conditions. Writers of one
// log conflict; a conflict takes as long as an append.
func BenchmarkAppend(b *testing.B) {
	for _, members := range []int{1, 3} {
		client := connect(b, newCluster(b, members).endpoints()...)
		for _, size := range []struct{ logs, writers int }{{1, 1}, {16, 1}, {1, 16}, {16, 16}} {
			b.Run(fmt.Sprintf("members=%d/logs=%d/writers=%d", members, size.logs, size.writers), func(b *testing.B) {
				s := open(client)
				data := strings.Repeat("x", 400)
				lengths := make([]atomic.Int64, size.logs)
				compare(b, size.writers, func(writer, i int) error {
					key := fmt.Sprintf("raw/%d/%d", writer, i)
					_, err := client.Txn(b.Context()).Then(clientv3.OpPut(key, data)).Commit()
					return err
				}, func(writer, i int) error {
					log := (writer + i) % size.logs
					if size.writers == size.logs {
						log = writer
					}
					err := s.Append(b.Context(), fmt.Sprint("log ", log), int(lengths[log].Load()), version.NewRecord(data))
					if err == nil {
						lengths[log].Add(1)
					} else if size.writers > size.logs {
						err = nil // a conflict
					}
					return err
				})
			})
		}
	}
}

// BenchmarkRead compares Read with a range request for all keys of a log, with the values made strings.
func BenchmarkRead(b *testing.B) {
	for _, members := range []int{1, 3} {
		client := connect(b, newCluster(b, members).endpoints()...)
		for _, records := range []int{0, 100, 10_000} {
			s := etcd.New(client, etcd.Options{Prefix: fmt.Sprintf("store%05d/", records)})
			prefix, data := fmt.Sprintf("raw%05d/log/", records), strings.Repeat("x", 400)
			for i := range records {
				require.NoError(b, s.Append(b.Context(), "log", i, version.NewRecord(data)))
				_, err := client.Put(b.Context(), fmt.Sprintf("%s%010d", prefix, i), data) // a key of the same length
				require.NoError(b, err)
			}
			b.Run(fmt.Sprintf("members=%d/records=%d", members, records), func(b *testing.B) {
				compare(b, 1, func(int, int) error {
					got, err := client.Get(b.Context(), prefix, clientv3.WithPrefix())
					if err != nil {
						return err
					}
					var values []string
					for _, kv := range got.Kvs {
						values = append(values, string(kv.Value))
					}
					if len(values) != records {
						return fmt.Errorf("got %d values", len(values))
					}
					return nil
				}, func(int, int) error {
					_, err := s.Read(b.Context(), "log", 0)
					return err
				})
			})
		}
	}
}
