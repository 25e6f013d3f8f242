package devvars

import (
	"os"
	"path/filepath"
)

// ReadFile reads and parses the named file. Its error is that of [os.ReadFile], which contains no
// part of the file.
func ReadFile(name string) (*File, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return Parse(src), nil
}

// WriteFile replaces the named file with the text of f. After an error, the old file is still
// there. An existing file keeps its permissions; a new one is readable and writable by its owner
// only. If name is a symbolic link, the file that it points to is replaced.
func (f *File) WriteFile(name string) error {
	if info, err := os.Lstat(name); err == nil && info.Mode()&os.ModeSymlink != 0 {
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return err
		}
	}
	return replace(name, f.Bytes())
}
