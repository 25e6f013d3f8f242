//go:build !unix

package readfile

// nonblock is 0: the file system has no pipes.
const nonblock = 0
