//go:build race

package leaks_test

// The race detector has nothing to find here, and makes the matrix take minutes.
func init() { slowed = true }
