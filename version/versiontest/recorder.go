package versiontest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/workerenv/workerenv/version"
)

// Recorder is a Store that passes every call to another one, and records the arguments, the
// results, and the order in which calls begin and end. It is safe for concurrent use.
type Recorder struct {
	store version.Store
	mu    sync.Mutex
	clock int
	calls []*call
}

// call is one call and its result. Times count beginnings and ends of calls.
type call struct {
	log        string
	begin, end int
	err        error
	append     bool
	base       int // of an append; of a read, the number of records it skipped
	record     version.Record
	records    []version.Record
}

// NewRecorder returns a Recorder of calls to store.
func NewRecorder(store version.Store) *Recorder { return &Recorder{store: store} }

// Read implements [version.Store].
func (r *Recorder) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	c := r.begin(&call{log: log, base: after})
	records, err := r.store.Read(ctx, log, after)
	r.finish(c, func() { c.records, c.err = append([]version.Record(nil), records...), err })
	return records, err
}

// Append implements [version.Store].
func (r *Recorder) Append(ctx context.Context, log string, base int, record version.Record) error {
	c := r.begin(&call{log: log, base: base, append: true, record: record})
	err := r.store.Append(ctx, log, base, record)
	r.finish(c, func() { c.err = err })
	return err
}

func (r *Recorder) begin(c *call) *call {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock++
	c.begin, c.end = r.clock, math.MaxInt
	r.calls = append(r.calls, c)
	return c
}

func (r *Recorder) finish(c *call, setResult func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	setResult()
	r.clock++
	if c.err == nil || errors.Is(c.err, version.ErrConflict) {
		c.end = r.clock // after any other error the call may still take effect
	}
}

// Check checks that the calls are linearizable: that a Store which does one thing at a time could
// have given all results, each between the beginning and the end of its call. It returns what
// makes that impossible, else nil. It reads the logs, which must not change meanwhile, and takes
// linear time. Appends of equal records count as one append that was tried again.
//
// An append that conflicted is compared with all other calls except those that conflicted.
func (r *Recorder) Check(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	byLog := make(map[string][]*call)
	for _, c := range r.calls {
		byLog[c.log] = append(byLog[c.log], c)
	}
	var errs []error
	for log, calls := range byLog {
		records, err := r.store.Read(ctx, log, 0)
		if err == nil {
			err = check(calls, records)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("log %q: %w", log, err))
		}
	}
	return errors.Join(errs...)
}

// check checks the calls of one log, whose records are log. For each length of the log it finds
// the earliest and the latest time at which the log can have got it, by the calls that saw it.
func check(calls []*call, log []version.Record) error {
	appended, err := appends(calls, log)
	if err != nil {
		return err
	}
	reads := make([][]*call, len(log)+1) // by the length that they saw
	for _, c := range calls {
		if c.append || c.err != nil {
			continue
		}
		if err := isPrefix(c, log); err != nil {
			return err
		}
		if n := c.base + len(c.records); len(c.records) > 0 || c.base == 0 {
			reads[n] = append(reads[n], c)
		}
	}
	earliest, latest := make([]int, len(log)+1), make([]int, len(log)+1)
	now, by := 0, 0 // the earliest time for what comes next, and the length seen by the call that began then
	late := func(n int) error {
		return fmt.Errorf("a call saw %d records, and one that began after its end saw %d", n, by)
	}
	for n := range reads {
		if n > 0 {
			c := appended[n-1]
			if c.end < now {
				return late(n)
			}
			if c.begin > now {
				now, by = c.begin, n
			}
		}
		earliest[n] = now
		for _, c := range reads[n] {
			if c.end < earliest[n] {
				return late(n)
			}
		}
		for _, c := range reads[n] {
			if c.begin > now {
				now, by = c.begin, n
			}
		}
	}
	end := math.MaxInt
	for n := len(log); n > 0; n-- {
		for _, c := range reads[n] {
			end = min(end, c.end)
		}
		end = min(end, appended[n-1].end)
		latest[n] = end
	}
	for _, c := range calls {
		if !c.append || !errors.Is(c.err, version.ErrConflict) || c.base < 0 || c.base > len(log) {
			continue
		}
		if latest[c.base] < c.begin && (c.base == len(log) || c.end < earliest[c.base+1]) {
			return fmt.Errorf("an append at base %d conflicted while the log had %d records", c.base, c.base)
		}
	}
	return nil
}

// appends finds the calls that appended the records of the log.
func appends(calls []*call, log []version.Record) (list []*call, err error) {
	byData := make(map[string]*call)
	for _, c := range calls {
		if c.append {
			byData[c.record.Reveal()] = c.or(byData[c.record.Reveal()])
		}
	}
	for i, record := range log {
		c := byData[record.Reveal()]
		switch {
		case c == nil:
			return nil, fmt.Errorf("record %d was never appended", i+1)
		case c.base != i:
			return nil, fmt.Errorf("record %d was appended at base %d", i+1, c.base)
		case errors.Is(c.err, version.ErrConflict):
			return nil, fmt.Errorf("record %d is there though its append conflicted", i+1)
		}
		delete(byData, record.Reveal())
		list = append(list, c)
	}
	for _, c := range byData {
		if c.err == nil {
			return nil, fmt.Errorf("the record that was appended at base %d is not there", c.base)
		}
	}
	return list, nil
}

// or combines c with an earlier attempt at the same append, which may be nil: the beginning of the first one, and the
// result that says most: success, else an unknown outcome, else a conflict.
func (c *call) or(earlier *call) *call {
	if earlier == nil {
		return c
	}
	both := *earlier
	if earlier.err != nil && (c.err == nil || errors.Is(earlier.err, version.ErrConflict)) {
		both.err, both.end = c.err, c.end
	}
	return &both
}

// isPrefix fails unless a read returned records that the log has in those places.
func isPrefix(c *call, log []version.Record) error {
	for i, record := range c.records {
		if place := c.base + i; place >= len(log) || !record.Equal(log[place]) {
			return fmt.Errorf("a read returned another record %d than the log has", place+1)
		}
	}
	return nil
}
