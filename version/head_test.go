package version_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

// copied returns a Store with the records from first to end-1 of a log, of which those before first have been removed.
func copied(t *testing.T, records []version.Record, first, end int) *version.MemStore {
	store := new(version.MemStore)
	for i, r := range records[:end] {
		require.NoError(t, store.Append(t.Context(), "api", i, r))
	}
	if first > 0 {
		require.NoError(t, store.Truncate(t.Context(), "api", first))
	}
	return store
}

func TestCheckHead(t *testing.T) {
	store := new(version.MemStore)
	h := version.NewHistory(store, "api", version.Options{})
	heads := []version.Head{reading(t, h).Head()}
	for i := range 8 {
		updated(t, h, uploadAndDeploy)
		if i == 4 { // record 6 is a checkpoint
			heads = append(heads, h.Cached().Head())
			require.NoError(t, version.NewHistory(polled{store}, "api", version.Options{}).Compact(t.Context()))
			reading(t, h)
		}
		heads = append(heads, h.Cached().Head())
	}
	records, err := store.Read(t.Context(), "api", 0)
	require.NoError(t, err)
	require.Len(t, heads, len(records)+1)

	text, err := json.Marshal(heads[3])
	require.NoError(t, err)
	require.Regexp(t, `^\{"revision":3,"hash":"[0-9a-f]{32}"\}$`, string(text))
	check := func(store version.Store, head version.Head) error {
		return version.NewHistory(store, "api", version.Options{}).CheckHead(t.Context(), head)
	}
	for revision, head := range heads {
		require.Equal(t, revision, head.Revision)
		for end := range len(records) + 1 { // the newest records are missing
			err := check(copied(t, records, 0, end), head)
			if end < revision {
				require.ErrorIs(t, err, version.ErrHead)
			} else {
				require.NoError(t, err)
			}
		}
		err := check(copied(t, records, 5, len(records)), head)
		var truncated *version.TruncatedError
		require.Equal(t, revision < 5, err != nil)
		require.Equal(t, revision < 5, errors.As(err, &truncated))
		if revision > 6 {
			require.ErrorIs(t, check(copied(t, records, 5, 6), head), version.ErrHead)
		}
	}

	other := version.NewHistory(new(version.MemStore), "api", version.Options{})
	for range 9 {
		updated(t, other, uploadAndDeploy)
	}
	require.ErrorIs(t, check(other.Store(), heads[9]), version.ErrHead)
	require.NoError(t, check(other.Store(), heads[0]))
	mixed := append(records[:5:5], records[6:]...)
	require.ErrorIs(t, check(copied(t, mixed, 0, 8), heads[7]), version.ErrMisplaced)
	require.ErrorIs(t, check(store, version.Head{Revision: -1}), version.ErrHead)
	wrong := heads[5]
	wrong.Hash = heads[6].Hash
	require.ErrorIs(t, check(store, wrong), version.ErrHead)
	require.ErrorIs(t, check(&versiontest.Faulty{Store: store, Fault: nth(1, versiontest.Before)}, heads[5]), versiontest.ErrFault)
}

// A History that was read before its log was replaced by an older copy notices with CheckHead too.
func TestCheckHeadOfOpenHistory(t *testing.T) {
	store := new(version.MemStore)
	h := version.NewHistory(swap{&store}, "api", version.Options{})
	updated(t, h, uploadAndDeploy)
	records, err := store.Read(t.Context(), "api", 0)
	require.NoError(t, err)
	head := updated(t, h, put("A")).Head()
	require.NoError(t, h.CheckHead(t.Context(), head))
	store = copied(t, records, 0, 1)
	require.ErrorIs(t, h.CheckHead(t.Context(), head), version.ErrHead)
}
