//go:build !unix

package devvars

import (
	"errors"
	"os"
	"path/filepath"
)

// replace writes data to a temporary file beside the file name, which then takes its place and its permissions.
func replace(name string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(name), ".dev.vars-*") // only its owner can read it
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err == nil {
		err = takePlace(temp.Name(), name)
	}
	if err != nil {
		os.Remove(temp.Name())
	}
	return err
}

func takePlace(temp, name string) error {
	if info, err := os.Stat(name); err == nil {
		if err := os.Chmod(temp, info.Mode().Perm()); err != nil {
			return err
		}
	}
	return os.Rename(temp, name)
}
