package version

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// MemStore is a [Store] in memory. The zero MemStore is empty and ready to use. It must not be copied after first use.
type MemStore struct {
	mu   sync.RWMutex // guards what follows
	logs map[string]*memLog
}

// memLog is a log of a MemStore.
type memLog struct {
	removed int // how many records have been removed
	records []Record
	grown   chan struct{} // closed by the next append; nil unless Wait uses it
}

func (l *memLog) length() int { return l.removed + len(l.records) }

// log returns the log of that name, which it makes if there is none. The caller holds mu to write.
func (m *MemStore) log(name string) *memLog {
	if m.logs == nil {
		m.logs = make(map[string]*memLog)
	}
	if m.logs[name] == nil {
		m.logs[name] = new(memLog)
	}
	return m.logs[name]
}

// Read implements [Store]. It fails only if ctx has ended, or with a [*TruncatedError].
func (m *MemStore) Read(ctx context.Context, log string, after int) ([]Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	l, ok := m.logs[log]
	switch {
	case !ok:
		return nil, nil
	case after < l.removed:
		return nil, &TruncatedError{l.removed}
	}
	return slices.Clone(l.records[min(after-l.removed, len(l.records)):]), nil
}

// Append implements [Store]. It fails with ErrConflict, or with ErrNotAppended if ctx has ended.
func (m *MemStore) Append(ctx context.Context, log string, base int, r Record) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrNotAppended, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.log(log)
	if l.length() != base {
		return ErrConflict
	}
	l.records = append(l.records, r)
	if l.grown != nil {
		close(l.grown)
		l.grown = nil
	}
	return nil
}

// Wait implements [Waiter]. It fails only if ctx has ended.
func (m *MemStore) Wait(ctx context.Context, log string, length int) error {
	grown := m.growth(log, length)
	if grown == nil {
		return ctx.Err()
	}
	select {
	case <-grown:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// growth returns a channel that is closed once the log has grown, nil if it has more than length records.
func (m *MemStore) growth(log string, length int) <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.log(log)
	if l.length() > length {
		return nil
	}
	if l.grown == nil {
		l.grown = make(chan struct{})
	}
	return l.grown
}

// Truncate implements [Truncater]. It fails with ErrConflict, or if ctx has ended.
func (m *MemStore) Truncate(ctx context.Context, log string, before int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.log(log)
	if l.length() <= before {
		return ErrConflict
	}
	if before > l.removed {
		l.records = slices.Clone(l.records[before-l.removed:]) // frees the others
		l.removed = before
	}
	return nil
}
