package oracle

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// startLimit bounds how long node may take to load a tool.
const startLimit = time.Minute

// maxReply bounds the length of one reply, so that a broken frame can't ask for all memory.
const maxReply = 1 << 30

// process is one run of node. Its standard output and error go to a file, so that no goroutine has to drain them.
type process struct {
	cmd      *exec.Cmd
	requests io.WriteCloser
	replies  *os.File
	frames   *bufio.Reader
	noise    *os.File
}

// startProcess runs script, which follows js/frames.cjs, and waits until it is ready.
func (t *Tools) startProcess(script string, flags ...string) (*process, error) {
	p := &process{}
	var err error
	if p.noise, err = os.CreateTemp(t.home, "noise-"); err != nil {
		return nil, err
	}
	p.cmd = exec.Command(t.node, append(flags, "-e", script, "--", t.dir)...)
	p.cmd.Dir = t.home
	p.cmd.Env = t.environ()
	p.cmd.Stdout, p.cmd.Stderr = p.noise, p.noise
	ownGroup(p.cmd)
	if err := p.run(); err != nil {
		p.stop()
		return nil, fmt.Errorf("start node: %w", err)
	}
	return p, nil
}

func (p *process) run() error {
	requests, err := p.cmd.StdinPipe()
	if err != nil {
		return err
	}
	p.requests = requests
	replies, childEnd, err := os.Pipe()
	if err != nil {
		return err
	}
	p.replies, p.frames = replies, bufio.NewReaderSize(replies, 1<<16)
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

// send writes one request.
func (p *process) send(request []byte) error {
	_, err := p.requests.Write(append(appendCount(nil, len(request)), request...))
	return err
}

// reply reads one reply. Its error is os.ErrDeadlineExceeded after limit, and io.EOF if the process has died.
func (p *process) reply(limit time.Duration) ([]byte, error) {
	if err := p.replies.SetReadDeadline(time.Now().Add(limit)); err != nil {
		return nil, err
	}
	var head [4]byte
	if _, err := io.ReadFull(p.frames, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxReply {
		return nil, errFrame
	}
	reply := make([]byte, n)
	_, err := io.ReadFull(p.frames, reply)
	return reply, err
}

// stop kills the process and all that it started, and waits for its end. It may be called while another goroutine
// is in send.
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
	if p.replies != nil {
		p.replies.Close()
	}
	p.noise.Close()
	os.Remove(p.noise.Name())
}

// output gives the last part of what the process printed.
func (p *process) output() string {
	const most = 4 << 10
	text := make([]byte, most)
	info, err := p.noise.Stat()
	if err != nil {
		return ""
	}
	n, _ := p.noise.ReadAt(text, max(0, info.Size()-most))
	return string(text[:n])
}

// outOfMemory tells whether the process died at its memory limit.
func (p *process) outOfMemory() bool {
	text := p.output()
	return strings.Contains(text, "out of memory") || strings.Contains(text, "Fatal process OOM")
}
