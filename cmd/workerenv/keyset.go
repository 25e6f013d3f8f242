//go:build !nosqlite

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/workerenv/workerenv/internal/readfile"
	"github.com/workerenv/workerenv/internal/replacefile"
)

// keyFile is a sealed.AEAD with the keys of a JSON file: a keyset of Tink that is not encrypted. The
// zero keyFile has no keys and cannot encrypt.
type keyFile struct {
	path string
	ring atomic.Pointer[keyring] // as last read; nil if there are none
}

// keyring has the keys of a keyset.
type keyring struct {
	tink.AEAD
	ids map[uint32]bool
}

// has reports whether there is a key with an ID.
func (r *keyring) has(id uint32) bool { return r != nil && r.ids[id] }

// unknownKeyError reports a record that is encrypted with a key that the keyset does not have.
type unknownKeyError struct{ id uint32 }

func (e *unknownKeyError) Error() string { return fmt.Sprintf("key %d is not in the keyset", e.id) }

// errCiphertext means that a record does not have the form of Tink's ciphertexts.
var errCiphertext = errors.New("record was not encrypted with a keyset")

// Encrypt encrypts with the primary key.
func (k *keyFile) Encrypt(plaintext, associatedData []byte) ([]byte, error) {
	return k.ring.Load().Encrypt(plaintext, associatedData)
}

// Decrypt decrypts with the key that the ciphertext names. It reads the file again if it does not know that key. It
// fails with an *unknownKeyError, with errCiphertext, or with Tink's error for a ciphertext that was changed.
func (k *keyFile) Decrypt(ciphertext, associatedData []byte) ([]byte, error) {
	if len(ciphertext) < 5 || ciphertext[0] != 1 { // Tink's prefix is 1 and the ID of the key
		return nil, errCiphertext
	}
	id := binary.BigEndian.Uint32(ciphertext[1:])
	if !k.ring.Load().has(id) && (k.path == "" || k.load() != nil || !k.ring.Load().has(id)) {
		return nil, &unknownKeyError{id}
	}
	return k.ring.Load().Decrypt(ciphertext, associatedData)
}

// load reads the file.
func (k *keyFile) load() error {
	handle, err := readKeyset(k.path)
	if err != nil {
		return err
	}
	a, err := aead.New(handle)
	if err != nil {
		return errKeyset
	}
	ids := make(map[uint32]bool)
	for _, key := range handle.KeysetInfo().GetKeyInfo() {
		if key.GetOutputPrefixType() != tinkpb.OutputPrefixType_TINK {
			return errKeyset // ciphertexts without the prefix do not name their key
		}
		ids[key.GetKeyId()] = true
	}
	k.ring.Store(&keyring{a, ids})
	return nil
}

// openKeys reads the keys of a file. If the file does not exist and creates is set, it makes one.
func (c command) openKeys(name string, creates bool) (*keyFile, error) {
	k := &keyFile{path: c.path(name)}
	err := k.load()
	if errors.Is(err, fs.ErrNotExist) && creates {
		if _, err = updateKeyset(k.path, newKeyset); err == nil {
			err = k.load()
		}
	}
	if err != nil {
		return nil, keysetError(name, err)
	}
	return k, nil
}

func keysetError(name string, err error) error {
	if errors.Is(err, errShared) {
		return fmt.Errorf("keyset %s: %w: use chmod 600 %s", label(name), err, label(name))
	}
	return fmt.Errorf("keyset %s: %w", label(name), withoutPath(err))
}

var (
	errShared = errors.New("other users can read it")
	errKeyset = errors.New("it is not a keyset of Tink in JSON, for authenticated encryption and with Tink's prefixes")
)

// readKeyset reads a file with a keyset. It refuses one that other users can read.
func readKeyset(path string) (*keyset.Handle, error) {
	if isShared(path) {
		return nil, errShared
	}
	text, err := readfile.Read(path, readfile.Wait)
	if err != nil {
		return nil, err
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		return nil, errKeyset // the error of the parser could quote a key
	}
	return handle, nil
}

// newKeyset returns a keyset of one key for XChaCha20-Poly1305, or old if there is one.
func newKeyset(old *keyset.Handle) (*keyset.Handle, error) {
	if old != nil {
		return old, nil // another process made it meanwhile
	}
	return keyset.NewHandle(aead.XChaCha20Poly1305KeyTemplate())
}

// rotated returns old with another key, which is the primary one.
func rotated(old *keyset.Handle) (*keyset.Handle, error) {
	if old == nil {
		return nil, errors.New("it does not exist; serve makes it")
	}
	manager := keyset.NewManagerFromHandle(old)
	id, err := manager.Add(aead.XChaCha20Poly1305KeyTemplate())
	if err == nil {
		err = manager.SetPrimary(id)
	}
	if err != nil {
		return nil, err
	}
	return manager.Handle()
}

// updateKeyset replaces the keyset in a file by the result of change, whose argument is nil if there
// is no file. Other calls for the file wait until it returns.
func updateKeyset(path string, change func(*keyset.Handle) (*keyset.Handle, error)) (*keyset.Handle, error) {
	file, err := replacefile.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	handle, err := readKeyset(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if handle, err = change(handle); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
		return nil, err
	}
	return handle, file.Replace(text.Bytes())
}
