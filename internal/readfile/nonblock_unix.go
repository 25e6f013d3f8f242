//go:build unix

package readfile

import "syscall"

// nonblock makes open and read of a pipe return at once.
const nonblock = syscall.O_NONBLOCK
