package oracle_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// write makes a project in a folder of its own.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}

var shop = map[string]string{
	"wrangler.toml": "name = \"w\"\ncompatibility_date = \"2026-01-01\"\n" +
		"vars = { B = \"var\", N = -0.0, J = [1] }\n[env.e.vars]\nE = \"e\"\n",
	".dev.vars":   "S=secret\nB=local\n",
	".dev.vars.e": "T=of e\n",
	"my.env":      "M=mine\nN=${M}\n",
}

func TestResolve(t *testing.T) {
	r := live.Oracle(t).NewResolver(oracle.Limits{Time: time.Minute})
	t.Cleanup(r.Close)
	dir := write(t, shop)
	broken := write(t, map[string]string{"wrangler.json": "{\n"})
	endless := write(t, map[string]string{".env": "A=1\nB=${P}\n"})
	process := oracle.Process{"P=p", "CLOUDFLARE_INCLUDE_PROCESS_ENV=true"}
	got, err := r.Resolve(t.Context(), []oracle.Project{
		{Dir: dir},
		{Dir: dir, Env: new("e")},
		{Dir: dir, EnvFiles: []string{"my.env"}},
		{Dir: broken},
		{Dir: endless, Process: process, Only: []string{"A", "B"}},
	})
	require.NoError(t, err)
	require.Equal(t, `{"B":{"type":"secret_text","value":"local"},"N":{"type":"json","value":0},`+
		`"J":{"type":"json","value":[1]},"S":{"type":"secret_text","value":"secret"}}`, string(got[0].Vars))
	require.Equal(t, []string{"B", "N", "J", "S"}, got[0].Order)
	require.Equal(t, map[string]string{"N": "-0"}, got[0].Special)
	require.Equal(t, filepath.Join(dir, "wrangler.toml"), *got[0].ConfigPath)
	require.Equal(t, []string{"Using secrets defined in .dev.vars"}, got[0].Log.Out)
	require.Equal(t, `{"E":{"type":"plain_text","value":"e"},"T":{"type":"secret_text","value":"of e"}}`,
		string(got[1].Vars))
	require.Equal(t, "w-e", *got[1].Name)
	require.Equal(t, `{"B":{"type":"plain_text","value":"var"},"N":{"type":"secret_text","value":"mine"},`+
		`"J":{"type":"json","value":[1]},"M":{"type":"secret_text","value":"mine"}}`, string(got[2].Vars))
	require.Equal(t, oracle.Threw, got[3].Ending)
	require.Equal(t, "CloseBraceExpected", got[3].Chain[0].Message)
	require.NotNil(t, got[3].Chain[0].Loc)
	require.Equal(t, `{"A":{"type":"secret_text","value":"1"},"B":{"type":"secret_text","value":"p"}}`,
		string(got[4].Vars))
}

func TestResolveHang(t *testing.T) {
	r := live.Oracle(t).NewResolver(oracle.Limits{Time: 3 * time.Second})
	t.Cleanup(r.Close)
	hang := write(t, map[string]string{".env": "A=${constructor}\n"})
	good := write(t, map[string]string{".env": "A=1\n"})
	got, err := r.Resolve(t.Context(), []oracle.Project{{Dir: hang}, {Dir: good}})
	require.NoError(t, err)
	require.Equal(t, oracle.Hung, got[0].Ending)
	require.Equal(t, []string{"A"}, got[1].Order)
}

func TestDev(t *testing.T) {
	tools := live.Oracle(t)
	env, err := tools.Dev(t.Context(), oracle.Project{Dir: write(t, shop), Vars: []string{"B:x:y"}},
		oracle.Limits{Time: time.Minute})
	require.NoError(t, err)
	require.Equal(t, oracle.Answered, env.Ending)
	require.JSONEq(t, `[["N","number",0],["J","array",[1]],["B","string","x:y"],["S","string","secret"]]`, string(env.Env))

	env, err = tools.Dev(t.Context(), oracle.Project{Dir: write(t, shop), Env: new("nope")},
		oracle.Limits{Time: time.Minute})
	require.NoError(t, err)
	require.Equal(t, oracle.Threw, env.Ending)
	require.Equal(t, 1, env.Exit)
	require.Contains(t, env.Output, `No environment found in configuration with name "nope"`)
}

func TestDevTimeLimit(t *testing.T) {
	env, err := live.Oracle(t).Dev(t.Context(), oracle.Project{Dir: write(t, shop)},
		oracle.Limits{Time: 100 * time.Millisecond})
	require.NoError(t, err)
	require.Equal(t, oracle.Hung, env.Ending)
}

func TestDeploy(t *testing.T) {
	tools := live.Oracle(t)
	upload, err := tools.Deploy(t.Context(), oracle.Project{Dir: write(t, shop)}, oracle.Limits{Time: time.Minute})
	require.NoError(t, err)
	require.Equal(t, oracle.Answered, upload.Ending)
	require.JSONEq(t, `[{"name":"B","type":"plain_text","text":"var"},{"name":"N","type":"json","json":0},`+
		`{"name":"J","type":"json","json":[1]}]`, string(upload.Bindings))
	require.JSONEq(t, `["secret_text","secret_key"]`, string(upload.KeepBindings))

	upload, err = tools.Deploy(t.Context(), oracle.Project{Dir: write(t, map[string]string{"wrangler.json": "{"})},
		oracle.Limits{Time: time.Minute})
	require.NoError(t, err)
	require.Equal(t, oracle.Threw, upload.Ending)
	require.Contains(t, upload.Output, "CloseBraceExpected")
}

func TestProcessKeepsItsOrder(t *testing.T) {
	var p oracle.Process
	require.NoError(t, json.Unmarshal([]byte(`{"b":"1=2","a":"\u00a0","":"x"}`), &p))
	require.Equal(t, oracle.Process{"b=1=2", "a=\u00a0", "=x"}, p)
	back, err := json.Marshal(p)
	require.NoError(t, err)
	require.Equal(t, "{\"b\":\"1=2\",\"a\":\"\u00a0\",\"\":\"x\"}", string(back))
	require.Error(t, json.Unmarshal([]byte(`{"a":1}`), &p))
}

func TestPagesDev(t *testing.T) {
	dir := write(t, map[string]string{
		"wrangler.json": `{"name":"p","pages_build_output_dir":"dist","vars":{"A":"var"}}`,
		".dev.vars":     "S=secret\n",
	})
	env, err := live.Oracle(t).PagesDev(t.Context(), oracle.Project{Dir: dir, PagesBindings: []string{"A=x=y"}},
		oracle.Limits{Time: time.Minute})
	require.NoError(t, err)
	require.Equal(t, oracle.Answered, env.Ending)
	require.Contains(t, string(env.Env), `["A","string","x=y"],["CF_PAGES","string","1"]`)
	require.Contains(t, string(env.Env), `["S","string","secret"],["ASSETS","object",{}]]`)
}

func TestDeployToAnExistingWorker(t *testing.T) {
	tools := live.Oracle(t)
	p := oracle.Project{Dir: write(t, shop), RemoteSecrets: []string{"B"}}
	upload, err := tools.Deploy(t.Context(), p, oracle.Limits{Time: time.Minute})
	require.NoError(t, err)
	require.Equal(t, oracle.Answered, upload.Ending)
	require.Contains(t, string(upload.Bindings), `{"name":"B","type":"plain_text","text":"var"}`)

	p.Strict = true
	upload, err = tools.Deploy(t.Context(), p, oracle.Limits{Time: time.Minute})
	require.NoError(t, err)
	require.Equal(t, oracle.Threw, upload.Ending)
	require.Contains(t, upload.Output, "Environment variable `B` conflicts with an existing remote secret")
}
