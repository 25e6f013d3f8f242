package version

import (
	"crypto/sha256"
	"strings"
)

// chain is a hash of a log's name and of its records up to some place. The next record contains it, and so does not fit
// into another log or another place. It finds mistakes; it does not stop an attacker, who can compute it too.
type chain struct {
	hash   [16]byte
	root   [16]byte // the hash before the first record, which identifies the log
	linked bool     // whether a record so far has a chain, so that all later ones must
}

// newChain returns the chain of a log without records.
func newChain(log string) chain {
	root := chainHash([]byte(log))
	return chain{hash: root, root: root}
}

// chainHash returns the first half of the SHA-256 of b.
func chainHash(b []byte) [16]byte {
	sum := sha256.Sum256(b)
	return [16]byte(sum[:])
}

// with returns the chain with one more record, which fits.
func (c chain) with(r Record) chain {
	data := r.Reveal()
	b := make([]byte, 0, len(data)+len(c.hash))
	b = append(append(b, data...), c.hash[:]...)
	return chain{chainHash(b), c.root, c.linked || data[0] == format}
}

// before returns the chain before r, as r has it, in the log of c. It is for a record whose
// predecessors have been removed.
func (c chain) before(r Record) chain {
	if data := r.Reveal(); len(data) >= header+len(c.hash) {
		c.hash = [16]byte([]byte(data[header:][:len(c.hash)]))
	}
	c.linked = true
	return c
}

// open checks the next record of the log and returns its message. It fails with ErrMisplaced if the record is one of
// another log or place. A record of format 1 has no chain and fits where none before it has one.
func (c chain) open(r Record) (string, error) {
	data := r.Reveal()
	switch {
	case data != "" && data[0] != format && data[0] != formatWithoutChain:
		return "", ErrUnknown
	case !isIntact(data):
		return "", ErrCorrupt
	case data[0] == formatWithoutChain && !c.linked:
		return data[header:], nil
	}
	message, ok := strings.CutPrefix(data[header:], string(c.hash[:]))
	if data[0] == formatWithoutChain || !ok {
		return "", ErrMisplaced
	}
	return message, nil
}
