package version

import (
	"context"
	"encoding/hex"
)

// Head identifies a Snapshot by its revision and a hash of all records up to it. Keep the newest one
// of a Worker outside the Store, for example with what was deployed: [History.CheckHead] then detects
// that the end of the log, or all of it, was replaced by an older copy, which no Store and no
// encryption can detect. A Head shows no values, as each record contains a random ID.
type Head struct {
	Revision int    `json:"revision"`
	Hash     string `json:"hash"` // 32 hexadecimal digits
}

// Head returns the Head of s.
func (s Snapshot) Head() Head { return Head{s.Revision(), s.data().chain.hex()} }

func (c chain) hex() string { return hex.EncodeToString(c.hash[:]) }

// CheckHead reads all records of the log and fails with ErrHead unless it has those up to head; it may
// have more by now. If [History.Compact] has removed all records up to head, it fails with a
// [*TruncatedError]: keep a new Head after Compact.
func (h *History) CheckHead(ctx context.Context, head Head) error {
	before, records, err := h.journal.rest(ctx, 0)
	switch {
	case err != nil:
		return h.journal.fail(err)
	case before+len(records) < head.Revision || head.Revision < 0:
		return h.journal.fail(ErrHead)
	case before > head.Revision:
		return h.journal.fail(&TruncatedError{before})
	}
	c := newChain(h.journal.log)
	if before > 0 {
		c = c.before(records[0])
	}
	for i, r := range records[:head.Revision-before] {
		if _, err := c.open(r); err != nil {
			return &Error{Worker: h.journal.about.Worker, Record: before + i + 1, Err: err}
		}
		c = c.with(r)
	}
	if c.hex() != head.Hash {
		return h.journal.fail(ErrHead)
	}
	return nil
}
