package controlplane_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

func TestWorkers(t *testing.T) {
	const workers = account + "/workers/workers"
	c := newClient(t, controlplane.Options{NewID: controlplanetest.IDs()})
	r := c.do("POST", workers, `{"name":"shop","tags":["a"],"observability":{"enabled":true},"logpush":null,"subdomain":{"enabled":true},"unheard_of":1}`)
	require.True(t, r.Success, r.text)
	var worker struct {
		ID        string
		Name      string
		Tags      []string
		Subdomain struct {
			Enabled bool
			URL     string
		}
	}
	require.NoError(t, json.Unmarshal(r.Result, &worker))
	require.Equal(t, "shop", worker.Name)
	require.Equal(t, []string{"a"}, worker.Tags)
	require.True(t, worker.Subdomain.Enabled)
	require.Equal(t, "https://shop.example.workers.dev", worker.Subdomain.URL)
	require.Equal(t, r.text, c.do("GET", workers+"/"+worker.ID, "").text)
	require.Equal(t, r.text, c.do("GET", workers+"/shop", "").text)

	require.Equal(t, 10040, c.do("POST", workers, `{"name":"shop"}`).code())
	require.Equal(t, 10016, c.do("POST", workers, `{"name":"Shop"}`).code())
	require.Equal(t, 10004, c.do("POST", workers, `{"name":5}`).code())
	require.Equal(t, 10222, c.do("GET", workers+"/shop/versions/latest", "").code())
	require.Equal(t, 10222, c.do("PATCH", workers+"/shop/versions/latest", `{"env":{}}`).code())
	require.Equal(t, 10222, c.do("PUT", account+"/workers/scripts/shop/secrets", `{"name":"A","text":"x"}`).code())

	require.True(t, c.deploy(`{"name":"HOST","type":"plain_text","text":"h"}`, `{"name":"KEY","type":"secret_text","text":"k"}`).Success)
	r = c.do("PATCH", workers+"/"+worker.ID+"/versions/latest?deploy=true", `{"env":{"HOST":{"text":"i"},"KEY":null,"N":{"type":"json","json":{"a":1.50}}}}`)
	require.True(t, r.Success, r.text)
	require.Equal(t, r.text, c.do("GET", workers+"/shop/versions/latest", "").text)
	var patched struct {
		ID       string
		Number   int
		Bindings json.RawMessage
	}
	require.NoError(t, json.Unmarshal(r.Result, &patched))
	require.Equal(t, 2, patched.Number)
	require.Equal(t, `[{"name":"HOST","type":"plain_text","text":"i"},{"name":"N","type":"json","json":{"a":1.50}}]`, string(patched.Bindings))
	require.Equal(t, r.text, c.do("GET", workers+"/shop/versions/"+patched.ID, "").text)
	require.Contains(t, c.do("GET", account+"/workers/scripts/shop/deployments", "").text, patched.ID)
	require.Contains(t, c.do("GET", workers+"/shop/versions?per_page=1&page=2", "").text, `"result_info":{"page":2,"per_page":1,"count":1,"total_count":2}`)
	require.Equal(t, 100146, c.do("GET", workers+"/shop/versions/x", "").code())

	require.True(t, c.do("DELETE", workers+"/"+worker.ID, "").Success)
	require.Equal(t, 10007, c.do("GET", workers+"/"+worker.ID, "").code())
	require.Equal(t, 10007, c.do("DELETE", workers+"/shop", "").code())
}

func TestWorkersPages(t *testing.T) {
	const workers = account + "/workers/workers"
	c := newClient(t, controlplane.Options{})
	for i := range 25 {
		require.True(t, c.do("POST", workers, fmt.Sprintf(`{"name":"w%02d"}`, i)).Success)
	}
	for _, test := range []struct {
		query string
		first string
		count int
	}{
		{"", "w00", 10},
		{"?page=3", "w20", 5},
		{"?page=4", "", 0},
		{"?page=9223372036854775807&per_page=100", "", 0},
		{"?page=0&per_page=-1", "w00", 10},
		{"?per_page=1000", "w00", 25},
	} {
		var list []struct{ Name string }
		require.NoError(t, json.Unmarshal(c.do("GET", workers+test.query, "").Result, &list))
		require.Len(t, list, test.count)
		if test.count > 0 {
			require.Equal(t, test.first, list[0].Name)
		}
	}
}

func TestReferenced(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	require.True(t, c.deploy().Success)
	r := c.upload("PUT", account+"/workers/scripts/front", `{"main_module":"index.js","bindings":[{"name":"SHOP","type":"service","service":"shop"}]}`)
	require.True(t, r.Success, r.text)
	require.Contains(t, c.do("GET", account+"/workers/scripts/shop/references", "").text, `"incoming":[{"service":"front","environment":"production","name":"SHOP"}]`)
	require.Equal(t, 10064, c.do("DELETE", account+"/workers/scripts/shop", "").code())
	require.True(t, c.do("DELETE", account+"/workers/scripts/shop?force=true", "").Success)
}
