package binding

// Interned returns the number of texts in the table, with those that have not been swept out of it yet.
func Interned() int {
	n := 0
	for i := range interned.shards {
		t := &interned.shards[i]
		t.mu.Lock()
		n += t.used
		t.mu.Unlock()
	}
	return n
}
