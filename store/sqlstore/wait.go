package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"
)

// How long Wait waits between two queries: usually, and while Listen is running, when it queries only
// in case a notification is lost.
const (
	poll          = 20 * time.Millisecond
	pollListening = 2 * time.Second
)

// Wait returns once the log has more than length records, as [version.Waiter] describes. It returns
// at once for records that this Store appends. For those of other processes it asks the database
// every 20 ms, which takes about 12 µs with SQLite. See [Store.Listen] for a faster way.
func (s *Store) Wait(ctx context.Context, log string, length int) error {
	for {
		woken, interval := s.waits.next(channelOf(log)) // before the query, so that no append is missed
		var n int
		err := s.statements[longerStatement].QueryRowContext(ctx, []byte(log), length).Scan(&n)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return fmt.Errorf("sqlstore: cannot read: %w", err)
		case n > 0:
			return nil
		}
		select {
		case <-woken:
		case <-time.After(interval):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Listen makes Wait return within milliseconds of the append of any process, with PostgreSQL's NOTIFY.
// It blocks until ctx ends or the connection fails, and returns the error; call it in a goroutine, and
// again after an error. While it is not running, Wait polls. It occupies one connection of the
// database. With SQLite it fails with [errors.ErrUnsupported].
//
// Next waits for a notification on a connection of the driver and returns its payload. With
// github.com/jackc/pgx/v5/stdlib:
//
//	go store.Listen(ctx, func(ctx context.Context, conn any) (string, error) {
//		n, err := conn.(*stdlib.Conn).Conn().WaitForNotification(ctx)
//		if err != nil {
//			return "", err
//		}
//		return n.Payload, nil
//	})
//
// Listen creates a trigger that notifies after each append. The trigger stays, for all processes, until
// somebody runs DROP TRIGGER workerenv_notify ON workerenv_records. PostgreSQL commits transactions
// that notify one after the other, so that appends to many logs at once become slower.
func (s *Store) Listen(ctx context.Context, next func(ctx context.Context, conn any) (string, error)) error {
	return fmt.Errorf("sqlstore: cannot listen: %w", s.listen(ctx, next))
}

func (s *Store) listen(ctx context.Context, next func(context.Context, any) (string, error)) error {
	if !s.postgreSQL {
		return fmt.Errorf("SQLite has no notifications: %w", errors.ErrUnsupported)
	}
	var exists bool
	err := s.db.QueryRowContext(ctx, hasTrigger).Scan(&exists)
	if err == nil && !exists {
		err = createLocked(ctx, s.db, createNotify, createTrigger)
	}
	if err != nil {
		return err
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Raw(func(any) error { return driver.ErrBadConn }) // closes the connection, which listens
	if _, err := conn.ExecContext(ctx, "LISTEN workerenv_records"); err != nil {
		return err
	}
	s.waits.setListening(1)
	defer s.waits.setListening(-1)
	for {
		err := conn.Raw(func(c any) error {
			payload, err := next(ctx, c)
			if err == nil {
				s.waits.wake(payload)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
}

// The payload of a notification is what channelOf returns.
const (
	hasTrigger = `SELECT EXISTS (SELECT 1 FROM pg_trigger
		WHERE tgname = 'workerenv_notify' AND tgrelid = 'workerenv_records'::regclass)`
	createNotify = `CREATE OR REPLACE FUNCTION workerenv_notify() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN PERFORM pg_notify('workerenv_records', encode(sha256(NEW.log), 'hex')); RETURN NULL; END $$`
	createTrigger = `CREATE OR REPLACE TRIGGER workerenv_notify AFTER INSERT ON workerenv_records
		FOR EACH ROW EXECUTE FUNCTION workerenv_notify()`
)

// channelOf returns the name of a log as notifications have it: the SHA-256, since names may be long and of any bytes.
func channelOf(log string) string {
	sum := sha256.Sum256([]byte(log))
	return hex.EncodeToString(sum[:])
}

// waits wakes the calls of Wait. The zero value is ready to use.
type waits struct {
	mu        sync.Mutex // guards what follows
	listening int        // the number of running calls of Listen
	channels  map[string]chan struct{}
}

// next returns a channel that is closed by the next wake, and how long to wait for it.
func (w *waits) next(channel string) (woken <-chan struct{}, interval time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.channels == nil {
		w.channels = make(map[string]chan struct{})
	}
	if w.channels[channel] == nil {
		w.channels[channel] = make(chan struct{})
	}
	if w.listening > 0 {
		return w.channels[channel], pollListening
	}
	return w.channels[channel], poll
}

// wake wakes the calls of Wait for a log.
func (w *waits) wake(channel string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.close(channel)
}

func (w *waits) close(channel string) {
	if c, ok := w.channels[channel]; ok {
		close(c)
		delete(w.channels, channel)
	}
}

// setListening adds change to the number of running calls of Listen, and wakes all calls of Wait, whose
// interval depends on it.
func (w *waits) setListening(change int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listening += change
	for channel := range w.channels {
		w.close(channel)
	}
}
