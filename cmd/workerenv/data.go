//go:build !nosqlite

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"strings"

	"github.com/ncruces/go-sqlite3"
	_ "github.com/ncruces/go-sqlite3/driver"

	"github.com/workerenv/workerenv/store/sealed"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
)

// maxConnections bounds the connections to a database: each needs memory, and one at a time writes.
const maxConnections = 8

// dataFile is an SQLite database with the records of serve.
type dataFile struct {
	name  string // as the user gave it
	db    *sql.DB
	store *sqlstore.Store // with encrypted records, if there are keys
	keys  *keyFile        // nil if the records are not encrypted
}

// openStore opens the Store of serve. The text where, one line, describes where the Store keeps
// everything: in memory if there is no --data.
func (c command) openStore(f dataFlags) (store version.Store, where string, closeStore func(), err error) {
	if f.file == "" {
		return new(version.MemStore), onlyMemory, func() {}, nil
	}
	d, err := c.openData(f, create)
	if err != nil {
		return nil, "", nil, err
	}
	where = "everything is in " + c.place(f)
	if d.keys != nil {
		return sealed.New(d.store, d.keys), where, d.close, nil
	}
	return d.store, where, d.close, nil
}

// place returns the name of a database, and whether it is encrypted.
func (c command) place(f dataFlags) string {
	switch name := label(f.file); {
	case f.keyset != "":
		return name + ", encrypted with the keys in " + label(f.keyset)
	case isShared(c.path(f.file)):
		return name + ", not encrypted, and other users can read it; use chmod 600 " + name
	default:
		return name + ", not encrypted"
	}
}

// Whether openData creates files that do not exist.
const (
	existing = false
	create   = true
)

// openData opens a database with its keys. It fails unless the keys decrypt the records or, without
// keys, the records are not encrypted.
func (c command) openData(f dataFlags, creates bool) (*dataFile, error) {
	path := c.path(f.file)
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("cannot use %s: it is not a regular file", label(f.file))
	}
	flag := os.O_RDWR
	if creates {
		flag |= os.O_CREATE
	}
	file, err := os.OpenFile(path, flag, 0o600) // SQLite would let other users read it
	if err != nil {
		return nil, fmt.Errorf("cannot open %s: %w", label(f.file), withoutPath(err))
	}
	file.Close()
	modeOf := strings.ReplaceAll(url.QueryEscape(path), "+", "%20") // SQLite keeps a plus
	source := sqlstore.SQLite(path) + "&modeof=" + modeOf           // of the file -wal
	db, err := sql.Open("sqlite3", source)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxConnections)
	db.SetMaxIdleConns(maxConnections)
	d := &dataFile{name: f.file, db: db}
	if err := d.open(c, f.keyset, creates); err != nil {
		d.close()
		return nil, dataError(f.file, err)
	}
	return d, nil
}

func (d *dataFile) open(c command, keyset string, creates bool) (err error) {
	ctx := context.Background()
	if err := refuseForeign(ctx, d.db); err != nil {
		return err
	}
	if d.store, err = sqlstore.Open(ctx, d.db); err != nil {
		return err
	}
	found, err := d.encryption(ctx, new(keyFile))
	switch {
	case err != nil:
		return err
	case keyset == "" && found == encrypted:
		return errors.New("it is encrypted: use --keyset FILE with the file of its keys")
	case keyset == "":
		return nil
	case found == plain:
		return errors.New("it is not encrypted: use it without --keyset, or make an encrypted copy with " +
			"workerenv copy --to-keyset FILE")
	}
	if d.keys, err = c.openKeys(keyset, creates && found == noRecords); err != nil {
		return err
	}
	if found == noRecords {
		if _, err := d.db.ExecContext(ctx, "PRAGMA user_version = 1"); err != nil {
			return err
		}
	}
	_, err = d.encryption(ctx, d.keys)
	return err
}

func (d *dataFile) close() { d.db.Close() }

// encryption is whether the records of a database are encrypted. The user_version of SQLite, 1 for a database that was
// made with a keyset, says so while there are no records.
type encryption int

const (
	noRecords encryption = iota // nor a user_version
	plain
	encrypted
)

// encryption returns whether the first record is encrypted or, if there is none, will be. It fails if k has keys and
// none of them decrypts that record.
func (d *dataFile) encryption(ctx context.Context, k *keyFile) (encryption, error) {
	for e, err := range d.store.Records(ctx) {
		if err != nil {
			return noRecords, err
		}
		_, err = sealed.Open(k, e.Log, e.Place, e.Record)
		_, isUnknown := errors.AsType[*unknownKeyError](err)
		switch {
		case errors.Is(err, sealed.ErrFormat) || errors.Is(err, errCiphertext):
			return plain, nil
		case err != nil && !(isUnknown && k.path == ""):
			return encrypted, err
		}
		return encrypted, nil
	}
	var userVersion int
	err := d.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&userVersion)
	if userVersion == 0 {
		return noRecords, err
	}
	return encrypted, nil
}

// refuseForeign fails if the database has tables, but none of package sqlstore.
func refuseForeign(ctx context.Context, db *sql.DB) error {
	var all, ours int
	const count = `SELECT COUNT(*), COUNT(*) FILTER (WHERE name LIKE 'workerenv\_%' ESCAPE '\') FROM sqlite_schema`
	err := db.QueryRowContext(ctx, count).Scan(&all, &ours)
	if err == nil && all > 0 && ours == 0 {
		return fmt.Errorf("%w: it is a database of another application", sqlstore.ErrSchema)
	}
	return err
}

// dataError returns err as an error about a file.
func dataError(name string, err error) error {
	switch {
	case errors.Is(err, sqlite3.NOTADB):
		return fmt.Errorf("%s is not an SQLite database", label(name))
	case errors.Is(err, sqlite3.CORRUPT) || errors.Is(err, version.ErrCorrupt):
		return fmt.Errorf("%s is damaged, restore a backup", label(name))
	case errors.Is(err, sqlite3.READONLY):
		return fmt.Errorf("cannot write to %s or to its directory, see their permissions", label(name))
	}
	return fmt.Errorf("cannot use %s: %w", label(name), err)
}

// isShared reports whether the mode of a file gives other users access. It is false on Windows, where
// the mode does not tell.
func isShared(path string) bool {
	info, err := os.Stat(path)
	return err == nil && runtime.GOOS != "windows" && info.Mode()&(fs.ModePerm&0o077) != 0
}
