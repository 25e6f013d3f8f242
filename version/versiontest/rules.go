package versiontest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/workerenv/workerenv/version"
)

// numbered returns the records with numbers from first to end-1, all different.
func numbered(first, end int) (records []version.Record) {
	for i := first; i < end; i++ {
		records = append(records, version.NewRecord(fmt.Sprintf("record %d", i)))
	}
	return records
}

// fill appends records 0 to n-1.
func fill(ctx context.Context, s version.Store, log string, n int) error {
	for i, r := range numbered(0, n) {
		if err := s.Append(ctx, log, i, r); err != nil {
			return fmt.Errorf("append to a log of %d records at base %d: %w", i, i, err)
		}
	}
	return nil
}

// expect reads a log and compares it with want.
func expect(ctx context.Context, s version.Store, log string, after int, want []version.Record) error {
	got, err := s.Read(ctx, log, after)
	if err != nil {
		return fmt.Errorf("read after %d: %w", after, err)
	}
	if len(got) != len(want) {
		return fmt.Errorf("read after %d: got %d records, want %d", after, len(got), len(want))
	}
	for i := range want {
		if !got[i].Equal(want[i]) {
			return fmt.Errorf("read after %d: record %d is not the one that was appended", after, after+i+1)
		}
	}
	return nil
}

func empty(ctx context.Context, s version.Store) error {
	return errors.Join(expect(ctx, s, "log", 0, nil), expect(ctx, s, "log", 7, nil))
}

// order reads from many places of a long log, and of one with much data: databases return 1,000
// records or 1 MB at a time.
func order(ctx context.Context, s version.Store) error {
	const n, large, size = 1_500, 50, 100_000
	if err := fill(ctx, s, "log", n); err != nil {
		return err
	}
	var errs []error
	for _, after := range []int{0, 1, 2, n / 2, n - 1, n, n + 1, 10 * n} {
		errs = append(errs, expect(ctx, s, "log", after, numbered(min(after, n), n)))
	}
	var want []version.Record
	for i := range large {
		want = append(want, version.NewRecord(fmt.Sprintf("%*d", size, i)))
		if err := s.Append(ctx, "large", i, want[i]); err != nil {
			return fmt.Errorf("append %d bytes: %w", size, err)
		}
	}
	return errors.Join(append(errs, expect(ctx, s, "large", 0, want))...)
}

// fresh reads each record many times as soon as it is appended.
func fresh(ctx context.Context, s version.Store) error {
	const appends, reads = 500, 10
	all := numbered(0, appends)
	for i, r := range all {
		if err := s.Append(ctx, "log", i, r); err != nil {
			return err
		}
		for range reads {
			if err := expect(ctx, s, "log", i, all[i:i+1]); err != nil {
				return fmt.Errorf("after an append at base %d: %w", i, err)
			}
		}
	}
	return nil
}

func conflict(ctx context.Context, s version.Store) error {
	const n = 3
	if err := fill(ctx, s, "log", n); err != nil {
		return err
	}
	var errs []error
	for _, base := range []int{0, 1, n - 1, n + 1, n + 100} {
		err := s.Append(ctx, "log", base, version.NewRecord("misplaced"))
		if !errors.Is(err, version.ErrConflict) {
			errs = append(errs, fmt.Errorf("append to a log of %d records at base %d: got error %v", n, base, err))
		}
		errs = append(errs, expect(ctx, s, "log", 0, numbered(0, n)))
	}
	if err := s.Append(ctx, "other", 1, version.NewRecord("misplaced")); !errors.Is(err, version.ErrConflict) {
		errs = append(errs, fmt.Errorf("append to an empty log at base 1: got error %v", err))
	}
	return errors.Join(append(errs, expect(ctx, s, "other", 0, nil))...)
}

// equal appends a record again: after itself, in its own place, and to another log.
func equal(ctx context.Context, s version.Store) error {
	r := version.NewRecord("record")
	for base := range 2 {
		if err := s.Append(ctx, "log", base, r); err != nil {
			return fmt.Errorf("append an equal record at base %d: %w", base, err)
		}
	}
	var errs []error
	for base := range 2 {
		if err := s.Append(ctx, "log", base, r); !errors.Is(err, version.ErrConflict) {
			errs = append(errs, fmt.Errorf("append to a log of 2 equal records at base %d: got error %v", base, err))
		}
	}
	errs = append(errs, s.Append(ctx, "other", 0, r))
	return errors.Join(append(errs, expect(ctx, s, "log", 0, []version.Record{r, r}),
		expect(ctx, s, "other", 0, []version.Record{r}))...)
}

func logs(ctx context.Context, s version.Store) error {
	names := []string{
		"", "a", "A", "a ", " a", "a/", "/a", "a/b", "a//b", "a/./b", "a/c/../b", "a%2Fb", "a b", "a+b", ".", "..",
		"a_b", "a%b", "a*b", "a?b", "a'b", `a"b`, `a\b`, "a\nb", "a\x00", "a\x00b", "ä", "a\u0308", "\xff", "\xfe",
	}
	for _, n := range []int{64, 128, 255} {
		long := strings.Repeat("x", n)
		names = append(names, long, long+"1", long+"2")
	}
	const n = 2
	records := make(map[string][]version.Record)
	var errs []error
	for _, name := range names {
		for i := range n {
			r := version.NewRecord(fmt.Sprintf("record %d of %s", i, name))
			if err := s.Append(ctx, name, i, r); err != nil {
				errs = append(errs, fmt.Errorf("log %q: append at base %d: %w", name, i, err))
			}
			records[name] = append(records[name], r)
		}
	}
	for _, name := range names {
		if err := expect(ctx, s, name, 0, records[name]); err != nil {
			errs = append(errs, fmt.Errorf("log %q: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

// data appends data of many forms and sizes. Those of more than keep bytes may be refused.
func data(ctx context.Context, s version.Store) error {
	const keep = 300_000
	texts := []string{"", "\x00", "a\x00b", "\xff\xfe", "a\r\nb\n", " a ", "'\"\\`$", "ünï", "a\u0308"}
	for _, size := range []int{1<<16 + 1, keep, 1<<20 + 1, 1<<24 + 1} {
		texts = append(texts, strings.Repeat("\x00\x01\xff", size/3+1)[:size])
	}
	var want []version.Record
	for _, text := range texts {
		r := version.NewRecord(text)
		err := s.Append(ctx, "log", len(want), r)
		if err != nil && (len(text) <= keep || errors.Is(err, version.ErrConflict)) {
			return fmt.Errorf("append %d bytes: %w", len(text), err)
		}
		if err == nil {
			want = append(want, r)
		}
	}
	return expect(ctx, s, "log", 0, want)
}

func aliasing(ctx context.Context, s version.Store) error {
	if err := fill(ctx, s, "log", 4); err != nil {
		return err
	}
	got, err := s.Read(ctx, "log", 0)
	if err != nil {
		return err
	}
	if len(got) > 0 {
		got[0] = version.NewRecord("overwritten")
		_ = append(got[:1], version.NewRecord("overwritten"))
	}
	return expect(ctx, s, "log", 0, numbered(0, 4))
}

func canceled(ctx context.Context, s version.Store) error {
	if err := fill(ctx, s, "log", 2); err != nil {
		return err
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	var errs []error
	if _, err := s.Read(ended, "log", 0); err == nil {
		errs = append(errs, errors.New("read succeeded"))
	}
	failed := s.Append(ended, "log", 2, numbered(2, 3)[0])
	if failed == nil || errors.Is(failed, version.ErrConflict) {
		errs = append(errs, fmt.Errorf("append: got error %v", failed))
	}
	if errors.Is(failed, version.ErrNotAppended) {
		errs = append(errs, expect(ctx, s, "log", 0, numbered(0, 2)))
	}
	got, err := s.Read(ctx, "log", 0)
	want := numbered(0, max(2, min(len(got), 3))) // the record may have been appended
	if err != nil || !slices.EqualFunc(got, want, version.Record.Equal) {
		errs = append(errs,
			fmt.Errorf("then the log has %d records, or others than those appended, error %v", len(got), err))
	}
	return errors.Join(errs...)
}

// linearizable lets clients compete for the next place of two logs, and read in between.
func linearizable(ctx context.Context, s version.Store) error {
	const clients, rounds = 8, 25
	recorder := NewRecorder(s)
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			log := fmt.Sprintf("log %d", client%2)
			for round := range rounds {
				records, err := recorder.Read(ctx, log, 0)
				if err == nil {
					r := version.NewRecord(fmt.Sprintf("%d of client %d", round, client))
					recorder.Append(ctx, log, len(records), r)
				}
			}
		})
	}
	wg.Wait()
	return recorder.Check(ctx)
}

// histories lets several Histories of one log put secrets.
func histories(ctx context.Context, s version.Store) error {
	const clients, rounds = 4, 10
	h := version.NewHistory(s, "worker", version.Options{})
	_, err := h.Update(ctx, func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{})
		return err
	})
	errs := make([]error, clients)
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() { errs[client] = putSecrets(ctx, s, client, rounds) })
	}
	wg.Wait()
	errs = append(errs, err)
	last, err := h.Read(ctx)
	if n := len(last.Secrets()); n != clients*rounds {
		errs = append(errs, fmt.Errorf("%d secrets were put, %d are there", clients*rounds, n))
	}
	return errors.Join(append(errs, err)...)
}

func putSecrets(ctx context.Context, s version.Store, client, rounds int) error {
	h := version.NewHistory(s, "worker", version.Options{})
	for round := range rounds {
		_, err := h.Update(ctx, func(tx *version.Tx) error {
			_, err := tx.SecretPut(fmt.Sprintf("SECRET_%d_%d", client, round), "text", version.Meta{})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
