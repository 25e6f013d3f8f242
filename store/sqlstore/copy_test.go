package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
)

// fill appends n records to each of some logs, whose names are any bytes.
func fill(t *testing.T, s *sqlstore.Store, n int) []string {
	logs := []string{"", "\x00", "a", "a/b", "a\xff"} // in the order of bytes
	for _, log := range logs {
		for i := range n {
			require.NoError(t, s.Append(t.Context(), log, i, version.NewRecord(fmt.Sprintf("%q %d", log, i))))
		}
	}
	return logs
}

// contents returns all records as text.
func contents(t *testing.T, s *sqlstore.Store) []string {
	var list []string
	for e, err := range s.Records(t.Context()) {
		require.NoError(t, err)
		list = append(list, fmt.Sprintf("%q %d %s", e.Log, e.Place, e.Record.Reveal()))
	}
	return list
}

func TestRecords(t *testing.T) {
	s := open(t, openDB(t))
	require.Empty(t, contents(t, s))
	var want []string
	for _, log := range fill(t, s, 3) {
		for i := range 3 {
			want = append(want, fmt.Sprintf("%q %d %q %d", log, i, log, i))
		}
	}
	require.Equal(t, want, contents(t, s))
	for range s.Records(t.Context()) {
		break
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range s.Records(ended) {
		require.ErrorIs(t, err, context.Canceled)
	}
}

func TestCopy(t *testing.T) {
	from, to, odd := open(t, openDB(t)), open(t, openDB(t)), errors.New("odd")
	fill(t, from, 300)

	_, err := sqlstore.Copy(t.Context(), to, from, func(e sqlstore.Entry) (version.Record, error) {
		if e.Log == "a/b" {
			return version.Record{}, odd
		}
		return e.Record, nil
	})
	require.ErrorIs(t, err, odd)
	require.Empty(t, contents(t, to), "a part was copied")

	n, err := sqlstore.Copy(t.Context(), to, from, nil)
	require.NoError(t, err)
	require.Equal(t, 1500, n)
	require.Equal(t, contents(t, from), contents(t, to))
	require.NoError(t, to.Append(t.Context(), "a", 300, version.NewRecord("next")))

	_, err = sqlstore.Copy(t.Context(), to, from, nil)
	require.ErrorIs(t, err, sqlstore.ErrNotEmpty)
	require.Len(t, contents(t, to), 1501)
}

// TestRewrite stops in the middle and starts again, while records are appended.
func TestRewrite(t *testing.T) {
	s, odd := open(t, openDB(t)), errors.New("odd")
	fill(t, s, 500)
	mark := func(e sqlstore.Entry) (version.Record, error) {
		text := e.Record.Reveal()
		if text[len(text)-1] == '!' {
			return e.Record, nil
		}
		return version.NewRecord(text + "!"), nil
	}
	calls := 0
	n, err := s.Rewrite(t.Context(), func(e sqlstore.Entry) (version.Record, error) {
		if calls++; calls == 1700 {
			return version.Record{}, odd
		}
		return mark(e)
	})
	require.ErrorIs(t, err, odd)
	require.Equal(t, 1000, n)
	calls = 0
	appended := make(chan error)
	n, err = s.Rewrite(t.Context(), func(e sqlstore.Entry) (version.Record, error) {
		if calls++; calls == 100 {
			go func() { appended <- s.Append(t.Context(), "new", 0, version.NewRecord("new!")) }()
		}
		return mark(e)
	})
	require.NoError(t, err)
	require.Equal(t, 2500, n)
	require.NoError(t, <-appended)
	all := contents(t, s)
	require.Len(t, all, 2501)
	for _, text := range all {
		require.Equal(t, byte('!'), text[len(text)-1], text)
		require.NotContains(t, text, "!!")
	}
}
