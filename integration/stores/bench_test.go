package stores

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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

// limitConnections bounds the connections of db as the command workerenv does.
func limitConnections(db *sql.DB) {
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(8)
}

// appender appends a record to a log that has base records.
type appender func(log string, base int) error

// rawAppender inserts into a table that is as that of package sqlstore, without comparing anything.
func (e engine) rawAppender(b *testing.B) appender {
	db := e.open(b).openDB(b)
	limitConnections(db)
	create := fmt.Sprintf("CREATE TABLE raw (log %[1]s NOT NULL, place BIGINT NOT NULL, data %[1]s NOT NULL, "+
		"PRIMARY KEY (log, place))", e.bytes)
	if e.name == "SQLite" {
		create += " WITHOUT ROWID"
	}
	_, err := db.Exec(create)
	require.NoError(b, err)
	insert, err := db.Prepare("INSERT INTO raw (log, place, data) VALUES ($1, $2, $3)")
	require.NoError(b, err)
	return func(log string, base int) error {
		_, err := insert.ExecContext(b.Context(), []byte(log), base, []byte(benchRecord))
		return err
	}
}

func storeAppender(b *testing.B, target target) appender {
	store, db, err := target.open(b.Context())
	require.NoError(b, err)
	b.Cleanup(func() { db.Close() })
	limitConnections(db)
	record := version.NewRecord(benchRecord)
	return func(log string, base int) error { return store.Append(b.Context(), log, base, record) }
}

// BenchmarkAppend compares an INSERT with Append and with Append of an encrypted record: it reports the
// medians of each. An operation is one of each kind, in random order, so that other load of the machine
// affects all alike. The writers of one log take turns, as those of a History do.
func BenchmarkAppend(b *testing.B) {
	for _, e := range engines {
		for _, logs := range []int{1, 16} {
			for _, writers := range []int{1, 4, 16, 64} {
				b.Run(fmt.Sprintf("%s/logs=%d/writers=%d", e.name, logs, writers), func(b *testing.B) {
					plain, encrypted := e.open(b), e.open(b)
					encrypted.sealed = true
					e.compare(b, logs, writers, e.rawAppender(b), storeAppender(b, plain), storeAppender(b, encrypted))
				})
			}
		}
	}
}

// compare appends b.N records to logs with each of three appenders.
func (e engine) compare(b *testing.B, logs, writers int, appenders ...appender) {
	var mu sync.Mutex // guards times
	times := make([][]time.Duration, len(appenders))
	places, turns := make([][3]int, logs), make([][3]sync.Mutex, logs)
	appendTo := func(kind, i int) error {
		turns[i][kind].Lock()
		defer turns[i][kind].Unlock()
		start := time.Now()
		err := appenders[kind](fmt.Sprintf("account/0123456789abcdef/worker/%d", i), places[i][kind])
		places[i][kind]++
		mu.Lock()
		defer mu.Unlock()
		times[kind] = append(times[kind], time.Since(start))
		return err
	}
	var started atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range writers {
		wg.Go(func() {
			for n := int(started.Add(1)); n <= b.N; n = int(started.Add(1)) {
				for _, kind := range rand.Perm(len(appenders)) {
					if err := appendTo(kind, n%logs); err != nil {
						b.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	reportMedians(b, times)
}

// reportMedians reports the medians of the times that the database, package sqlstore, and package sealed take.
func reportMedians(b *testing.B, times [][]time.Duration) {
	for kind, list := range times {
		slices.Sort(list)
		b.ReportMetric(float64(list[len(list)/2]), []string{"raw", "store", "store+sealed"}[kind]+"-ns")
	}
	b.ReportMetric(0, "ns/op") // of all together
}

// BenchmarkRead compares a SELECT of a log of 100 records with Read, and with Read of encrypted
// records, in the same way.
func BenchmarkRead(b *testing.B) {
	const n = 100
	for _, e := range engines {
		b.Run(e.name, func(b *testing.B) {
			var reads []func() int
			for _, isSealed := range []bool{false, true} {
				target := e.open(b)
				target.sealed = isSealed
				store, db, err := target.open(b.Context())
				require.NoError(b, err)
				defer db.Close()
				for i := range n {
					require.NoError(b, store.Append(b.Context(), "log", i, version.NewRecord(benchRecord)))
				}
				if !isSealed {
					reads = append(reads, func() int { return selectAll(b, db) })
				}
				reads = append(reads, func() int {
					records, err := store.Read(b.Context(), "log", 0)
					require.NoError(b, err)
					return len(records)
				})
			}
			times := make([][]time.Duration, len(reads))
			for b.Loop() {
				for _, kind := range rand.Perm(len(reads)) {
					start := time.Now()
					require.Equal(b, n, reads[kind]())
					times[kind] = append(times[kind], time.Since(start))
				}
			}
			reportMedians(b, times)
		})
	}
}

// selectAll reads the rows of a log.
func selectAll(b *testing.B, db *sql.DB) (n int) {
	rows, err := db.QueryContext(b.Context(),
		"SELECT place, data FROM workerenv_records WHERE log = $1 AND place >= $2 ORDER BY place", []byte("log"), 0)
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
