package binding

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
)

// mark tells texts apart where a dumper shows the memory of a Value: the first 32 bits of an HMAC of the text, under a key
// that only this process has. It is a uintptr because go-spew and go-cmp show these in hexadecimal, as fingerprints are.
type mark uintptr

func (m mark) String() string { return fmt.Sprintf("value#%08x", uint32(m)) }

// marker makes marks.
type marker struct {
	mac     hash.Hash
	scratch [sha256.Size]byte
}

func newMarker(key []byte) marker { return marker{mac: hmac.New(sha256.New, key)} }

// mark returns the mark of text. It copies text piece by piece, and overwrites what it has copied.
func (m *marker) mark(text string) mark {
	for len(text) > 0 {
		n := copy(m.scratch[:], text)
		m.mac.Write(m.scratch[:n])
		text = text[n:]
	}
	sum := m.mac.Sum(m.scratch[:0])
	m.mac.Reset()
	return mark(binary.BigEndian.Uint32(sum))
}
