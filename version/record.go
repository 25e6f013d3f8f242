package version

import (
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"

	"github.com/workerenv/workerenv/internal/hidden"
)

// Record is one step of a history as a [Store] keeps it: the changes of one [Tx]. It is immutable, and printed in any
// way it shows nothing of its data. The zero Record has no data.
//
// The data has the values of vars and secrets in it, as they are. Reveal hands it out, for Stores to write; a Store that
// keeps it where others read encrypts it.
type Record struct{ data hidden.Box[string] }

// NewRecord returns the Record of data that Reveal returned. A Snapshot that it is applied to keeps the data.
func NewRecord(data string) Record { return Record{hidden.New(data)} }

// Reveal returns the data, with the values of vars and secrets in it, "" for the zero Record.
func (r Record) Reveal() string { return r.data.Get() }

// IsZero reports whether r has no data.
func (r Record) IsZero() bool { return r.Reveal() == "" }

// Equal reports whether r and o have the same data. Records that were made apart never do, since each has an ID in it.
func (r Record) Equal(o Record) bool { return r.Reveal() == o.Reveal() }

// String returns the size of the data, as "record of 218 bytes".
func (r Record) String() string { return fmt.Sprintf("record of %d bytes", len(r.Reveal())) }

// Format writes what String returns, for every verb and with every flag.
func (r Record) Format(f fmt.State, verb rune) { io.WriteString(f, r.String()) }

// LogValue returns what String returns.
func (r Record) LogValue() slog.Value { return slog.StringValue(r.String()) }

// MarshalText returns what String returns.
func (r Record) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// format is the first byte of every record. A later release that writes what this one must not misread has another.
const format = 1

// header is the size of what stands before the message: the format, and the CRC-32C of the message, in little endian.
const header = 5

// sealed returns the Record of the message that follows a header's room in b.
func sealed(b []byte) Record {
	sum := checksum(b[header:])
	b[0] = format
	for i := range 4 {
		b[1+i] = byte(sum >> (8 * i))
	}
	return NewRecord(string(b))
}

// opened returns the message of a record. It uses scratch, and makes it larger if need be.
func opened(r Record, scratch *[]byte) (string, error) {
	data := r.Reveal()
	if data != "" && data[0] != format {
		return "", ErrUnknown
	}
	if len(data) < header {
		return "", ErrCorrupt
	}
	*scratch = append((*scratch)[:0], data[header:]...) // checksums are of bytes
	sum := checksum(*scratch)
	for i := range 4 {
		if data[1+i] != byte(sum>>(8*i)) {
			return "", ErrCorrupt
		}
	}
	return data[header:], nil
}

func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) } // the table is made once
