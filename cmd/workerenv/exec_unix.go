//go:build unix

package main

import (
	"io"
	"os/exec"
	"syscall"
)

// replaceProcess makes this process the command, so that signals and the exit status are the command's own. It returns
// only if that fails.
func replaceProcess(args, environ []string, _, _ io.Writer) (int, error) {
	path, err := exec.LookPath(args[0])
	if err != nil {
		return 127, err
	}
	return 126, syscall.Exec(path, args, environ)
}
