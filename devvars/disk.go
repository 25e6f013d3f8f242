package devvars

import (
	"bytes"
	"errors"
	"io/fs"

	"github.com/workerenv/workerenv/internal/readfile"
	"github.com/workerenv/workerenv/internal/replacefile"
)

// ReadFile reads and parses the named file. It refuses directories, devices other than the null
// device, and files of more than 512 MiB. If the file is a named pipe, a writer must open it within
// half a second and close it within 30 seconds. Errors are of type *[fs.PathError] and contain no
// part of the file.
func ReadFile(name string) (*File, error) {
	src, err := readfile.Read(name, readfile.Wait)
	if err != nil {
		return nil, err
	}
	return Parse(src), nil
}

// WriteFile replaces the named file with the text of f, whatever the file contains now. Use
// [Update] to change a file that other programs could change, too. No error contains a part of a
// file.
//
// A reader sees the old text or the new one, also after a crash: the text is written to a temporary
// file in the same directory, synced, and renamed, and the directory is synced on systems where
// that is possible. After an error, the old file is still there, unless the directory could not be
// synced.
//
// If the process is killed, the temporary file can stay. Its name starts with that of the file, as
// in .dev.vars.workerenv-123, so that the pattern .dev.vars* in .gitignore covers it, and only its
// owner can read it. The next WriteFile or Update of the file removes it.
//
// A new file is readable and writable by its owner only. An existing file keeps its permissions,
// owner and group; if the process cannot set the owner or the group, that is an error. Access
// control lists and other extended attributes are not kept.
//
// If name is a symbolic link, the file that it points to is replaced, and must exist. WriteFile refuses directories,
// named pipes and other special files, files that their owner cannot write, and files with more than one hard link,
// since the other links would keep the old text.
//
// While WriteFile and Update work, they hold a lock on an empty file such as
// .dev.vars.workerenv-lock, and remove it afterwards. The lock ends with its process. Waiting for
// it longer than 30 seconds is an error. On file systems without locks, they work without one and
// remove no temporary files of others.
func (f *File) WriteFile(name string) error {
	w, err := replacefile.Open(name)
	if err != nil {
		return err
	}
	defer w.Close()
	return w.Replace(f.Bytes())
}

// maxTries is how often Update calls edit for a file that others change.
const maxTries = 10

// Update changes the named file: it reads the file, calls edit, and writes the result as
// [File.WriteFile] does. A missing file counts as an empty one. Nothing is written if edit returns
// an error, which Update then returns, or does not change the text.
//
// Calls of Update for the same file, in any number of processes, run one after the other. If another
// program has changed the file while edit ran, nothing is written, and Update reads the file and
// calls edit again, up to 10 times. The function edit must not write the same file, nor keep the
// File.
func Update(name string, edit func(*File) error) error {
	w, err := replacefile.Open(name)
	if err != nil {
		return err
	}
	defer w.Close()
	for range maxTries {
		old, err := w.Read()
		if err != nil {
			return err
		}
		f := Parse(old)
		if err := edit(f); err != nil {
			return err
		}
		text := f.Bytes()
		if bytes.Equal(text, old) {
			return nil
		}
		switch now, err := w.Read(); {
		case err != nil:
			return err
		case bytes.Equal(now, old):
			return w.Replace(text)
		}
	}
	return &fs.PathError{Op: "update", Path: name, Err: errors.New("other programs keep changing the file")}
}
