package versiontest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/workerenv/workerenv/version"
)

// wait checks a Store that is a [version.Waiter]. Any other one passes.
func wait(ctx context.Context, s version.Store) error {
	waiter, ok := s.(version.Waiter)
	if !ok {
		return nil
	}
	if err := idle(ctx, waiter); err != nil {
		if errors.Is(err, errors.ErrUnsupported) {
			return nil
		}
		return err
	}
	const rounds = 100
	for i, r := range numbered(0, rounds) {
		grown := make(chan error, 1)
		go func() { grown <- growth(ctx, s, waiter, i) }()
		if i%2 == 0 {
			time.Sleep(time.Millisecond) // so that it waits already
		}
		if err := s.Append(ctx, "log", i, r); err != nil {
			return fmt.Errorf("append at base %d: %w", i, err)
		}
		if err := <-grown; err != nil {
			return fmt.Errorf("wait for more than %d records: %w", i, err)
		}
	}
	if err := growth(ctx, s, waiter, 0); err != nil {
		return fmt.Errorf("wait for more than 0 records of a log that has %d: %w", rounds, err)
	}
	return nil
}

// idle waits for records of a log that gets none, also with a context that has ended.
func idle(ctx context.Context, w version.Waiter) error {
	const most = 20
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	for returns := 0; ; returns++ {
		err := w.Wait(short, "idle", 0)
		switch {
		case errors.Is(err, short.Err()) && err != nil:
			return nil
		case err != nil:
			return fmt.Errorf("wait until the context ends: got error %w", err)
		case short.Err() != nil:
			return errors.New("wait succeeds although the context has ended and the log has not grown")
		case returns == most:
			return fmt.Errorf("wait returned more than %d times in 200 ms although the log did not grow", most)
		}
	}
}

// growth waits until a log has more than length records.
func growth(ctx context.Context, s version.Store, w version.Waiter, length int) error {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if err := w.Wait(ctx, "log", length); err != nil {
			return err
		}
		records, err := s.Read(ctx, "log", length)
		if err != nil || len(records) > 0 {
			return err
		}
	}
}
