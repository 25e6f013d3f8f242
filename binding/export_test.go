package binding

// Interned returns the number of texts in the table.
func Interned() int {
	interned.mu.Lock()
	defer interned.mu.Unlock()
	return len(interned.live)
}
