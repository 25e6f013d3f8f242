package controlplane_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/version"
)

// target makes requests with fuzzed bodies to a Worker that has a var, a secret and two versions,
// and checks what holds for any body.
type target struct {
	client
	api *controlplane.Handler
}

func newTarget(t testing.TB) target {
	made := prepared()
	store, ids := new(version.MemStore), controlplanetest.IDs()
	for _, a := range made.appends {
		require.NoError(t, store.Append(t.Context(), a.log, a.base, a.record))
	}
	for range made.ids {
		ids()
	}
	api := controlplane.New(controlplane.Options{Store: store, NewID: ids})
	return target{client{t, api}, api}
}

// preparation is what a Handler that made the Worker has stored, and how many IDs it took. To store
// it again takes less time than to make the Worker.
type preparation struct {
	version.MemStore
	appends []stored
	ids     int
}

type stored struct {
	log    string
	base   int
	record version.Record
}

func (p *preparation) Append(ctx context.Context, log string, base int, r version.Record) error {
	err := p.MemStore.Append(ctx, log, base, r)
	if err == nil {
		p.appends = append(p.appends, stored{log, base, r})
	}
	return err
}

var prepared = sync.OnceValue(func() *preparation {
	made, ids := new(preparation), controlplanetest.IDs()
	api := controlplane.New(controlplane.Options{Store: made, NewID: func() string { made.ids++; return ids() }})
	put := func(bindings string) {
		body := "--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n" +
			`{"main_module":"index.js","bindings":[` + bindings + `]}` +
			"\r\n--b\r\nContent-Disposition: form-data; name=\"index.js\"\r\n\r\nx\r\n--b--\r\n"
		w := httptest.NewRecorder()
		api.ServeHTTP(w, newRequest("PUT", scripts+"/shop", body, "Content-Type: multipart/form-data; boundary=b"))
		if w.Code != http.StatusOK {
			panic(w.Body.String())
		}
	}
	put(`{"name":"HOST","type":"plain_text","text":"h"},{"name":"KEY","type":"secret_text","text":"canary-7d1f"}`)
	put(`{"name":"HOST","type":"plain_text","text":"i"}`)
	return made
})

func (c target) snapshot() version.Snapshot {
	h, err := c.api.Account("a").Open(c.t.Context(), "shop")
	require.NoError(c.t, err)
	s, err := h.Read(c.t.Context())
	require.NoError(c.t, err)
	return s
}

// check makes the request. It must succeed with exactly these numbers of versions and deployments
// made, or fail with a client's error and none; and the secret must not be in the answer, unless
// the request has it.
func (c target) check(method, path, body, contentType string, versions, deployments int, header ...string) {
	before := c.snapshot()
	r := c.do(method, path, body, append(header, "Content-Type: "+contentType)...)
	after := c.snapshot()
	if r.Success {
		require.Equal(c.t, before.VersionCount()+versions, after.VersionCount())
		require.Equal(c.t, before.DeploymentCount()+deployments, after.DeploymentCount())
	} else {
		require.True(c.t, before.Equal(after))
		require.Less(c.t, r.Status, http.StatusInternalServerError)
		require.GreaterOrEqual(c.t, r.Status, http.StatusBadRequest)
	}
	if !strings.Contains(body, "canary") {
		require.NotContains(c.t, r.text, "canary")
		require.NotContains(c.t, c.do("GET", account+"/workers/scripts/shop/versions?deployable=true", "").text, "canary")
	}
}

// settled makes a request about what no version has: it succeeds, or fails with a client's error
// and changes nothing.
func (c target) settled(method, path, body string) {
	const workers = account + "/workers/workers"
	before := c.do("GET", workers, "").text
	r := c.do(method, path, body)
	require.Less(c.t, r.Status, http.StatusInternalServerError)
	require.True(c.t, r.Success || before == c.do("GET", workers, "").text)
}

func FuzzUpload(f *testing.F) {
	const start = "--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n"
	const end = "\r\n--b\r\nContent-Disposition: form-data; name=\"index.js\"; filename=\"index.js\"\r\nContent-Type: application/javascript+module\r\n\r\nx\r\n--b--\r\n"
	f.Add(start + `{"main_module":"index.js","bindings":[{"name":"A","type":"json","json":{"a":[1]}},{"name":"KEY","type":"inherit"}],"keep_bindings":["plain_text"]}` + end)
	f.Add(start +
		`{"body_part":"index.js","annotations":{"workers/tag":"t","workers/message":null},"limits":{"cpu_ms":5}}` + end)
	f.Add(start +
		`{"main_module":"index.js","bindings":[{"name":"K","type":"kv_namespace","namespace_id":"x"}],"observability":{}}` +
		end)
	f.Fuzz(func(t *testing.T, body string) {
		newTarget(t).check("POST", account+"/workers/scripts/shop/versions", body, "multipart/form-data; boundary=b", 1, 0)
		newTarget(t).check("PUT", account+"/workers/scripts/shop", body, "multipart/form-data; boundary=b", 1, 1)
	})
}

// FuzzAssets starts and continues an upload of assets, which changes no Worker.
func FuzzAssets(f *testing.F) {
	f.Add(`{"manifest":{"/a.html":{"hash":"0123456789abcdef0123456789abcdef","size":3}}}`,
		"--b\r\nContent-Disposition: form-data; name=0123456789abcdef0123456789abcdef\r\n\r\nYWJj\r\n--b--\r\n")
	f.Fuzz(func(t *testing.T, manifest, body string) {
		c := newTarget(t)
		before := c.snapshot()
		token, _ := c.session("shop", "Authorization: Bearer token")
		require.Less(t, c.do("POST", account+"/workers/scripts/shop/assets-upload-session", manifest).Status,
			http.StatusInternalServerError)
		r := c.do("POST", account+"/workers/assets/upload?base64=true", body, assetForm, "Authorization: Bearer "+token)
		require.Less(t, r.Status, http.StatusInternalServerError)
		require.True(t, before.Equal(c.snapshot()))
	})
}

func FuzzContent(f *testing.F) {
	f.Add("--b\r\nContent-Disposition: form-data; name=files; filename=\"a.js\"\r\n\r\nx\r\n--b--\r\n",
		"multipart/form-data; boundary=b", "a.js")
	f.Add("export", "application/javascript", "")
	f.Fuzz(func(t *testing.T, body, contentType, main string) {
		header := "Cf-Worker-Main-Module-Part: " + main
		newTarget(t).check("PUT", account+"/workers/scripts/shop/content", body, contentType, 1, 1, header)
	})
}

func FuzzWorkerVersion(f *testing.F) {
	f.Add(`{"main_module":"m","modules":[{"name":"m","content_type":"text/javascript","content_base64":"eA=="}],"bindings":[{"name":"KEY","type":"inherit"}]}`)
	f.Add(`{"body_part":"m","modules":[{"name":"m"}],"annotations":{"workers/tag":"t"},"limits":{"cpu_ms":5}}`)
	f.Fuzz(func(t *testing.T, body string) {
		newTarget(t).check("POST", account+"/workers/workers/shop/versions", body, "application/json", 1, 0)
		newTarget(t).check("POST", account+"/workers/workers/shop/versions?deploy=true", body, "application/json", 1, 1)
	})
}

func FuzzWorker(f *testing.F) {
	f.Add(`{"name":"shop","tags":["a"],"subdomain":{"enabled":true},"logpush":null}`)
	f.Fuzz(func(t *testing.T, body string) {
		newTarget(t).settled("PATCH", account+"/workers/workers/shop", body)
		newTarget(t).settled("PUT", account+"/workers/workers/shop", body)
	})
}

// FuzzTriggers sets routes, custom domains, schedules and consumers, which changes no version.
func FuzzTriggers(f *testing.F) {
	f.Add(`[{"pattern":"*.example.com/*","zone_name":"example.com"}]`)
	f.Add(`{"override_existing_origin":true,"origins":[{"hostname":"x.example.com"}]}`)
	f.Add(`[{"hostname":"x.example.com"},{"cron":"* * * * *"}]`)
	f.Add(`{"type":"worker","script_name":"shop","settings":{"batch_size":5},"dead_letter_queue":"failed"}`)
	f.Fuzz(func(t *testing.T, body string) {
		c := newTarget(t)
		before := c.snapshot()
		const shop = account + "/workers/scripts/shop"
		for _, request := range [][2]string{
			{"PUT", shop + "/routes"}, {"PUT", shop + "/domains/records"},
			{"POST", shop + "/domains/changeset?replace_state=true"}, {"PUT", shop + "/schedules"},
			{"PUT", account + "/workflows/w"}, {"POST", account + "/queues/q/consumers"},
			{"PUT", account + "/queues/q/consumers/c"},
		} {
			require.Less(t, c.do(request[0], request[1], body).Status, http.StatusInternalServerError)
		}
		require.Equal(t, before.VersionCount(), c.snapshot().VersionCount())
		for _, path := range []string{"/workers/domains", "/queues/q", "/workers/workers/shop"} {
			require.True(t, c.do("GET", account+path, "").Success)
		}
	})
}

func FuzzPatch(f *testing.F) {
	f.Add(`{"env":{"KEY":{"type":"secret_text","text":"v"},"HOST":null},"annotations":{"workers/message":"m","workers/tag":"t"}}`)
	f.Add(`{"env":{"KEY":{"text":"v"},"N":{"type":"json","json":{"a":1.0}}}}`)
	f.Add(`{"env":{"KEY":{"type":"plain_text"}}}`)
	f.Add(`{"env":{"KEY":{"type":"inherit","old_name":"HOST"},"HOST":{"type":"inherit","old_name":"KEY"}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		newTarget(t).check("PATCH", account+"/workers/workers/shop/versions/latest", body,
			"application/merge-patch+json", 1, 0)
		newTarget(t).check("PATCH", account+"/workers/workers/shop/versions/latest?deploy=true", body,
			"application/merge-patch+json", 1, 1)
	})
}

func FuzzSecrets(f *testing.F) {
	f.Add(`{"secrets":{"A":{"name":"A","text":"v","type":"secret_text"},"KEY":null}}`)
	f.Add(`{"name":"A","text":"v","type":"secret_text"}`)
	f.Fuzz(func(t *testing.T, body string) {
		newTarget(t).check("PATCH", account+"/workers/scripts/shop/secrets-bulk", body, "application/merge-patch+json", 1, 1)
		newTarget(t).check("PUT", account+"/workers/scripts/shop/secrets", body, "application/json", 1, 1)
	})
}

func FuzzDeployment(f *testing.F) {
	first := strings.Repeat("0", 8) + "-0000-4000-8000-000000000002"
	f.Add(`{"strategy":"percentage","versions":[{"version_id":"`+first+`","percentage":100}],"annotations":{"workers/message":"m"}}`, true)
	f.Add(`{"strategy":"percentage","versions":[{"version_id":"`+first+`","percentage":99.99},{"version_id":"x","percentage":1e-2}]}`, false)
	f.Fuzz(func(t *testing.T, body string, force bool) {
		path := account + "/workers/scripts/shop/deployments"
		if force {
			path += "?force=true"
		}
		newTarget(t).check("POST", path, body, "application/json", 0, 1)
	})
}

// FuzzRequest makes arbitrary requests: each answer is an envelope and no server error.
func FuzzRequest(f *testing.F) {
	f.Add("GET", "/client/v4/accounts/a/workers/scripts/shop/versions?page=-1&per_page=99999999999999999999", "")
	f.Add("GET", "/client/v4/accounts/a/workers/scripts/shop/versions?page=9223372036854775807&per_page=100", "")
	f.Add("DELETE", "/client/v4/accounts/a/workers/scripts/shop/secrets/a%2Fb%20c?url_encoded=true", "")
	f.Add("POST", "/client/v4/accounts/a/workers/scripts/shop/subdomain", `{"enabled":true}`)
	f.Add("PUT", "/client/v4/accounts/a/workers/scripts/shop/schedules", `[{"cron":"* * * * *"}]`)
	f.Add("PUT", "/client/v4/accounts/a/workers/subdomain", `{"subdomain":"example"}`)
	f.Add("GET", "/client/v4/accounts/a/workers/scripts?tags=a:yes,:no,", "")
	f.Add("GET", "/client/v4/accounts/a/workers/scripts-search?name=s&page=2", "")
	f.Add("PATCH", "/client/v4/accounts/a/pages/projects/site", `{"deployment_configs":{}}`)
	f.Fuzz(func(t *testing.T, method, uri, body string) {
		c := newTarget(t)
		request, err := http.NewRequest(method, "http://localhost"+uri, strings.NewReader(body))
		if err != nil {
			t.Skip("no request")
		}
		request.Header.Set("Authorization", "Bearer token")
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, request)
		require.Less(t, w.Code, http.StatusInternalServerError)
		require.Equal(t, "application/json", w.Header().Get("Content-Type"))
		require.True(t, strings.HasPrefix(w.Body.String(), `{"result":`), w.Body.String())
	})
}
