//go:build unix

package controlplane_test

import (
	"syscall"
	"time"
)

// coreTime returns the CPU time of the process.
func coreTime() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		panic(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
