package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/ncruces/go-sqlite3/driver"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

// openDB opens a new SQLite database in a file whose name needs escaping.
func openDB(t testing.TB) *sql.DB {
	return openFile(t, filepath.Join(t.TempDir(), "a b?c#d%20.db"))
}

func openFile(t testing.TB, path string) *sql.DB {
	db, err := sql.Open("sqlite3", sqlstore.SQLite(path))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func open(t testing.TB, db *sql.DB) *sqlstore.Store {
	s, err := sqlstore.Open(context.Background(), db)
	require.NoError(t, err)
	return s
}

func TestStore(t *testing.T) {
	versiontest.Run(t, func(t *testing.T) version.Store { return open(t, openDB(t)) })
}

func TestOpenAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	first := open(t, openFile(t, path))
	for i := range 2500 { // more than two pages
		require.NoError(t, first.Append(t.Context(), "log", i, version.NewRecord(fmt.Sprint(i))))
	}
	records, err := open(t, openFile(t, path)).Read(t.Context(), "log", 1)
	require.NoError(t, err)
	require.Len(t, records, 2499)
	require.Equal(t, "2499", records[2498].Reveal())
}

// TestOpenRejects opens databases that a Store cannot use.
func TestOpenRejects(t *testing.T) {
	for _, test := range []struct {
		name      string
		statement string
		want      string
	}{
		{"newer format", `UPDATE workerenv_schema SET format = 2`, "format is 2, this release supports 1"},
		{"schema of another application", `DROP TABLE workerenv_schema; CREATE TABLE workerenv_schema (x)`,
			"workerenv_schema is not a table of this package"},
		{"two formats", `INSERT INTO workerenv_schema VALUES (0)`, "workerenv_schema is not a table of this package"},
		{"records of another application", `DROP TABLE workerenv_records; CREATE TABLE workerenv_records (x)`,
			"workerenv_records is not a table of this package"},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := openDB(t)
			open(t, db)
			_, err := db.Exec(test.statement)
			require.NoError(t, err)
			_, err = sqlstore.Open(t.Context(), db)
			require.ErrorIs(t, err, sqlstore.ErrSchema)
			require.ErrorContains(t, err, test.want)
		})
	}
	t.Run("not durable", func(t *testing.T) {
		db, err := sql.Open("sqlite3", "file:"+filepath.ToSlash(t.TempDir())+
			"/x.db?_pragma=synchronous(normal)&_pragma=busy_timeout(1)")
		require.NoError(t, err)
		defer db.Close()
		_, err = sqlstore.Open(t.Context(), db)
		require.ErrorContains(t, err, "synchronous=FULL")
	})
	t.Run("no database", func(t *testing.T) {
		_, err := sqlstore.Open(t.Context(), openFile(t, filepath.Join(t.TempDir(), "missing", "x.db")))
		require.ErrorContains(t, err, "cannot reach the database")
	})
}

func TestReadFindsGap(t *testing.T) {
	db := openDB(t)
	s := open(t, db)
	for i := range 3 {
		require.NoError(t, s.Append(t.Context(), "log", i, version.NewRecord("data")))
	}
	_, err := db.Exec(`DELETE FROM workerenv_records WHERE place = 1`)
	require.NoError(t, err)
	_, err = s.Read(t.Context(), "log", 0)
	require.ErrorIs(t, err, version.ErrLost)
	require.ErrorContains(t, err, `record 2 of log "log"`)
}

// TestDamagedRow reads rows whose values have types that the table does not have, as in a damaged file.
func TestDamagedRow(t *testing.T) {
	for _, row := range []string{`CAST('log' AS BLOB), 0, NULL`, `CAST('log' AS BLOB), 'c4n4ry', 'data'`} {
		db := openDB(t)
		s := open(t, db)
		_, err := db.Exec(`DROP TABLE workerenv_records; CREATE TABLE workerenv_records (log, place, data);
			INSERT INTO workerenv_records VALUES (` + row + `)`)
		require.NoError(t, err)
		for _, err := range s.Records(t.Context()) {
			require.EqualError(t, err, "sqlstore: cannot read: record is damaged", row)
		}
		_, err = s.Read(t.Context(), "log", 0)
		require.ErrorIs(t, err, version.ErrCorrupt, row)
		require.NotContains(t, err.Error(), "c4n4ry")
	}
}

// TestCompact reads a history from another Store after its first records have been removed. A gap in
// what is left is still an error.
func TestCompact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	db := openFile(t, path)
	h := version.NewHistory(open(t, db), "worker", version.Options{})
	upload := func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{})
		return err
	}
	for range 150 {
		_, err := h.Update(t.Context(), upload)
		require.NoError(t, err)
	}
	require.NoError(t, h.Compact(t.Context()))
	var rows int
	require.NoError(t, db.QueryRow(`SELECT COUNT(*) FROM workerenv_records`).Scan(&rows))
	require.Equal(t, 1, rows)
	other := open(t, openFile(t, path))
	again := version.NewHistory(other, "worker", version.Options{})
	for range 3 {
		s, err := again.Update(t.Context(), upload)
		require.NoError(t, err)
		same, err := h.Read(t.Context())
		require.NoError(t, err)
		require.True(t, s.Equal(same))
	}
	_, err := db.Exec(`DELETE FROM workerenv_records WHERE place = 152`)
	require.NoError(t, err)
	for _, after := range []int{150, 152} {
		_, err = other.Read(t.Context(), "worker", after)
		require.ErrorIs(t, err, version.ErrLost)
	}
}

// TestWaitOfOtherProcess waits for records that another Store appends.
func TestWaitOfOtherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	writer, reader := open(t, openFile(t, path)), open(t, openFile(t, path))
	for i := range 20 {
		woken := make(chan error, 1)
		go func() { woken <- reader.Wait(t.Context(), "log", i) }()
		require.NoError(t, writer.Append(t.Context(), "log", i, version.NewRecord("data")))
		require.NoError(t, <-woken)
	}
	require.ErrorIs(t, reader.Listen(t.Context(), nil), errors.ErrUnsupported)
}

// TestDatabaseFails closes the database while a Store uses it.
func TestDatabaseFails(t *testing.T) {
	db := openDB(t)
	s := open(t, db)
	require.NoError(t, db.Close())
	_, err := s.Read(t.Context(), "log", 0)
	require.Error(t, err)
	err = s.Append(t.Context(), "log", 0, version.NewRecord("c4n4ry"))
	require.Error(t, err)
	require.NotErrorIs(t, err, version.ErrConflict)
	require.NotContains(t, err.Error(), "c4n4ry")
}

func BenchmarkAppend(b *testing.B) {
	s := open(b, openDB(b))
	record := version.NewRecord(strings.Repeat("x", 400))
	i := 0
	for b.Loop() {
		if err := s.Append(b.Context(), "log", i, record); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// TestTruncateOverwrites searches the files of the database for what was removed.
func TestTruncateOverwrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	db := openFile(t, path)
	s := open(t, db)
	for i := range 100 {
		require.NoError(t, s.Append(t.Context(), "log", i, version.NewRecord(fmt.Sprintf("c4n4ry%d", i))))
	}
	require.NoError(t, s.Truncate(t.Context(), "log", 99))
	_, err := db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	require.NoError(t, err)
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(path + suffix)
		require.NoError(t, err)
		require.Equal(t, suffix == "", strings.Contains(string(data), "c4n4ry99"))
		require.False(t, strings.Contains(string(data), "c4n4ry42"))
	}
}
