package versiontest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/workerenv/workerenv/version"
)

// Recorder is a Store that passes every call to another one, and records the arguments, the results, and the order in
// which calls begin and end. It is safe for concurrent use.
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

// Check checks that the calls are linearizable: that a Store which does one thing at a time could have given all
// results, each between the beginning and the end of its call. It returns what makes that impossible, else nil. It reads
// the logs, which must not change meanwhile, and takes time quadratic in the number of calls. Appends of equal records
// count as one append that was tried again.
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

// seen is a call whose result shows the length of the log at that time.
type seen struct {
	*call
	length int
}

func check(calls []*call, log []version.Record) error {
	appended, err := appends(calls, log)
	if err != nil {
		return err
	}
	all := appended
	for _, c := range calls {
		if c.append || c.err != nil {
			continue
		}
		if err := isPrefix(c, log); err != nil {
			return err
		}
		if len(c.records) > 0 || c.base == 0 {
			all = append(all, seen{c, c.base + len(c.records)})
		}
	}
	return errors.Join(inOrder(all), conflicts(calls, all))
}

// appends finds the calls that appended the records of the log. The length of an append is that after it.
func appends(calls []*call, log []version.Record) (list []seen, err error) {
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
		list = append(list, seen{c, i + 1})
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

// inOrder fails if a call saw a longer log than one that began after its end.
func inOrder(all []seen) error {
	for _, first := range all {
		for _, then := range all {
			if first.end < then.begin && (first.length > then.length || first.length == then.length && then.append) {
				return fmt.Errorf("a call saw %d records, and one that began after its end saw %d", first.length, then.length)
			}
		}
	}
	return nil
}

// conflicts fails if an append conflicted though the log had the expected length all the time.
func conflicts(calls []*call, all []seen) error {
	for _, c := range calls {
		if !c.append || !errors.Is(c.err, version.ErrConflict) {
			continue
		}
		least, most := 0, math.MaxInt
		for _, s := range all {
			if s.end < c.begin {
				least = max(least, s.length)
			}
			if c.end < s.begin {
				most = min(most, s.before())
			}
		}
		if least == c.base && most == c.base || most == math.MaxInt && least == c.base && !longer(all, c.base) {
			return fmt.Errorf("an append at base %d conflicted while the log had %d records", c.base, c.base)
		}
	}
	return nil
}

// before returns the length of the log before the call took effect.
func (s seen) before() int {
	if s.append {
		return s.length - 1
	}
	return s.length
}

// longer reports whether a call saw more than n records.
func longer(all []seen, n int) bool {
	for _, s := range all {
		if s.length > n {
			return true
		}
	}
	return false
}
