//go:build !unix

package devvars

import (
	"errors"
	"os"
	"path/filepath"
)

// replace writes data to a temporary file, gives it the permissions of the named file, and renames
// it to name.
func replace(name string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(name), ".dev.vars-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err == nil {
		err = renameTo(temp.Name(), name)
	}
	if err != nil {
		os.Remove(temp.Name())
	}
	return err
}

// renameTo renames temp to name and keeps the permissions of name.
func renameTo(temp, name string) error {
	if info, err := os.Stat(name); err == nil {
		if err := os.Chmod(temp, info.Mode().Perm()); err != nil {
			return err
		}
	}
	return os.Rename(temp, name)
}
