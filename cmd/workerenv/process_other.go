//go:build !unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
)

// becomeProcess runs the command and waits for it. The command receives interrupts from the
// console; this process ignores them, so that it ends after the command.
func becomeProcess(args, environ []string, stdout, stderr output) (int, error) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = environ, os.Stdin, stdout.Writer, stderr.Writer
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return statusOK, nil
	case errors.As(err, &exit):
		return exit.ExitCode(), nil
	}
	return startFailure(err), err
}

// terminate ends a process. There is no way to ask it.
func terminate(p *os.Process) error { return p.Kill() }
