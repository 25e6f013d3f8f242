// Package versiontest checks implementations of [version.Store], and helps to test code that uses one.
//
//	func TestStore(t *testing.T) {
//		versiontest.Run(t, func(t *testing.T) version.Store { return open(t.TempDir()) })
//	}
//
// [Run] checks a Store against each of the [Rules], and explains those that it breaks. A
// [Recorder] records concurrent calls of a Store and checks that they are linearizable. A
// [Faulty] store fails on request: before, after or long after a call takes effect.
package versiontest

import (
	"context"
	"testing"

	"github.com/workerenv/workerenv/version"
)

// Rule is one promise of [version.Store].
type Rule struct {
	Name  string
	Text  string // the promise, as a sentence
	check func(context.Context, version.Store) error
}

// Check returns how a store breaks the rule, nil if it does not. The store is empty before; Check leaves records in it.
func (r Rule) Check(ctx context.Context, store version.Store) error { return r.check(ctx, store) }

// Run checks all Rules, each in a subtest with a new, empty Store from open.
func Run(t *testing.T, open func(t *testing.T) version.Store) {
	for _, rule := range Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			if err := rule.Check(t.Context(), open(t)); err != nil {
				t.Errorf("%s\nrule: %s", err, rule.Text)
			}
		})
	}
}

// Rules returns all rules that [Run] checks.
func Rules() []Rule {
	return []Rule{
		{"empty", "a log that was never appended to has no records, and reading it is no error", empty},
		{"order",
			"Read returns all records but the first after of them, however many, in the order of their appends", order},
		{"fresh", "every Read that starts after an Append has returned sees its record", fresh},
		{"conflict",
			"Append fails with ErrConflict, and changes nothing, unless the log has exactly base records", conflict},
		{"equal", "records with equal data are kept like others", equal},
		{"logs", "logs with different names are different, whatever the names are", logs},
		{"data", "the data of a record comes back byte for byte, whatever it is, or Append refuses it", data},
		{"aliasing", "the slice that Read returns belongs to the caller", aliasing},
		{"canceled",
			"a call whose context has ended fails, not with ErrConflict; ErrNotAppended means that nothing was added", canceled},
		{"linearizable", "concurrent calls have the results of some order of single calls", linearizable},
		{"wait",
			"if the Store is a Waiter, Wait returns once the log has grown, seldom before, and when its context ends", wait},
		{"truncate",
			"if the Store is a Truncater, Truncate removes the oldest records at once, and places and lengths stay",
			truncate},
		{"history", "histories that share a log lose no change", histories},
	}
}
