package controlplane_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// notJSON are the routes that return modules.
var notJSON = []string{
	"GET /accounts/{account}/workers/services/{script}/environments/production/content",
	"GET /accounts/{account}/workers/scripts/{script}",
	"GET /accounts/{account}/workers/scripts/{script}/content/v2",
}

// conforms fails if an answer does not have the shape of its route.
func conforms(route string, status int, text []byte) error {
	var answer struct {
		Result   any
		Success  *bool
		Errors   []any
		Messages []any
		Info     any `json:"result_info"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return err
	}
	if answer.Success == nil || answer.Errors == nil || answer.Messages == nil {
		return fmt.Errorf("envelope is not whole")
	}
	if err := fits("notes", list{noteShape}, append(answer.Errors, answer.Messages...)); err != nil {
		return err
	}
	if answer.Info != nil {
		if err := fits("result_info", pagesShape, answer.Info); err != nil {
			return err
		}
	}
	if ok := status/100 == 2; *answer.Success != ok || (len(answer.Errors) == 0) != ok ||
		!ok && (answer.Result != nil || status < 400) {
		return fmt.Errorf("success, errors, result and status %d do not agree", status)
	} else if !ok {
		return nil
	}
	return fits("result", resultShapes[route], answer.Result)
}

// TestRecordedAnswers checks the shape of each recorded answer.
func TestRecordedAnswers(t *testing.T) {
	handler := controlplane.New(controlplane.Options{})
	for _, s := range scenarios(t) {
		for _, e := range readExchanges(t, s.exchangesFile()) {
			route := handler.Route(httptest.NewRequest(e.Method, e.URI, nil))
			require.NotEmpty(t, route, "%s: %s %s", s.name, e.Method, e.URI)
			require.NoError(t, conforms(route, e.Status, e.Response), "%s: %s %s", s.name, e.Method, e.URI)
		}
	}
}

// asker makes requests that succeed, and checks the shapes of the answers.
type asker struct {
	client
	missing map[string]bool // the routes that have not been asked
}

func newAsker(t *testing.T) asker {
	a := asker{newClient(t, controlplane.Options{NewID: controlplanetest.IDs()}), make(map[string]bool)}
	for _, route := range controlplane.Routes() {
		a.missing[route] = true
	}
	return a
}

// ask returns the ID or the token in the result, "" if there is none.
func (a asker) ask(method, path, body string, header ...string) string {
	object, _ := a.result(method, path, body, header...).(map[string]any)
	id, _ := object["id"].(string)
	token, _ := object["jwt"].(string)
	consumer, _ := object["consumer_id"].(string)
	return cmp.Or(id, token, consumer)
}

// result returns the result of a request. Routes whose error is the result may fail.
func (a asker) result(method, path, body string, header ...string) any {
	r := newRequest(method, "/client/v4/"+path, body, header...)
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	route := a.handler.(*controlplane.Handler).Route(r)
	delete(a.missing, route)
	if !strings.Contains(path, "/subdomains/") {
		require.Equal(a.t, 2, w.Code/100, "%s %s: %s", method, path, w.Body)
	}
	if slices.Contains(notJSON, route) {
		return nil
	}
	require.NoError(a.t, conforms(route, w.Code, w.Body.Bytes()), "%s %s: %s", method, path, w.Body)
	var answer struct{ Result any }
	require.NoError(a.t, json.Unmarshal(w.Body.Bytes(), &answer))
	return answer.Result
}

// TestAnswers checks the shape of an answer of each route.
func TestAnswers(t *testing.T) {
	a := newAsker(t)
	const form = "Content-Type: multipart/form-data; boundary=b"
	upload := "--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n" +
		`{"main_module":"m","bindings":[{"name":"A","type":"plain_text","text":"a"},{"name":"OTHER","type":"service","service":"other"}],"limits":{"cpu_ms":5},"annotations":{"workers/tag":"t"}}` +
		"\r\n--b\r\nContent-Disposition: form-data; name=m\r\n\r\nx\r\n--b--\r\n"
	const settings = "--b\r\nContent-Disposition: form-data; name=settings\r\n\r\n{\"tags\":[\"a\"],\"limits\":{}}\r\n--b--\r\n"

	for _, path := range []string{"user", "user/tokens/verify", "accounts", "accounts/a", "memberships"} {
		a.ask("GET", path, "")
	}
	const workers, script, worker, pages = "accounts/a/workers/", "accounts/a/workers/scripts/shop", "accounts/a/workers/workers", "accounts/a/pages/projects"
	a.ask("POST", worker, `{"name":"other","tags":["a"]}`)
	a.ask("PUT", script, upload, form)
	older := a.ask("POST", script+"/versions", upload, form)
	a.ask("POST", worker+"/shop/versions",
		`{"main_module":"m","modules":[{"name":"m","content_type":"text/javascript","content_base64":""}]}`)
	latest := a.ask("PATCH", worker+"/shop/versions/latest", `{"env":{"B":{"type":"json","json":[1]}}}`)
	first := a.ask("POST", script+"/deployments",
		`{"strategy":"percentage","versions":[{"version_id":"`+latest+`","percentage":100}]}`)
	a.ask("PUT", script+"/secrets", `{"name":"S","text":"s"}`)
	a.ask("PATCH", script+"/secrets-bulk", `{"secrets":{"T":{"text":"t"}}}`)
	a.ask("PUT", script+"/content", "x", "Content-Type: application/javascript")
	token := a.ask("POST", script+"/assets-upload-session",
		`{"manifest":{"/a.html":{"hash":"0123456789abcdef0123456789abcdef","size":1}}}`)
	a.ask("POST", workers+"assets/upload?base64=true", "--b--\r\n", form, "Authorization: Bearer "+token)
	a.ask("PATCH", script+"/settings", settings, form)
	a.ask("PATCH", script+"/script-settings", `{"logpush":true,"tail_consumers":[{"service":"other"}]}`)
	a.ask("POST", script+"/subdomain", `{"enabled":true}`)
	a.ask("PUT", script+"/schedules", `[{"cron":"* * * * *"}]`)
	a.ask("PUT", script+"/routes", `[{"pattern":"shop.example.com/*","zone_name":"example.com"}]`)
	a.ask("PUT", script+"/domains/records",
		`{"override_scope":true,"origins":[{"hostname":"x.example.com"},{"hostname":"y.example.com"}]}`)
	a.ask("POST", script+"/domains/changeset?replace_state=true",
		`[{"hostname":"x.example.com"},{"hostname":"z.example.com"}]`)
	zones := a.result("GET", "zones?name=example.com&account.id=a", "").([]any)
	zone := "zones/" + zones[0].(map[string]any)["id"].(string)
	a.ask("GET", zone, "")
	a.ask("GET", zone+"/workers/routes", "")
	zoneRoute := zone + "/workers/routes/" +
		a.ask("POST", zone+"/workers/routes", `{"pattern":"b.example.com/*","script":"shop"}`)
	a.ask("GET", zoneRoute, "")
	a.ask("PUT", zoneRoute, `{"pattern":"b.example.com/*","script":"other"}`)
	a.ask("DELETE", zoneRoute, "")
	domain := workers + "domains/" + a.ask("PUT", workers+"domains", `{"hostname":"c.example.com","service":"shop"}`)
	a.ask("GET", domain, "")
	a.ask("GET", strings.Replace(domain, "domains", "domains/records", 1), "")
	a.ask("DELETE", domain, "")
	a.ask("PUT", workers+"account-settings", `{"green_compute":true}`)
	a.ask("PUT", "accounts/a/workflows/order", `{"script_name":"shop","class_name":"Order"}`)
	a.ask("GET", "accounts/a/workflows/order", "")
	a.ask("GET", "accounts/a/queues?page=1&name=q", "")
	consumer := "accounts/a/queues/q/consumers/" +
		a.ask("POST", "accounts/a/queues/q/consumers", `{"type":"worker","script_name":"shop"}`)
	a.ask("PUT", consumer, `{"type":"worker","script_name":"shop","settings":{"batch_size":5}}`)
	a.ask("PUT", workers+"subdomain", `{"subdomain":"example"}`)
	a.ask("PATCH", worker+"/shop", `{"observability":{"enabled":true}}`)
	a.ask("PUT", worker+"/other", `{"name":"another"}`)
	a.ask("POST", pages, `{"name":"site","production_branch":"main"}`)
	a.ask("PATCH", pages+"/site", envVars(`{"A":{"type":"secret_text","value":"a"}}`))
	for _, path := range []string{
		workers + "scripts", workers + "scripts-search", workers + "services/shop",
		workers + "services/shop/environments/production/content", script, script + "/content/v2",
		script + "/versions", script + "/versions/" + older, script + "/deployments", script + "/deployments/" + first,
		script + "/secrets", script + "/secrets/S",
		script + "/settings", script + "/script-settings", script + "/subdomain", script + "/schedules",
		script + "/references", workers + "subdomain", workers + "subdomains/free",
		"accounts/a/queues/q", "accounts/a/queues/q/consumers", consumer, script + "/tails", script + "/queue-consumers",
		script + "/bindings", workers + "account-settings",
		workers + "domains", worker, worker + "/shop", worker + "/shop/versions",
		worker + "/shop/versions/" + older + "?include=modules", workers + "tails/by-consumer/shop",
		"accounts/a/r2/buckets/b", "accounts/a/d1/database/d", workers + "durable_objects/namespaces",
		"accounts/a/storage/kv/namespaces", pages, pages + "/site",
	} {
		a.ask("GET", path, "")
	}
	for _, path := range []string{
		consumer, script + "/deployments/" + first, worker + "/shop/versions/" + older, script + "/secrets/S",
		script + "/subdomain", workers + "subdomain", pages + "/site",
		script, worker + "/another",
	} {
		a.ask("DELETE", path, "")
	}
	a.ask("PUT", script, upload, form)
	a.ask("DELETE", workers+"services/shop?force=true", "")
	require.Empty(t, slices.Collect(maps.Keys(a.missing)), "routes that were not asked")
}

// TestShapes tests the shape checks: they refuse the answer of another route.
func TestShapes(t *testing.T) {
	for _, route := range controlplane.Routes() {
		shape, ok := resultShapes[route]
		require.Equal(t, !slices.Contains(notJSON, route), ok, route)
		if m, isObject := shape.(members); ok && (!isObject || len(m) > 0) {
			require.Error(t, conforms(route, 200, []byte(`{"result":{},"success":true,"errors":[],"messages":[]}`)), route)
		}
	}
	require.Len(t, resultShapes, len(controlplane.Routes())-len(notJSON))
	const route = "GET /user"
	for _, bad := range []struct {
		status int
		text   string
	}{
		{200, `{"result":{"id":"u","email":5},"success":true,"errors":[],"messages":[]}`},
		{200, `{"result":{"id":"u","email":"e"},"success":true,"errors":[]}`},
		{200, `{"result":{"id":"u","email":"e"},"success":true,"errors":[{"code":1,"message":"x"}],"messages":[]}`},
		{200, `{"result":{"id":"u","email":"e"},"success":true,"errors":[],"messages":["x"]}`},
		{400, `{"result":{"id":"u","email":"e"},"success":true,"errors":[],"messages":[]}`},
		{400, `{"result":{},"success":false,"errors":[{"code":1,"message":"x"}],"messages":[]}`},
		{400, `{"result":null,"success":false,"errors":[{"code":"1","message":"x"}],"messages":[]}`},
		{400, `{"result":null,"success":false,"errors":[],"messages":[]}`},
	} {
		require.Error(t, conforms(route, bad.status, []byte(bad.text)), bad.text)
	}
	require.NoError(t,
		conforms(route, 200, []byte(`{"result":{"id":"u","email":"e"},"success":true,"errors":[],"messages":[]}`)))
}
