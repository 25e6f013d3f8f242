//go:build !unix

package wrangler

import (
	"io/fs"
	"os"
)

// openFile is os.Open: there are no named pipes in the file system.
func openFile(name string) (fs.File, error) { return os.Open(name) }
