//go:build race

package peers_test

// The race detector makes time mean nothing.
func init() { slowed = true }
