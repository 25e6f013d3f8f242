package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/workerenv/workerenv/wrangler"
	"github.com/workerenv/workerenv/wrangler/watch"
)

// killTime is how long a command may take to end after SIGTERM before it is killed.
const killTime = 5 * time.Second

// resolved is a result of watching.
type resolved struct {
	resolution *wrangler.Resolution
	err        error
}

// runWatching runs the program of f, and runs it again each time that the env changes, until a signal asks this process
// to end. If the project is broken, it prints the error, and the program goes on with the env that it has.
func (c command) runWatching(f *flags) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	changes := make(chan resolved)
	go func() {
		defer close(changes)
		for r, err := range watch.Dev(ctx, c.options(f), c.devOptions(f)) {
			select {
			case changes <- resolved{r, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	signals := make(chan os.Signal, 1)
	defer c.signals(signals)()

	p := &program{command: c, args: f.program}
	for {
		select {
		case changed, ok := <-changes:
			if !ok { // the files cannot be watched any more; the error has been printed
				p.stop()
				return statusFailure
			}
			p.restart(changed)
		case err := <-p.ended:
			p.ended = nil
			fmt.Fprintf(c.stderr, "workerenv run: %s; waiting for a change of the env\n", endText(err))
		case <-signals:
			p.stop()
			return statusOK
		}
	}
}

// program is a command that is started again and again.
type program struct {
	command
	args    []string
	running *exec.Cmd
	ended   chan error // receives when running ends; nil if nothing runs
}

// restart stops the program and starts it with a new env. It does nothing but print the error of a broken project.
func (p *program) restart(changed resolved) {
	if changed.err != nil {
		p.fail(changed.err)
		return
	}
	environ, err := p.programEnviron(changed.resolution)
	if err != nil {
		p.fail(err)
		return
	}
	p.stop()
	cmd := exec.Command(p.args[0], p.args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = environ, os.Stdin, p.stdout.Writer, p.stderr.Writer
	if err := cmd.Start(); err != nil {
		fmt.Fprintf(p.stderr, "workerenv run: %s\n", escape(err.Error()))
		return
	}
	p.running, p.ended = cmd, make(chan error, 1)
	go func(ended chan<- error) { ended <- cmd.Wait() }(p.ended)
}

// stop ends the program, if it runs, and waits until it has ended.
func (p *program) stop() {
	if p.ended == nil {
		return
	}
	if err := terminate(p.running.Process); err != nil {
		_ = p.running.Process.Kill()
	}
	select {
	case <-p.ended:
	case <-time.After(killTime):
		_ = p.running.Process.Kill()
		<-p.ended
	}
	p.ended = nil
}

// endText describes how a program ended.
func endText(err error) string {
	var exit *exec.ExitError
	if err == nil || errors.As(err, &exit) && exit.Exited() {
		status := 0
		if exit != nil {
			status = exit.ExitCode()
		}
		return fmt.Sprintf("the command ended with status %d", status)
	}
	return "the command ended: " + escape(err.Error())
}
