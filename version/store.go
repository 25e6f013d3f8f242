package version

import (
	"context"
	"slices"
	"sync"
)

// Store keeps logs, each a list of records under a name, any number of them, each on its own. A log that has never been
// appended to is empty.
//
// Implementations are safe for concurrent use, also from several processes, and linearizable: once Append has
// returned nil, every Read that starts later has the record. They do not look into records. They keep their data as
// it is, or encrypted, since it holds secrets. Package versiontest checks all of that.
type Store interface {
	// Read returns the records of a log but for the first after of them, in order, in a slice of the caller's own. If the
	// log has no more than that, it returns none. After is at least 0.
	Read(ctx context.Context, log string, after int) ([]Record, error)

	// Append adds r to a log if it has exactly base records, and fails with ErrConflict, or an error that wraps it, if
	// it does not. Then nothing has changed. After any other error r may have been added, or may still be, as after a
	// request that timed out; but never unless the log has exactly base records at that moment.
	Append(ctx context.Context, log string, base int, r Record) error
}

// MemStore is a [Store] in memory. The zero MemStore is empty and ready. It is not to be copied once it is in use.
type MemStore struct {
	mu   sync.RWMutex
	logs map[string][]Record
}

// Read returns records as [Store] says. It fails only if ctx has ended.
func (m *MemStore) Read(ctx context.Context, log string, after int) ([]Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	records := m.logs[log]
	return slices.Clone(records[min(max(after, 0), len(records)):]), nil
}

// Append adds a record as [Store] says. If it fails, for ErrConflict or because ctx has ended, nothing has changed.
func (m *MemStore) Append(ctx context.Context, log string, base int, r Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.logs[log]) != base {
		return ErrConflict
	}
	if m.logs == nil {
		m.logs = make(map[string][]Record)
	}
	m.logs[log] = append(m.logs[log], r)
	return nil
}
