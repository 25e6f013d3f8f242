package controlplane_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// values returns a member of each object in the result of a request.
func (c client) values(member, method, path, body string) []string {
	r := c.do(method, path, body)
	require.True(c.t, r.Success, r.text)
	var objects []map[string]any
	require.NoError(c.t, json.Unmarshal(r.Result, &objects))
	values := []string{}
	for _, o := range objects {
		values = append(values, o[member].(string))
	}
	return values
}

func newTriggerClient(t *testing.T) client {
	c := newClient(t, controlplane.Options{NewID: controlplanetest.IDs()})
	require.True(t, c.deploy().Success)
	require.True(t, c.upload("PUT", scripts+"/other", `{"main_module":"index.js"}`).Success)
	return c
}

func TestRoutesOfWorkers(t *testing.T) {
	c := newTriggerClient(t)
	shop, other := scripts+"/shop/routes", scripts+"/other/routes"
	zone := func(name string) string {
		ids := c.values("id", "GET", "/client/v4/zones?name="+name+"&account.id=a", "")
		require.Len(t, ids, 1)
		return "/client/v4/zones/" + ids[0] + "/workers/routes"
	}
	require.Equal(t, []string{"shop", "shop"},
		c.values("script", "PUT", shop, `[{"pattern":"*.example.com/a/*"},{"pattern":"https://example.com/"}]`))
	require.True(t, c.do("PUT", other, `[{"pattern":"example.org/*","zone_id":"z"}]`).Success)
	require.Equal(t, []string{"*.example.com/a/*", "https://example.com/"},
		c.values("pattern", "GET", zone("example.com"), ""))
	require.Equal(t, []string{"other"}, c.values("script", "GET", zone("example.org"), ""))
	require.Empty(t, c.values("pattern", "GET", zone("example.net"), ""))

	require.Equal(t, 10020, c.do("PUT", other, `[{"pattern":"a.example.org"},{"pattern":"https://example.com/"}]`).code())
	require.Equal(t, []string{"example.org/*"}, c.values("pattern", "GET", zone("example.org"), ""), "nothing has changed")
	require.Equal(t, []string{"https://example.com/"},
		c.values("pattern", "PUT", shop, `[{"pattern":"https://example.com/"}]`))
	require.Equal(t, []string{"https://example.com/"}, c.values("pattern", "GET", zone("example.com"), ""),
		"the other one is gone")

	require.True(t, c.do("PUT", account+"/workers/workers/shop", `{"name":"renamed"}`).Success)
	require.Equal(t, []string{"renamed"}, c.values("script", "GET", zone("example.com"), ""))
	require.True(t, c.do("DELETE", scripts+"/renamed", "").Success)
	require.Empty(t, c.values("pattern", "GET", zone("example.com"), ""))
	require.True(t, c.do("PUT", other, `[{"pattern":"https://example.com/"}]`).Success)

	for body, code := range map[string]int{`{}`: 10004, `[{}]`: 10022, `[{"pattern":"*/x"}]`: 10022,
		`["example.com"]`: 10004} {
		require.Equal(t, code, c.do("PUT", other, body).code(), body)
	}
	require.Equal(t, 10007, c.do("PUT", scripts+"/none/routes", `[]`).code())
}

func TestZones(t *testing.T) {
	c := newClient(t, controlplane.Options{Accounts: []string{"a"}})
	for _, query := range []string{"", "?account.id=a", "?name=www.example.com&account.id=a", "?name=com&account.id=a",
		"?name=a..b&account.id=a", "?name=example.com&account.id=b"} {
		require.Empty(t, c.values("id", "GET", "/client/v4/zones"+query, ""), query)
	}
	require.Len(t, c.values("id", "GET", "/client/v4/zones?name=example.com&account.id=a", ""), 1)
	require.Equal(t, 7003, c.do("GET", "/client/v4/zones/unknown/workers/routes", "").code())
}

func TestCustomDomains(t *testing.T) {
	c := newTriggerClient(t)
	records := func(script, body string) response { return c.do("PUT", scripts+"/"+script+"/domains/records", body) }
	list := func() []string { return c.values("hostname", "GET", account+"/workers/domains", "") }
	require.True(t, records("shop", `{"origins":[{"hostname":"x.example.com"},{"hostname":"a.example.com"}]}`).Success)
	require.Equal(t, []string{"a.example.com", "x.example.com"}, list())
	require.Equal(t, 100117, records("other", `{"origins":[{"hostname":"x.example.com"}]}`).code())

	var set struct {
		Added, Removed, Updated, Conflicting []struct{ Hostname, Service string }
	}
	r := c.do("POST", scripts+"/shop/domains/changeset?replace_state=true",
		`[{"hostname":"x.example.com"},{"hostname":"y.example.com"}]`)
	require.NoError(t, json.Unmarshal(r.Result, &set))
	require.Equal(t, "y.example.com", set.Added[0].Hostname)
	require.Equal(t, "a.example.com", set.Removed[0].Hostname)
	require.Equal(t, "x.example.com", set.Updated[0].Hostname)
	require.NotContains(t, r.text, `"modified":true`)
	r = c.do("POST", scripts+"/other/domains/changeset", `[{"hostname":"x.example.com"}]`)
	require.Contains(t, r.text, `"modified":true`)
	require.Equal(t, []string{"a.example.com", "x.example.com"}, list(), "to compare changes nothing")

	require.True(t, records("other", `{"override_existing_origin":true,"origins":[{"hostname":"x.example.com"}]}`).Success)
	require.Equal(t, []string{"shop", "other"}, c.values("service", "GET", account+"/workers/domains", ""))
	for _, body := range []string{`[]`, `{"origins":[{"hostname":"com"}]}`, `{"origins":[{"hostname":"*.example.com"}]}`,
		`{"origins":[{"hostname":"a.example.com/x"}]}`} {
		require.Equal(t, 10004, records("shop", body).code(), body)
	}
	require.True(t, c.do("DELETE", scripts+"/other", "").Success)
	require.Equal(t, []string{"a.example.com"}, list())
	require.True(t, records("shop", `{}`).Success)
	require.Empty(t, list())
	require.Equal(t, 10007, records("none", `{}`).code())
	require.Equal(t, 10007, c.do("POST", scripts+"/none/domains/changeset", `[]`).code())
}

func TestWorkflows(t *testing.T) {
	c := newTriggerClient(t)
	const path = account + "/workflows/order"
	require.Equal(t, 10200, c.do("GET", path, "").code())
	require.True(t, c.do("PUT", path, `{"script_name":"shop","class_name":"Order"}`).Success)
	require.Contains(t, c.do("GET", path, "").text, `"name":"order","script_name":"shop","class_name":"Order"`)
	require.True(t, c.do("PUT", path, `{"script_name":"other","class_name":"Other"}`).Success)
	require.Contains(t, c.do("GET", path, "").text, `"script_name":"other"`)
	require.True(t, c.do("DELETE", scripts+"/other", "").Success)
	require.Equal(t, 10200, c.do("GET", path, "").code())
	require.Equal(t, 10007, c.do("PUT", path, `{"script_name":"none","class_name":"Order"}`).code())
	require.Equal(t, 10004, c.do("PUT", path, `{"script_name":"shop"}`).code())
}

func TestResourcesAreThere(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	for _, path := range []string{"/r2/buckets/images", "/d1/database/images"} {
		require.Contains(t, c.do("GET", account+path, "").text, `"images"`)
	}
	require.Empty(t, c.values("queue_id", "GET", account+"/queues", ""))
	require.Equal(t, []string{"orders"}, c.values("queue_name", "GET", account+"/queues?page=1&name=orders", ""))
	require.Equal(t, []string{"failed", "orders"},
		c.values("queue_name", "GET", account+"/queues?name=orders&name=failed&name=orders", ""))
}

// TestConsumers also tests what wrangler 4.164.0 sends: the second deploy changes the consumer of the first.
func TestConsumers(t *testing.T) {
	c := newTriggerClient(t)
	const consumers = account + "/queues/orders/consumers"
	id := func(path string) []string { return c.values("consumer_id", "GET", account+path, "") }
	require.Equal(t, 10007, c.do("POST", consumers, `{"type":"worker","script_name":"none"}`).code())
	require.True(t, c.do("POST", consumers,
		`{"type":"worker","script_name":"shop","environment_name":"","settings":{"batch_size":5}}`).Success)
	require.Equal(t, 11004, c.do("POST", consumers, `{"type":"http_pull"}`).code())
	one := consumers + "/" + id("/queues/orders/consumers")[0]
	require.True(t, c.do("PUT", one, `{"type":"worker","script_name":"other","settings":{"max_retries":1}}`).Success)
	require.JSONEq(t, `{"max_retries":1}`, string(fieldOf(t, c.do("GET", one, "").Result, "settings")))
	require.Empty(t, id("/workers/scripts/shop/queue-consumers"))
	require.Len(t, id("/workers/scripts/other/queue-consumers"), 1)
	require.Equal(t, []string{"other"}, c.values("script", "GET", consumers, ""))
	require.Empty(t, id("/queues/failed/consumers"))

	require.True(t, c.do("PUT", account+"/workers/workers/other", `{"name":"renamed"}`).Success)
	require.Equal(t, []string{"renamed"}, c.values("script", "GET", consumers, ""))
	require.True(t, c.do("DELETE", scripts+"/renamed", "").Success)
	require.Empty(t, id("/queues/orders/consumers"))
	for _, method := range []string{"GET", "DELETE"} {
		require.Equal(t, 11003, c.do(method, one, "").code())
	}
	require.Equal(t, 11003, c.do("PUT", one, `{"type":"http_pull"}`).code())
	require.True(t, c.do("POST", consumers, `{"type":"http_pull","dead_letter_queue":"failed"}`).Success)
	require.True(t, c.do("DELETE", consumers+"/"+id("/queues/orders/consumers")[0], "").Success)
	require.Empty(t, id("/queues/orders/consumers"))
	for body, code := range map[string]int{
		`null`: 10004, `{}`: 10004, `{"type":"other"}`: 10004, `{"type":"http_pull","script_name":"shop"}`: 10004,
		`{"type":"worker","script_name":"shop","environment_name":"staging"}`: 990001,
	} {
		require.Equal(t, code, c.do("POST", consumers, body).code(), body)
	}
}

// fieldOf returns a member of a JSON object.
func fieldOf(t *testing.T, text []byte, name string) json.RawMessage {
	var o map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &o))
	return o[name]
}

// TestRouteWithoutWorker also tests that no Worker gets such a route by its own routes.
func TestRouteWithoutWorker(t *testing.T) {
	c := newTriggerClient(t)
	routes := c.zone() + "/workers/routes"
	made := c.do("POST", routes, `{"pattern":"example.com/static/*"}`).Result
	id := string(fieldOf(t, made, "id"))
	require.JSONEq(t, `{"id":`+id+`,"pattern":"example.com/static/*"}`, string(made))
	require.JSONEq(t, "["+string(made)+"]", string(c.do("GET", routes, "").Result))
	require.Equal(t, 10020, c.do("PUT", scripts+"/shop/routes", `[{"pattern":"example.com/static/*"}]`).code())
	require.True(t, c.do("PUT", scripts+"/shop/routes", `[{"pattern":"example.com/*"}]`).Success)
	require.True(t, c.do("DELETE", scripts+"/shop", "").Success)
	require.JSONEq(t, "["+string(made)+"]", string(c.do("GET", routes, "").Result))
	path := routes + "/" + id[1:len(id)-1]
	require.JSONEq(t, `{"id":`+id+`,"pattern":"example.com/*","script":"other"}`,
		string(c.do("PUT", path, `{"pattern":"example.com/*","script":"other"}`).Result))
	require.JSONEq(t, `{"id":`+id+`,"pattern":"example.com/*"}`,
		string(c.do("PUT", path, `{"pattern":"example.com/*","script":null}`).Result))
}

// TestRouteChangedTogether changes the pattern of one route from many clients at once: it stays one route.
func TestRouteChangedTogether(t *testing.T) {
	c := newTriggerClient(t)
	routes := c.zone() + "/workers/routes"
	require.True(t, c.do("POST", routes, `{"pattern":"example.com/first","script":"shop"}`).Success)
	id := c.values("id", "GET", routes, "")
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() { c.do("PUT", routes+"/"+id[0], fmt.Sprintf(`{"pattern":"example.com/%d","script":"shop"}`, i)) })
	}
	wg.Wait()
	require.Equal(t, id, c.values("id", "GET", routes, ""))
}

// TestMigrationTag tests that the tag of the last migration stays, although later uploads do not
// repeat it.
func TestMigrationTag(t *testing.T) {
	c := newClient(t, controlplane.Options{NewID: controlplanetest.IDs()})
	tag := func() string {
		var service struct {
			Environment struct {
				Script struct {
					Tag string `json:"migration_tag"`
				}
			} `json:"default_environment"`
		}
		require.NoError(t, json.Unmarshal(c.do("GET", account+"/workers/services/shop", "").Result, &service))
		return service.Environment.Script.Tag
	}
	require.True(t, c.deploy().Success)
	require.Empty(t, tag())
	require.True(t, c.upload("PUT", scripts+"/shop",
		`{"main_module":"index.js","migrations":{"new_tag":"v1","steps":[{"new_sqlite_classes":["Cart"]}]}}`).Success)
	require.Equal(t, "v1", tag())
	require.True(t, c.deploy().Success)
	require.Equal(t, "v1", tag())
	require.Contains(t, c.do("GET", scripts, "").text, `"migration_tag":"v1"`)
	require.False(t, c.upload("PUT", scripts+"/shop?bindings_inherit=strict",
		`{"main_module":"index.js","bindings":[{"name":"A","type":"inherit"}],"migrations":{"new_tag":"v2"}}`).Success)
	require.Equal(t, "v1", tag(), "what is refused has no migration")
}
