package stores

import (
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/store/sealed"
	"github.com/workerenv/workerenv/version"
)

// engine is a database, for benchmarks.
type engine struct {
	name  string
	bytes string // the type of byte strings
	open  func(b *testing.B) target
}

var engines = []engine{
	{"SQLite", "BLOB", func(b *testing.B) target { return sqliteTarget(b) }},
	{"PostgreSQL", "BYTEA", func(b *testing.B) target { return postgresTarget(b) }},
}

// benchRecord has the size of a record that puts a secret.
var benchRecord = strings.Repeat("x", 400)

// maxConnections is that of the command workerenv.
const maxConnections = 8

// openPool opens the database of a target with a bound for its connections.
func (target target) openPool(b *testing.B) *sql.DB {
	db := target.openDB(b)
	db.SetMaxOpenConns(maxConnections)
	db.SetMaxIdleConns(maxConnections)
	return db
}

// appender appends a record to a log that has base records.
type appender func(log string, base int) error

// rawAppender inserts into a table that is as that of package sqlstore, without comparing anything.
func (e engine) rawAppender(b *testing.B, target target) appender {
	db := target.openPool(b)
	create := fmt.Sprintf("CREATE TABLE raw (log %s NOT NULL, place BIGINT NOT NULL, data %s NOT NULL, PRIMARY KEY (log, place))", e.bytes, e.bytes)
	if e.name == "SQLite" {
		create += " WITHOUT ROWID"
	}
	_, err := db.Exec(create)
	require.NoError(b, err)
	return func(log string, base int) error {
		_, err := db.ExecContext(b.Context(), "INSERT INTO raw (log, place, data) VALUES ($1, $2, $3)", []byte(log), base, []byte(benchRecord))
		return err
	}
}

func storeAppender(b *testing.B, target target) appender {
	store, db, err := target.open(b.Context())
	require.NoError(b, err)
	b.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(maxConnections)
	db.SetMaxIdleConns(maxConnections)
	record := version.NewRecord(benchRecord)
	return func(log string, base int) error { return store.Append(b.Context(), log, base, record) }
}

// BenchmarkAppend compares an INSERT with Append and with Append of an encrypted record. The writers
// of one log take turns, as those of a History do.
func BenchmarkAppend(b *testing.B) {
	for _, e := range engines {
		for _, logs := range []int{1, 16} {
			for _, writers := range []int{1, 4, 16, 64} {
				name := func(kind string) string { return fmt.Sprintf("%s/logs=%d/writers=%d/%s", e.name, logs, writers, kind) }
				b.Run(name("INSERT"), func(b *testing.B) { appendAll(b, e.rawAppender(b, e.open(b)), logs, writers) })
				b.Run(name("Append"), func(b *testing.B) { appendAll(b, storeAppender(b, e.open(b)), logs, writers) })
				b.Run(name("encrypted"), func(b *testing.B) {
					target := e.open(b)
					target.sealed = true
					appendAll(b, storeAppender(b, target), logs, writers)
				})
			}
		}
	}
}

// appendAll appends b.N records to logs.
func appendAll(b *testing.B, appendTo appender, logs, writers int) {
	bases, turns := make([]int, logs), make([]sync.Mutex, logs)
	var started atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range writers {
		wg.Go(func() {
			for {
				n := int(started.Add(1))
				if n > b.N {
					return
				}
				i := n % logs
				turns[i].Lock()
				if err := appendTo(fmt.Sprintf("account/0123456789abcdef/worker/%d", i), bases[i]); err != nil {
					b.Error(err)
				}
				bases[i]++
				turns[i].Unlock()
			}
		})
	}
	wg.Wait()
}

// BenchmarkRead reads a log of 100 records.
func BenchmarkRead(b *testing.B) {
	const n = 100
	for _, e := range engines {
		b.Run(e.name+"/SELECT", func(b *testing.B) {
			target := e.open(b)
			appendTo, db := e.rawAppender(b, target), target.openPool(b)
			for i := range n {
				require.NoError(b, appendTo("log", i))
			}
			for b.Loop() {
				require.Equal(b, n, selectAll(b, db))
			}
		})
		for kind, isSealed := range map[string]bool{"Read": false, "encrypted": true} {
			b.Run(e.name+"/"+kind, func(b *testing.B) {
				target := e.open(b)
				target.sealed = isSealed
				store, db, err := target.open(b.Context())
				require.NoError(b, err)
				defer db.Close()
				for i := range n {
					require.NoError(b, store.Append(b.Context(), "log", i, version.NewRecord(benchRecord)))
				}
				for b.Loop() {
					records, err := store.Read(b.Context(), "log", 0)
					require.NoError(b, err)
					require.Len(b, records, n)
				}
			})
		}
	}
}

// selectAll reads the rows of a log.
func selectAll(b *testing.B, db *sql.DB) (n int) {
	rows, err := db.QueryContext(b.Context(), "SELECT place, data FROM raw WHERE log = $1 AND place >= $2 ORDER BY place", []byte("log"), 0)
	require.NoError(b, err)
	defer rows.Close()
	for rows.Next() {
		var place int
		var data string
		require.NoError(b, rows.Scan(&place, &data))
		n++
	}
	require.NoError(b, rows.Err())
	return n
}

// BenchmarkSeal encrypts and decrypts a record.
func BenchmarkSeal(b *testing.B) {
	a, err := testAEAD()
	require.NoError(b, err)
	record := version.NewRecord(benchRecord)
	encrypted, err := sealed.Seal(a, "log", 1, record)
	require.NoError(b, err)
	b.Run("Seal", func(b *testing.B) {
		for b.Loop() {
			sealed.Seal(a, "log", 1, record)
		}
	})
	b.Run("Open", func(b *testing.B) {
		for b.Loop() {
			sealed.Open(a, "log", 1, encrypted)
		}
	})
}
