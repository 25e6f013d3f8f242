//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// becomeProcess replaces this process by the command, which then has its signals, terminal and exit
// status. It returns only if that fails.
func becomeProcess(args, environ []string, _, _ output) (int, error) {
	path, err := exec.LookPath(args[0])
	if err != nil {
		return startFailure(err), err
	}
	err = syscall.Exec(path, args, environ)
	if errors.Is(err, syscall.E2BIG) {
		err = fmt.Errorf("%w: the longest variable is %s", err, label(longest(environ)))
	}
	return statusNotRunnable, fmt.Errorf("%s: %w", args[0], err)
}

// longest returns the name of the longest variable.
func longest(environ []string) string {
	var most string
	for _, variable := range environ {
		if len(variable) > len(most) {
			most = variable
		}
	}
	name, _, _ := strings.Cut(most, "=")
	return name
}

// terminate asks a process to end.
func terminate(p *os.Process) error { return p.Signal(syscall.SIGTERM) }
