package versiontest

import (
	"context"
	"errors"
	"sync"

	"github.com/workerenv/workerenv/version"
)

// ErrFault is the error of a call that a [Faulty] was told to fail.
var ErrFault = errors.New("injected fault")

// Fault is what happens to a call.
type Fault int

// The faults. Those of appends leave the caller in doubt whether the record was added.
const (
	None   Fault = iota // the call is answered
	Before              // the call fails and has no effect
	After               // the call fails after it took effect
	Late                // the call fails, and takes effect right before the next one, if it still can
)

// Call is a call to a [Faulty].
type Call struct {
	N      int  // its number, from 1
	Append bool // else it is a Read
	Log    string
}

// Faulty is a Store that fails when Fault says so. It is safe for concurrent use, and serves one call at a time.
type Faulty struct {
	Store version.Store
	Fault func(Call) Fault // nil is None for all

	mu   sync.Mutex
	n    int
	late []func()
}

// Read returns what the Store returns, unless it is told to fail.
func (f *Faulty) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.next(Call{Log: log}) != None {
		return nil, ErrFault
	}
	return f.Store.Read(ctx, log, after)
}

// Append does what the Store does, unless it is told to fail.
func (f *Faulty) Append(ctx context.Context, log string, base int, r version.Record) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch f.next(Call{Append: true, Log: log}) {
	case None:
		return f.Store.Append(ctx, log, base, r)
	case After:
		f.Store.Append(ctx, log, base, r)
	case Late:
		f.late = append(f.late, func() { f.Store.Append(context.WithoutCancel(ctx), log, base, r) })
	}
	return ErrFault
}

// next lets late calls take effect and returns what is to happen to the next one.
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
