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

// pipeWait is how long to wait until somebody writes to a named pipe, as password managers do when it is opened. Node.js
// waits for ever.
const pipeWait = 500 * time.Millisecond

var errNoWriter = errors.New("a pipe that nobody writes to")

// openFile is os.Open, but for named pipes: it does not wait for somebody who writes.
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

// pipe is a named pipe. Somebody who has opened it may take any time to write.
type pipe struct {
	*os.File
	until   time.Time // when to give up if nothing has been written
	written bool
}

// Read fails with errNoWriter if nobody writes in time. What looks like the end until then is that nobody writes yet.
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
