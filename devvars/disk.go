package devvars

import (
	"os"
	"path/filepath"
)

// ReadFile parses the file name. The error is that of os.ReadFile: it has the path, and nothing of the content.
func ReadFile(name string) (*File, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return Parse(src), nil
}

// WriteFile writes f to the file name, all of it or, if something goes wrong, nothing. A file that is there keeps its
// permissions; a new one can be read by its owner only. A symbolic link stays one, and its target is replaced.
func (f *File) WriteFile(name string) error {
	if info, err := os.Lstat(name); err == nil && info.Mode()&os.ModeSymlink != 0 {
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return err
		}
	}
	return replace(name, f.Bytes())
}
