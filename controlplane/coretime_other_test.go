//go:build !unix

package controlplane_test

import "time"

var start = time.Now()

// coreTime returns the wall-clock time, since the CPU time of the process is not available.
func coreTime() time.Duration { return time.Since(start) }
