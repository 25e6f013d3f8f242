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

	"github.com/workerenv/workerenv/version"
)

// compare runs two functions in turn, in each of a number of goroutines, and reports the median times of both.
// Noise of the machine hits both alike.
func compare(b *testing.B, goroutines int, raw, store func(goroutine, i int) error) {
	var mu sync.Mutex
	times := map[string][]time.Duration{}
	b.ResetTimer()
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range max(1, b.N/goroutines) {
				start := time.Now()
				err := raw(g, i)
				middle := time.Now()
				if err == nil {
					err = store(g, i)
				}
				end := time.Now()
				if err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				times["raw-µs"] = append(times["raw-µs"], middle.Sub(start))
				times["store-µs"] = append(times["store-µs"], end.Sub(middle))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for unit, all := range times {
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)/2])/1e3, unit)
	}
	b.ReportMetric(0, "ns/op") // the sum of both
}

// BenchmarkAppend compares Append with a transaction that puts the same bytes without conditions. Writers of one
// log conflict; a conflict takes as long as an append.
func BenchmarkAppend(b *testing.B) {
	for _, members := range []int{1, 3} {
		client := connect(b, newCluster(b, members).endpoints()...)
		for _, size := range []struct{ logs, writers int }{{1, 1}, {16, 1}, {1, 16}, {16, 16}} {
			b.Run(fmt.Sprintf("members=%d/logs=%d/writers=%d", members, size.logs, size.writers), func(b *testing.B) {
				s := open(b, client)
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

// BenchmarkRead compares Read with a range request for all keys of the log.
func BenchmarkRead(b *testing.B) {
	for _, members := range []int{1, 3} {
		client := connect(b, newCluster(b, members).endpoints()...)
		for _, records := range []int{0, 100, 10_000} {
			s := open(b, client)
			prefix, data := fmt.Sprintf("raw%d/", records), strings.Repeat("x", 400)
			for i := range records {
				require.NoError(b, s.Append(b.Context(), "log", i, version.NewRecord(data)))
				_, err := client.Put(b.Context(), fmt.Sprintf("%s%010d", prefix, i), data)
				require.NoError(b, err)
			}
			b.Run(fmt.Sprintf("members=%d/records=%d", members, records), func(b *testing.B) {
				compare(b, 1, func(int, int) error {
					_, err := client.Get(b.Context(), prefix, clientv3.WithPrefix())
					return err
				}, func(int, int) error {
					_, err := s.Read(b.Context(), "log", 0)
					return err
				})
			})
		}
	}
}
