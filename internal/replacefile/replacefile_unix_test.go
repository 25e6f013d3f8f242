//go:build unix

package replacefile_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

var kinds = []kind{
	{"pipe", func(name string) error { return syscall.Mkfifo(name, 0o600) }, "not replaced, since it is a named pipe"},
	{"device", func(name string) error { return syscall.Mknod(name, syscall.S_IFCHR|0o600, 1<<8|3) },
		"not replaced, since it is a device"},
	{"socket", makeSocket, "not replaced, since it is a socket"},
	{"file with hard links", func(name string) error {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			return err
		}
		return os.Link(name, name+"-2")
	}, "not replaced, since it has other hard links, which would keep the old text"},
}

func makeSocket(name string) error {
	l, err := net.Listen("unix", name)
	if err != nil {
		return err
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	return l.Close()
}

// TestOwnerIsKept needs the privilege to change the owner of a file.
func TestOwnerIsKept(t *testing.T) {
	_, name := newDir(t, 0o640)
	if err := os.Chown(name, 1000, 1001); err != nil {
		t.Skip(err)
	}
	require.NoError(t, replace(name, "A=new\n"))
	requireText(t, name, "A=new\n")
	requireMode(t, name, 0o640)
	info, err := os.Stat(name)
	require.NoError(t, err)
	stat := info.Sys().(*syscall.Stat_t)
	require.Equal(t, []uint32{1000, 1001}, []uint32{stat.Uid, stat.Gid})
}

// TestOwnerCannotBeKept replaces a file of another user in a directory that everybody can write to.
func TestOwnerCannotBeKept(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs the privilege to start a process of another user")
	}
	dir, err := os.MkdirTemp("", "replacefile") // T.TempDir is closed to others
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	require.NoError(t, os.Chmod(dir, 0o777))
	name, program := filepath.Join(dir, ".dev.vars"), filepath.Join(dir, "program")
	require.NoError(t, os.WriteFile(name, []byte("A=old\n"), 0o600))
	require.NoError(t, os.Chmod(name, 0o666))
	require.NoError(t, os.Chown(name, 1000, 1000))
	before, err := os.Stat(name)
	require.NoError(t, err)
	cmd := child(t, name)
	self, err := os.ReadFile(cmd.Path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(program, self, 0o755))
	require.NoError(t, os.Chmod(program, 0o755))
	cmd.Path, cmd.Dir = program, dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "cannot keep the owner and the group of the file")
	requireText(t, name, "A=old\n")
	after, err := os.Stat(name)
	require.NoError(t, err)
	require.True(t, os.SameFile(before, after))
	require.Equal(t, []string{".dev.vars", "program"}, list(t, dir))
}

// child returns a process that replaces the named file.
func child(t *testing.T, name string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), fileOfChild+"="+name)
	return cmd
}

// TestDirectorySync checks the system calls of a write: the file is synced before it is renamed, and the directory after that.
func TestDirectorySync(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	dir, name := newDir(t, 0o600)
	cmd := child(t, name)
	cmd.Args = append([]string{strace, "-f", "-y", "-e", "trace=fsync,/^rename"}, cmd.Path)
	cmd.Path = strace
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Skipf("cannot trace: %v: %s", err, out)
	}
	requireText(t, name, "A=new\n")
	trace := string(out)
	file := strings.Index(trace, "<"+name+".workerenv-")
	rename := strings.Index(trace, "rename")
	directory := strings.Index(trace, "<"+dir+">)")
	require.True(t, 0 <= file && file < rename && rename < directory, "%s", trace)
}
