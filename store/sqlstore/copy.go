package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"github.com/workerenv/workerenv/version"
)

// ErrNotEmpty means that the Store to which [Copy] would write has records already.
var ErrNotEmpty = errors.New("store has records already")

// Entry is a record with its place.
type Entry struct {
	Log    string
	Place  int // the position in the log, from 0
	Record version.Record
}

// Records returns all records, ordered by log and place, as they are when the loop begins. If the
// database fails, the last pair has the error.
func (s *Store) Records(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if err := s.records(ctx, func(e Entry) bool { return yield(e, nil) }); err != nil {
			yield(Entry{}, fmt.Errorf("sqlstore: cannot read: %w", err))
		}
	}
}

func (s *Store) records(ctx context.Context, yield func(Entry) bool) error {
	rows, err := s.db.QueryContext(ctx, `SELECT log, place, data FROM workerenv_records ORDER BY log, place`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var e Entry
		var data string
		if err := scan(rows, &e.Log, &e.Place, &data); err != nil {
			return err
		}
		e.Record = version.NewRecord(data)
		if !yield(e) {
			return nil
		}
	}
	return rows.Err()
}

// Copy copies the records of [Store.Records] to another, empty Store, and returns how many there are.
// It stores the result of convert in place of each record, for example an encrypted one; nil changes
// nothing. If Copy fails, nothing is copied. It fails with [ErrNotEmpty] if to has records.
func Copy(ctx context.Context, to, from *Store, convert func(Entry) (version.Record, error)) (n int, err error) {
	err = to.inTx(ctx, func(tx *sql.Tx) error {
		const count = `SELECT COUNT(*) FROM (SELECT 1 FROM workerenv_records LIMIT 1) AS first`
		var found int
		err := tx.QueryRowContext(ctx, count).Scan(&found)
		if err == nil && found > 0 {
			err = ErrNotEmpty
		}
		if err == nil {
			n, err = write(ctx, tx, `INSERT INTO workerenv_records (data, log, place) VALUES ($1, $2, $3)`,
				from.Records(ctx), convert)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sqlstore: cannot copy: %w", err)
	}
	return n, nil
}

// Rewrite replaces each record by the result of convert, for example to encrypt it with another key, and returns how
// many there are. It replaces at most 1,000 records in one transaction, so that others can append in between. If it
// fails, some records may have been replaced: a second call passes to convert the replaced ones, too.
func (s *Store) Rewrite(ctx context.Context, convert func(Entry) (version.Record, error)) (int, error) {
	const update = `UPDATE workerenv_records SET data = $1 WHERE log = $2 AND place = $3`
	next, stop := iter.Pull2(s.Records(ctx))
	defer stop()
	some := func(yield func(Entry, error) bool) {
		for range pageSize {
			if e, err, ok := next(); !ok || !yield(e, err) {
				return
			}
		}
	}
	for total, n := 0, 0; ; {
		err := s.inTx(ctx, func(tx *sql.Tx) (err error) {
			n, err = write(ctx, tx, update, some, convert)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("sqlstore: cannot rewrite: %w", err)
		}
		if total += n; n < pageSize {
			return total, nil
		}
	}
}

// inTx calls f and commits the transaction unless f fails.
func (s *Store) inTx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// write executes a statement with the result of convert, the log and the place of each entry.
func write(ctx context.Context, tx *sql.Tx, statement string, entries iter.Seq2[Entry, error],
	convert func(Entry) (version.Record, error)) (n int, err error) {
	prepared, err := tx.PrepareContext(ctx, statement)
	if err != nil {
		return 0, err
	}
	defer prepared.Close()
	for e, err := range entries {
		if err == nil && convert != nil {
			e.Record, err = convert(e)
		}
		if err == nil {
			_, err = prepared.ExecContext(ctx, []byte(e.Record.Reveal()), []byte(e.Log), e.Place)
		}
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}
