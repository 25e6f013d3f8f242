package main

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"time"
)

// Bounds of a logWriter.
const (
	maxLogLines = 4096        // that wait to be written
	maxLogLine  = 4096        // bytes of a line
	flushTime   = time.Second // for the lines that wait when the log is closed
)

// logWriter writes a log from a goroutine of its own, so that no Write waits for whoever reads the
// log. While nobody reads, it drops lines, and later writes how many. It ignores errors.
type logWriter struct {
	lines chan []byte
	done  chan struct{} // closed after the last line

	mu      sync.Mutex // guards sending to lines, and:
	dropped int        // lines since the last one that was written
	closed  bool
}

// newLogWriter returns a logWriter to w. The caller must close it.
func newLogWriter(w io.Writer) *logWriter {
	l := &logWriter{lines: make(chan []byte, maxLogLines), done: make(chan struct{})}
	go l.run(w)
	return l
}

// Write takes a line of the log. It never blocks and never fails.
func (l *logWriter) Write(line []byte) (int, error) {
	kept := bytes.Clone(line[:min(len(line), maxLogLine)])
	if len(line) > maxLogLine {
		kept = append(kept, "...\n"...)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return len(line), nil
	}
	select {
	case l.lines <- kept:
	default:
		l.dropped++
	}
	return len(line), nil
}

func (l *logWriter) run(w io.Writer) {
	defer close(l.done)
	for line := range l.lines {
		w.Write(line)
		if n := l.takeDropped(); n > 0 {
			fmt.Fprintf(w, "workerenv: %d lines of the log were dropped, since nobody read it\n", n)
		}
	}
}

// takeDropped returns how many lines were dropped since the last call.
func (l *logWriter) takeDropped() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.dropped
	l.dropped = 0
	return n
}

// close writes the lines that wait, or gives up after flushTime. Later lines are ignored.
func (l *logWriter) close() {
	l.mu.Lock()
	l.closed = true
	close(l.lines)
	l.mu.Unlock()
	select {
	case <-l.done:
	case <-time.After(flushTime):
	}
}
