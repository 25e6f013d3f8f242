//go:build linux

package faults_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	_ "github.com/ncruces/go-sqlite3/driver"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
)

// smallDisk returns the root of a file system of that size.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("cannot mount a small file system: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	return dir
}

// fill writes a file until the disk is full, and returns its name.
func fill(t *testing.T, dir string) string {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "filler"))
	require.NoError(t, err)
	_, err = io.Copy(f, zeros{})
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.NoError(t, f.Close())
	return f.Name()
}

// zeros is an endless input.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestFullDisk writes files on a full disk: the old text stays, no temporary file does, and the next
// write with free space works.
func TestFullDisk(t *testing.T) {
	dir := smallDisk(t, "256k")
	name := filepath.Join(dir, ".dev.vars")
	write(t, name, "A=c4n4ry\n")
	write(t, filepath.Join(dir, "wrangler.json"), "{}")
	filler := fill(t, dir)
	f := devvars.Parse(bytes.Repeat([]byte("B=c4n4ry\n"), 10_000))
	for range 100 {
		err := f.WriteFile(name)
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.NotContains(t, err.Error(), "c4n4ry")
		err = devvars.Update(name, func(f *devvars.File) error { return f.Set("A", strings.Repeat("c4n4ry", 1000)) })
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.NotContains(t, err.Error(), "c4n4ry")
	}
	set := command(t, dir, "set", "A")
	set.Stdin = strings.NewReader("c4n4ry2")
	got, err := finish(set)
	require.NoError(t, err)
	require.Equal(t, result{stderr: "workerenv: .dev.vars: no space left on device\n", status: 1}, got)
	requireText(t, name, "A=c4n4ry\n")
	require.Equal(t, []string{".dev.vars", "filler", "wrangler.json"}, list(t, dir))

	require.NoError(t, os.Remove(filler))
	require.NoError(t, f.WriteFile(name))
	requireText(t, name, string(f.Bytes()))
}

// TestFullDatabase changes a history in a SQLite database until the disk is full: every change that
// was acknowledged is there, no other is, and the next change with free space works.
func TestFullDatabase(t *testing.T) {
	dir := smallDisk(t, "1m")
	reserve := filepath.Join(dir, "reserve")
	write(t, reserve, strings.Repeat("x", 128<<10))
	open := func() *version.History {
		db, err := sql.Open("sqlite3", sqlstore.SQLite(filepath.Join(dir, "history.db")))
		require.NoError(t, err)
		t.Cleanup(func() { db.Close() })
		store, err := sqlstore.Open(t.Context(), db)
		require.NoError(t, err)
		return version.NewHistory(store, "shop", version.Options{})
	}
	h, made := open(), 0
	put := func() error {
		_, err := h.Update(t.Context(), func(tx *version.Tx) error {
			_, err := tx.UploadAndDeploy(version.Upload{Bindings: secret(strings.Repeat("x", 1000) + fmt.Sprint(made))})
			return err
		})
		return err
	}
	var err error
	for err == nil && made < 10_000 {
		if err = put(); err == nil {
			made++
		}
	}
	require.Error(t, err, "the disk is not full after %d changes", made)
	t.Logf("the disk is full after %d changes: %v", made, err)
	requireVersions(t, h, made)
	require.NoError(t, os.Remove(reserve))
	h = open()
	requireVersions(t, h, made)
	require.NoError(t, put())
	requireVersions(t, open(), made+1)
}

func secret(text string) binding.Set {
	s, err := binding.NewSet(binding.Secret("S", text))
	if err != nil {
		panic(err)
	}
	return s
}

func requireVersions(t *testing.T, h *version.History, n int) {
	t.Helper()
	s, err := h.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, n, s.VersionCount())
}
