package versiontest_test

import (
	"context"
	"errors"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

var brokenStores = []struct {
	rule, name string // the rule that finds the fault
	open       func() *broken
}{
	{"empty", "an empty log is an error", func() *broken {
		return &broken{read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
			all, err := s.MemStore.Read(ctx, log, after)
			if len(all) == 0 && err == nil {
				err = errors.New("no such log")
			}
			return all, err
		}}
	}},
	{"empty", "a log begins with a record of the store's own", func() *broken {
		return reads(func(all []version.Record, after int) []version.Record {
			return rest(append([]version.Record{version.NewRecord("format 1")}, all...), after)
		})
	}},

	{"order", "pages of 100 records", func() *broken { return pages(100) }},
	{"order", "pages of 1,000 records", func() *broken { return pages(1_000) }},
	{"order", "pages of 1 MiB", func() *broken {
		return reads(func(all []version.Record, after int) []version.Record {
			size := 0
			return slices.Collect(func(yield func(version.Record) bool) {
				for _, r := range rest(all, after) {
					if size += len(r.Reveal()); size > 1<<20 || !yield(r) {
						return
					}
				}
			})
		})
	}},
	{"order", "keeps the newest 1,200 records", func() *broken {
		return reads(func(all []version.Record, after int) []version.Record {
			return rest(all[max(0, len(all)-1_200):], after)
		})
	}},
	{"order", "keeps 256 records", func() *broken {
		return reads(func(all []version.Record, after int) []version.Record { return rest(all[:min(256, len(all))], after) })
	}},
	{"order", "ignores after", func() *broken {
		return reads(func(all []version.Record, _ int) []version.Record { return all })
	}},
	{"order", "counts from 1", func() *broken {
		return reads(func(all []version.Record, after int) []version.Record { return rest(all, max(0, after-1)) })
	}},
	{"order", "newest first", func() *broken {
		return reads(func(all []version.Record, after int) []version.Record {
			all = rest(all, after)
			slices.Reverse(all)
			return all
		})
	}},
	{"order", "sorts places as text", func() *broken {
		return reads(func(all []version.Record, after int) []version.Record {
			places := make([]string, len(all))
			for i := range all {
				places[i] = strconv.Itoa(i)
			}
			slices.Sort(places)
			sorted := make([]version.Record, len(all))
			for i, place := range places {
				n, _ := strconv.Atoi(place)
				sorted[i] = all[n]
			}
			return rest(sorted, after)
		})
	}},
	{"order", "fails behind the end", func() *broken {
		return &broken{read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
			all, err := s.MemStore.Read(ctx, log, 0)
			if after > len(all) {
				return nil, errors.New("out of range")
			}
			return rest(all, after), err
		}}
	}},

	{"fresh", "a stale read in 10", func() *broken { return stale(10) }},
	{"fresh", "a stale read in 1,000", func() *broken { return stale(1_000) }},
	{"fresh", "records appear after 50 µs", func() *broken { return delayed(50 * time.Microsecond) }},

	{"conflict", "appends at any base", func() *broken {
		return appends(func(s *broken, ctx context.Context, log string, _ int, r version.Record) error {
			return s.force(ctx, log, r)
		})
	}},
	{"conflict", "appends at a base beyond the end", func() *broken {
		return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
			all, err := s.MemStore.Read(ctx, log, 0)
			if err != nil {
				return err
			}
			return s.MemStore.Append(ctx, log, min(base, len(all)), r)
		})
	}},
	{"conflict", "appends at an earlier base", func() *broken {
		return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
			all, err := s.MemStore.Read(ctx, log, 0)
			if err != nil {
				return err
			}
			return s.MemStore.Append(ctx, log, max(base, len(all)), r)
		})
	}},
	{"conflict", "conflicts have another error", func() *broken {
		return after(func(_ *broken, _ context.Context, _ string, _ version.Record, err error) error {
			if err != nil {
				return errors.New("duplicate key")
			}
			return nil
		})
	}},
	{"conflict", "conflicts are ignored", func() *broken {
		return after(func(*broken, context.Context, string, version.Record, error) error { return nil })
	}},
	{"conflict", "appends in spite of a conflict", func() *broken {
		return after(func(s *broken, ctx context.Context, log string, r version.Record, err error) error {
			if err != nil {
				s.force(ctx, log, r)
			}
			return err
		})
	}},

	{"equal", "drops an equal record", func() *broken {
		return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
			all, err := s.MemStore.Read(ctx, log, 0)
			if err != nil || slices.ContainsFunc(all, r.Equal) {
				return err
			}
			return s.MemStore.Append(ctx, log, base, r)
		})
	}},
	{"equal", "accepts a record twice in its place", func() *broken {
		return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
			all, err := s.MemStore.Read(ctx, log, 0)
			if err != nil || base < len(all) && all[base].Equal(r) {
				return err
			}
			return s.MemStore.Append(ctx, log, base, r)
		})
	}},
	{"equal", "keeps equal records of two logs once", sharing},

	{"logs", "one log for all names", func() *broken { return names(func(string) string { return "log" }) }},
	{"logs", "names cut at 64 bytes", func() *broken { return names(cut(64)) }},
	{"logs", "names cut at 255 bytes", func() *broken { return names(cut(255)) }},
	{"logs", "lower-case names", func() *broken { return names(strings.ToLower) }},
	{"logs", "// in names is /", func() *broken {
		return names(func(s string) string { return strings.ReplaceAll(s, "//", "/") })
	}},
	{"logs", "clean paths", func() *broken { return names(path.Clean) }},
	{"logs", "names without spaces around", func() *broken { return names(func(s string) string { return strings.Trim(s, " ") }) }},
	{"logs", "names end at a NUL", func() *broken {
		return names(func(s string) string { return strings.SplitN(s, "\x00", 2)[0] })
	}},
	{"logs", "UTF-8 names", func() *broken { return names(func(s string) string { return strings.ToValidUTF8(s, "\ufffd") }) }},
	{"logs", "normalized names", func() *broken {
		return names(func(s string) string { return strings.ReplaceAll(s, "a\u0308", "ä") })
	}},
	{"logs", "percent-decoded names", func() *broken {
		return names(func(s string) string {
			if decoded, err := url.PathUnescape(s); err == nil {
				return decoded
			}
			return s
		})
	}},
	{"logs", "reads all logs with the name as prefix", func() *broken {
		return &broken{read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
			all, err := s.MemStore.Read(ctx, log, 0)
			if log == "a" {
				below, _ := s.MemStore.Read(ctx, "a/b", 0)
				all = append(all, below...)
			}
			return rest(all, after), err
		}}
	}},

	{"data", "data cut at 64 KiB", func() *broken { return texts(cut(1 << 16)) }},
	{"data", "data cut at 1 MiB", func() *broken { return texts(cut(1 << 20)) }},
	{"data", "data cut at 16 MiB", func() *broken { return texts(cut(1 << 24)) }},
	{"data", "UTF-8 data", func() *broken { return texts(func(s string) string { return string([]rune(s)) }) }},
	{"data", "data ends at a NUL", func() *broken { return texts(func(s string) string { return strings.SplitN(s, "\x00", 2)[0] }) }},
	{"data", "data without space at the end", func() *broken {
		return texts(func(s string) string { return strings.TrimRight(s, " \n") })
	}},
	{"data", "lines end with LF", func() *broken {
		return texts(func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") })
	}},
	{"data", "drops empty records", func() *broken {
		return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
			if r.IsZero() {
				return nil
			}
			return s.MemStore.Append(ctx, log, base, r)
		})
	}},

	{"aliasing", "returns its own slice", aliased},

	{"canceled", "reads without the context", func() *broken {
		return &broken{read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
			return s.MemStore.Read(context.WithoutCancel(ctx), log, after)
		}}
	}},
	{"canceled", "appends without the context", func() *broken {
		return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
			return s.MemStore.Append(context.WithoutCancel(ctx), log, base, r)
		})
	}},
	{"canceled", "appends in spite of ErrNotAppended", func() *broken {
		return after(func(s *broken, ctx context.Context, log string, r version.Record, err error) error {
			if err != nil {
				s.force(context.WithoutCancel(ctx), log, r)
			}
			return err
		})
	}},
	{"canceled", "the end of a context is a conflict", func() *broken {
		return after(func(_ *broken, _ context.Context, _ string, _ version.Record, err error) error {
			if err != nil {
				return version.ErrConflict
			}
			return nil
		})
	}},

	{"linearizable", "compares and appends in two steps", racing},
	{"linearizable", "loses a record in 10", func() *broken { return losing(10) }},
	{"linearizable", "conflicts without reason once in 20", func() *broken {
		var calls atomic.Int32
		return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
			if calls.Add(1)%20 == 0 {
				return version.ErrConflict
			}
			return s.MemStore.Append(ctx, log, base, r)
		})
	}},
	{"wait", "returns at once", func() *broken {
		return &broken{wait: func(*broken, context.Context, string, int) error { return nil }}
	}},
	{"wait", "returns when the context ends only", func() *broken {
		return &broken{wait: func(_ *broken, ctx context.Context, _ string, _ int) error {
			<-ctx.Done()
			return ctx.Err()
		}}
	}},
	{"wait", "succeeds when the context ends", func() *broken {
		return &broken{wait: func(s *broken, ctx context.Context, log string, length int) error {
			s.MemStore.Wait(ctx, log, length)
			return nil
		}}
	}},
	{"wait", "misses records that are there already", func() *broken {
		return &broken{wait: func(s *broken, ctx context.Context, log string, _ int) error {
			all, err := s.MemStore.Read(ctx, log, 0)
			if err != nil {
				return err
			}
			return s.MemStore.Wait(ctx, log, len(all))
		}}
	}},
	{"truncate", "removes nothing", func() *broken {
		return &broken{truncate: func(*broken, context.Context, string, int) error { return nil }}
	}},
	{"truncate", "removes one record too many", func() *broken {
		return &broken{truncate: func(s *broken, ctx context.Context, log string, before int) error {
			return s.MemStore.Truncate(ctx, log, before+1)
		}}
	}},
	{"truncate", "succeeds beyond the end", func() *broken {
		return &broken{truncate: func(s *broken, ctx context.Context, log string, before int) error {
			if err := s.MemStore.Truncate(ctx, log, before); !errors.Is(err, version.ErrConflict) {
				return err
			}
			return nil
		}}
	}},
	{"truncate", "fails the second time", func() *broken {
		var done sync.Map
		return &broken{truncate: func(s *broken, ctx context.Context, log string, before int) error {
			if _, again := done.LoadOrStore(log, true); again {
				return errors.New("no such record")
			}
			return s.MemStore.Truncate(ctx, log, before)
		}}
	}},
	{"truncate", "reads what is left without an error", func() *broken {
		return &broken{read: func(s *broken, ctx context.Context, log string, after int) ([]version.Record, error) {
			records, err := s.MemStore.Read(ctx, log, after)
			var truncated *version.TruncatedError
			if errors.As(err, &truncated) {
				return s.MemStore.Read(ctx, log, truncated.Before)
			}
			return records, err
		}}
	}},
	{"truncate", "begins the log anew at base 0", func() *broken {
		return appends(func(s *broken, ctx context.Context, log string, base int, r version.Record) error {
			if _, err := s.MemStore.Read(ctx, log, 0); err != nil && base == 0 {
				return nil
			}
			return s.MemStore.Append(ctx, log, base, r)
		})
	}},
	{"truncate", "removes one record after the other", func() *broken {
		return &broken{truncate: func(s *broken, ctx context.Context, log string, before int) error {
			for i := range before {
				if err := s.MemStore.Truncate(ctx, log, i+1); err != nil {
					return err
				}
				if before < 100 {
					time.Sleep(time.Millisecond)
				}
			}
			return s.MemStore.Truncate(ctx, log, before)
		}}
	}},
	{"history", "compares and appends in two steps", racing},
	{"history", "loses a record in 10", func() *broken { return losing(10) }},
}

// TestBrokenStores checks the suite itself: each rule finds each of its broken stores, and each rule is needed.
func TestBrokenStores(t *testing.T) {
	rules := make(map[string]versiontest.Rule)
	for _, rule := range versiontest.Rules() {
		rules[rule.Name] = rule
	}
	for _, store := range brokenStores {
		t.Run(store.rule+"/"+store.name, func(t *testing.T) {
			require.Error(t, rules[store.rule].Check(t.Context(), store.open()))
		})
	}
	for _, store := range brokenStores {
		delete(rules, store.rule)
	}
	require.Empty(t, rules, "rules that no broken store breaks")
}
