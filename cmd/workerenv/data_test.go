//go:build unix && !nosqlite

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestServeData kills serve and starts it again: no change is lost. Two processes serve one database.
func TestServeData(t *testing.T) {
	for _, args := range [][]string{{"--data", "d.db"}, {"--data", "d.db", "--keyset", "k.json"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			dir := t.TempDir()
			first := startBackend(t, dir, args...)
			second := startBackend(t, dir, args...)
			first.upload("shop")
			first.put("shop", "A")
			second.put("shop", "B")
			require.Contains(t, first.secrets("shop"), `"B"`)
			for _, b := range []backend{first, second} {
				says := func() bool { return strings.HasPrefix(b.log.String(), "workerenv: everything is in d.db, ") }
				require.Eventually(t, says, 10*time.Second, time.Millisecond, b.log)
				b.kill()
			}

			again := startBackend(t, dir, args...)
			require.Regexp(t, `"A".*"B"`, again.secrets("shop"))
			require.Contains(t, again.do("GET", "/workers/scripts/shop/content/v2", "", ""), "m0dule")
			for _, suffix := range []string{"", "-wal"} { // the file -shm has no records
				info, err := os.Stat(filepath.Join(dir, "d.db"+suffix))
				require.NoError(t, err)
				require.Equal(t, os.FileMode(0o600), info.Mode())
			}
			stored := fileBytes(t, filepath.Join(dir, "d.db"))
			for _, text := range []string{"c4n4ry", "m0dule"} {
				require.Equal(t, len(args) == 2, bytes.Contains(stored, []byte(text)), text)
			}
			endServe(t, again.cmd)
		})
	}
}

// endServe ends a call of serve.
func endServe(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, cmd.Wait())
}

// TestServeTogether puts secrets of one Worker through two processes at once.
func TestServeTogether(t *testing.T) {
	dir := t.TempDir()
	backends := []backend{startBackend(t, dir, "--data", "d.db"), startBackend(t, dir, "--data", "d.db")}
	backends[0].upload("shop")
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() { backends[i%2].put("shop", "S"+string(rune('A'+i))) })
	}
	wg.Wait()
	for _, b := range backends {
		require.Equal(t, 20, strings.Count(b.secrets("shop"), `"secret_text"`))
		endServe(t, b.cmd)
	}
}

// TestServeDataRefuses starts serve with data that it cannot use. The files stay as they are.
func TestServeDataRefuses(t *testing.T) {
	dir := project(t, section{"junk.db", strings.Repeat("c4n4ry", 1000)}, section{"folder/", ""},
		section{"open.json", "{}"}, section{"junk.json", `{"key": "c4n4ry"}`}, section{"empty.json", ""})
	require.NoError(t, os.Chmod(filepath.Join(dir, "open.json"), 0o644))
	for _, name := range []string{"junk.json", "empty.json"} {
		require.NoError(t, os.Chmod(filepath.Join(dir, name), 0o600))
	}
	for name, args := range map[string][]string{
		"plain.db": {}, "sealed.db": {"--keyset", "k.json"}, "other.db": {"--keyset", "other.json"},
	} {
		b := startBackend(t, dir, append([]string{"--data", name}, args...)...)
		b.upload("shop")
		b.put("shop", "A")
		endServe(t, b.cmd)
	}
	endServe(t, startBackend(t, dir, "--data", "new.db", "--keyset", "k.json").cmd)
	raw := strings.Replace(filesIn(t, dir)["k.json"], `"TINK"`, `"RAW"`, 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "raw.json"), []byte(raw), 0o600))
	sqlite(t, dir, "alien.db", `CREATE TABLE cookies (x)`)
	sqlite(t, dir, "future.db", `CREATE TABLE workerenv_schema (format BIGINT PRIMARY KEY);
		INSERT INTO workerenv_schema VALUES (99)`)
	sqlite(t, dir, "foreign.db", `CREATE TABLE workerenv_records (x); INSERT INTO workerenv_records VALUES (1)`)
	damage(t, dir, "plain.db", "damaged.db")
	sqlite(t, dir, "null.db", `CREATE TABLE workerenv_records (log, place, data);
		INSERT INTO workerenv_records VALUES ('log', 'c4n4ry', NULL)`)

	files := filesIn(t, dir)
	for _, test := range []struct {
		data, keyset string
		says         string
	}{
		{"junk.db", "", "junk.db is not an SQLite database"},
		{"folder", "", "cannot use folder: it is not a regular file"},
		{"/dev/null", "", "cannot use /dev/null: it is not a regular file"},
		{"no/d.db", "", "cannot open no/d.db: no such file or directory"},
		{"alien.db", "", "it is a database of another application"},
		{"future.db", "", "format is 99, this release supports 1; use a newer release"},
		{"foreign.db", "", "workerenv_records is not a table of this package"},
		{"damaged.db", "", "damaged.db is damaged, restore a backup"},
		{"null.db", "", "null.db is damaged, restore a backup"},
		{"sealed.db", "", "cannot use sealed.db: it is encrypted: use --keyset FILE"},
		{"new.db", "", "cannot use new.db: it is encrypted: use --keyset FILE"},
		{"new.db", "none.json", "keyset none.json: no such file or directory"},
		{"sealed.db", "none.json", "keyset none.json: no such file or directory"},
		{"sealed.db", "other.json", "is not in the keyset"},
		{"plain.db", "k.json", "it is not encrypted: use it without --keyset"},
		{"plain.db", "none.json", "it is not encrypted: use it without --keyset"},
		{"sealed.db", "open.json", "keyset open.json: other users can read it: use chmod 600 open.json"},
		{"sealed.db", "junk.json", "keyset junk.json: it is not a keyset of Tink in JSON"},
		{"sealed.db", "empty.json", "keyset empty.json: it is not a keyset of Tink in JSON"},
		{"sealed.db", "raw.json", "keyset raw.json: it is not a keyset of Tink in JSON"},
		{"sealed.db", "folder", "keyset folder: "},
	} {
		args := []string{"serve", "--data", test.data}
		if test.keyset != "" {
			args = append(args, "--keyset", test.keyset)
		}
		requireFails(t, dir, test.says, args...)
	}
	after := filesIn(t, dir)
	for _, name := range []string{"junk.db", "plain.db", "sealed.db", "k.json", "other.json", "open.json"} {
		require.Equal(t, files[name], after[name], name)
	}
	require.NotContains(t, after, "none.json")
	requireFails(t, dir, "--keyset needs --data", "serve", "--keyset", "k.json")
}

// TestReadOnlyDirectory serves a database beside which SQLite cannot make its other files.
func TestReadOnlyDirectory(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root can write to every directory")
	}
	dir := project(t, section{"fixed/d.db", ""})
	require.NoError(t, os.Chmod(filepath.Join(dir, "fixed"), 0o500))
	t.Cleanup(func() { os.Chmod(filepath.Join(dir, "fixed"), 0o700) })
	requireFails(t, dir, "cannot write to fixed/d.db or to its directory", "serve", "--data", "fixed/d.db")
}

// TestFileNames serves databases in files whose names have a meaning in URLs.
func TestFileNames(t *testing.T) {
	dir := project(t, section{"my project/", ""})
	for _, name := range []string{"my project/d.db", "a+b&c=%41?#.db", ":memory:", "file:d.db"} {
		startBackend(t, dir, "--data", name).kill()
		info, err := os.Stat(filepath.Join(dir, name+"-wal"))
		require.NoError(t, err, name)
		require.Equal(t, os.FileMode(0o600), info.Mode(), name)
	}
}

// TestEmptyFileName uses flags with variables of a shell that are not set: what should be encrypted
// must not be written without encryption.
func TestEmptyFileName(t *testing.T) {
	dir := t.TempDir()
	for flag, args := range map[string][]string{
		"--data":        {"serve", "--data", ""},
		"--keyset":      {"serve", "--data", "d.db", "--keyset", ""},
		"--tls-cert":    {"serve", "--tls-cert", "", "--tls-key", ""},
		"--from-keyset": {"copy", "--from", "d.db", "--from-keyset=", "--to", "c.db"},
		"--to-keyset":   {"copy", "--from", "d.db", "--to", "c.db", "--to-keyset="},
	} {
		requireFails(t, dir, flag+" needs the name of a file", args...)
	}
	require.Empty(t, filesIn(t, dir))
}

// damage copies a database and overwrites a part of it.
func damage(t *testing.T, dir, from, to string) {
	text := fileBytes(t, filepath.Join(dir, from))
	copy(text[4096:], bytes.Repeat([]byte{0xff}, 8192))
	require.NoError(t, os.WriteFile(filepath.Join(dir, to), text, 0o600))
}

// TestCopy encrypts a database, decrypts it, and changes its keys, while serve runs.
func TestCopy(t *testing.T) {
	dir := t.TempDir()
	b := startBackend(t, dir, "--data", "plain.db")
	b.upload("shop")
	b.put("shop", "A")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "last.db"), nil, 0o644))
	require.NoError(t, os.Chmod(filepath.Join(dir, "last.db"), 0o644))
	for _, test := range []struct {
		args  []string
		serve []string
		says  string
	}{
		{[]string{"--from", "plain.db", "--to", "sealed.db", "--to-keyset", "k.json"},
			[]string{"--data", "sealed.db", "--keyset", "k.json"},
			"plain.db to sealed.db, encrypted with the keys in k.json"},
		{[]string{"--from", "sealed.db", "--from-keyset", "k.json", "--to", "other.db", "--to-keyset", "other.json"},
			[]string{"--data", "other.db", "--keyset", "other.json"},
			"sealed.db to other.db, encrypted with the keys in other.json"},
		{[]string{"--from", "other.db", "--from-keyset", "other.json", "--to", "again.db"},
			[]string{"--data", "again.db"}, "other.db to again.db, not encrypted"},
		{[]string{"--from", "again.db", "--to", "last.db"}, []string{"--data", "last.db"},
			"again.db to last.db, not encrypted, and other users can read it; use chmod 600 last.db"},
	} {
		got := workerenv(t, dir, append([]string{"copy"}, test.args...)...)
		require.Equal(t, call{stdout: got.stdout}, got)
		require.Regexp(t, `^copied [0-9]+ records from `+test.says+"\n$", got.stdout)
		copied := startBackend(t, dir, test.serve...)
		require.Contains(t, copied.secrets("shop"), `"A"`)
		require.Contains(t, copied.do("GET", "/workers/scripts/shop/content/v2", "", ""), "m0dule")
		copied.kill()
		requireFails(t, dir, test.args[1]+" to "+test.serve[1]+": sqlstore: cannot copy: store has records already\n",
			append([]string{"copy"}, test.args...)...)
	}
	require.NotContains(t, string(fileBytes(t, filepath.Join(dir, "sealed.db"))), "c4n4ry")
	endServe(t, b.cmd)
}

// TestBackup makes backups with SQLite while serve runs, and restores them.
func TestBackup(t *testing.T) {
	dir := t.TempDir()
	b := startBackend(t, dir, "--data", "d.db", "--keyset", "k.json")
	b.upload("shop")
	b.put("shop", "BEFORE")
	sqlite(t, dir, "d.db", `VACUUM INTO '`+filepath.Join(dir, "backup.db")+`'`)
	b.put("shop", "AFTER")
	b.kill()
	for _, suffix := range []string{"-wal", "-shm"} {
		require.NoError(t, os.Remove(filepath.Join(dir, "d.db"+suffix)))
	}
	require.NoError(t, os.Rename(filepath.Join(dir, "backup.db"), filepath.Join(dir, "d.db")))
	restored := startBackend(t, dir, "--data", "d.db", "--keyset", "k.json")
	require.Contains(t, restored.secrets("shop"), `"BEFORE"`)
	require.NotContains(t, restored.secrets("shop"), `"AFTER"`)
	restored.put("shop", "AFTER")
	endServe(t, restored.cmd)
}
