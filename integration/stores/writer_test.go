package stores

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/workerenv/workerenv/store/sealed"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
)

// newRecord returns a record that no other is equal to, with its place and a checksum.
func newRecord(log string, place int) version.Record {
	text := fmt.Sprintf("%s %d %s ", log, place, rand.Text())
	text += strings.Repeat("x", int(crc32.ChecksumIEEE([]byte(text))%6000)) // SQLite has pages of 4096 bytes
	return version.NewRecord(fmt.Sprintf("%s %08x", text, crc32.ChecksumIEEE([]byte(text))))
}

// checkRecord returns the unique part of a record of newRecord, if it is whole and in its place.
func checkRecord(r version.Record, log string, place int) (id string, err error) {
	var ourLog string
	var ourPlace int
	data := r.Reveal()
	if _, err := fmt.Sscan(data, &ourLog, &ourPlace, &id); err != nil {
		return "", fmt.Errorf("log %s: record %d has another form: %w", log, place, err)
	}
	text, sum := data[:len(data)-9], data[len(data)-9:]
	if ourLog != log || ourPlace != place || sum != fmt.Sprintf(" %08x", crc32.ChecksumIEEE([]byte(text))) {
		return "", fmt.Errorf("log %s: record %d is damaged or has another place", log, place)
	}
	return id, nil
}

// appended is an append that the Store has acknowledged.
type appended struct {
	log   string
	place int
	id    string
}

// write appends records to a log until ctx ends or fails, and passes each append that is acknowledged
// to ack. Other writers may use the log at the same time. If the Store fails, write finds out whether
// the record was appended as a History does, and tries again; failed gets the error.
func write(ctx context.Context, store version.Store, log string, ack func(appended), failed func(error)) {
	place := -1 // unknown
	var r version.Record
	for ctx.Err() == nil {
		if place < 0 {
			all, err := store.Read(ctx, log, 0)
			if err != nil {
				failed(err)
				continue
			}
			place = len(all)
			r = newRecord(log, place)
		}
		err := store.Append(ctx, log, place, r)
		if err != nil && !errors.Is(err, version.ErrConflict) {
			failed(err)
			continue // the same append again
		}
		if err != nil && !isAt(ctx, store, log, place, r, failed) {
			place = -1
			continue
		}
		id, _ := checkRecord(r, log, place)
		ack(appended{log, place, id})
		place++
		r = newRecord(log, place)
	}
}

// isAt reports whether an earlier append of r took effect.
func isAt(ctx context.Context, store version.Store, log string, place int, r version.Record, failed func(error)) bool {
	for ctx.Err() == nil {
		rest, err := store.Read(ctx, log, place)
		if err == nil {
			return len(rest) > 0 && rest[0].Equal(r)
		}
		failed(err)
	}
	return false
}

// ledger knows what was acknowledged, and compares it with a Store.
type ledger struct {
	mu    sync.Mutex
	acked []appended        // since the last check
	logs  map[string]int    // records of each log that were checked
	ids   map[string]string // where each of them is
}

func newLedger() *ledger { return &ledger{logs: map[string]int{}, ids: map[string]string{}} }

func (l *ledger) ack(a appended) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acked = append(l.acked, a)
}

// check requires that the new records of the logs are whole, that none is there twice, and that all
// acknowledged ones are there. It returns how many were acknowledged.
func (l *ledger) check(t *testing.T, store version.Store, logs []string) int {
	t.Helper()
	for _, log := range logs {
		records, err := store.Read(t.Context(), log, l.logs[log])
		require.NoError(t, err)
		for i, r := range records {
			place := l.logs[log] + i
			id, err := checkRecord(r, log, place)
			require.NoError(t, err)
			require.Empty(t, l.ids[id], "a record is there twice")
			l.ids[id] = fmt.Sprintf("%s %d", log, place)
		}
		l.logs[log] += len(records)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range l.acked {
		require.Equal(t, fmt.Sprintf("%s %d", a.log, a.place), l.ids[a.id], "an acknowledged record is lost")
	}
	n := len(l.acked)
	l.acked = nil
	return n
}

// target names a Store in a database, for another process.
type target struct {
	driver, source string
	sealed         bool
}

// testKeyset is the keyset of sealed targets.
const testKeyset = `{"primaryKeyId":1,"key":[{"keyId":1,"status":"ENABLED","outputPrefixType":"TINK","keyData":{` +
	`"typeUrl":"type.googleapis.com/google.crypto.tink.XChaCha20Poly1305Key","keyMaterialType":"SYMMETRIC",` +
	`"value":"GiAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHw=="}}]}`

// open opens the Store. The caller closes the database.
func (target target) open(ctx context.Context) (version.Store, *sql.DB, error) {
	db, err := sql.Open(target.driver, target.source)
	if err != nil {
		return nil, nil, err
	}
	store, err := sqlstore.Open(ctx, db)
	if err != nil {
		db.Close()
		return nil, nil, err
	}
	if !target.sealed {
		return store, db, nil
	}
	a, err := testAEAD()
	return sealed.New(store, a), db, err
}

// testAEAD returns the AEAD of testKeyset.
func testAEAD() (sealed.AEAD, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(strings.NewReader(testKeyset)))
	if err != nil {
		return nil, err
	}
	return aead.New(handle)
}

// writerVariable has the target of a writer process: driver, source and whether it is sealed.
const writerVariable = "WORKERENV_TEST_WRITER"

// TestMain runs a writer process instead of the tests if writerVariable is set.
func TestMain(m *testing.M) {
	if text := os.Getenv(writerVariable); text != "" {
		part := strings.Split(text, "\n")
		writeForever(target{part[0], part[1], part[2] == "sealed"}, os.Stdout)
	}
	os.Exit(m.Run())
}

// crashLogs are those of a writer process: some with one writer each, and one with two.
var crashLogs = []string{"a", "b", "c", "c"}

// writeForever writes to crashLogs, and a line for each acknowledged append to w.
func writeForever(target target, w io.Writer) {
	ctx := context.Background()
	store, _, err := target.open(ctx)
	fail := func(err error) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err != nil {
		fail(err)
	}
	for _, log := range crashLogs {
		go write(ctx, store, log, func(a appended) { fmt.Fprintln(w, a.log, a.place, a.id) }, fail)
	}
	select {}
}
