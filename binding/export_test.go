package binding

// Interned returns the number of texts in the interner, including those that are not swept yet.
func Interned() int {
	count := 0
	n := interned()
	for i := range n.shards {
		s := &n.shards[i]
		s.mu.Lock()
		count += len(s.handles)
		s.mu.Unlock()
	}
	return count
}
