//go:build unix

package devvars

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

// replace replaces the named file with data. The temporary file is in the same directory, not in
// $TMPDIR.
func replace(name string, data []byte) error {
	return renameio.WriteFile(name, data, 0o600, renameio.WithTempDir(filepath.Dir(name)))
}
