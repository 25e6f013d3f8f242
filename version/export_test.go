package version

// Seal returns the Records of messages, which come after those of before in a log.
func Seal(log string, before []Record, messages ...string) []Record {
	c := newChain(log)
	for _, r := range before {
		c = c.with(r)
	}
	var records []Record
	for _, message := range messages {
		w := &writer{append(make([]byte, header), string(c.hash[:])+message...)}
		r := w.seal()
		records, c = append(records, r), c.with(r)
	}
	return records
}

// Message returns the message of a Record of the newest format.
func Message(r Record) string { return r.Reveal()[header+len(chain{}.hash):] }

// Compacted returns the Tx of a checkpoint after s that keeps so many versions and deployments.
func Compacted(s Snapshot, versions, deployments int, o Options) *Tx {
	tx := s.Begin(o)
	tx.add(s.data().checkpoint(versions, deployments))
	return tx
}

// Resume returns the Snapshot of a log whose first records have been removed.
func Resume(log string, removed int, records ...Record) (Snapshot, error) {
	return NewSnapshot(log).apply(removed, records)
}

// Store returns the Store of h.
func (h *History) Store() Store { return h.journal.store }
