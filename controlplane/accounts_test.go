package controlplane_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
)

// TestMadeUpAccounts requests many empty accounts: their memory is bounded, and other accounts keep
// their state.
func TestMadeUpAccounts(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	require.True(t, c.deploy().Success)
	require.True(t, c.do("POST", projects, `{"name":"site","production_branch":"main"}`).Success)
	ask := func(from, to int) uint64 {
		for i := from; i < to; i++ {
			require.Equal(t, 10007,
				c.do("GET", fmt.Sprintf("/client/v4/accounts/%032d/workers/scripts/shop/secrets", i), "").code())
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	start := ask(0, 2000)
	const more = 10_000
	end := ask(2000, 2000+more)
	require.Less(t, int64(end)-int64(start), int64(more*100)) // less than 100 bytes for each, a small part of what an account takes
	require.True(t, c.do("GET", scripts+"/shop/secrets", "").Success)
	require.True(t, c.do("GET", projects+"/site", "").Success)
}
