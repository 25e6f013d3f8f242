// Package readfile reads files with a bound in size and in time.
//
// Its errors are of type *[fs.PathError], as those of [os.ReadFile], and contain nothing of what was
// read.
package readfile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"
)

// MaxSize bounds the size of a file, in bytes. Node.js, and so wrangler, cannot hold a longer text.
const MaxSize = 1<<29 - 24

// Wait is a bound for [Read] that gives a person time to unlock a password manager.
const Wait = 30 * time.Second

// writerWait is how long a pipe may have no writer. A password manager opens the pipe when it sees
// a reader.
const writerWait = 500 * time.Millisecond

// poll is the time between two attempts to read. A short one is necessary for macOS, which does not
// report that the last writer has closed a pipe.
const poll = 5 * time.Millisecond

// Causes of errors, in the field Err of a *[fs.PathError].
var (
	ErrTooLarge = errors.New("larger than 512 MiB")
	ErrDevice   = errors.New("is a device")
	ErrIsDir    = errors.New("is a directory")
	ErrNoWriter = errors.New("is a pipe without a writer")
	ErrTimeout  = errors.New("did not end in time")
)

// Read returns the content of the named file, which must be shorter than [MaxSize] and available
// within wait. It refuses directories and devices other than the null device. If the file is a
// pipe, a writer must open it within half a second.
func Read(name string, wait time.Duration) ([]byte, error) {
	data, err := read(name, time.Now().Add(wait))
	var pathErr *fs.PathError
	if err != nil && !errors.As(err, &pathErr) {
		err = &fs.PathError{Op: "read", Path: name, Err: err}
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

func read(name string, deadline time.Time) ([]byte, error) {
	info, err := os.Stat(name) // before open, which has effects on some devices
	if err != nil {
		return nil, err
	}
	switch {
	case info.IsDir():
		return nil, ErrIsDir
	case info.Mode()&fs.ModeDevice != 0 && !isNull(info):
		return nil, ErrDevice
	}
	f, err := os.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := &reader{file: f, isPipe: info.Mode()&fs.ModeNamedPipe != 0, lonely: time.Now(), deadline: deadline}
	return readAll(r, info.Size())
}

// ReadFS returns the content of a file of fsys, which must be shorter than [MaxSize].
func ReadFS(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var size int64
	if info, statErr := f.Stat(); statErr == nil {
		if size = info.Size(); info.IsDir() {
			return nil, &fs.PathError{Op: "read", Path: name, Err: ErrIsDir}
		}
	}
	data, err := readAll(f, size)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: cause(err)}
	}
	return data, nil
}

// readAll reads r, whose size is probably size.
func readAll(r io.Reader, size int64) ([]byte, error) {
	if size > MaxSize {
		return nil, ErrTooLarge
	}
	var data bytes.Buffer
	data.Grow(int(max(size, 0)) + bytes.MinRead)
	_, err := data.ReadFrom(io.LimitReader(r, MaxSize+1))
	if err == nil && data.Len() > MaxSize {
		err = ErrTooLarge
	}
	return data.Bytes(), err
}

// cause returns the cause of an error of the file system without the path.
func cause(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

// isNull reports whether info is that of the null device, which is an empty file.
func isNull(info fs.FileInfo) bool {
	null, err := os.Stat(os.DevNull)
	return err == nil && os.SameFile(info, null)
}

// reader reads a file that was opened without blocking, and waits for data until a deadline.
type reader struct {
	file     *os.File
	isPipe   bool
	written  bool      // whether there was a byte
	lonely   time.Time // since when there may be no writer
	deadline time.Time
}

// Read waits for data. Until the first byte, what looks like the end of a pipe is that it has no
// writer. A read that is not answered in time shows that it may have one.
func (r *reader) Read(b []byte) (int, error) {
	for {
		_ = r.file.SetReadDeadline(time.Now().Add(poll)) // fails for ordinary files, which do not block
		n, err := r.file.Read(b)
		now := time.Now()
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			r.lonely = now
		case err == io.EOF && r.isPipe && !r.written:
			if now.Sub(r.lonely) > writerWait {
				return 0, ErrNoWriter
			}
			time.Sleep(poll)
		default:
			r.written = r.written || n > 0
			if err == nil && now.After(r.deadline) {
				err = ErrTimeout
			}
			return n, err
		}
		if now.After(r.deadline) {
			return 0, ErrTimeout
		}
	}
}
