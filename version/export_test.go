package version

// Seal returns the Record of a message, so that a fuzzer need not find checksums.
func Seal(message string) Record {
	w := &writer{append(make([]byte, header), message...)}
	return w.seal()
}

// Store returns the Store of h.
func (h *History) Store() Store { return h.journal.store }

// PickAt returns the version of a request with that Point.
func (d Deployment) PickAt(point uint64) Version { return d.at(point) }
