package stores

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

// nextNotification is the function that Listen needs, with pgx.
func nextNotification(ctx context.Context, conn any) (string, error) {
	n, err := conn.(*stdlib.Conn).Conn().WaitForNotification(ctx)
	if err != nil {
		return "", err
	}
	return n.Payload, nil
}

// listen runs Listen until the test ends, and returns once it listens. The channel gets its error.
func listen(t testing.TB, s *sqlstore.Store) <-chan error {
	ctx, cancel := context.WithCancel(t.Context())
	listening := make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	failed := make(chan error, 1)
	wg.Go(func() {
		failed <- s.Listen(ctx, func(ctx context.Context, conn any) (string, error) {
			once.Do(func() { close(listening) })
			return nextNotification(ctx, conn)
		})
	})
	t.Cleanup(func() { cancel(); wg.Wait() })
	<-listening
	return failed
}

func TestPostgreSQLListening(t *testing.T) {
	versiontest.Run(t, func(t *testing.T) version.Store {
		s, err := sqlstore.Open(t.Context(), postgresTarget(t).openDB(t))
		require.NoError(t, err)
		listen(t, s)
		return s
	})
}

// TestPostgreSQLListenWakes appends with one Store and waits with another, as another process would.
// While Listen runs, Wait queries the database every 2 s only, so that only a notification can be
// faster.
func TestPostgreSQLListenWakes(t *testing.T) {
	db := postgresTarget(t).openDB(t)
	writer, err := sqlstore.Open(t.Context(), db)
	require.NoError(t, err)
	reader, err := sqlstore.Open(t.Context(), db)
	require.NoError(t, err)
	listen(t, reader)
	const appends = 50
	start := time.Now()
	for i := range appends {
		woken := make(chan error, 1)
		go func() { woken <- reader.Wait(t.Context(), "log\x00\xff", i) }()
		time.Sleep(2 * time.Millisecond) // so that it waits already
		require.NoError(t, writer.Append(t.Context(), "log\x00\xff", i, version.NewRecord("data")))
		require.NoError(t, <-woken)
	}
	took := time.Since(start)/appends - 2*time.Millisecond
	t.Logf("%v from the beginning of Append to the end of Wait", took)
	require.Less(t, took, 2*time.Second)
}

// TestPostgreSQLListenFails ends the connection that listens. Listen returns, and Wait goes on without it.
func TestPostgreSQLListenFails(t *testing.T) {
	db := postgresTarget(t).openDB(t)
	s, err := sqlstore.Open(t.Context(), db)
	require.NoError(t, err)
	other, err := sqlstore.Open(t.Context(), db)
	require.NoError(t, err)
	failed := listen(t, s)
	woken := make(chan error, 1)
	go func() { woken <- s.Wait(t.Context(), "log", 0) }()
	_, err = db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE query LIKE 'LISTEN%' AND datname = current_database()`)
	require.NoError(t, err)
	require.ErrorContains(t, <-failed, "cannot listen")
	require.NoError(t, other.Append(t.Context(), "log", 0, version.NewRecord("data")))
	require.NoError(t, <-woken)
}

// BenchmarkPostgreSQLAppend shows what the trigger of Listen costs: appends to one log and to 16 logs
// at once, without and with it.
func BenchmarkPostgreSQLAppend(b *testing.B) {
	db := postgresTarget(b).openDB(b)
	s, err := sqlstore.Open(b.Context(), db)
	require.NoError(b, err)
	record := version.NewRecord(strings.Repeat("x", 400))
	run := 0
	for _, how := range []string{"silent", "notifying"} {
		if how == "notifying" {
			listen(b, s)
		}
		for _, logs := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/logs=%d", how, logs), func(b *testing.B) {
				run++
				var next atomic.Int64
				var wg sync.WaitGroup
				for log := range logs {
					wg.Go(func() {
						for i := 0; next.Add(1) <= int64(b.N); i++ {
							if err := s.Append(b.Context(), fmt.Sprint(run, log), i, record); err != nil {
								b.Error(err)
							}
						}
					})
				}
				wg.Wait()
			})
		}
	}
}
