//go:build unix

package devvars_test

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

// TestWriteFileRefusesKinds has things in the place of the file that a rename would destroy.
func TestWriteFileRefusesKinds(t *testing.T) {
	for _, test := range []struct {
		kind string
		make func(name string) error
		want string
	}{
		{"pipe", func(name string) error { return syscall.Mkfifo(name, 0o600) }, "a named pipe"},
		{"directory", func(name string) error { return os.Mkdir(name, 0o700) }, "a directory"},
		{"device", func(name string) error { return syscall.Mknod(name, syscall.S_IFCHR|0o600, 1<<8|3) }, "a device"},
		{"socket", func(name string) error {
			l, err := net.Listen("unix", name)
			if err == nil {
				l.(*net.UnixListener).SetUnlinkOnClose(false)
				err = l.Close()
			}
			return err
		}, "a socket"},
	} {
		t.Run(test.kind, func(t *testing.T) {
			dir, err := os.MkdirTemp("", "") // a short name, for the socket
			require.NoError(t, err)
			t.Cleanup(func() { os.RemoveAll(dir) })
			name := filepath.Join(dir, ".dev.vars")
			if err := test.make(name); err != nil {
				t.Skip(err)
			}
			before, err := os.Lstat(name)
			require.NoError(t, err)
			want := "write " + name + ": not replaced, since it is " + test.want
			require.EqualError(t, devvars.Parse([]byte("A=1\n")).WriteFile(name), want)
			require.EqualError(t, devvars.Update(name, func(f *devvars.File) error { return f.Set("A", "1") }), want)
			after, err := os.Lstat(name)
			require.NoError(t, err)
			require.True(t, os.SameFile(before, after))
			require.Equal(t, []string{".dev.vars"}, list(t, dir))
		})
	}
}

func TestWriteFileRefusesHardLinks(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, ".dev.vars")
	require.NoError(t, os.WriteFile(name, []byte("A=1\n"), 0o600))
	require.NoError(t, os.Link(name, filepath.Join(dir, "other")))
	err := devvars.Parse([]byte("A=2\n")).WriteFile(name)
	require.ErrorContains(t, err, "not replaced, since it has further hard links")
	requireText(t, name, "A=1\n")
}

// TestWriteFileKeepsOwner needs the privilege to change the owner of a file.
func TestWriteFileKeepsOwner(t *testing.T) {
	name := filepath.Join(t.TempDir(), ".dev.vars")
	require.NoError(t, os.WriteFile(name, []byte("A=1\n"), 0o640))
	if err := os.Chown(name, 1000, 1001); err != nil {
		t.Skip(err)
	}
	require.NoError(t, devvars.Parse([]byte("A=2\n")).WriteFile(name))
	requireText(t, name, "A=2\n")
	requireMode(t, name, 0o640)
	info, err := os.Stat(name)
	require.NoError(t, err)
	stat := info.Sys().(*syscall.Stat_t)
	require.Equal(t, []uint32{1000, 1001}, []uint32{stat.Uid, stat.Gid})
}

// TestReadFileEnds reads what has no end, or no beginning.
func TestReadFileEnds(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	for _, name := range []string{pipe, "/dev/zero", "/dev/ptmx"} {
		if _, err := os.Stat(name); err != nil {
			continue
		}
		start := time.Now()
		_, err := devvars.ReadFile(name)
		require.ErrorAs(t, err, new(*fs.PathError))
		require.Less(t, time.Since(start), 10*time.Second)
	}
}
