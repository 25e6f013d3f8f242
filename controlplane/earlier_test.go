package controlplane_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/version"
)

// TestEarlierTriggers tests that routes that a program before release 0.1.0 stored keep their Workers and IDs. The
// setting is what workerenv serve of commit c8b8dcb stored for two routes, one of them with a new pattern.
func TestEarlierTriggers(t *testing.T) {
	store := new(version.MemStore)
	c := newClient(t, controlplane.Options{Store: store})
	require.True(t, c.deploy().Success)
	worker := c.values("id", "GET", betaWorkers, "")[0]
	put(t, store, "account/a/settings", "triggers", `{"routes":{"example.com/b*":"`+worker+`","example.com/renamed*":"`+worker+`"},`+
		`"route_ids":{"example.com/renamed*":"5bcaf3d8c6ad8d6ea4f7e2d3a7d58b20"},"domains":{},"workflows":{}}`)

	c = newClient(t, controlplane.Options{Store: store})
	zone := c.values("id", "GET", "/client/v4/zones?name=example.com&account.id=a", "")[0]
	routes := "/client/v4/zones/" + zone + "/workers/routes"
	ids := c.values("id", "GET", routes, "")
	require.Len(t, ids[0], 32)
	require.Equal(t, "5bcaf3d8c6ad8d6ea4f7e2d3a7d58b20", ids[1])
	require.Equal(t, []string{"shop", "shop"}, c.values("script", "GET", routes, ""))
	require.True(t, c.do("PUT", scripts+"/shop/routes", `[{"pattern":"example.com/renamed*"}]`).Success)
	require.Equal(t, ids[1:], c.values("id", "GET", routes, ""))
}

// TestEarlierDeletions tests that what a client of a program before release 0.1.0 deleted stays deleted.
func TestEarlierDeletions(t *testing.T) {
	store := new(version.MemStore)
	api := controlplane.New(controlplane.Options{Store: store})
	c := target{client{t, api}, api}
	for range 3 {
		require.True(t, c.deploy().Success)
	}
	v, _ := c.snapshot().Numbered(1)
	var oldest version.Deployment
	for d := range c.snapshot().Deployments() {
		oldest = d
	}
	h, err := api.Account("a").Open(t.Context(), "shop")
	require.NoError(t, err)
	_, err = h.Update(t.Context(), func(tx *version.Tx) error {
		return tx.PutSetting("deleted", binding.NewValue(
			`{"versions":{"`+v.ID()+`":true},"deployments":{"`+oldest.ID()+`":true}}`))
	})
	require.NoError(t, err)
	isGone := func() {
		require.Equal(t, 100146, c.do("GET", scripts+"/shop/versions/"+v.ID(), "").code())
		require.Equal(t, 10336, c.do("GET", scripts+"/shop/deployments/"+oldest.ID(), "").code())
	}
	isGone()
	second, _ := c.snapshot().Numbered(2)
	for d := range c.snapshot().Deployments() {
		if _, ok := d.Version(second.ID()); ok {
			require.True(t, c.do("DELETE", scripts+"/shop/deployments/"+d.ID(), "").Success)
		}
	}
	isGone()
}

// put stores a setting in a log.
func put(t *testing.T, store version.Store, log, name, text string) {
	_, err := version.NewHistory(store, log, version.Options{}).Update(t.Context(), func(tx *version.Tx) error {
		return tx.PutSetting(name, binding.NewValue(text))
	})
	require.NoError(t, err)
}
