//go:build race

package leaks_test

func init() { raceEnabled = true }
