package devvars

import "os"

// replace writes data to the file name.
func replace(name string, data []byte) error { return os.WriteFile(name, data, 0o600) }
