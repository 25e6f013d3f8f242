//go:build unix

package replacefile

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// links returns the number of hard links of a file.
func links(info fs.FileInfo) uint64 {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 1
	}
	return uint64(stat.Nlink)
}

// chown gives temp the owner and the group of old.
func chown(temp *os.File, old fs.FileInfo) error {
	info, err := temp.Stat()
	if err != nil {
		return err
	}
	want, wantOK := old.Sys().(*syscall.Stat_t)
	got, gotOK := info.Sys().(*syscall.Stat_t)
	if !wantOK || !gotOK || want.Uid == got.Uid && want.Gid == got.Gid {
		return nil
	}
	if err := temp.Chown(int(want.Uid), int(want.Gid)); err != nil {
		return fmt.Errorf("cannot keep the owner and the group of the file: %w", err)
	}
	return nil
}
