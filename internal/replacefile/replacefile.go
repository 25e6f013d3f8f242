// Package replacefile replaces files so that a reader sees the old text or the new one, and never both.
//
// The text is written to a temporary file in the same directory, synced, and renamed; then the
// directory is synced on systems where that is possible. Errors contain no part of a file.
package replacefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/workerenv/workerenv/internal/readfile"
)

// mark separates the name of a file from the rest in the names of its temporary files and its lock.
const mark = ".workerenv-"

// File is a file that can be replaced. It is not safe for concurrent use.
type File struct {
	name   string   // not a symbolic link
	dir    *os.File // the directory of the file
	unlock func()   // nil on a file system without locks
}

// Open waits for the lock of the named file, which need not exist, and removes the temporary files
// that killed processes have left. If name is a symbolic link, it opens the file that the link points
// to, which must exist. The lock is held until Close or the end of the process.
func Open(name string) (*File, error) {
	name, err := target(name)
	if err != nil {
		return nil, err
	}
	f := &File{name: name}
	if _, err := f.old(); err != nil {
		return nil, err
	}
	if f.dir, err = os.Open(filepath.Dir(name)); err != nil {
		return nil, err
	}
	if f.unlock, err = lock(name + mark + "lock"); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		f.dir.Close()
		return nil, err
	}
	if f.unlock != nil {
		f.sweep()
	}
	return f, nil
}

// Close ends the lock.
func (f *File) Close() {
	if f.unlock != nil {
		f.unlock()
	}
	f.dir.Close()
}

// sweep removes temporary files. Their writers are dead, since a writer holds the lock.
func (f *File) sweep() {
	names, _ := f.dir.Readdirnames(-1)
	for _, name := range names {
		number, ok := strings.CutPrefix(name, filepath.Base(f.name)+mark)
		if ok && number != "" && strings.Trim(number, "0123456789") == "" {
			os.Remove(filepath.Join(f.dir.Name(), name)) // an error leaves the file to the next writer
		}
	}
}

// Read returns the text of the file, nil if it does not exist. It refuses what Replace refuses.
func (f *File) Read() ([]byte, error) {
	if _, err := f.old(); err != nil {
		return nil, err
	}
	text, err := readfile.Read(f.name, readfile.Wait)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// old returns the file that would be replaced, nil if there is none, and an error if it must not be
// replaced.
func (f *File) old() (fs.FileInfo, error) {
	info, err := os.Lstat(f.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		err = fmt.Errorf("not replaced, since it is %s", kind(info.Mode()))
	case info.Mode()&0o200 == 0:
		err = fmt.Errorf("not replaced, since it is read-only: %w", fs.ErrPermission)
	case links(info) > 1:
		err = errors.New("not replaced, since it has other hard links, which would keep the old text")
	}
	if err != nil {
		return nil, &fs.PathError{Op: "write", Path: f.name, Err: err}
	}
	return info, nil
}

// kind names the kind of a file that is not an ordinary one.
func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "not an ordinary file"
}

// Replace replaces the file with one that contains text. A new file can be read and written by its
// owner only; an existing one keeps its permissions, owner and group. After an error, the old file is
// still there, unless the directory could not be synced. Replace refuses everything that is not an
// ordinary file, read-only files, and files with more than one hard link.
func (f *File) Replace(text []byte) error {
	temp, err := os.CreateTemp(f.dir.Name(), filepath.Base(f.name)+mark+"*") // mode 0600
	if err != nil {
		return err
	}
	_, err = temp.Write(text)
	if err == nil {
		err = f.inherit(temp)
	}
	if err == nil {
		err = temp.Sync()
	}
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), f.name)
	}
	if err != nil {
		os.Remove(temp.Name())
		return err
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "js" || runtime.GOOS == "wasip1" {
		return nil // a directory cannot be synced
	}
	return f.dir.Sync()
}

// inherit gives temp the owner, the group and the permissions of the file.
func (f *File) inherit(temp *os.File) error {
	old, err := f.old()
	if err != nil || old == nil {
		return err
	}
	if err := chown(temp, old); err != nil {
		return err
	}
	return temp.Chmod(old.Mode().Perm())
}

// target returns the path of the file that a write to name replaces.
func target(name string) (string, error) {
	if info, err := os.Lstat(name); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return filepath.EvalSymlinks(name)
	}
	return name, nil
}
