//go:build unix

package devvars

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

// replace writes data to the file name. The temporary file is beside it, not where the environment says.
func replace(name string, data []byte) error {
	return renameio.WriteFile(name, data, 0o600, renameio.WithTempDir(filepath.Dir(name)))
}
