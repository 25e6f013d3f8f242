package replacefile

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"time"

	"github.com/gofrs/flock"
)

// How long to wait for a lock, and how often to try.
const (
	lockWait = 30 * time.Second
	lockPoll = 2 * time.Millisecond
)

// lock creates the named file and locks it. The lock ends with unlock, which removes the file, or
// with the process. The error is [errors.ErrUnsupported] on a file system without locks.
func lock(name string) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	for {
		l := flock.New(name, flock.SetPermissions(0o644)) // others may wait for it, and it is empty
		switch _, err := l.TryLockContext(ctx, lockPoll); {
		case errors.Is(err, context.DeadlineExceeded):
			return nil, &fs.PathError{Op: "lock", Path: name, Err: errors.New("another process holds the lock")}
		case errors.Is(err, errors.ErrUnsupported):
			os.Remove(name)
			return nil, errors.ErrUnsupported
		case err != nil:
			return nil, err
		}
		locked, lockedErr := l.Stat()
		there, err := os.Lstat(name)
		if lockedErr == nil && err == nil && os.SameFile(locked, there) {
			return func() { release(l) }, nil
		}
		l.Close() // the file was removed by its last owner
	}
}

// release removes the file of a lock and ends the lock. The file is removed first, so that nobody
// has locked it in the meantime; on Windows, open files cannot be removed.
func release(l *flock.Flock) {
	if runtime.GOOS == "windows" {
		l.Close()
	}
	os.Remove(l.Path())
	l.Close()
}
