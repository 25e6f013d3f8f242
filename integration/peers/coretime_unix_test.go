//go:build unix

package peers_test

import (
	"syscall"
	"time"
)

// coreTime returns how long the process has had a core so far.
func coreTime() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		panic(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
