//go:build unix

package main

import (
	"os"
	"runtime"
	"runtime/metrics"
	"sync"
	"syscall"
	"time"
)

// residentBytes returns the largest resident set of a process that has ended. macOS counts in bytes, other systems in
// kilobytes.
func residentBytes(state *os.ProcessState) int64 {
	usage := state.SysUsage().(*syscall.Rusage)
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}

// liveHeap measures the growth of the live heap since reset.
type liveHeap struct {
	mu            sync.Mutex
	before, most  int
	stop, stopped chan struct{}
}

// watch reads the size of the live heap at intervals. It is exact as of the last garbage collection.
func (h *liveHeap) watch() {
	defer close(h.stopped)
	for {
		select {
		case <-h.stop:
			return
		case <-time.After(time.Millisecond):
			h.look()
		}
	}
}

func (h *liveHeap) look() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.most = max(h.most, liveBytes())
}

// reset sets the reference point. It collects garbage only if there can be much.
func (h *liveHeap) reset() {
	if liveBytes() > 8<<20 {
		runtime.GC()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.before = liveBytes()
	h.most = h.before
}

// peak returns the largest growth of the live heap in bytes.
func (h *liveHeap) peak() int {
	h.look()
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.most - h.before
}

func liveBytes() int {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
}
