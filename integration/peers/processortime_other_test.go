//go:build !unix

package peers_test

import "time"

var start = time.Now()

// processorTime returns the elapsed time, where the processor time is not available.
func processorTime() time.Duration { return time.Since(start) }
