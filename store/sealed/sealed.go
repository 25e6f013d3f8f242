// Package sealed encrypts the records of a [version.Store].
//
//	store := sealed.New(inner, aead)
//
// A [Store] encrypts each record before it appends the record to the inner Store, and decrypts the
// records that it reads. It encrypts the whole record, including the names of bindings. The names of
// logs, the numbers of their records and the lengths of records are not encrypted.
//
// Encryption is authenticated, together with the name of the log and the position of the record. Read
// fails with an [*Error] for a record that was changed, or copied to another position or another log.
// A Store does not detect that records were removed from the end of a log, or that a log was replaced
// by an older copy of itself. To detect that, keep a [version.Head] elsewhere.
//
// The caller provides the [AEAD]: for example a tink.AEAD of github.com/tink-crypto/tink-go, with a
// local keyset or a cloud KMS, or the result of [NewAESGCM] for a key of 32 bytes. To rotate keys, use
// an AEAD that encrypts with the new key and decrypts with either key, such as a keyset of Tink.
package sealed

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/workerenv/workerenv/version"
)

// AEAD is authenticated encryption with associated data. It is the method set of tink.AEAD.
// Implementations are safe for concurrent use.
type AEAD interface {
	// Encrypt encrypts plaintext and authenticates it together with associatedData. The result does
	// not contain associatedData.
	Encrypt(plaintext, associatedData []byte) ([]byte, error)

	// Decrypt returns the plaintext. It fails unless ciphertext is a result of Encrypt with the same
	// associatedData and one of the keys of the AEAD.
	Decrypt(ciphertext, associatedData []byte) ([]byte, error)
}

// Store is a [version.Store] whose records are encrypted in another Store. It is safe for concurrent use.
type Store struct {
	inner version.Store
	aead  AEAD
}

// New returns a Store that encrypts records with aead and stores them in inner. All records in inner
// must be encrypted; to encrypt existing logs, copy them.
func New(inner version.Store, aead AEAD) *Store { return &Store{inner, aead} }

// format is the first byte of every encrypted record. It is also part of the associated data.
const format byte = 1

// ErrFormat is the cause of an [*Error] for a record that this package did not encrypt, or that a
// newer release encrypted in another format.
var ErrFormat = errors.New("record is not in a known encrypted format")

// Error reports a record that cannot be decrypted. It contains no part of the record.
type Error struct {
	Log    string
	Record int   // the position in the log, from 1
	Err    error // ErrFormat, or the error of the AEAD
}

// Error returns the log, the position and the cause.
func (e *Error) Error() string {
	if errors.Is(e.Err, ErrFormat) {
		return fmt.Sprintf("log %q: record %d: %v", e.Log, e.Record, e.Err)
	}
	return fmt.Sprintf("log %q: record %d cannot be opened: wrong key, or the record was changed or moved: %v",
		e.Log, e.Record, e.Err)
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Append encrypts r and appends it as [version.Store] describes. It fails with
// [version.ErrNotAppended] if r cannot be encrypted.
func (s *Store) Append(ctx context.Context, log string, base int, r version.Record) error {
	encrypted, err := Seal(s.aead, log, base, r)
	if err != nil {
		return fmt.Errorf("log %q: %w: cannot encrypt it: %w", log, version.ErrNotAppended, err)
	}
	return s.inner.Append(ctx, log, base, encrypted)
}

// Read returns the decrypted records as [version.Store] describes. It fails with an [*Error] if one
// of them cannot be decrypted.
func (s *Store) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	records, err := s.inner.Read(ctx, log, after)
	if err != nil {
		return nil, err
	}
	for i, r := range records {
		if records[i], err = Open(s.aead, log, after+i, r); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// Wait waits as [version.Waiter] describes, if the inner Store can. Else it fails with [errors.ErrUnsupported].
func (s *Store) Wait(ctx context.Context, log string, length int) error {
	if w, ok := s.inner.(version.Waiter); ok {
		return w.Wait(ctx, log, length)
	}
	return errors.ErrUnsupported
}

// Truncate removes records as [version.Truncater] describes, if the inner Store can. Else it fails
// with [errors.ErrUnsupported].
func (s *Store) Truncate(ctx context.Context, log string, before int) error {
	if t, ok := s.inner.(version.Truncater); ok {
		return t.Truncate(ctx, log, before)
	}
	return errors.ErrUnsupported
}

// Seal returns r encrypted for a position of a log, from 0, as a [Store] stores it. The error is that of aead.
func Seal(aead AEAD, log string, position int, r version.Record) (version.Record, error) {
	ciphertext, err := aead.Encrypt([]byte(r.Reveal()), associated(log, position))
	if err != nil {
		return version.Record{}, err
	}
	return version.NewRecord(string(append([]byte{format}, ciphertext...))), nil
}

// Open returns the record that was encrypted for a position of a log, from 0. It fails with an [*Error].
func Open(aead AEAD, log string, position int, r version.Record) (version.Record, error) {
	data := r.Reveal()
	if data == "" || data[0] != format {
		return version.Record{}, &Error{log, position + 1, ErrFormat}
	}
	plain, err := aead.Decrypt([]byte(data[1:]), associated(log, position))
	if err != nil {
		return version.Record{}, &Error{log, position + 1, err}
	}
	return version.NewRecord(string(plain)), nil
}

// associated returns the associated data of a record: the format, the length and name of the log,
// and the position of the record, from 0, as a big-endian integer.
func associated(log string, position int) []byte {
	data := binary.AppendUvarint([]byte{format}, uint64(len(log)))
	data = append(data, log...)
	return binary.BigEndian.AppendUint64(data, uint64(position))
}
