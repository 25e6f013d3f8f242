// Package concurrency has tests for the race detector only: many goroutines use one value of each type
// that is documented as safe for concurrent use. Run them with go test -race.
package concurrency
