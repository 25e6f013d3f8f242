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
	r := c.do("POST", workers,
		`{"name":"shop","tags":["a"],"observability":{"enabled":true},"logpush":null,"subdomain":{"enabled":true}}`)
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

	require.True(t,
		c.deploy(`{"name":"HOST","type":"plain_text","text":"h"}`, `{"name":"KEY","type":"secret_text","text":"k"}`).Success)
	r = c.do("PATCH", workers+"/"+worker.ID+"/versions/latest?deploy=true",
		`{"env":{"HOST":{"text":"i"},"KEY":null,"N":{"type":"json","json":{"a":1.50}}}}`)
	require.True(t, r.Success, r.text)
	require.Equal(t, r.text, c.do("GET", workers+"/shop/versions/latest", "").text)
	var patched struct {
		ID       string
		Number   int
		Bindings json.RawMessage
	}
	require.NoError(t, json.Unmarshal(r.Result, &patched))
	require.Equal(t, 2, patched.Number)
	require.Equal(t, `[{"name":"HOST","type":"plain_text","text":"i"},{"name":"N","type":"json","json":{"a":1.50}}]`,
		string(patched.Bindings))
	require.Equal(t, r.text, c.do("GET", workers+"/shop/versions/"+patched.ID, "").text)
	require.Contains(t, c.do("GET", account+"/workers/scripts/shop/deployments", "").text, patched.ID)
	require.Contains(t, c.do("GET", workers+"/shop/versions?per_page=1&page=2", "").text,
		`"result_info":{"page":2,"per_page":1,"count":1,"total_count":2}`)
	require.Equal(t, 10007, c.do("GET", workers+"/shop/versions/x", "").code())

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
	r := c.upload("PUT", account+"/workers/scripts/front",
		`{"main_module":"index.js","bindings":[{"name":"SHOP","type":"service","service":"shop"}]}`)
	require.True(t, r.Success, r.text)
	require.Contains(t, c.do("GET", account+"/workers/scripts/shop/references", "").text,
		`"incoming":[{"service":"front","environment":"production","name":"SHOP"}]`)
	require.Equal(t, 10064, c.do("DELETE", account+"/workers/scripts/shop", "").code())
	require.True(t, c.do("DELETE", account+"/workers/scripts/shop?force=true", "").Success)
}

func TestWorkersEdited(t *testing.T) {
	const workers = account + "/workers/workers"
	c := newClient(t, controlplane.Options{})
	require.True(t, c.do("POST", workers,
		`{"name":"shop","tags":["a"],"logpush":true,"subdomain":{"enabled":true,"previews_enabled":false}}`).Success)
	require.True(t, c.do("POST", workers, `{"name":"blog"}`).Success)
	type worker struct {
		Name      string
		Tags      []string
		Logpush   bool
		Subdomain struct {
			Enabled         bool
			PreviewsEnabled bool `json:"previews_enabled"`
		}
	}
	edit := func(method, body string) (w worker) {
		r := c.do(method, workers+"/shop", body)
		require.True(t, r.Success, r.text)
		require.NoError(t, json.Unmarshal(r.Result, &w))
		return w
	}
	w := edit("PATCH", `{"tags":["b"],"subdomain":{"previews_enabled":true}}`)
	require.Equal(t, []string{"b"}, w.Tags)
	require.True(t, w.Logpush)
	require.True(t, w.Subdomain.Enabled)
	require.True(t, w.Subdomain.PreviewsEnabled)
	w = edit("PATCH", `{"logpush":null}`)
	require.False(t, w.Logpush)
	require.Equal(t, []string{"b"}, w.Tags)
	w = edit("PUT", `{"logpush":true}`)
	require.Equal(t, worker{Name: "shop", Tags: []string{}, Logpush: true}, w)

	for _, test := range []struct {
		body string
		code int
	}{
		{`{"name":"blog"}`, 10040}, {`{"name":"Blog"}`, 10016}, {`{"name":5}`, 10004}, {`{"tags":"x"}`, 10004},
		{`{"subdomain":{"enabled":1}}`, 10004}, {`[]`, 10004},
	} {
		before := c.do("GET", workers, "").text
		require.Equal(t, test.code, c.do("PATCH", workers+"/shop", test.body).code(), test.body)
		require.Equal(t, before, c.do("GET", workers, "").text)
	}
	require.Equal(t, "store", edit("PATCH", `{"name":"store"}`).Name)
	require.Equal(t, 10007, c.do("GET", workers+"/shop", "").code())
	require.Equal(t, 10007, c.do("PATCH", workers+"/shop", `{}`).code())
	require.True(t, c.do("GET", workers+"/store", "").Success)
}

// TestWorkerVersionFromJSON tests uploads of SDKs: modules in base64, and only the bindings in the
// body.
func TestWorkerVersionFromJSON(t *testing.T) {
	const versions = account + "/workers/workers/shop/versions"
	c := newTarget(t)
	modules := `[{"name":"index.js","content_type":"application/javascript+module","content_base64":"ZXhwb3J0"},{"name":"empty.txt","content_type":"text/plain","content_base64":""}]`
	body := `{"main_module":"index.js","compatibility_date":"2026-01-01","limits":{"cpu_ms":5},"annotations":{"workers/tag":"t"},"modules":` + modules + `,
		"bindings":[{"name":"HOST","type":"plain_text","text":"j"},{"name":"OLD","type":"inherit","old_name":"KEY"}]}`
	r := c.do("POST", versions, body)
	require.True(t, r.Success, r.text)
	require.NotContains(t, r.text, "modules")
	var made struct{ ID string }
	require.NoError(t, json.Unmarshal(r.Result, &made))
	latest, _ := c.snapshot().Latest()
	require.Equal(t, made.ID, latest.ID())
	require.False(t, c.snapshot().LatestIsDeployed())
	require.Equal(t, map[string]string{"HOST": "j", "OLD": "canary-7d1f"}, latest.Env().Map())
	require.JSONEq(t, `{"limits":{"cpu_ms":5}}`, latest.Code().Metadata.Reveal())

	var shown struct{ Modules json.RawMessage }
	require.NoError(t, json.Unmarshal(c.do("GET", versions+"/"+made.ID+"?include=modules", "").Result, &shown))
	require.JSONEq(t, modules, string(shown.Modules))
	require.NotContains(t, c.do("GET", versions+"/"+made.ID, "").text, "modules")

	require.Equal(t, 10057, c.do("POST", versions+"?deploy=true", body).code()) // OLD was KEY, which is no more
	require.True(t, c.do("POST", versions+"?deploy=true", `{"main_module":"index.js","modules":`+modules+`}`).Success)
	require.True(t, c.snapshot().LatestIsDeployed())
	for _, test := range []struct {
		body string
		code int
	}{
		{`{`, 10004}, {`null`, 10021}, {`[]`, 10004}, {`{}`, 10021}, {`{"main_module":"index.js"}`, 10021},
		{`{"main_module":"m","modules":[{"name":"m","content_base64":"?"}]}`, 10004},
		{`{"main_module":"m","modules":[{"name":"m"},{"name":"m"}]}`, 10021}, {`{"main_module":"m","modules":[{}]}`, 10021},
		{`{"main_module":"m","modules":[{"name":"m"}],"bindings":5}`, 10021},
	} {
		before := c.snapshot()
		require.Equal(t, test.code, c.do("POST", versions, test.body).code(), test.body)
		require.True(t, before.Equal(c.snapshot()))
	}
	require.Equal(t, 10007, c.do("POST", account+"/workers/workers/none/versions", body).code())
}

func TestWorkerReferences(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	require.True(t, c.deploy().Success)
	r := c.upload("PUT", account+"/workers/scripts/front", `{"main_module":"index.js","bindings":[{"name":"A","type":"service","service":"shop"},
		{"name":"B","type":"service","service":"shop"},{"name":"ROOM","type":"durable_object_namespace","class_name":"Room","script_name":"shop"}]}`)
	require.True(t, r.Success, r.text)
	require.True(t, c.do("PUT", account+"/workers/domains", `{"hostname":"www.example.com","service":"shop"}`).Success)
	require.True(t, c.do("POST", account+"/queues/orders/consumers", `{"type":"worker","script_name":"shop"}`).Success)
	require.True(t, c.do("POST", account+"/queues/others/consumers", `{"type":"http_pull"}`).Success)
	var worker struct {
		References struct {
			Domains []struct{ Hostname string }
			Queues  []struct {
				Name string `json:"queue_name"`
			}
			Workers        []struct{ Name string }
			DurableObjects []struct {
				Name string `json:"worker_name"`
			} `json:"durable_objects"`
		}
		Deployed string `json:"deployed_on"`
		Updated  string `json:"updated_on"`
	}
	require.NoError(t, json.Unmarshal(c.do("GET", account+"/workers/workers/shop", "").Result, &worker))
	require.Len(t, worker.References.Workers, 1)
	require.Equal(t, "front", worker.References.Workers[0].Name)
	require.Equal(t, "front", worker.References.DurableObjects[0].Name)
	require.Equal(t, "www.example.com", worker.References.Domains[0].Hostname)
	require.Len(t, worker.References.Queues, 1)
	require.Equal(t, "orders", worker.References.Queues[0].Name)
	require.Equal(t, worker.Deployed, worker.Updated)

	var listed []json.RawMessage
	require.NoError(t, json.Unmarshal(c.do("GET", account+"/workers/workers", "").Result, &listed))
	for i, name := range []string{"front", "shop"} {
		require.JSONEq(t, string(c.do("GET", account+"/workers/workers/"+name, "").Result), string(listed[i]))
	}
}
