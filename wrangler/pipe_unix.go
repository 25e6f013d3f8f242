//go:build unix

package wrangler

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// pipeWait is how long to wait for a program that writes to a named pipe, such as a password
// manager. Node.js waits forever.
const pipeWait = 500 * time.Millisecond

var errNoWriter = errors.New("a named pipe that no program writes to")

// openFile opens a file for reading. Unlike os.Open it does not wait for a writer of a named pipe;
// Read does.
func openFile(name string) (fs.File, error) {
	if info, err := os.Stat(name); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		return os.Open(name)
	}
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	return &pipe{File: f, until: time.Now().Add(pipeWait)}, nil
}

// pipe is a named pipe. Once its writer has opened it and written something, Read waits as long as
// the writer takes.
type pipe struct {
	*os.File
	until   time.Time // when to stop waiting for a writer
	written bool      // whether something was read
}

// Read reads from the pipe. Without a writer there is io.EOF, so until something was read io.EOF is
// not the end. Read returns errNoWriter if nothing is written in time.
func (p *pipe) Read(b []byte) (int, error) {
	for {
		n, err := p.File.Read(b)
		p.written = p.written || n > 0
		if p.written || err != io.EOF {
			return n, err
		}
		if time.Now().After(p.until) {
			return 0, errNoWriter
		}
		time.Sleep(time.Millisecond)
	}
}
