package version

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/workerenv/workerenv/internal/hidden"
)

// Store keeps any number of logs. A log is a list of records under a name, independent of other
// logs. A log that was never appended to is empty.
//
// Implementations are safe for concurrent use, also from several processes, and linearizable: once Append has returned
// nil, every Read that starts later returns the record. They treat records as opaque, and protect them, since they hold
// secrets. The names of logs and the data of records are any bytes and are kept as they are; two records of a log may
// be equal. A Store may refuse names of more than 256 bytes and data of more than 300,000 bytes, but must not cut them.
// Package versiontest checks an implementation.
type Store interface {
	// Read returns all records of a log after the first after ones, in order. It returns none if the log has no more.
	// If the engine below returns its results in pages, Read collects all pages. The slice belongs to the caller. After
	// is at least 0. A Store that is a [Truncater] may fail with a [*TruncatedError].
	Read(ctx context.Context, log string, after int) ([]Record, error)

	// Append adds r to a log that has exactly base records. If the log has another number of records, it changes
	// nothing and fails with ErrConflict or an error that wraps it. An error that wraps ErrNotAppended means that r was
	// not added and never will be. After any other error, for example a timeout, r may have been added or may be added
	// later, but only to a log of exactly base records.
	Append(ctx context.Context, log string, base int, r Record) error
}

// Record is one step of a history in the form that a [Store] keeps: the changes of one [Tx]. It
// is immutable and prints nothing of its data. The zero Record has no data.
//
// The data contains the values of vars and secrets in plain text. Reveal returns it for Stores to
// write; a Store whose data others can read encrypts it.
type Record struct{ data hidden.Box[string] }

// NewRecord returns the Record of data that Reveal returned. A Snapshot with the Record keeps the data in memory.
func NewRecord(data string) Record { return Record{hidden.New(data)} }

// Reveal returns the data, which contains the values of vars and secrets. It returns "" for the zero Record.
func (r Record) Reveal() string { return r.data.Get() }

// IsZero reports whether r has no data.
func (r Record) IsZero() bool { return r.Reveal() == "" }

// Equal reports whether r and o have the same data. The Records of two Tx are never equal, since each has its own ID.
func (r Record) Equal(o Record) bool { return r.Reveal() == o.Reveal() }

// String returns the size of the data, as "record of 218 bytes".
func (r Record) String() string { return fmt.Sprintf("record of %d bytes", len(r.Reveal())) }

// Format writes what String returns, for every verb and with every flag.
func (r Record) Format(f fmt.State, verb rune) { io.WriteString(f, r.String()) }

// LogValue returns what String returns.
func (r Record) LogValue() slog.Value { return slog.StringValue(r.String()) }

// MarshalText returns what String returns.
func (r Record) MarshalText() ([]byte, error) { return []byte(r.String()), nil }
