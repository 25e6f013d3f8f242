package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// newLogger returns a logger that writes text and adds to the record of a request what is in its arrival.
func newLogger(w io.Writer) *slog.Logger {
	return slog.New(withArrival{slog.NewTextHandler(w, nil)})
}

// arrivalKey is the key of the arrival of a request, in its context.
type arrivalKey struct{}

// arrival is when a request arrived, and its query.
type arrival struct {
	time  time.Time
	query string
}

// logged puts the arrival into the context of each request.
func logged(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := arrival{time.Now(), r.URL.RawQuery}
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), arrivalKey{}, a)))
	})
}

// withArrival adds the names of the parameters of the query, and the duration of the request, to a record.
type withArrival struct{ slog.Handler }

func (h withArrival) Handle(ctx context.Context, r slog.Record) error {
	if a, ok := ctx.Value(arrivalKey{}).(arrival); ok {
		r = r.Clone()
		if a.query != "" {
			r.AddAttrs(slog.Any("query", parameters(a.query)))
		}
		r.AddAttrs(slog.Duration("duration", time.Since(a.time).Round(time.Microsecond)))
	}
	return h.Handler.Handle(ctx, r)
}

// maxParameters is how many names of parameters the log shows.
const maxParameters = 16

// parameterName matches the names that Cloudflare's API has. A name of another form could be a piece
// of a value that was not encoded.
var parameterName = regexp.MustCompile(`^[A-Za-z][A-Za-z_.]{0,39}(64)?$`)

// parameters returns the names in a query, in order, and "?" for each part that has none.
func parameters(query string) []string {
	var names []string
	for part := range strings.SplitSeq(query, "&") {
		if len(names) == maxParameters {
			return append(names, "...")
		}
		name, _, hasValue := strings.Cut(part, "=")
		if !hasValue || !parameterName.MatchString(name) {
			name = "?"
		}
		names = append(names, name)
	}
	return names
}

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
