package oracle

import (
	"cmp"
	"context"
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

//go:embed js/worker.mjs
var worker []byte

// workerFile is the name of the Worker in the folder of a project, and pagesDir the output folder of a
// Pages project.
const (
	workerFile = "oracle-worker.mjs"
	pagesDir   = "oracle-pages"
)

// script returns the entry point for commands.
func (p Project) script() string { return cmp.Or(p.Script, workerFile) }

// writeWorker writes the Worker into the folder of the project.
func (p Project) writeWorker() error {
	for _, name := range []string{p.script(), filepath.Join(pagesDir, "_worker.js")} {
		file := filepath.Join(p.Dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, worker, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Refusal is the end of a command of wrangler that failed.
type Refusal struct {
	// Exit is the exit status.
	Exit int
	// Output is what the command printed on standard output and error, without colors.
	Output string
}

// command is a running command of wrangler.
type command struct {
	cmd    *exec.Cmd
	output *os.File
	ended  chan struct{}
}

// startCommand starts wrangler in the folder of the project, with variables in addition to those of the
// project.
func (t *Tools) startCommand(p Project, variables []string, args ...string) (*command, error) {
	output, err := os.CreateTemp(t.home, "output-")
	if err != nil {
		return nil, err
	}
	program := filepath.Join(t.dir, "node_modules", "wrangler", "bin", "wrangler.js")
	c := &command{output: output, ended: make(chan struct{})}
	c.cmd = exec.Command(t.node, append(append([]string{program}, args...), p.flags()...)...)
	c.cmd.Args[0] = "node" // messages contain it
	c.cmd.Dir = p.Dir
	c.cmd.Env = t.environ(append(p.environ(), variables...)...)
	c.cmd.Stdout, c.cmd.Stderr = output, output
	ownGroup(c.cmd)
	if err := c.cmd.Start(); err != nil {
		c.removeOutput()
		return nil, err
	}
	go func() {
		c.cmd.Wait()
		close(c.ended)
	}()
	return c, nil
}

// flags returns the flags for the fields of p.
func (p Project) flags() []string {
	var flags []string
	if p.Env != nil {
		flags = append(flags, "--env="+*p.Env)
	}
	if p.Config != nil {
		flags = append(flags, "--config="+*p.Config)
	}
	for _, file := range p.EnvFiles {
		flags = append(flags, "--env-file="+file)
	}
	for _, v := range p.Vars {
		flags = append(flags, "--var="+v)
	}
	return flags
}

// environ returns the process environment of the project, after variables that stop wrangler from
// asking questions, using the network and writing logs.
func (p Project) environ() []string {
	environ := []string{
		"CI=1", "WRANGLER_SEND_METRICS=false", "WRANGLER_SEND_ERROR_REPORTS=false", "WRANGLER_WRITE_LOGS=false",
		"CLOUDFLARE_CF_FETCH_ENABLED=false",
	}
	for _, e := range p.Process {
		environ = append(environ, e.Key+"="+e.Value)
	}
	return environ
}

// wait waits until the command has ended, look returns true for its output, or the limit has passed. It
// stops the command unless look has returned true.
func (c *command) wait(ctx context.Context, limit time.Duration, look func(output string) bool) (Ending, error) {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			c.stop()
			return "", ctx.Err()
		case <-deadline.C:
			c.stop()
			return Hung, nil
		case <-c.ended:
			return Threw, nil
		case <-tick.C:
			if look(c.text()) {
				return Answered, nil
			}
		}
	}
}

// stop kills the command and its children and waits for its end.
func (c *command) stop() {
	killStarted(c.cmd)
	<-c.ended
}

func (c *command) close() {
	c.stop()
	c.removeOutput()
}

func (c *command) removeOutput() {
	c.output.Close()
	os.Remove(c.output.Name())
}

var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")

func (c *command) text() string {
	text, err := os.ReadFile(c.output.Name())
	if err != nil {
		return ""
	}
	return strings.ToValidUTF8(colors.ReplaceAllString(string(text), ""), "\uFFFD")
}

var warning = regexp.MustCompile(`(?m)^▲ \[WARNING\] (.*?) *$`)

func (c *command) warnings() []string {
	var lines []string
	for _, m := range warning.FindAllStringSubmatch(c.text(), -1) {
		lines = append(lines, m[1])
	}
	return lines
}

// refusal describes the end of a command that has ended.
func (c *command) refusal() *Refusal {
	return &Refusal{Exit: c.cmd.ProcessState.ExitCode(), Output: c.text()}
}
