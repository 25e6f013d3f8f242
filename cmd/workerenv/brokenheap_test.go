//go:build unix

package main

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/workerenv/workerenv/devvars"
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

// watchHeap makes garbage collections frequent, so that the size of the live heap is known.
func watchHeap(t *testing.T) *liveHeap {
	before := debug.SetGCPercent(25)
	h := &liveHeap{stop: make(chan struct{}), stopped: make(chan struct{})}
	go h.watch()
	t.Cleanup(func() {
		close(h.stop)
		<-h.stopped
		debug.SetGCPercent(before)
	})
	return h
}

// heapBound is the most live heap that a project may take: five times its files, a constant for Go and the process, and
// perAssignment for each name, line or var, since each value is a separate object and its sources are kept.
func heapBound(size, assignments int) int { return 8<<20 + 5*size + perAssignment*assignments }

const perAssignment = 1000

// heapBound returns the bound for a project. References can expand a value up to the limit of 1 MiB, which takes up to
// 10 MiB.
func (p *brokenProject) heapBound(size int) int {
	bound := heapBound(size, p.names())
	for _, text := range p.Files {
		if strings.Contains(text, "$") {
			return bound + 8<<20
		}
	}
	return bound
}

// names returns the number of assignments in the local files.
func (p *brokenProject) names() int {
	n := 0
	for path, text := range p.Files {
		if strings.HasSuffix(path, "/") || strings.HasPrefix(filepath.Base(path), "wrangler.") {
			continue
		}
		for range devvars.Parse([]byte(text)).Assignments() {
			n++
		}
	}
	return n
}
