// Package sealed encrypts the records of a [version.Store].
//
//	store := sealed.New(inner, aead)
//
// A [Store] encrypts each record before it hands it to the inner Store and decrypts what it reads.
// The whole record is encrypted, so neither the names nor the values of bindings are readable in
// the inner Store. What stays visible is the name of each log, the number of its records and the
// length of each one.
//
// Encryption is authenticated, and the name of the log and the place of the record in it are part
// of what is authenticated. A record that was changed, or copied to another place or another log,
// is not accepted: Read fails with an [*Error]. One attack remains that a Store alone cannot
// detect: whoever controls the inner Store can remove records from the end of a log, which takes
// the Worker back to an earlier state. Keep the number of records elsewhere to detect that.
//
// The key is the caller's: any [AEAD], such as tink.AEAD of github.com/tink-crypto/tink-go, with a
// local keyset or a cloud KMS behind it, or the one that [NewAESGCM] makes of 32 bytes. To rotate
// keys, use an AEAD that encrypts with the new key and decrypts with either, as a keyset of Tink
// does.
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
	// Encrypt returns plaintext encrypted and authenticated together with associatedData, which it
	// does not contain.
	Encrypt(plaintext, associatedData []byte) ([]byte, error)

	// Decrypt returns the plaintext. It fails unless ciphertext is a result of Encrypt with the same
	// associatedData and a key that the AEAD knows.
	Decrypt(ciphertext, associatedData []byte) ([]byte, error)
}

// Store is a [version.Store] whose records are encrypted in another Store. It is safe for
// concurrent use.
type Store struct {
	inner version.Store
	aead  AEAD
}

// New returns a Store that keeps its records in inner, encrypted by aead. All records of inner must
// have been written by such a Store; to encrypt existing logs, copy them.
func New(inner version.Store, aead AEAD) *Store { return &Store{inner, aead} }

// format is the first byte of every encrypted record. It is also part of the associated data.
const format byte = 1

// ErrFormat is the cause of an [*Error] about a record that no Store of this package wrote, or a
// newer one.
var ErrFormat = errors.New("record is not in a known encrypted format")

// Error reports a record that cannot be encrypted or decrypted. It holds nothing of the record.
type Error struct {
	Log    string
	Record int   // the place in the log, from 1
	Err    error // ErrFormat, or the error of the AEAD
}

// Error returns the log, the place and the cause.
func (e *Error) Error() string {
	if errors.Is(e.Err, ErrFormat) {
		return fmt.Sprintf("log %q: record %d: %v", e.Log, e.Record, e.Err)
	}
	return fmt.Sprintf("log %q: record %d cannot be opened: wrong key, or the record was changed or moved: %v",
		e.Log, e.Record, e.Err)
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Append encrypts r and appends it as [version.Store] describes.
func (s *Store) Append(ctx context.Context, log string, base int, r version.Record) error {
	ciphertext, err := s.aead.Encrypt([]byte(r.Reveal()), associated(log, base))
	if err != nil {
		return fmt.Errorf("log %q: cannot encrypt a record: %w", log, err)
	}
	return s.inner.Append(ctx, log, base, version.NewRecord(string(append([]byte{format}, ciphertext...))))
}

// Read returns the decrypted records as [version.Store] describes. It fails with an [*Error] if one
// of them cannot be decrypted.
func (s *Store) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	records, err := s.inner.Read(ctx, log, after)
	if err != nil {
		return nil, err
	}
	for i, r := range records {
		place := after + i
		data := r.Reveal()
		if data == "" || data[0] != format {
			return nil, &Error{log, place + 1, ErrFormat}
		}
		plain, err := s.aead.Decrypt([]byte(data[1:]), associated(log, place))
		if err != nil {
			return nil, &Error{log, place + 1, err}
		}
		records[i] = version.NewRecord(string(plain))
	}
	return records, nil
}

// associated returns the associated data of a record: the format, the length and name of the log,
// and the place of the record as a big-endian integer, counted from 0.
func associated(log string, place int) []byte {
	data := binary.AppendUvarint([]byte{format}, uint64(len(log)))
	data = append(data, log...)
	return binary.BigEndian.AppendUint64(data, uint64(place))
}
