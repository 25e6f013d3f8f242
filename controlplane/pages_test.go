package controlplane_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
)

const projects = account + "/pages/projects"

// pagesTarget is a client, and a project with a var and a secret in production.
type pagesTarget struct {
	client
	pages *controlplane.Pages
}

func newPagesTarget(t testing.TB, o controlplane.Options) pagesTarget {
	h := controlplane.New(o)
	c := pagesTarget{client{t, h}, h.Pages("a")}
	require.NoError(t, c.pages.Create(t.Context(), "site"))
	require.NoError(t, c.pages.Put(t.Context(), "site", controlplane.Production, binding.Var("HOST", "h"),
		binding.Secret("KEY", "canary-7d1f")))
	return c
}

// production returns the bindings in production.
func (c pagesTarget) production() map[string]string {
	env, err := c.pages.Env(c.t.Context(), "site", controlplane.Production)
	require.NoError(c.t, err)
	return env.Map()
}

func envVars(text string) string {
	return `{"deployment_configs":{"production":{"env_vars":` + text + `}}}`
}

func TestPagesVars(t *testing.T) {
	for _, test := range []struct {
		name, patch string
		vars        map[string]string
	}{
		{"secret put", envVars(`{"NEW":{"type":"secret_text","value":"n"}}`),
			map[string]string{"HOST": "h", "KEY": "canary-7d1f", "NEW": "n"}},
		{"secret delete", envVars(`{"KEY":null}`), map[string]string{"HOST": "h"}},
		{"delete what is not there", envVars(`{"NEVER":null}`), map[string]string{"HOST": "h", "KEY": "canary-7d1f"}},
		{"delete all", envVars(`null`), map[string]string{}},
		{"new value of the same type", envVars(`{"KEY":{"value":"k"}}`), map[string]string{"HOST": "h", "KEY": "k"}},
		{"the same type again", envVars(`{"KEY":{"type":"secret_text"}}`),
			map[string]string{"HOST": "h", "KEY": "canary-7d1f"}},
		{"no type", envVars(`{"NEW":{"value":"n"}}`), map[string]string{"HOST": "h", "KEY": "canary-7d1f", "NEW": "n"}},
		{"secret that becomes a var", envVars(`{"KEY":{"type":"plain_text","value":"k"}}`),
			map[string]string{"HOST": "h", "KEY": "k"}},
		{"other environment", `{"deployment_configs":{"preview":{"env_vars":{"HOST":{"value":"p"}}}}}`,
			map[string]string{"HOST": "h", "KEY": "canary-7d1f"}},
		{"nothing", `{}`, map[string]string{"HOST": "h", "KEY": "canary-7d1f"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newPagesTarget(t, controlplane.Options{})
			r := c.do("PATCH", projects+"/site", test.patch)
			require.True(t, r.Success, r.text)
			require.Equal(t, test.vars, c.production())
			require.NotContains(t, r.text, "canary")
			require.Equal(t, r.text, c.do("GET", projects+"/site", "").text)
		})
	}
}

func TestPagesProject(t *testing.T) {
	c := newPagesTarget(t, controlplane.Options{})
	r := c.do("POST", projects, `{"name":"docs","production_branch":"trunk","id":"mine","subdomain":"mine","unheard_of":{"n":1.50},"build_config":{"root_dir":"/"},
		"deployment_configs":{"production":{"wrangler_config_hash":"h","kv_namespaces":{"KV":{"namespace_id":"x"}},"env_vars":{"A":{"type":"secret_text","value":"canary-7d1f"},"B":null}}}}`)
	require.True(t, r.Success, r.text)
	require.NotContains(t, r.text, "canary")
	require.NotContains(t, r.text, "mine")
	require.Contains(t, r.text, `"unheard_of":{"n":1.50}`)
	require.Contains(t, r.text, `"env_vars":{"A":{"type":"secret_text","value":""}}`)
	require.Contains(t, r.text, `"wrangler_config_hash":"h"`)
	require.Contains(t, r.text, `"subdomain":"docs.pages.dev"`)

	var list []struct{ Name string }
	require.NoError(t, json.Unmarshal(c.do("GET", projects+"?per_page=1&page=2", "").Result, &list))
	require.Equal(t, []struct{ Name string }{{"site"}}, list)

	require.Equal(t, 8000002, c.do("PATCH", projects+"/docs", `{"name":"site"}`).code())
	require.True(t, c.do("PATCH", projects+"/docs", `{"name":"manual"}`).Success)
	require.Equal(t, 8000007, c.do("GET", projects+"/docs", "").code())
	names, err := c.pages.Projects(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"manual", "site"}, names)
	require.True(t, c.do("DELETE", projects+"/manual", "").Success)
	require.Equal(t, 8000007, c.do("DELETE", projects+"/manual", "").code())
}

func TestBadPages(t *testing.T) {
	for _, test := range []struct {
		name, method, path, body string
		status, code             int
	}{
		{"no such project", "GET", projects + "/docs", "", 404, 8000007},
		{"no such project to patch", "PATCH", projects + "/docs", `{}`, 404, 8000007},
		{"taken", "POST", projects, `{"name":"site","production_branch":"main"}`, 409, 8000002},
		{"no name", "POST", projects, `{"production_branch":"main"}`, 400, 8000000},
		{"no branch", "POST", projects, `{"name":"docs"}`, 400, 8000000},
		{"upper case", "POST", projects, `{"name":"Docs","production_branch":"main"}`, 400, 8000000},
		{"name too long", "POST", projects,
			`{"name":"` + strings.Repeat("a", 59) + `","production_branch":"main"}`, 400, 8000000},
		{"name is a number", "POST", projects, `{"name":5,"production_branch":"main"}`, 400, 8000000},
		{"no JSON", "POST", projects, `{`, 400, 10004},
		{"an array", "PATCH", projects + "/site", `[]`, 400, 10004},
		{"null", "PATCH", projects + "/site", `null`, 400, 10004},
		{"name null", "PATCH", projects + "/site", `{"name":null}`, 400, 8000000},
		{"configs are an array", "PATCH", projects + "/site", `{"deployment_configs":[]}`, 400, 8000000},
		{"config is a text", "PATCH", projects + "/site", `{"deployment_configs":{"production":"x"}}`, 400, 8000000},
		{"environment", "PATCH", projects + "/site", `{"deployment_configs":{"staging":{}}}`, 400, 8000000},
		{"vars are an array", "PATCH", projects + "/site", envVars(`["canary-7d1f"]`), 400, 8000000},
		{"var is a text", "PATCH", projects + "/site", envVars(`{"A":"canary-7d1f"}`), 400, 8000000},
		{"value is a number", "PATCH", projects + "/site", envVars(`{"A":{"value":5}}`), 400, 8000000},
		{"type is a number", "PATCH", projects + "/site", envVars(`{"A":{"type":5,"value":"canary-7d1f"}}`), 400, 8000000},
		{"other type", "PATCH", projects + "/site", envVars(`{"A":{"type":"json","value":"canary-7d1f"}}`), 400, 8000000},
		{"secret to be shown as a var", "PATCH", projects + "/site", envVars(`{"KEY":{"type":"plain_text"}}`), 400, 8000000},
		{"secret to be shown as nothing", "PATCH", projects + "/site", envVars(`{"KEY":{"type":null}}`), 400, 8000000},
		{"value too large", "PATCH", projects + "/site",
			envVars(`{"A":{"value":"` + strings.Repeat("x", 5*1024+1) + `"}}`), 400, 10054},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			c := newPagesTarget(t, controlplane.Options{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
			before := c.do("GET", projects, "").text
			r := c.do(test.method, test.path, test.body)
			require.Equal(t, test.status, r.Status, r.text)
			require.Equal(t, test.code, r.code(), r.text)
			require.NotContains(t, r.text+log.String(), "canary")
			require.Equal(t, before, c.do("GET", projects, "").text)
			require.Equal(t, "canary-7d1f", c.production()["KEY"])
		})
	}
}

func TestPagesErrors(t *testing.T) {
	c := newPagesTarget(t, controlplane.Options{})
	ctx := t.Context()
	_, err := c.pages.Env(ctx, "docs", controlplane.Preview)
	require.ErrorIs(t, err, controlplane.ErrNoProject)
	_, err = c.pages.Env(ctx, "site", "staging")
	require.ErrorIs(t, err, controlplane.ErrNoEnvironment)
	require.ErrorIs(t, c.pages.Create(ctx, "site"), controlplane.ErrProjectExists)
	require.ErrorIs(t, c.pages.Create(ctx, "-"), controlplane.ErrProject)
	err = c.pages.Put(ctx, "site", controlplane.Production, binding.JSONVar("A", `"canary-7d1f"`))
	require.ErrorIs(t, err, controlplane.ErrProject)
	require.NotContains(t, err.Error(), "canary")
	require.ErrorIs(t, c.pages.Put(ctx, "site", "staging"), controlplane.ErrNoEnvironment)
	var limit *binding.LimitError
	require.ErrorAs(t, c.pages.Put(ctx, "site", controlplane.Preview, binding.Var("A", strings.Repeat("x", 6000))), &limit)
	env, err := c.pages.Env(ctx, "site", controlplane.Preview)
	require.NoError(t, err)
	require.Zero(t, env.Len())
}

// TestPagesConcurrent puts secrets into one project from many clients.
func TestPagesConcurrent(t *testing.T) {
	c := newPagesTarget(t, controlplane.Options{})
	var failed atomic.Int64
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			patch := envVars(fmt.Sprintf(`{"S%d":{"type":"secret_text","value":"%d"}}`, i, i))
			if !c.do("PATCH", projects+"/site", patch).Success {
				failed.Add(1)
			}
		})
	}
	wg.Wait()
	require.Zero(t, failed.Load())
	require.Len(t, c.production(), 34)
}

func FuzzPages(f *testing.F) {
	f.Add(envVars(`{"KEY":{"type":"secret_text","value":"v"},"HOST":null}`))
	f.Add(envVars(`{"KEY":{"type":"plain_text"}}`))
	f.Add(`{"name":"docs","deployment_configs":{"preview":null,"production":{"env_vars":{"KEY":{"value":"v"}}}}}`)
	f.Fuzz(func(t *testing.T, patch string) {
		c := newPagesTarget(t, controlplane.Options{})
		before := c.do("GET", projects, "").text
		r := c.do("PATCH", projects+"/site", patch)
		require.Less(t, r.Status, 500)
		after := c.do("GET", projects, "").text
		require.True(t, r.Success || before == after)
		if !strings.Contains(patch, "canary") {
			require.NotContains(t, r.text+after, "canary")
		}
	})
}
