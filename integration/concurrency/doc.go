// Package concurrency has tests only, for the race detector: many goroutines use one value of each type that is documented as
// safe for that. Run them with go test -race.
package concurrency
