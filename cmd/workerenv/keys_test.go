//go:build unix && !nosqlite

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKeys rotates the keys while serve runs, encrypts all data with the new one, and removes the old
// one by hand.
func TestKeys(t *testing.T) {
	dir := t.TempDir()
	args := []string{"--data", "d.db", "--keyset", "k.json"}
	old := startBackend(t, dir, args...)
	old.upload("shop")
	old.put("shop", "OLD")
	firstKey := primaryKey(t, dir)
	got := workerenv(t, dir, "keys", "rotate", "--keyset", "k.json")
	require.Equal(t, call{stdout: got.stdout}, got)
	require.Regexp(t, `^k\.json has 2 keys; new records are encrypted with key [0-9]+ once serve is started again\n$`,
		got.stdout)
	require.NotEqual(t, firstKey, primaryKey(t, dir))

	renewed := startBackend(t, dir, args...)
	renewed.put("shop", "NEW")
	require.Contains(t, old.secrets("shop"), `"NEW"`, "the new key was not read")
	endServe(t, old.cmd)

	got = workerenv(t, dir, "keys", "rewrap", "--data", "d.db", "--keyset", "k.json")
	require.Equal(t, call{stdout: got.stdout}, got)
	require.Regexp(t, `^[0-9]+ records of d\.db are encrypted with the primary key\n$`, got.stdout)
	require.Regexp(t, `"NEW".*"OLD"`, renewed.secrets("shop"))
	renewed.kill()

	onlyPrimaryKey(t, dir)
	again := startBackend(t, dir, args...)
	require.Regexp(t, `"NEW".*"OLD"`, again.secrets("shop"))
	require.Contains(t, again.do("GET", "/workers/scripts/shop/content/v2", "", ""), "m0dule")
	endServe(t, again.cmd)
}

type keysetFile struct {
	Primary uint32 `json:"primaryKeyId"`
	Keys    []struct {
		ID   uint32          `json:"keyId"`
		Data json.RawMessage `json:"keyData"`
		// The names that Tink gives them.
		Status string `json:"status"`
		Prefix string `json:"outputPrefixType"`
	} `json:"key"`
}

func readKeysetFile(t *testing.T, dir string) (k keysetFile) {
	text, err := os.ReadFile(filepath.Join(dir, "k.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &k))
	return k
}

func primaryKey(t *testing.T, dir string) uint32 { return readKeysetFile(t, dir).Primary }

func onlyPrimaryKey(t *testing.T, dir string) {
	k := readKeysetFile(t, dir)
	for _, key := range k.Keys {
		if key.ID == k.Primary {
			k.Keys = append(k.Keys[:0], key)
			break
		}
	}
	text, err := json.Marshal(k)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "k.json"), text, 0o600))
}

// TestKeysRefuse expects errors that change nothing.
func TestKeysRefuse(t *testing.T) {
	dir := t.TempDir()
	requireFails(t, dir, "keyset k.json: it does not exist; serve makes it", "keys", "rotate", "--keyset", "k.json")
	require.NoFileExists(t, filepath.Join(dir, "k.json"))
	requireFails(t, dir, "cannot open none.db: no such file or directory",
		"keys", "rewrap", "--data", "none.db", "--keyset", "k.json")
	require.NoFileExists(t, filepath.Join(dir, "none.db"))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
	requireFails(t, dir, "keyset pipe: is a pipe without a writer", "serve", "--data", "d.db", "--keyset", "pipe")
	requireFails(t, dir, "keyset pipe: not replaced, since it is a named pipe", "keys", "rotate", "--keyset", "pipe")
	requireFails(t, dir, "cannot use pipe: it is not a regular file", "serve", "--data", "pipe")
	for _, args := range [][]string{
		{"keys", "rotate"}, {"keys", "rewrap", "--data", "d.db"}, {"copy", "--to", "d.db"}, {"keys", "x"},
	} {
		require.Equal(t, statusUsage, workerenv(t, dir, args...).status, "%v", args)
	}
	for _, args := range [][]string{{"keys"}, {"keys", "-h"}, {"help", "keys"}} {
		got := workerenv(t, dir, args...)
		require.Contains(t, got.stdout, "usage: workerenv keys rotate --keyset FILE\n")
		require.Contains(t, got.stdout, "usage: workerenv keys rewrap --data FILE --keyset FILE\n")
		require.Zero(t, got.status)
	}
}

// TestKeysOfLink rotates the keys in a file through a symbolic link.
func TestKeysOfLink(t *testing.T) {
	dir := project(t, section{"secure/", ""}, section{"run/", ""})
	b := startBackend(t, dir, "--data", "d.db", "--keyset", "secure/k.json")
	endServe(t, b.cmd)
	require.NoError(t, os.Symlink("../secure/k.json", filepath.Join(dir, "run", "k.json")))
	require.Equal(t, statusOK, workerenv(t, dir, "keys", "rotate", "--keyset", "run/k.json").status)
	require.Len(t, readKeysetFile(t, filepath.Join(dir, "secure")).Keys, 2)
	require.Len(t, readKeysetFile(t, filepath.Join(dir, "run")).Keys, 2)
}

// TestKeysRotateTogether rotates a keyset in many processes at once: no key is lost, and no file is left.
func TestKeysRotateTogether(t *testing.T) {
	dir := t.TempDir()
	b := startBackend(t, dir, "--data", "d.db", "--keyset", "k.json")
	endServe(t, b.cmd)
	const n = 8
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { assert.Zero(t, workerenv(t, dir, "keys", "rotate", "--keyset", "k.json").status) })
	}
	wg.Wait()
	require.Len(t, readKeysetFile(t, dir).Keys, 1+n)
	files, err := filepath.Glob(filepath.Join(dir, "k.json*"))
	require.NoError(t, err)
	require.Len(t, files, 1)
}
