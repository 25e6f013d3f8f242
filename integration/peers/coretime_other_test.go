//go:build !unix

package peers_test

import "time"

var start = time.Now()

// coreTime is the time on the wall where that of a process is not to be had.
func coreTime() time.Duration { return time.Since(start) }
