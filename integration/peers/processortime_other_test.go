//go:build !unix

package peers_test

import "time"

var start = time.Now()

// processorTime returns the elapsed time, since the processor time is not available on this system.
func processorTime() time.Duration { return time.Since(start) }
