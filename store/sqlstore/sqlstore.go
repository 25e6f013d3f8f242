// Package sqlstore keeps the records of a [version.Store] in an SQL database: SQLite or PostgreSQL.
//
//	import _ "github.com/ncruces/go-sqlite3/driver"
//
//	db, err := sql.Open("sqlite3", sqlstore.SQLite("history.db"))
//	store, err := sqlstore.Open(ctx, db)
//
// The package imports no driver. It works with any driver of [database/sql] for these databases
// that returns an error for a failed statement; it does not depend on the driver's error codes.
//
// # Tables
//
// The package creates two tables. workerenv_records has a row for each record: the name of the log, the position in the
// log from 0, and the data. workerenv_schema has one row with the number of the table format. Records contain the
// values of secrets in plain text; wrap the Store with package sealed to encrypt them.
//
// # Durability
//
// With SQLite, a record is on disk when Append returns, because [Open] requires synchronous=FULL, which [SQLite] sets.
// Use a local disk: SQLite's locks do not work on network file systems such as NFS. Several processes may use one file.
//
// With PostgreSQL, durability depends on the setting synchronous_commit of the server. Connect to the
// primary for reads and writes: a replica may return old records, which breaks the contract of
// version.Store, and an asynchronous failover may lose acknowledged records.
package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// Store is a [version.Store] in an SQL database. It is safe for concurrent use, by any number of processes.
type Store struct {
	db         *sql.DB
	postgreSQL bool
	statements map[string]*sql.Stmt // by their texts below; closed with db
	waits      waits
}

// schemaFormat is the format of the tables that this release reads and writes.
const schemaFormat = 1

// pageSize is the number of records that one query returns.
const pageSize = 1000

// ErrSchema means that the tables have the format of a newer release, or belong to another application.
var ErrSchema = errors.New("database has tables of another format")

// SQLite returns the data source name of the SQLite database in the file at path, with write-ahead
// logging, synchronous=FULL, secure_delete and a busy timeout of 20 seconds. The drivers
// github.com/ncruces/go-sqlite3 and modernc.org/sqlite accept its parameters.
//
// SQLite creates the file, and a second one with the suffix -wal for the newest records, with the
// permissions that the umask leaves. To keep other users from reading them, use a directory to which
// these users have no access, or encrypt the records with package sealed.
func SQLite(path string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	u.RawQuery = "_pragma=busy_timeout(20000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)" +
		"&_pragma=secure_delete(on)"
	return u.String()
}

// Open returns the Store in db. It creates the tables if they do not exist, and fails with [ErrSchema]
// if it cannot use existing ones. The caller closes db when the Store is no longer used.
func Open(ctx context.Context, db *sql.DB) (*Store, error) {
	s := &Store{db: db, postgreSQL: true, statements: make(map[string]*sql.Stmt)}
	bytesType, lock := "BYTEA", "FOR KEY SHARE"
	create := createPostgreSQL
	var v string
	if db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&v) == nil {
		s.postgreSQL, bytesType, lock, create = false, "BLOB", "", createSQLite
	} else if err := db.QueryRowContext(ctx, "SELECT version()").Scan(&v); err != nil {
		return nil, fmt.Errorf("sqlstore: cannot reach the database: %w", err)
	}
	if err := create(ctx, db); err != nil {
		return nil, err
	}
	if err := checkSchema(ctx, db); err != nil {
		return nil, err
	}
	for _, text := range []string{
		appendFirst, appendNext, readStatement, longerStatement, firstStatement, truncateStatement,
	} {
		statement, err := db.PrepareContext(ctx, strings.NewReplacer("BYTES", bytesType, "LOCK", lock).Replace(text))
		if err != nil {
			return nil, fmt.Errorf("sqlstore: %w", err)
		}
		s.statements[text] = statement
	}
	return s, nil
}

// The statements. BYTES stands for the type of byte strings, and LOCK for a lock of the rows that are read. SQLite
// numbers parameters in the order in which they occur. There are two statements to append since one for both cases
// takes longer.
const (
	createRecords = `CREATE TABLE IF NOT EXISTS workerenv_records (
		log BYTES NOT NULL, place BIGINT NOT NULL, data BYTES NOT NULL, PRIMARY KEY (log, place))`
	createSchema = `CREATE TABLE IF NOT EXISTS workerenv_schema (format BIGINT PRIMARY KEY)`
	insertSchema = `INSERT INTO workerenv_schema (format) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM workerenv_schema)
		ON CONFLICT DO NOTHING`

	// appendFirst inserts record 0 of a log that has no records. A log without its record 0 may have others.
	appendFirst = `INSERT INTO workerenv_records (log, place, data) SELECT CAST($1 AS BYTES), 0, CAST($2 AS BYTES)
		WHERE NOT EXISTS (SELECT 1 FROM workerenv_records WHERE log = CAST($1 AS BYTES)) ON CONFLICT DO NOTHING`

	// appendNext inserts a record after the one at place $3, if that is the last. In PostgreSQL it locks that record:
	// if another process removed the next records meanwhile, the place of an old record would be free again.
	appendNext = `INSERT INTO workerenv_records (log, place, data) SELECT log, place + 1, CAST($1 AS BYTES)
		FROM workerenv_records WHERE log = CAST($2 AS BYTES) AND place = $3 LOCK ON CONFLICT DO NOTHING`

	readStatement = `SELECT place, data FROM workerenv_records
		WHERE log = CAST($1 AS BYTES) AND place >= $2 ORDER BY place LIMIT $3`

	// longerStatement returns 1 if the log has more than $2 records, else 0.
	longerStatement = `SELECT COUNT(*) FROM
		(SELECT 1 FROM workerenv_records WHERE log = CAST($1 AS BYTES) AND place >= $2 LIMIT 1) AS longer`

	// firstStatement returns the place of the first record, -1 if there is none.
	firstStatement    = `SELECT COALESCE(MIN(place), -1) FROM workerenv_records WHERE log = CAST($1 AS BYTES)`
	truncateStatement = `DELETE FROM workerenv_records WHERE log = CAST($1 AS BYTES) AND place < $2`
)

// createSQLite creates the tables and checks the settings that durability and concurrent writers need.
func createSQLite(ctx context.Context, db *sql.DB) error {
	var synchronous, timeout int
	err := db.QueryRowContext(ctx, "SELECT synchronous, timeout FROM pragma_synchronous, pragma_busy_timeout").
		Scan(&synchronous, &timeout)
	if err != nil {
		return fmt.Errorf("sqlstore: %w", err)
	}
	if synchronous < 2 || timeout == 0 {
		return errors.New("sqlstore: SQLite needs synchronous=FULL and a busy_timeout; " +
			"open the database with the name that sqlstore.SQLite returns")
	}
	for _, statement := range []string{createRecords + " WITHOUT ROWID", createSchema} {
		if _, err := db.ExecContext(ctx, strings.ReplaceAll(statement, "BYTES", "BLOB")); err != nil {
			return fmt.Errorf("sqlstore: cannot create the tables: %w", err)
		}
	}
	return nil
}

func createPostgreSQL(ctx context.Context, db *sql.DB) error {
	return createLocked(ctx, db, createRecords, createSchema)
}

// createLocked runs statements under a lock, since CREATE TABLE IF NOT EXISTS and CREATE OR
// REPLACE may fail if two sessions run them.
func createLocked(ctx context.Context, db *sql.DB, statements ...string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("sqlstore: %w", err)
	}
	defer tx.Rollback()
	const lock = `SELECT pg_advisory_xact_lock(hashtext('workerenv_schema'))`
	for _, statement := range append([]string{lock}, statements...) {
		if _, err := tx.ExecContext(ctx, strings.ReplaceAll(statement, "BYTES", "BYTEA")); err != nil {
			return fmt.Errorf("sqlstore: cannot create tables or triggers: %w", err)
		}
	}
	return tx.Commit()
}

// checkSchema stores the format of new tables, and fails with ErrSchema if the tables have another
// format than this release.
func checkSchema(ctx context.Context, db *sql.DB) error {
	var rows, format int
	_, err := db.ExecContext(ctx, insertSchema)
	if err == nil {
		err = db.QueryRowContext(ctx, `SELECT COUNT(*), MAX(format) FROM workerenv_schema`).Scan(&rows, &format)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("sqlstore: %w: workerenv_schema is not a table of this package: %w", ErrSchema, err)
	case rows != 1:
		return fmt.Errorf("sqlstore: %w: workerenv_schema is not a table of this package", ErrSchema)
	case format != schemaFormat:
		return fmt.Errorf("sqlstore: %w: format is %d, this release supports %d; use a newer release",
			ErrSchema, format, schemaFormat)
	}
	if _, err := db.ExecContext(ctx, `SELECT log, place, data FROM workerenv_records LIMIT 0`); err != nil {
		return fmt.Errorf("sqlstore: %w: workerenv_records is not a table of this package: %w", ErrSchema, err)
	}
	return nil
}

// Append adds a record as [version.Store] describes.
func (s *Store) Append(ctx context.Context, log string, base int, r version.Record) error {
	name, data := []byte(log), []byte(r.Reveal())
	statement, args := appendFirst, []any{name, data}
	if base > 0 {
		statement, args = appendNext, []any{data, name, base - 1}
	}
	result, err := s.statements[statement].ExecContext(ctx, args...)
	var n int64
	if err == nil {
		n, err = result.RowsAffected()
	}
	switch {
	case err != nil:
		return fmt.Errorf("sqlstore: cannot append: %w", err)
	case n == 0:
		return version.ErrConflict
	}
	s.waits.wake(channelOf(log))
	return nil
}

// Read returns records as [version.Store] describes. One query returns at most 1,000 of them. Read
// fails with [version.ErrLost] if a record in the middle of the log is missing, and with
// [version.ErrCorrupt] if a value in the table has the wrong type.
func (s *Store) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	var records []version.Record
	for {
		page, err := s.readPage(ctx, log, after+len(records))
		if err != nil {
			return nil, fmt.Errorf("sqlstore: cannot read: %w", err)
		}
		records = append(records, page...)
		if len(page) < pageSize {
			return records, nil
		}
	}
}

func (s *Store) readPage(ctx context.Context, log string, after int) ([]version.Record, error) {
	rows, err := s.statements[readStatement].QueryContext(ctx, []byte(log), after, pageSize)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []version.Record
	for rows.Next() {
		var place int
		var data string
		if err := scan(rows, &place, &data); err != nil {
			return nil, err
		}
		if place != after+len(page) {
			rows.Close()
			return nil, s.missing(ctx, log, after+len(page), place)
		}
		page = append(page, version.NewRecord(data))
	}
	return page, rows.Err()
}

// scan copies a row of workerenv_records into dest. In a damaged file, values can have another type, which the error of
// package sql would quote.
func scan(rows *sql.Rows, dest ...any) error {
	if rows.Scan(dest...) == nil {
		return nil
	}
	return cmp.Or(rows.Err(), version.ErrCorrupt)
}

// missing returns why a log has no record at a place, although it has a later one: because the log
// begins later, or because the record is lost.
func (s *Store) missing(ctx context.Context, log string, place, later int) error {
	var first int
	if err := s.statements[firstStatement].QueryRowContext(ctx, []byte(log)).Scan(&first); err != nil {
		return err
	}
	if first >= later {
		return &version.TruncatedError{Before: first}
	}
	return fmt.Errorf("%w: record %d of log %q is missing", version.ErrLost, place+1, log)
}

// Truncate removes records as [version.Truncater] describes. SQLite overwrites them with zeros, but
// keeps copies in the file -wal until it reuses that file, or until PRAGMA wal_checkpoint(TRUNCATE).
// PostgreSQL keeps them in its files until VACUUM, and in its write-ahead log. Backups keep them, too.
// To protect the values there, encrypt the records with package sealed.
func (s *Store) Truncate(ctx context.Context, log string, before int) error {
	var n int
	err := s.statements[longerStatement].QueryRowContext(ctx, []byte(log), before).Scan(&n)
	if err == nil && n == 0 {
		return version.ErrConflict
	}
	if err == nil {
		_, err = s.statements[truncateStatement].ExecContext(ctx, []byte(log), before)
	}
	if err != nil {
		return fmt.Errorf("sqlstore: cannot truncate: %w", err)
	}
	return nil
}
