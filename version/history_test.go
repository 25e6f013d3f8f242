package version_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

func TestNoUpdateIsLost(t *testing.T) {
	const writers, each = 64, 5
	ctx := t.Context()
	store := new(version.MemStore)
	first := version.NewHistory(store, "api", version.Options{})
	_, err := first.Update(ctx, func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{})
		return err
	})
	require.NoError(t, err)
	var wg sync.WaitGroup
	for w := range writers {
		h := first
		if w%2 == 0 { // half of them in what might be another process
			h = version.NewHistory(store, "api", version.Options{})
		}
		wg.Go(func() {
			for i := range each {
				_, err := h.Update(ctx, func(tx *version.Tx) error {
					_, err := tx.SecretPut(fmt.Sprintf("SECRET_%d_%d", w, i), "text", version.Meta{})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s, err := version.NewHistory(store, "api", version.Options{}).Read(ctx)
	require.NoError(t, err)
	require.Equal(t, 1+writers*each, s.VersionCount())
	require.Len(t, s.Secrets(), writers*each)
	cached, err := first.Read(context.Background())
	require.NoError(t, err)
	require.True(t, s.Equal(cached))
	latest, _ := s.Latest()
	require.Equal(t, writers*each, latest.Bindings().Filter(func(b binding.Binding) bool { return b.Kind().IsSecret() }).Len())
}
