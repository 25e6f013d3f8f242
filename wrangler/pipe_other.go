//go:build !unix

package wrangler

import (
	"io/fs"
	"os"
)

// openFile opens a file for reading. There are no named pipes in the file system.
func openFile(name string) (fs.File, error) { return os.Open(name) }
