//go:build !unix

package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
)

// replaceProcess runs the command and waits for it. An interrupt reaches the command without our help, since it belongs
// to the same console; ours is to outlive it.
func replaceProcess(args, environ []string, stdout, stderr io.Writer) (int, error) {
	ignored := make(chan os.Signal, 1)
	signal.Notify(ignored, os.Interrupt)
	defer signal.Stop(ignored)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = environ, os.Stdin, stdout, stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	if err != nil {
		return 127, err
	}
	return 0, nil
}
