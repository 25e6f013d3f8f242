package controlplane_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
)

// memberRoutes are the routes that take members, by their names in testdata/members.json. Each
// sends a member of a new Worker shop.
var memberRoutes = map[string]func(c client, member string) response{
	"upload": func(c client, member string) response {
		return c.upload("PUT", scripts+"/shop", `{"main_module":"index.js",`+member+`}`)
	},
	"version": func(c client, member string) response {
		require.True(c.t, c.deploy().Success)
		return c.upload("POST", scripts+"/shop/versions", `{"main_module":"index.js",`+member+`}`)
	},
	"settings": func(c client, member string) response {
		require.True(c.t, c.deploy().Success)
		return c.patchSettings("{" + member + "}")
	},
	"script-settings": func(c client, member string) response {
		require.True(c.t, c.deploy().Success)
		return c.do("PATCH", scripts+"/shop/script-settings", "{"+member+"}")
	},
	"worker": func(c client, member string) response {
		r := c.do("POST", betaWorkers, `{"name":"shop",`+member+`}`)
		c.deploy()
		return r
	},
	"worker-put": func(c client, member string) response {
		require.True(c.t, c.deploy().Success)
		return c.do("PUT", betaWorkers+"/shop", `{"name":"shop",`+member+`}`)
	},
	"worker-patch": func(c client, member string) response {
		require.True(c.t, c.deploy().Success)
		return c.do("PATCH", betaWorkers+"/shop", "{"+member+"}")
	},
	"worker-version": func(c client, member string) response {
		require.True(c.t, c.deploy().Success)
		return c.do("POST", betaWorkers+"/shop/versions?deploy=true", `{"main_module":"m","modules":[{"name":"m"}],`+member+`}`)
	},
	"patch-version": func(c client, member string) response {
		require.True(c.t, c.deploy().Success)
		return c.do("PATCH", betaWorkers+"/shop/versions/latest", "{"+member+"}")
	},
	"deployment": func(c client, member string) response {
		require.True(c.t, c.deploy().Success)
		var list struct{ Items []struct{ ID string } }
		require.NoError(c.t, json.Unmarshal(c.do("GET", scripts+"/shop/versions", "").Result, &list))
		return c.do("POST", scripts+"/shop/deployments", `{"strategy":"percentage","versions":[{"version_id":"`+list.Items[0].ID+`","percentage":100}],`+member+`}`)
	},
	"secrets-bulk": func(c client, member string) response {
		require.True(c.t, c.deploy().Success)
		return c.do("PATCH", scripts+"/shop/secrets-bulk", `{"secrets":{"A":{"text":"a"}},`+member+`}`)
	},
}

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

// TestMembers sends each documented member by each route that takes it, and reads it back by each
// route that shows it. No member is accepted and lost.
func TestMembers(t *testing.T) {
	text, err := os.ReadFile("testdata/members.json")
	require.NoError(t, err)
	var table struct{ Cases []memberCase }
	require.NoError(t, json.Unmarshal(text, &table))
	tested := make(map[string]bool)
	for _, test := range table.Cases {
		for _, route := range test.Routes {
			tested[route] = true
			t.Run(route+"/"+test.Member, func(t *testing.T) { test.run(t, route) })
		}
	}
	require.Len(t, tested, len(memberRoutes))
}

func (test memberCase) run(t *testing.T, route string) {
	var log bytes.Buffer
	c := newClient(t, controlplane.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	require.Contains(t, memberRoutes, route)
	r := memberRoutes[route](c, `"`+test.Member+`":`+string(test.Value))
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
		require.NoError(t, json.Unmarshal(c.do("GET", account+path, "").Result, &result), path)
		shown, err := json.Marshal(find(result, strings.Split(member, ".")))
		require.NoError(t, err)
		require.JSONEq(t, string(test.Value), string(shown), "%s %s", path, member)
	}
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
	for route, send := range memberRoutes {
		for _, name := range []string{"unheard_of", "Bindings", "Tags", "version_tags"} {
			r := send(newClient(t, controlplane.Options{}), `"`+name+`":["canary"]`)
			require.Equal(t, 990001, r.code(), "%s %s: %s", route, name, r.text)
			require.NotContains(t, r.text, "canary")
		}
		r := send(newClient(t, controlplane.Options{}), `"S3cr3t canary":1`)
		require.Equal(t, 990001, r.code(), r.text)
		require.NotContains(t, r.text, "canary")
	}
	c := newTarget(t)
	for _, secret := range []string{`{"name":"A","text":"canary","comment":"canary"}`, `{"name":"A","Text":"canary"}`} {
		require.Equal(t, 990001, c.do("PUT", scripts+"/shop/secrets", secret).code(), secret)
		require.Equal(t, 990001, c.do("PATCH", scripts+"/shop/secrets-bulk", `{"secrets":{"A":`+secret+`}}`).code(), secret)
	}
	content := "--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n{\"main_module\":\"m\",\"bindings\":[1]}\r\n--b\r\nContent-Disposition: form-data; name=m\r\n\r\nx\r\n--b--\r\n"
	require.Equal(t, 990001, c.do("PUT", scripts+"/shop/content", content, "Content-Type: multipart/form-data; boundary=b").code())
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
	require.True(t, c.upload("PUT", scripts+"/shop", `{"main_module":"index.js","observability":{"enabled":true}}`).Success)
	require.JSONEq(t, `{"logpush":true,"tags":["a"],"observability":{"enabled":true},"tail_consumers":null}`, string(c.do("GET", path, "").Result))
	require.True(t, c.upload("POST", scripts+"/shop/versions", `{"main_module":"index.js","logpush":false}`).Success)
	require.Contains(t, c.do("GET", path, "").text, `"logpush":true`)
	require.Equal(t, 10021, c.upload("PUT", scripts+"/shop", `{"main_module":"index.js","tags":5}`).code())
}

// TestMisspelledVars sends secrets of a Pages project under a wrong name: they would be shown.
func TestMisspelledVars(t *testing.T) {
	c := newPagesTarget(t, controlplane.Options{})
	const vars = `{"A":{"type":"secret_text","value":"canary-7d1f"}}`
	for _, body := range []string{
		`{"deployment_configs":{"production":{"Env_Vars":` + vars + `}}}`, `{"deployment_configs":{"production":{"secrets":` + vars + `}}}`,
		`{"deployment_configs":{"preview":{"envVars":` + vars + `}}}`, `{"env_vars":` + vars + `}`, `{"deploymentConfigs":{"production":{"env_vars":` + vars + `}}}`,
	} {
		r := c.do("PATCH", projects+"/site", body)
		require.Equal(t, 990001, r.code(), r.text)
		require.NotContains(t, r.text, "canary")
	}
}
