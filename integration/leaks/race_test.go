//go:build race

package leaks_test

// These tests have no concurrency and take minutes under the race detector.
func init() { raceEnabled = true }
