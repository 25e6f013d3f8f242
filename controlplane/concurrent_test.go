package controlplane_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/version"
)

// TestConcurrentClients has 64 clients make 10,000 requests on 8 Workers, through two Handlers that
// share a Store. No change is lost and none is made twice: every secret has the value that its only
// writer put last, and there are as many versions as changes.
func TestConcurrentClients(t *testing.T) {
	const clients, workers = 64, 8
	rounds := 10_000 / clients / 2
	if testing.Short() {
		rounds = 5
	}
	store := new(version.MemStore)
	handlers := []client{newClient(t, controlplane.Options{Store: store}),
		newClient(t, controlplane.Options{Store: store})}
	for i := range workers {
		handlers[0].upload("PUT", fmt.Sprintf("%s/workers/scripts/w%d", account, i), `{"main_module":"index.js"}`)
	}
	var failed atomic.Int64
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			c := handlers[i%2]
			script := fmt.Sprintf("%s/workers/scripts/w%d", account, i/2%workers)
			for round := range rounds {
				put := c.do("PUT", script+"/secrets", fmt.Sprintf(`{"name":"S%d","text":"%d"}`, i, round))
				list := c.do("GET", script+"/secrets", "")
				if !put.Success || !list.Success {
					failed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	require.Zero(t, failed.Load())
	a := controlplane.New(controlplane.Options{Store: store}).Account("a")
	for w := range workers {
		h, err := a.Open(t.Context(), fmt.Sprintf("w%d", w))
		require.NoError(t, err)
		s, err := h.Read(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1+clients/workers*rounds, s.VersionCount())
		require.Equal(t, s.VersionCount(), s.DeploymentCount())
		current, _ := s.Current()
		latest, ok := current.Only()
		require.True(t, ok)
		require.Equal(t, clients/workers, latest.Env().Len())
		for _, value := range latest.Env().All() {
			require.Equal(t, fmt.Sprint(rounds-1), value.Reveal())
		}
	}
}

// TestConcurrentFirstUploads uploads a new Worker from many clients: it is created once, with a
// version for each upload.
func TestConcurrentFirstUploads(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	var failed atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if r := c.deploy(); !r.Success {
				failed.Add(1)
				t.Log(r.text)
			}
		})
	}
	wg.Wait()
	require.Zero(t, failed.Load())
	require.Contains(t, c.do("GET", account+"/workers/scripts/shop/versions", "").text, `"total_count":16`)
}
