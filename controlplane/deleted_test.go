package controlplane_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
)

// TestDeleted deletes deployments other than the current one, and unused versions.
func TestDeleted(t *testing.T) {
	const versions = account + "/workers/workers/shop/versions"
	c := newTarget(t) // versions 1 and 2, each deployed
	require.True(t, c.upload("POST", scripts+"/shop/versions", `{"main_module":"index.js"}`).Success)
	require.True(t, c.deploy().Success)
	id := func(number int) string {
		v, ok := c.snapshot().Numbered(number)
		require.True(t, ok)
		return v.ID()
	}
	for _, number := range []int{1, 2, 4} { // deployed, deployed, the latest
		require.Equal(t, 10021, c.do("DELETE", versions+"/"+id(number), "").code())
	}
	require.Equal(t, 10021, c.do("DELETE", versions+"/latest", "").code())
	require.True(t, c.do("DELETE", versions+"/"+id(3), "").Success)
	require.Equal(t, 100146, c.do("GET", scripts+"/shop/versions/"+id(3), "").code())
	require.Equal(t, 10007, c.do("GET", versions+"/"+id(3), "").code())
	require.Equal(t, 10007, c.do("DELETE", versions+"/"+id(3), "").code())
	body := `{"strategy":"percentage","versions":[{"version_id":"` + id(3) + `","percentage":100}]}`
	require.Equal(t, 100146, c.do("POST", scripts+"/shop/deployments", body).code())
	for _, path := range []string{versions, scripts + "/shop/versions", scripts + "/shop/versions?deployable=true"} {
		r := c.do("GET", path, "")
		require.NotContains(t, r.text, id(3), path)
		require.Contains(t, r.text, id(2), path)
	}
	require.Contains(t, c.do("GET", versions+"?per_page=2&page=2", "").text,
		`"result_info":{"page":2,"per_page":2,"count":1,"total_count":3}`)

	var list struct{ Deployments []struct{ ID string } }
	const deployments = scripts + "/shop/deployments"
	require.NoError(t, json.Unmarshal(c.do("GET", deployments, "").Result, &list))
	require.Len(t, list.Deployments, 3)
	current, oldest := list.Deployments[0].ID, list.Deployments[2].ID
	require.Equal(t, 10021, c.do("DELETE", deployments+"/"+current, "").code())
	require.True(t, c.do("DELETE", deployments+"/"+oldest, "").Success)
	require.Equal(t, 10336, c.do("GET", deployments+"/"+oldest, "").code())
	require.Equal(t, 10007, c.do("DELETE", deployments+"/"+oldest, "").code())
	require.NotContains(t, c.do("GET", deployments, "").text, oldest)
	require.True(t, c.do("DELETE", versions+"/"+id(1), "").Success) // which no deployment has now
	require.Equal(t, 4, c.snapshot().VersionCount())
}

// TestDeletedAndForgotten deletes versions and deployments that a compaction drops later: lists count
// what is left.
func TestDeletedAndForgotten(t *testing.T) {
	const versions = account + "/workers/workers/shop/versions"
	api := controlplane.New(controlplane.Options{CompactAfter: 10})
	c := target{client{t, api}, api}
	require.True(t, c.deploy().Success)
	for range 2 {
		require.True(t, c.upload("POST", scripts+"/shop/versions", `{"main_module":"index.js"}`).Success)
	}
	require.True(t, c.deploy().Success)
	s := c.snapshot()
	var ids []string
	for number := range 3 {
		v, ok := s.Numbered(number + 1)
		require.True(t, ok)
		ids = append(ids, v.ID())
	}
	require.True(t, c.do("DELETE", versions+"/"+ids[1], "").Success)
	require.Contains(t, c.do("GET", versions, "").text, `"total_count":3`)
	for range 150 {
		require.True(t, c.deploy().Success)
	}
	s = c.snapshot()
	require.Less(t, s.VersionCount(), 100+11)
	_, ok := s.Version(ids[1])
	require.False(t, ok)
	require.Contains(t, c.do("GET", versions, "").text, fmt.Sprintf(`"total_count":%d`, s.VersionCount()))
	require.Equal(t, 10007, c.do("DELETE", versions+"/"+ids[2], "").code())
}
