package versiontest

import (
	"context"
	"errors"
	"sync"

	"github.com/workerenv/workerenv/version"
)

// ErrFault is the error of a call that a [Faulty] store fails on request.
var ErrFault = errors.New("injected fault")

// Fault is what happens to a call.
type Fault int

// The faults. The caller of an append that fails does not know whether the record was added.
const (
	None   Fault = iota // the call succeeds or fails as the Store does
	Before              // the call fails and has no effect
	After               // the call fails after it took effect
	Late                // the call fails, and takes effect right before the next call, if it still can
)

// Call is a call to a [Faulty] store.
type Call struct {
	N      int  // its number, from 1
	Append bool // false for a Read or Truncate
	Log    string
}

// Faulty is a Store that fails when Fault says so. It is safe for concurrent use and serves one
// call at a time. Set Store before the first call.
type Faulty struct {
	Store version.Store
	Fault func(Call) Fault // nil returns None

	mu   sync.Mutex
	n    int
	late []func()
}

// Read implements [version.Store].
func (f *Faulty) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.next(Call{Log: log}) != None {
		return nil, ErrFault
	}
	return f.Store.Read(ctx, log, after)
}

// Append implements [version.Store].
func (f *Faulty) Append(ctx context.Context, log string, base int, r version.Record) error {
	return f.change(ctx, Call{Append: true, Log: log}, func(ctx context.Context) error {
		return f.Store.Append(ctx, log, base, r)
	})
}

// Truncate implements [version.Truncater], if Store does. Else it fails with errors.ErrUnsupported.
func (f *Faulty) Truncate(ctx context.Context, log string, before int) error {
	t, ok := f.Store.(version.Truncater)
	if !ok {
		return errors.ErrUnsupported
	}
	return f.change(ctx, Call{Log: log}, func(ctx context.Context) error { return t.Truncate(ctx, log, before) })
}

// change makes a change with the fault of the call.
func (f *Faulty) change(ctx context.Context, c Call, do func(context.Context) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch f.next(c) {
	case None:
		return do(ctx)
	case After:
		do(ctx)
	case Late:
		f.late = append(f.late, func() { do(context.WithoutCancel(ctx)) })
	}
	return ErrFault
}

// next makes late calls take effect and returns the fault of the next call.
func (f *Faulty) next(c Call) Fault {
	for _, do := range f.late {
		do()
	}
	f.late = nil
	f.n++
	c.N = f.n
	if f.Fault == nil {
		return None
	}
	return f.Fault(c)
}
