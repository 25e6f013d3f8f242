package oracle

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// program is a started node process. Its standard output and error go to a file.
type program struct {
	cmd    *exec.Cmd
	output *os.File
	ended  chan struct{} // closed after the end
}

// nodeCommand returns a command that runs node.
func (t *Tools) nodeCommand(args ...string) *exec.Cmd {
	cmd := exec.Command(t.node, args...)
	cmd.Args[0] = "node" // messages contain it
	return cmd
}

// start starts a command in a process group of its own. The caller must close the program.
func (t *Tools) start(cmd *exec.Cmd) (*program, error) {
	output, err := os.CreateTemp(t.home, "output-")
	if err != nil {
		return nil, err
	}
	p := &program{cmd: cmd, output: output, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = output, output
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		p.removeOutput()
		return nil, err
	}
	go func() {
		cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// wait waits until look returns true, the program has ended, or the limit has passed. The ending is
// Answered, Threw or Hung. It stops the program unless that is Answered.
func (p *program) wait(ctx context.Context, limit time.Duration, look func() bool) (Ending, error) {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			p.stop()
			return "", ctx.Err()
		case <-deadline.C:
			p.stop()
			return Hung, nil
		case <-p.ended:
			if look() {
				return Answered, nil
			}
			return Threw, nil
		case <-tick.C:
			if look() {
				return Answered, nil
			}
		}
	}
}

// succeeded reports whether the program has ended without an error.
func (p *program) succeeded() bool {
	select {
	case <-p.ended:
		return p.cmd.ProcessState.Success()
	default:
		return false
	}
}

// stop kills the program and its children and waits for its end.
func (p *program) stop() {
	killStarted(p.cmd)
	<-p.ended
}

// close stops the program and removes its output.
func (p *program) close() {
	p.stop()
	p.removeOutput()
}

func (p *program) removeOutput() {
	p.output.Close()
	os.Remove(p.output.Name())
}

var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")

// text returns what the program has printed, without colors.
func (p *program) text() string {
	text, err := os.ReadFile(p.output.Name())
	if err != nil {
		return ""
	}
	return strings.ToValidUTF8(colors.ReplaceAllString(string(text), ""), "\uFFFD")
}
