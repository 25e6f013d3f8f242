package versiontest

import (
	"context"
	"testing"

	"github.com/workerenv/workerenv/version"
)

// Rule is one thing that [version.Store] promises.
type Rule struct {
	Name  string
	Text  string // what holds for every Store
	check func(context.Context, version.Store) error
}

// Check returns how an empty store breaks the rule, nil if it does not. It leaves records in it.
func (r Rule) Check(ctx context.Context, store version.Store) error { return r.check(ctx, store) }

// Run holds Stores against all Rules, each rule in a subtest that gets an empty Store of its own from open.
func Run(t *testing.T, open func(t *testing.T) version.Store) {
	for _, rule := range Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			if err := rule.Check(t.Context(), open(t)); err != nil {
				t.Errorf("%s\nrule: %s", err, rule.Text)
			}
		})
	}
}

// Rules returns everything that is checked.
func Rules() []Rule {
	return []Rule{
		{"empty", "a log that was never appended to has no records, and reading it is no error", empty},
		{"order", "Read returns all records but the first after of them, in the order of their appends", order},
		{"conflict", "Append fails with ErrConflict, and changes nothing, unless the log has exactly base records", conflict},
		{"logs", "logs are told apart by their names, whatever these are", logs},
		{"data", "the data of a record comes back byte for byte, whatever it is", data},
		{"aliasing", "the slice that Read returns is the caller's own", aliasing},
		{"canceled", "a call whose context has ended fails, not with ErrConflict, and leaves the log in order", canceled},
		{"linearizable", "calls that run at once have answers that they could have one after the other", linearizable},
		{"history", "histories that share a log lose no change", histories},
	}
}
