package versiontest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/workerenv/workerenv/version"
)

// truncate checks a Store that is a [version.Truncater]. Any other one passes.
func truncate(ctx context.Context, s version.Store) error {
	const n, before = 1_500, 1_200 // databases return 1,000 records at a time
	t, ok := s.(version.Truncater)
	if !ok {
		return nil
	}
	if err := errors.Join(fill(ctx, s, "log", n), fill(ctx, s, "other", 3)); err != nil {
		return err
	}
	if err := t.Truncate(ctx, "log", before); err != nil {
		if errors.Is(err, errors.ErrUnsupported) {
			return nil
		}
		return fmt.Errorf("truncate a log of %d records before %d: %w", n, before, err)
	}
	var errs []error
	for _, earlier := range []int{before, before / 2, 0} {
		if err := t.Truncate(ctx, "log", earlier); err != nil {
			errs = append(errs, fmt.Errorf("truncate again before %d: %w", earlier, err))
		}
	}
	for log, length := range map[string]int{"log": n, "none": 0} {
		if err := t.Truncate(ctx, log, length); !errors.Is(err, version.ErrConflict) {
			errs = append(errs,
				fmt.Errorf("truncate a log of %d records before %d: got error %v", length, length, err))
		}
	}
	errs = append(errs, truncated(ctx, s, before, n), expect(ctx, s, "other", 0, numbered(0, 3)))
	errs = append(errs, s.Append(ctx, "log", n, numbered(n, n+1)[0]), t.Truncate(ctx, "log", n),
		truncated(ctx, s, n, n+1))
	if w, ok := s.(version.Waiter); ok {
		soon, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		if err := w.Wait(soon, "log", 0); err != nil && !errors.Is(err, errors.ErrUnsupported) {
			errs = append(errs, fmt.Errorf("wait for more than 0 records of a log that begins later: %w", err))
		}
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if t.Truncate(ended, "other", 1) == nil {
		errs = append(errs, errors.New("truncate succeeded although the context had ended"))
	}
	return errors.Join(append(errs, truncating(ctx, s, t))...)
}

// truncated checks "log", which has n records, of which those before a place have been removed.
func truncated(ctx context.Context, s version.Store, before, n int) error {
	var errs []error
	for _, after := range []int{0, 1, before / 2, before - 1} {
		records, err := s.Read(ctx, "log", after)
		var failed *version.TruncatedError
		if !errors.As(err, &failed) || failed.Before != before {
			errs = append(errs, fmt.Errorf(
				"read after %d of a log without its first %d records: got %d records, error %v",
				after, before, len(records), err))
		}
	}
	for _, after := range []int{before, n - 1, n, 2 * n} {
		errs = append(errs, expect(ctx, s, "log", after, numbered(min(after, n), n)))
	}
	for _, base := range []int{0, 1, before - 1, before, n - 1, n + 1} {
		if err := s.Append(ctx, "log", base, version.NewRecord("misplaced")); !errors.Is(err, version.ErrConflict) {
			errs = append(errs, fmt.Errorf(
				"append to a log of %d records without the first %d at base %d: got error %v", n, before, base, err))
		}
	}
	return errors.Join(append(errs, expect(ctx, s, "log", before, numbered(before, n)))...)
}

// truncating reads a log while records are removed. Each Read returns all records or none.
func truncating(ctx context.Context, s version.Store, t version.Truncater) error {
	const n, step = 60, 3
	if err := fill(ctx, s, "busy", n); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		var err error
		for before := step; before < n && err == nil; before += step {
			err = t.Truncate(ctx, "busy", before)
		}
		done <- err
	}()
	for after := 0; ; {
		select {
		case err := <-done:
			return err
		default:
			runtime.Gosched() // WebAssembly has one thread
		}
		err := expect(ctx, s, "busy", after, numbered(after, n))
		var failed *version.TruncatedError
		if errors.As(err, &failed) && failed.Before > after && failed.Before%step == 0 {
			after = failed.Before
		} else if err != nil {
			return fmt.Errorf("while records are removed: %w", err)
		}
	}
}
