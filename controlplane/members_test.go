package controlplane_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/schema"
)

const betaWorkers = account + "/workers/workers"

// memberCase is a line of testdata/members.json: a member with a value, and where answers show it:
// for each path, the path of the member in the result, such as "resources.script.placement". No
// answer means that the member is refused, unless it is an instruction, which has its effect
// elsewhere.
type memberCase struct {
	Routes      []string
	Member      string
	Value       json.RawMessage
	Shown       map[string]string
	Instruction string
}

func readMembers(t *testing.T) []memberCase {
	text, err := os.ReadFile("testdata/members.json")
	require.NoError(t, err)
	var table struct{ Cases []memberCase }
	require.NoError(t, json.Unmarshal(text, &table))
	return table.Cases
}

// TestMembers sends each documented member by each route that takes it, and reads it back by each
// route that shows it. No member is accepted and lost.
func TestMembers(t *testing.T) {
	tested := make(map[string]bool)
	for _, test := range readMembers(t) {
		for _, route := range test.Routes {
			tested[route] = true
			t.Run(route+"/"+test.Member, func(t *testing.T) { test.run(t, route) })
		}
	}
	require.Len(t, tested, len(memberRoutes))
}

// TestMembersLive requires that testdata/members.json has each member that Cloudflare's public schema
// documents for a served route. One that a newer schema adds has to be kept and shown, or refused.
func TestMembersLive(t *testing.T) {
	decided := make(map[string]bool)
	for _, test := range readMembers(t) {
		for _, name := range test.Routes {
			decided[memberRoutes[name].route+" "+test.Member] = true
		}
	}
	api := live.Schema(t)
	for _, served := range controlplane.Routes() {
		route := schema.Route(served)
		for _, path := range api[route] {
			member, rest, _ := strings.Cut(path, ".")
			if member == "metadata" || member == "settings" && strings.HasSuffix(route, "/settings") { // a part of a form
				member, rest, _ = strings.Cut(rest, ".")
			}
			isNested := rest != "" || strings.Contains(member, "[")
			if !isNested && member != "" && member != "files" && member != "*" && !decided[route+" "+member] {
				t.Errorf("members.json lacks %q of %s", member, route)
			}
		}
	}
}

// TestBindingsLive uploads a binding of each kind in Cloudflare's public schema, with all documented
// members, and reads it back.
func TestBindingsLive(t *testing.T) {
	kinds := documentedBindings(t)
	require.Greater(t, len(kinds), 30)
	for kind, members := range kinds {
		members["type"], members["name"] = kind, "A"
		text, err := json.Marshal(members)
		require.NoError(t, err)
		c := newClient(t, controlplane.Options{})
		switch kind {
		case "inherit":
			require.True(t, c.deploy(`{"name":"canary","type":"plain_text","text":"x"}`).Success)
			text = []byte(`{"name":"A","type":"inherit","old_name":"canary","version_id":"latest"}`)
			members = map[string]any{"name": "A", "type": "plain_text", "text": "x"}
		case "secret_text", "secret_key":
			maps.DeleteFunc(members,
				func(name string, _ any) bool { return slices.Contains([]string{"text", "key_base64", "key_jwk"}, name) })
		}
		r := c.deploy(string(text))
		require.True(t, r.Success, "%s: %s", text, r.text)
		want, err := json.Marshal([]any{members})
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(c.do("GET", scripts+"/shop/bindings", "").Result))
	}
}

// documentedBindings returns the members of each kind of bindings in the schema, with a value.
func documentedBindings(t *testing.T) map[string]map[string]any {
	kinds := make(map[string]map[string]any)
	for _, path := range live.Schema(t)["PUT /accounts/{}/workers/scripts/{}"] {
		path, ok := strings.CutPrefix(path, "metadata.bindings[")
		if !ok {
			continue
		}
		kind, path, _ := strings.Cut(path, "].")
		if kinds[kind] == nil {
			kinds[kind] = make(map[string]any)
		}
		object, names := kinds[kind], strings.Split(path, ".")
		for _, name := range names[:len(names)-1] { // which came before, as a member without members
			nested, ok := object[name].(map[string]any)
			if !ok {
				nested = make(map[string]any)
				object[name] = nested
			}
			object = nested
		}
		object[names[len(names)-1]] = "canary"
	}
	return kinds
}

func (test memberCase) run(t *testing.T, route string) {
	var log bytes.Buffer
	c := newClient(t,
		controlplane.Options{NewID: controlplanetest.IDs(), Logger: slog.New(slog.NewTextHandler(&log, nil))})
	require.Contains(t, memberRoutes, route)
	r := memberRoutes[route].send(c, `"`+test.Member+`":`+string(test.Value))
	if len(test.Shown) == 0 && test.Instruction == "" {
		require.Equal(t, 990001, r.code(), r.text)
		require.Contains(t, r.text, `the member \"`+test.Member+`\" of the request`)
		require.Contains(t, log.String(), "level=WARN msg=request")
		require.NotContains(t, r.text+log.String(), "canary")
		return
	}
	require.True(t, r.Success, r.text)
	for path, member := range test.Shown {
		var result any
		require.NoError(t, json.Unmarshal(c.do("GET", absolute(path), "").Result, &result), path)
		shown, err := json.Marshal(find(result, strings.Split(member, ".")))
		require.NoError(t, err)
		require.JSONEq(t, string(test.Value), string(shown), "%s %s", path, member)
	}
}

// absolute returns a path of the table, which is below the account or that of a zone.
func absolute(path string) string {
	if strings.HasPrefix(path, "/zones/") {
		return "/client/v4" + path
	}
	return account + path
}

// find returns the member of a JSON value at a path. Of an array it takes the first element.
func find(value any, path []string) any {
	if list, ok := value.([]any); ok && len(list) > 0 && len(path) > 0 {
		return find(list[0], path)
	}
	if len(path) == 0 {
		return value
	}
	object, _ := value.(map[string]any)
	return find(object[path[0]], path[1:])
}

// TestUnknownMembers sends members that no API documents: none is lost without a word, and no name
// of one that may be a value is in the answer.
func TestUnknownMembers(t *testing.T) {
	for route, r := range memberRoutes {
		if r.takesAll {
			continue
		}
		for _, name := range []string{"unheard_of", "Bindings", "Tags", "version_tags"} {
			r := r.send(newClient(t, controlplane.Options{}), `"`+name+`":["canary"]`)
			require.Equal(t, 990001, r.code(), "%s %s: %s", route, name, r.text)
			require.NotContains(t, r.text, "canary")
		}
		r := r.send(newClient(t, controlplane.Options{}), `"S3cr3t canary":1`)
		require.Equal(t, 990001, r.code(), r.text)
		require.NotContains(t, r.text, "canary")
	}
	for _, b := range []string{
		`{"name":"A","type":"plain_text","text":"canary","comment":"canary"}`,
		`{"name":"A","type":"json","json":1,"text":"canary"}`,
		`{"name":"A","type":"secret_text","text":"canary","format":"raw"}`, `{"name":"A","type":"inherit","text":"canary"}`,
		`{"name":"A","type":"secret_key","format":"raw","algorithm":{},"usages":[],"key_base64":"","text":"canary"}`,
	} {
		r := newClient(t, controlplane.Options{}).deploy(b)
		require.Equal(t, 990001, r.code(), b)
		require.NotContains(t, r.text, "canary")
	}
	c := newTarget(t)
	for _, secret := range []string{`{"name":"A","text":"canary","comment":"canary"}`, `{"name":"A","Text":"canary"}`} {
		require.Equal(t, 990001, c.do("PUT", scripts+"/shop/secrets", secret).code(), secret)
		require.Equal(t, 990001, c.do("PATCH", scripts+"/shop/secrets-bulk", `{"secrets":{"A":`+secret+`}}`).code(), secret)
	}
	for _, test := range []struct{ request, body string }{ // members of members, and routes that the schema does not have
		{"PUT /routes", `[{"pattern":"a.example.com/*"},{"pattern":"b.example.com/*","enabled":false}]`},
		{"POST /domains/changeset", `[{"hostname":"a.example.com","previews_enabled":true}]`},
		{"PUT /domains/records", `{"origins":[{"hostname":"a.example.com","enabled":false}]}`},
		{"PUT /domains/records", `{"origins":[],"replace_state":true}`},
		{"POST /deployments", `{"strategy":"percentage","versions":[{"version_id":"x","percentage":100,"tag":"a"}]}`},
		{"POST /assets-upload-session",
			`{"manifest":{"/a":{"hash":"0123456789abcdef0123456789abcdef","size":1,"type":"text/html"}}}`},
	} {
		method, path, _ := strings.Cut(test.request, " ")
		require.Equal(t, 990001, c.do(method, scripts+"/shop"+path, test.body).code(), test.body)
	}
	content := "--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n{\"main_module\":\"m\",\"bindings\":[1]}\r\n--b\r\nContent-Disposition: form-data; name=m\r\n\r\nx\r\n--b--\r\n"
	require.Equal(t, 990001,
		c.do("PUT", scripts+"/shop/content", content, "Content-Type: multipart/form-data; boundary=b").code())
	require.Equal(t, 2, c.snapshot().VersionCount())
	r := c.do("POST", betaWorkers, `{"name":"shop2","subdomain":{"enabled":true,"custom":"canary"}}`)
	require.Equal(t, 990001, r.code(), r.text)
}

// TestSettingsOfUpload requires that an upload leaves settings as they are that it does not have,
// and that an upload that is not deployed changes none.
func TestSettingsOfUpload(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	const path = scripts + "/shop/script-settings"
	require.True(t, c.upload("PUT", scripts+"/shop", `{"main_module":"index.js","logpush":true,"tags":["a"]}`).Success)
	require.True(t,
		c.upload("PUT", scripts+"/shop", `{"main_module":"index.js","observability":{"enabled":true}}`).Success)
	require.JSONEq(t, `{"logpush":true,"tags":["a"],"observability":{"enabled":true},"tail_consumers":null}`,
		string(c.do("GET", path, "").Result))
	require.True(t, c.upload("POST", scripts+"/shop/versions", `{"main_module":"index.js","logpush":false}`).Success)
	require.Contains(t, c.do("GET", path, "").text, `"logpush":true`)
	require.Equal(t, 10021, c.upload("PUT", scripts+"/shop", `{"main_module":"index.js","tags":5}`).code())
}

// TestMisspelledVars sends secrets of a Pages project under a wrong name: they would be shown.
func TestMisspelledVars(t *testing.T) {
	c := newPagesTarget(t, controlplane.Options{})
	const vars = `{"A":{"type":"secret_text","value":"canary-7d1f"}}`
	for _, body := range []string{
		`{"deployment_configs":{"production":{"Env_Vars":` + vars + `}}}`,
		`{"deployment_configs":{"production":{"secrets":` + vars + `}}}`,
		`{"deployment_configs":{"preview":{"envVars":` + vars + `}}}`, `{"env_vars":` + vars + `}`,
		`{"deploymentConfigs":{"production":{"env_vars":` + vars + `}}}`,
	} {
		r := c.do("PATCH", projects+"/site", body)
		require.Equal(t, 990001, r.code(), r.text)
		require.NotContains(t, r.text, "canary")
	}
}
