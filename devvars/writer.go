package devvars

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

// writer replaces a file. It holds the lock of the file until it is closed.
type writer struct {
	name   string   // not a symbolic link
	dir    *os.File // the directory of the file
	unlock func()   // nil on a file system without locks
}

// openWriter waits for the lock of the named file and removes the temporary files that killed
// processes have left.
func openWriter(name string) (*writer, error) {
	name, err := target(name)
	if err != nil {
		return nil, err
	}
	w := &writer{name: name}
	if _, err := w.old(); err != nil {
		return nil, err
	}
	if w.dir, err = os.Open(filepath.Dir(name)); err != nil {
		return nil, err
	}
	if w.unlock, err = lock(name + mark + "lock"); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		w.dir.Close()
		return nil, err
	}
	if w.unlock != nil {
		w.sweep()
	}
	return w, nil
}

func (w *writer) close() {
	if w.unlock != nil {
		w.unlock()
	}
	w.dir.Close()
}

// sweep removes temporary files. Their writers are dead, since a writer holds the lock.
func (w *writer) sweep() {
	names, _ := w.dir.Readdirnames(-1)
	for _, name := range names {
		number, ok := strings.CutPrefix(name, filepath.Base(w.name)+mark)
		if ok && number != "" && strings.Trim(number, "0123456789") == "" {
			os.Remove(filepath.Join(w.dir.Name(), name)) // an error leaves the file to the next writer
		}
	}
}

// read returns the text of the file, "" if it does not exist.
func (w *writer) read() ([]byte, error) {
	if _, err := w.old(); err != nil {
		return nil, err
	}
	text, err := readfile.Read(w.name, readfile.Wait)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// old returns the file that would be replaced, nil if there is none, and an error if it must not be
// replaced.
func (w *writer) old() (fs.FileInfo, error) {
	info, err := os.Lstat(w.name)
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
		err = errors.New("not replaced, since it has further hard links, which would keep the old text")
	}
	if err != nil {
		return nil, &fs.PathError{Op: "write", Path: w.name, Err: err}
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

// replace replaces the file with one that contains text.
func (w *writer) replace(text []byte) error {
	temp, err := os.CreateTemp(w.dir.Name(), filepath.Base(w.name)+mark+"*") // mode 0600
	if err != nil {
		return err
	}
	_, err = temp.Write(text)
	if err == nil {
		err = w.inherit(temp)
	}
	if err == nil {
		err = temp.Sync()
	}
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), w.name)
	}
	if err != nil {
		os.Remove(temp.Name())
		return err
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "js" || runtime.GOOS == "wasip1" {
		return nil // a directory cannot be synced
	}
	return w.dir.Sync()
}

// inherit gives temp the owner, the group and the permissions of the file.
func (w *writer) inherit(temp *os.File) error {
	old, err := w.old()
	if err != nil || old == nil {
		return err
	}
	if err := chown(temp, old); err != nil {
		return err
	}
	return temp.Chmod(old.Mode().Perm())
}
