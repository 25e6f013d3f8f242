package sealed_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/store/sealed"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

const canary = "c4n4ry"

func key(t testing.TB, b byte) sealed.AEAD {
	aead, err := sealed.NewAESGCM(bytes.Repeat([]byte{b}, 32))
	require.NoError(t, err)
	return aead
}

func TestStore(t *testing.T) {
	versiontest.Run(t, func(t *testing.T) version.Store { return sealed.New(new(version.MemStore), key(t, 1)) })
}

// move copies the record at position of log to another log or position, as an attacker with access to
// the inner Store could.
func move(t *testing.T, from, to version.Store, log string, position int, toLog string, base int) {
	records, err := from.Read(t.Context(), log, position)
	require.NoError(t, err)
	require.NoError(t, to.Append(t.Context(), toLog, base, records[0]))
}

func TestReadRejects(t *testing.T) {
	ctx := context.Background()
	inner := new(version.MemStore)
	store := sealed.New(inner, key(t, 1))
	for i := range 3 {
		require.NoError(t, store.Append(ctx, "a", i, version.NewRecord(canary)))
	}
	for _, test := range []struct {
		name   string
		attack func(t *testing.T, damaged version.Store)
		log    string
		record int
	}{
		{"another log", func(t *testing.T, s version.Store) { move(t, inner, s, "a", 0, "b", 0) }, "b", 1},
		{"another position", func(t *testing.T, s version.Store) { move(t, inner, s, "a", 1, "a", 0) }, "a", 1},
		{"repeated", func(t *testing.T, s version.Store) {
			move(t, inner, s, "a", 0, "a", 0)
			move(t, inner, s, "a", 0, "a", 1)
		}, "a", 2},
		{"not encrypted", func(t *testing.T, s version.Store) {
			require.NoError(t, s.Append(ctx, "a", 0, version.NewRecord(canary)))
		}, "a", 1},
		{"empty", func(t *testing.T, s version.Store) {
			require.NoError(t, s.Append(ctx, "a", 0, version.NewRecord("")))
		}, "a", 1},
		{"one bit", func(t *testing.T, s version.Store) {
			records, _ := inner.Read(ctx, "a", 0)
			data := []byte(records[0].Reveal())
			data[len(data)-1] ^= 1
			require.NoError(t, s.Append(ctx, "a", 0, version.NewRecord(string(data))))
		}, "a", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			damaged := new(version.MemStore)
			test.attack(t, damaged)
			_, err := sealed.New(damaged, key(t, 1)).Read(ctx, test.log, 0)
			var failure *sealed.Error
			require.ErrorAs(t, err, &failure)
			require.Equal(t, test.log, failure.Log)
			require.Equal(t, test.record, failure.Record)
			require.NotContains(t, err.Error(), canary)
		})
	}
	t.Run("another key", func(t *testing.T) {
		_, err := sealed.New(inner, key(t, 2)).Read(ctx, "a", 0)
		require.ErrorContains(t, err,
			`log "a": record 1 cannot be opened: wrong key, or the record was changed or moved`)
	})
}

// TestHides searches the inner Store for names and values.
func TestHides(t *testing.T) {
	inner := new(version.MemStore)
	h := version.NewHistory(sealed.New(inner, key(t, 1)), "worker", version.Options{})
	_, err := h.Update(t.Context(), func(tx *version.Tx) error {
		bindings, err := binding.NewSet(binding.Secret("SECRET_NAME", canary), binding.Var("VAR_NAME", canary))
		if err != nil {
			return err
		}
		_, err = tx.UploadAndDeploy(version.Upload{Bindings: bindings})
		return err
	})
	require.NoError(t, err)
	records, err := inner.Read(t.Context(), "worker", 0)
	require.NoError(t, err)
	require.NotEmpty(t, records)
	for _, r := range records {
		for _, text := range []string{canary, "SECRET_NAME", "VAR_NAME", "secret_text"} {
			require.False(t, strings.Contains(r.Reveal(), text), "%s is readable", text)
		}
	}
}

// TestOldCopy removes the last records of a log, or all, as an attacker with access to the inner Store
// could. What is left is a valid log, so that only a Head detects it.
func TestOldCopy(t *testing.T) {
	inner := new(version.MemStore)
	h := version.NewHistory(sealed.New(inner, key(t, 1)), "worker", version.Options{})
	var heads []version.Head
	for range 3 {
		s, err := h.Update(t.Context(), func(tx *version.Tx) error {
			_, err := tx.UploadAndDeploy(version.Upload{})
			return err
		})
		require.NoError(t, err)
		heads = append(heads, s.Head())
	}
	for records := range 3 {
		copied := new(version.MemStore)
		for i := range records {
			move(t, inner, copied, "worker", i, "worker", i)
		}
		h := version.NewHistory(sealed.New(copied, key(t, 1)), "worker", version.Options{})
		s, err := h.Read(t.Context())
		require.NoError(t, err)
		require.Equal(t, records, s.Revision())
		require.ErrorIs(t, h.CheckHead(t.Context(), heads[2]), version.ErrHead)
	}
}

// TestCompact reads a log whose first records have been removed. A log from which others have removed
// the checkpoint, too, is refused.
func TestCompact(t *testing.T) {
	inner := new(version.MemStore)
	open := func() *version.History {
		return version.NewHistory(sealed.New(inner, key(t, 1)), "worker", version.Options{})
	}
	put := func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{})
		return err
	}
	h := open()
	for range 3 {
		_, err := h.Update(t.Context(), put)
		require.NoError(t, err)
	}
	require.NoError(t, h.Compact(t.Context()))
	head := h.Cached().Head()
	s, err := h.Update(t.Context(), put)
	require.NoError(t, err)
	again, err := open().Read(t.Context())
	require.NoError(t, err)
	require.True(t, s.Equal(again))
	require.NoError(t, h.CheckHead(t.Context(), head))
	require.NoError(t, inner.Truncate(t.Context(), "worker", 4))
	_, err = open().Read(t.Context())
	require.ErrorIs(t, err, version.ErrMisplaced)
}

// A Store without optional interfaces has none either when it is sealed.
func TestOptionalInterfaces(t *testing.T) {
	store := sealed.New(struct{ version.Store }{new(version.MemStore)}, key(t, 1))
	require.ErrorIs(t, store.Wait(t.Context(), "log", 0), errors.ErrUnsupported)
	require.ErrorIs(t, store.Truncate(t.Context(), "log", 0), errors.ErrUnsupported)
}

type failing struct{}

func (failing) Encrypt(_, _ []byte) ([]byte, error) { return nil, errors.New("kms is down") }
func (failing) Decrypt(_, _ []byte) ([]byte, error) { return nil, errors.New("kms is down") }

func TestAppendFails(t *testing.T) {
	inner := new(version.MemStore)
	err := sealed.New(inner, failing{}).Append(t.Context(), "log", 0, version.NewRecord(canary))
	require.EqualError(t, err, `log "log": record was not appended: cannot encrypt it: kms is down`)
	require.ErrorIs(t, err, version.ErrNotAppended)
	records, err := inner.Read(t.Context(), "log", 0)
	require.NoError(t, err)
	require.Empty(t, records)
}

func TestNewAESGCM(t *testing.T) {
	for _, n := range []int{0, 16, 31, 33} {
		_, err := sealed.NewAESGCM(make([]byte, n))
		require.EqualError(t, err, fmt.Sprintf("sealed: key has %d bytes, want 32", n))
	}
	require.NotContains(t, fmt.Sprintf("%+v %#v", key(t, 77), key(t, 77)), "77, 77")
}

func BenchmarkStore(b *testing.B) {
	store := sealed.New(new(version.MemStore), key(b, 1))
	record := version.NewRecord(strings.Repeat("x", 400))
	i := 0
	for b.Loop() {
		if err := store.Append(b.Context(), "log", i, record); err != nil {
			b.Fatal(err)
		}
		if _, err := store.Read(b.Context(), "log", i); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
