package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
)

// NewAESGCM returns an [AEAD] that uses AES-256-GCM with random nonces. The key must have 32 random bytes and must not
// encrypt more than 2^32 records. To rotate keys, use an AEAD with several keys, such as a keyset of Tink.
func NewAESGCM(key []byte) (AEAD, error) {
	if len(key) != 32 {
		return nil, fmt.Errorf("sealed: key has %d bytes, want 32", len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return aesGCM{gcm}, nil
}

// aesGCM prevents packages from printing the key: they print its only field as an address at most.
type aesGCM struct{ gcm cipher.AEAD }

func (a aesGCM) Encrypt(plaintext, associatedData []byte) ([]byte, error) {
	return a.gcm.Seal(nil, nil, plaintext, associatedData), nil
}

func (a aesGCM) Decrypt(ciphertext, associatedData []byte) ([]byte, error) {
	return a.gcm.Open(nil, nil, ciphertext, associatedData)
}
