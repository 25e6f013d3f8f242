package controlplane_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
)

const scripts = account + "/workers/scripts"

func (c client) names(path string) []string {
	var list []struct {
		ID         string
		ScriptName string `json:"script_name"`
	}
	r := c.do("GET", path, "")
	require.NoError(c.t, json.Unmarshal(r.Result, &list), r.text)
	names := []string{}
	for _, e := range list {
		if e.ScriptName != "" {
			e.ID = e.ScriptName
		}
		names = append(names, e.ID)
	}
	return names
}

func TestScriptsList(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	require.Equal(t, []string{}, c.names(scripts))
	for _, name := range []string{"shop-b", "shop-a", "blog"} {
		require.True(t, c.upload("PUT", scripts+"/"+name, `{"main_module":"index.js","compatibility_date":"2026-01-01"}`).Success)
	}
	require.True(t, c.do("PATCH", scripts+"/blog/script-settings", `{"tags":["team:x","old"]}`).Success)
	for query, names := range map[string][]string{
		"":                      {"blog", "shop-a", "shop-b"},
		"?tags=old:yes":         {"blog"},
		"?tags=old:no":          {"shop-a", "shop-b"},
		"?tags=team:x:yes,old":  {"blog"},
		"?tags=old:yes,none:no": {"blog"},
		"?tags=none:yes":        {},
	} {
		require.Equal(t, names, c.names(scripts+query), query)
	}
	for query, names := range map[string][]string{
		"":                             {"blog", "shop-a", "shop-b"},
		"?name=shop":                   {"shop-a", "shop-b"},
		"?name=shop&per_page=1&page=2": {"shop-b"},
		"?id=none":                     {},
	} {
		require.Equal(t, names, c.names(scripts+"-search"+query), query)
	}
	var list []struct {
		HasModules bool   `json:"has_modules"`
		Date       string `json:"compatibility_date"`
		Created    string `json:"created_on"`
		Modified   string `json:"modified_on"`
	}
	require.NoError(t, json.Unmarshal(c.do("GET", scripts, "").Result, &list))
	require.True(t, list[0].HasModules)
	require.Equal(t, "2026-01-01", list[0].Date)
	require.Less(t, list[0].Created, list[0].Modified)
}

// TestScriptAlone tests uploads of old clients, whose body is the script.
func TestScriptAlone(t *testing.T) {
	c := target{client: newClient(t, controlplane.Options{})}
	c.api = c.handler.(*controlplane.Handler)
	r := c.do("PUT", scripts+"/shop", "addEventListener()", "Content-Type: application/javascript; charset=utf-8")
	require.True(t, r.Success, r.text)
	require.Contains(t, r.text, `"has_modules":false`)
	require.Equal(t, "addEventListener()", c.get(scripts+"/shop").Body.String())
	require.True(t, c.do("PUT", scripts+"/shop/secrets", `{"name":"KEY","text":"k"}`).Success)

	r = c.do("PUT", scripts+"/shop/content", "removeEventListener()", "Content-Type: application/javascript")
	require.True(t, r.Success, r.text)
	require.Equal(t, "removeEventListener()", c.get(scripts+"/shop").Body.String())
	latest, _ := c.snapshot().Latest()
	require.Equal(t, map[string]string{"KEY": "k"}, latest.Env().Map())
	require.True(t, c.snapshot().LatestIsDeployed())
}

func TestContentPut(t *testing.T) {
	const module = "--b\r\nContent-Disposition: form-data; name=files; filename=new.js\r\nContent-Type: application/javascript+module\r\n\r\nnew\r\n"
	const metadata = "--b\r\nContent-Disposition: form-data; name=metadata\r\nContent-Type: application/json\r\n\r\n"
	for _, test := range []struct {
		name, body, header string
		code               int
	}{
		{"metadata", metadata + `{"main_module":"new.js"}` + "\r\n" + module + "--b--\r\n", "X: y", 0},
		{"header", module + "--b--\r\n", "CF-WORKER-MAIN-MODULE-PART: new.js", 0},
		{"body part", module + "--b--\r\n", "CF-WORKER-BODY-PART: new.js", 0},
		{"neither", module + "--b--\r\n", "X: y", 10021},
		{"other name", module + "--b--\r\n", "CF-WORKER-BODY-PART: index.js", 10021},
		{"metadata of a wrong shape", metadata + `{"main_module":5}` + "\r\n" + module + "--b--\r\n", "X: y", 10021},
		{"cut off", module, "CF-WORKER-BODY-PART: new.js", 10004},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newTarget(t)
			require.True(t, c.upload("POST", scripts+"/shop/versions", `{"main_module":"index.js","compatibility_date":"2026-01-01","limits":{"cpu_ms":5},
				"bindings":[{"name":"HOST","type":"plain_text","text":"i"}]}`).Success)
			before := c.snapshot()
			r := c.do("PUT", scripts+"/shop/content", test.body, "Content-Type: multipart/form-data; boundary=b", test.header)
			require.Equal(t, test.code, r.code(), r.text)
			if test.code != 0 {
				require.True(t, before.Equal(c.snapshot()))
				return
			}
			latest, _ := c.snapshot().Latest()
			require.Equal(t, before.VersionCount()+1, latest.Number())
			require.True(t, c.snapshot().LatestIsDeployed())
			require.Equal(t, map[string]string{"HOST": "i", "KEY": "canary-7d1f"}, latest.Env().Map())
			require.Equal(t, "2026-01-01", latest.Code().CompatibilityDate)
			require.Contains(t, c.get(scripts+"/shop").Body.String(), "new")
		})
	}
	require.Equal(t, 10007, newClient(t, controlplane.Options{}).do("PUT", scripts+"/shop/content", "x", "Content-Type: text/javascript").code())
}

// TestModulesByFilename tests uploads of cloudflare-go v6, in which all parts have the name
// "files".
func TestModulesByFilename(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	part := func(name string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"" + name + "\"\r\nContent-Type: application/javascript+module\r\n\r\n" + name + "\r\n"
	}
	body := "--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\nContent-Type: application/json\r\n\r\n{\"main_module\":\"lib/a.js\"}\r\n" +
		part("lib/a.js") + part("b%22.js") + "--b--\r\n"
	r := c.do("PUT", scripts+"/shop", body, "Content-Type: multipart/form-data; boundary=b")
	require.True(t, r.Success, r.text)
	w := c.get(scripts + "/shop")
	require.Equal(t, "lib/a.js", w.Header().Get("Cf-Entrypoint"))
	require.Contains(t, w.Body.String(), `name="b%22.js"`)
}

func TestSecretKeys(t *testing.T) {
	const key = `{"name":"KEY","type":"secret_key","format":"raw","algorithm":{"name":"HMAC"},"usages":["sign"],"key_base64":"Y2FuYXJ5"}`
	const secrets = scripts + "/shop/secrets"
	c := newTarget(t)
	r := c.do("PUT", secrets, key)
	require.True(t, r.Success, r.text)
	require.JSONEq(t, `{"name":"KEY","type":"secret_key","format":"raw","algorithm":{"name":"HMAC"},"usages":["sign"]}`, string(r.Result))
	require.JSONEq(t, string(r.Result), string(c.do("GET", secrets+"/KEY", "").Result))
	require.JSONEq(t, "["+string(r.Result)+"]", string(c.do("GET", secrets, "").Result))
	latest, _ := c.snapshot().Latest()
	b, _ := latest.Bindings().Lookup("KEY")
	require.Equal(t, binding.Kind("secret_key"), b.Kind())
	attributes, _ := b.Attributes()
	require.Contains(t, attributes.Reveal(), "Y2FuYXJ5")
	by, _ := latest.Annotation("workers/triggered_by")
	require.Equal(t, "secret", by)

	for _, test := range []struct {
		body string
		code int
	}{
		{strings.Replace(key, "KEY", "HOST", 1), 10053},
		{strings.Replace(key, `,"key_base64":"Y2FuYXJ5"`, ``, 1), 10021},
		{strings.Replace(key, `"format":"raw",`, ``, 1), 10021},
		{strings.Replace(key, `"Y2FuYXJ5"`, `null`, 1), 10021},
	} {
		require.Equal(t, test.code, c.do("PUT", secrets, test.body).code(), test.body)
	}
	r = c.do("PATCH", secrets+"-bulk", `{"secrets":{"TEXT":{"text":"t","type":null},"KEY":null,"NEW":`+key+`}}`)
	require.True(t, r.Success, r.text)
	require.NotContains(t, r.text, "Y2FuYXJ5")
	require.Equal(t, 4, c.snapshot().VersionCount())
	latest, _ = c.snapshot().Latest()
	require.Equal(t, []string{"HOST", "NEW", "TEXT"}, latest.Bindings().Names())

	require.True(t, c.upload("POST", scripts+"/shop/versions", `{"main_module":"index.js"}`).Success)
	require.Equal(t, 10215, c.do("PUT", secrets, key).code())
}

func TestSchedules(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	const schedules = scripts + "/shop/schedules"
	require.Equal(t, 10007, c.do("GET", schedules, "").code())
	require.True(t, c.deploy().Success)
	require.JSONEq(t, `{"schedules":[]}`, string(c.do("GET", schedules, "").Result))
	r := c.do("PUT", schedules, `[{"cron":"0 3 * * *"}]`)
	require.True(t, r.Success, r.text)
	require.Contains(t, r.text, `"cron":"0 3 * * *"`)
	require.Equal(t, r.text, c.do("GET", schedules, "").text)
	for _, bad := range []string{`{}`, `[{}]`, `["x"]`} {
		require.Equal(t, 10004, c.do("PUT", schedules, bad).code(), bad)
	}
}
