package readfile_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/readfile"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	text := bytes.Repeat([]byte("A=1\n"), 1<<16)
	require.NoError(t, os.WriteFile(name, text, 0o600))
	got, err := readfile.Read(name, time.Second)
	require.NoError(t, err)
	require.True(t, bytes.Equal(text, got))

	got, err = readfile.Read(os.DevNull, time.Second)
	require.NoError(t, err)
	require.Empty(t, got)

	_, err = readfile.Read(dir, time.Second)
	requireCause(t, err, dir, readfile.ErrIsDir)
	_, err = readfile.Read(filepath.Join(dir, "missing"), time.Second)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestReadTooLarge(t *testing.T) {
	name := filepath.Join(t.TempDir(), "sparse")
	require.NoError(t, os.WriteFile(name, nil, 0o600))
	if err := os.Truncate(name, readfile.MaxSize+1); err != nil {
		t.Skip("sparse files cannot be made here")
	}
	_, err := readfile.Read(name, time.Second)
	requireCause(t, err, name, readfile.ErrTooLarge)
}

func TestReadFS(t *testing.T) {
	fsys := fstest.MapFS{"dir/file": {Data: []byte("A=1\n")}}
	got, err := readfile.ReadFS(fsys, "dir/file")
	require.NoError(t, err)
	require.Equal(t, "A=1\n", string(got))
	_, err = readfile.ReadFS(fsys, "dir")
	requireCause(t, err, "dir", readfile.ErrIsDir)
	_, err = readfile.ReadFS(fsys, "missing")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func requireCause(t *testing.T, err error, name string, cause error) {
	t.Helper()
	require.Equal(t, &fs.PathError{Op: "read", Path: name, Err: cause}, err)
}
