package oracle

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// session sends requests to a script in a node process. It starts the process for the first request,
// and again if the process has hung or died. It is not safe for concurrent use.
type session struct {
	tools  *Tools
	script string
	limits Limits
	p      *process
}

// reply is the reply to a request.
type reply struct {
	Ending  Ending          `json:"ending"`
	Result  json.RawMessage `json:"result"`  // if Ending is Answered
	Message string          `json:"message"` // if Ending is Threw
}

// ask sends all requests and passes the replies to take, in order. It stops at the first error of take
// and when ctx ends.
func ask[R any](ctx context.Context, s *session, requests []R, take func(i int, r reply) error) error {
	for done := 0; done < len(requests); {
		n, err := askProcess(ctx, s, requests[done:], func(i int, r reply) error { return take(done+i, r) })
		if err != nil {
			s.close()
			return fmt.Errorf("oracle: %w", err)
		}
		done += n
	}
	return nil
}

// askProcess sends requests to one process until all have a reply or the process must be stopped. It
// returns the number of completed requests.
func askProcess[R any](ctx context.Context, s *session, requests []R, take func(int, reply) error) (int, error) {
	if err := s.start(ctx); err != nil {
		return 0, err
	}
	p := s.p
	stopWatch := context.AfterFunc(ctx, func() { p.cmd.Process.Kill() })
	defer stopWatch()
	written := make(chan struct{})
	go func() {
		defer close(written)
		encoder := json.NewEncoder(p.requests) // a line for each request
		for _, request := range requests {
			if encoder.Encode(request) != nil {
				return // receive finds the cause
			}
		}
	}()
	n, err := s.receive(ctx, len(requests), take)
	if n < len(requests) || err != nil {
		s.close() // also ends the goroutine
	}
	<-written
	return n, err
}

// receive passes up to n replies to take. It stops at the first request without a reply, and passes
// the reason to take.
func (s *session) receive(ctx context.Context, n int, take func(int, reply) error) (int, error) {
	for i := range n {
		r, err := s.p.reply(s.limits.time())
		if err == nil {
			if err := take(i, r); err != nil {
				return i, err
			}
			continue
		}
		ending, err := s.ending(ctx, err)
		if err == nil {
			err = take(i, reply{Ending: ending})
		}
		s.close()
		return i + 1, err
	}
	return n, nil
}

// ending returns the reason why there was no reply, or an error if the tool is not the cause.
func (s *session) ending(ctx context.Context, err error) (Ending, error) {
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Hung, nil
	case !errors.Is(err, io.EOF):
		return "", err
	case s.p.outOfMemory():
		return OutOfMemory, nil
	}
	return "", fmt.Errorf("node died: %s", s.p.output())
}

func (s *session) start(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.p != nil {
		return nil
	}
	var err error
	s.p, err = s.tools.startProcess(s.script, s.limits.heapFlag())
	return err
}

func (s *session) close() {
	if s.p != nil {
		s.p.stop()
		s.p = nil
	}
}

// startLimit is the time that node may take to load a tool.
const startLimit = time.Minute

// process is a node process. Its standard output and error go to a file.
type process struct {
	cmd      *exec.Cmd
	requests io.WriteCloser
	pipe     *os.File // of the replies
	replies  *bufio.Reader
	printed  *os.File
}

// startProcess runs a script that starts with js/serve.cjs, and waits until it is ready.
func (t *Tools) startProcess(script string, flags ...string) (*process, error) {
	p := &process{}
	var err error
	if p.printed, err = os.CreateTemp(t.home, "printed-"); err != nil {
		return nil, err
	}
	p.cmd = exec.Command(t.node, append(flags, "-e", script, "--", t.dir)...)
	p.cmd.Dir = t.home
	p.cmd.Env = t.environ()
	p.cmd.Stdout, p.cmd.Stderr = p.printed, p.printed
	ownGroup(p.cmd)
	if err := p.run(); err != nil {
		p.stop()
		return nil, fmt.Errorf("start node: %w", err)
	}
	return p, nil
}

func (p *process) run() error {
	var err error
	if p.requests, err = p.cmd.StdinPipe(); err != nil {
		return err
	}
	pipe, childEnd, err := os.Pipe()
	if err != nil {
		return err
	}
	p.pipe, p.replies = pipe, bufio.NewReaderSize(pipe, 1<<16)
	p.cmd.ExtraFiles = []*os.File{childEnd}
	err = p.cmd.Start()
	childEnd.Close()
	if err != nil {
		return err
	}
	if _, err := p.reply(startLimit); err != nil {
		return errors.Join(err, errors.New(p.output()))
	}
	return nil
}

// reply reads a reply. The error is os.ErrDeadlineExceeded after limit, and io.EOF if the process
// has died.
func (p *process) reply(limit time.Duration) (r reply, err error) {
	if err := p.pipe.SetReadDeadline(time.Now().Add(limit)); err != nil {
		return r, err
	}
	line, err := p.replies.ReadBytes('\n')
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(line, &r)
}

// stop kills the process and its children and waits for its end. Another goroutine may be writing
// requests.
func (p *process) stop() {
	if p.cmd.Process != nil {
		killStarted(p.cmd)
	}
	if p.requests != nil {
		p.requests.Close()
	}
	if p.cmd.Process != nil {
		p.cmd.Wait()
	}
	if p.pipe != nil {
		p.pipe.Close()
	}
	p.printed.Close()
	os.Remove(p.printed.Name())
}

// output returns the last 4 KiB that the process printed.
func (p *process) output() string {
	const most = 4 << 10
	text := make([]byte, most)
	info, err := p.printed.Stat()
	if err != nil {
		return ""
	}
	n, _ := p.printed.ReadAt(text, max(0, info.Size()-most))
	return string(text[:n])
}

// outOfMemory reports whether the process died at its memory limit.
func (p *process) outOfMemory() bool {
	text := p.output()
	return strings.Contains(text, "out of memory") || strings.Contains(text, "Fatal process OOM")
}
