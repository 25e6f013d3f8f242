package wrangler_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

// Both contain projects and the results of the real wrangler; PROVENANCE.md in each describes how they were recorded.
const (
	fixtures = "testdata/fixtures"
	recorded = "testdata/recorded"
)

// fixture is args.json: how wrangler was called.
type fixture struct {
	dir string

	Env           *string         `json:"env"`
	ProcessEnv    json.RawMessage `json:"processEnv"` // an object, whose order counts
	EnvFiles      []string        `json:"envFiles"`
	CWD           string          `json:"cwd"`
	Config        *string         `json:"config"`
	Redirect      bool            `json:"redirect"`
	CLIVars       []string        `json:"cliVars"`
	Only          []string        `json:"only"`
	Script        string          `json:"script"`
	NoScript      bool            `json:"noScript"`
	SecretsFile   string          `json:"secretsFile"`
	KeepVars      bool            `json:"keepVars"`
	Strict        bool            `json:"strict"`
	RemoteSecrets []string        `json:"remoteSecrets"`
	NewWorker     bool            `json:"newWorker"`
	PagesBindings []string        `json:"pagesBindings"`
}

// read decodes a file of the fixture, if it is there.
func (f fixture) read(t *testing.T, file string, into any) bool {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(f.dir, file))
	if os.IsNotExist(err) {
		return false
	}
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, into))
	return true
}

// options are those that all levels share.
func (f fixture) options(t *testing.T) wrangler.Options {
	t.Helper()
	root, err := filepath.Abs(f.dir)
	require.NoError(t, err)
	o := wrangler.Options{Dir: filepath.Join(root, f.CWD), Environment: f.Env, EnvFiles: f.EnvFiles}
	if f.Config != nil {
		o.Config = *f.Config
	}
	names, values := ordered(t, f.ProcessEnv)
	for i, name := range names {
		o.Environ = append(o.Environ, name+"="+text(t, "text", values[i]))
	}
	return o
}

// commandLine returns the options as a command line can have them: an empty list of --env-file is no flag. The recorder
// gave wrangler a script, nearly always.
func (f fixture) commandLine(t *testing.T) wrangler.Options {
	t.Helper()
	o := f.options(t)
	if len(o.EnvFiles) == 0 {
		o.EnvFiles = nil
	}
	if !f.NoScript {
		o.Script = cmp.Or(f.Script, "oracle-worker.mjs")
	}
	return o
}

// eachFixture runs a test for each project in a folder.
func eachFixture(t *testing.T, folder string, run func(t *testing.T, f fixture)) {
	dirs, err := os.ReadDir(folder)
	require.NoError(t, err)
	count := 0
	for _, dir := range dirs {
		if !dir.IsDir() {
			continue
		}
		count++
		t.Run(dir.Name(), func(t *testing.T) {
			f := fixture{dir: filepath.Join(folder, dir.Name())}
			require.True(t, f.read(t, "args.json", &f))
			run(t, f)
		})
	}
	require.Greater(t, count, 100)
}

// ordered decodes a JSON object into its keys and values, in order.
func ordered(t *testing.T, data []byte) (keys []string, values []json.RawMessage) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	_, err := d.Token()
	require.NoError(t, err)
	for d.More() {
		key, err := d.Token()
		require.NoError(t, err)
		var v json.RawMessage
		require.NoError(t, d.Decode(&v))
		keys, values = append(keys, key.(string)), append(values, v)
	}
	return keys, values
}

// shape is a binding as the recordings have it.
type shape struct {
	Name, Kind, Value string
}

func shapeOf(b binding.Binding) shape {
	s := shape{Name: b.Name(), Kind: string(b.Kind())}
	if v, ok := b.Value(); ok {
		s.Value = v.Reveal()
	}
	return s
}

func shapesOf(r *wrangler.Resolution, only []string) []shape {
	shapes := []shape{}
	for _, b := range r.Bindings() {
		if only == nil || contains(only, b.Name()) {
			shapes = append(shapes, shapeOf(b))
		}
	}
	return shapes
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// text returns what a recorded value is as the text of a binding: a string's characters, the compact JSON of anything else.
func text(t *testing.T, kind string, raw json.RawMessage) string {
	t.Helper()
	if kind != "json" {
		var s string
		require.NoError(t, json.Unmarshal(raw, &s))
		return s
	}
	var buf bytes.Buffer
	require.NoError(t, json.Compact(&buf, raw))
	return buf.String()
}

// TestFixturesAPI compares with unstable_readConfig and unstable_getVarsForDev.
func TestFixturesAPI(t *testing.T) {
	eachFixture(t, fixtures, func(t *testing.T, f fixture) {
		o := f.options(t)
		o.Programmatic = true
		if f.Redirect {
			o = wrangler.FollowRedirect(o)
		}
		r, err := resolve(o, wrangler.DevOptions{})
		data, readErr := os.ReadFile(filepath.Join(f.dir, "expected.json"))
		require.NoError(t, readErr)
		keys, values := ordered(t, data)
		if len(keys) == 1 && keys[0] == "error" {
			requireTyped(t, err, string(values[0]))
			return
		}
		require.NoError(t, err)
		want := []shape{}
		for i, key := range keys {
			var v struct {
				Type  string          `json:"type"`
				Value json.RawMessage `json:"value"`
			}
			require.NoError(t, json.Unmarshal(values[i], &v))
			want = append(want, shape{key, v.Type, text(t, v.Type, v.Value)})
		}
		require.Equal(t, want, shapesOf(r, f.Only))
	})
}

func resolve(o wrangler.Options, d wrangler.DevOptions) (*wrangler.Resolution, error) {
	c, err := wrangler.Load(o)
	if err != nil {
		return nil, err
	}
	return c.Dev(d)
}

func requireTyped(t *testing.T, err error, recorded string) {
	t.Helper()
	require.Error(t, err, "the reference says %s", recorded)
	require.NotEmpty(t, wrangler.Findings(err), "every error is a *wrangler.Error")
	for _, f := range wrangler.Findings(err) {
		require.NotEmpty(t, f.Rule)
		require.NotEmpty(t, f.Text)
	}
}

// recordedEnv is dev.json or pages.json.
type recordedEnv struct {
	Env      [][3]json.RawMessage `json:"env"`
	Output   string               `json:"output"`
	Warnings []string             `json:"warnings"`
}

func (want recordedEnv) shapes(t *testing.T, only []string) []shape {
	env := []shape{}
	for _, row := range want.Env {
		var key, typeof string
		require.NoError(t, json.Unmarshal(row[0], &key))
		require.NoError(t, json.Unmarshal(row[1], &typeof))
		if only != nil && !contains(only, key) {
			continue
		}
		kind := "json"
		if typeof == "string" {
			kind = "text"
		}
		env = append(env, shape{key, kind, text(t, kind, row[2])})
	}
	return env
}

// seenByWorker replaces each kind by the type of the value that the Worker sees.
func seenByWorker(shapes []shape) []shape {
	for i := range shapes {
		switch shapes[i].Kind {
		case "plain_text", "secret_text":
			shapes[i].Kind = "text"
		case "json":
		default:
			shapes[i].Kind, shapes[i].Value = "json", "{}" // a resource is an object without properties of its own
		}
	}
	return shapes
}

// requireEnv compares with the env that a Worker found.
func requireEnv(t *testing.T, f fixture, want recordedEnv, r *wrangler.Resolution, err error) {
	t.Helper()
	if want.Env == nil {
		requireTyped(t, err, want.Output)
		return
	}
	require.NoError(t, err)
	got := shapesOf(r, f.Only)
	require.Equal(t, withoutResources(got, want.shapes(t, f.Only)), seenByWorker(got))
}

// withoutResources empties the objects in want that stand for resources in got: their properties are made by the emulator.
func withoutResources(got, want []shape) []shape {
	for i := range min(len(got), len(want)) {
		if binding.Kind(got[i].Kind).IsResource() && strings.HasPrefix(want[i].Value, "{") {
			want[i].Value = "{}"
		}
	}
	return want
}

// TestFixturesDev compares with the env that a Worker found in `wrangler dev`.
func TestFixturesDev(t *testing.T) {
	eachFixture(t, fixtures, func(t *testing.T, f fixture) {
		var want recordedEnv
		if !f.read(t, "dev.json", &want) {
			t.Skip("not recorded")
		}
		r, err := resolve(f.commandLine(t), wrangler.DevOptions{Vars: f.CLIVars})
		requireEnv(t, f, want, r, err)
	})
}

// recordedUpload is deploy.json.
type recordedUpload struct {
	Bindings []json.RawMessage `json:"bindings"`
	Keep     []binding.Kind    `json:"keep_bindings"`
	Error    string            `json:"error"`
	Warnings []string          `json:"warnings"`
}

// requireUpload compares with the metadata of an upload.
func requireUpload(t *testing.T, want recordedUpload, r *wrangler.Resolution, err error) {
	t.Helper()
	if want.Bindings == nil {
		requireTyped(t, err, want.Error)
		return
	}
	require.NoError(t, err)
	require.Equal(t, want.Keep, r.KeepBindings())
	bindings := r.Bindings()
	require.Len(t, bindings, len(want.Bindings))
	for i, raw := range want.Bindings {
		require.JSONEq(t, string(raw), upload(t, bindings[i]))
	}
}

func deploy(o wrangler.Options, d wrangler.DeployOptions) (*wrangler.Resolution, error) {
	c, err := wrangler.Load(o)
	if err != nil {
		return nil, err
	}
	return c.Deploy(d)
}

// TestFixturesDeploy compares with the metadata of the upload of `wrangler deploy`.
func TestFixturesDeploy(t *testing.T) {
	eachFixture(t, fixtures, func(t *testing.T, f fixture) {
		var want recordedUpload
		if !f.read(t, "deploy.json", &want) {
			t.Skip("not recorded")
		}
		r, err := deploy(f.commandLine(t), wrangler.DeployOptions{Vars: f.CLIVars})
		requireUpload(t, want, r, err)
	})
}

// upload returns the form of a binding in the metadata of an upload.
func upload(t *testing.T, b binding.Binding) string {
	t.Helper()
	form := map[string]any{}
	if a, ok := b.Attributes(); ok {
		require.NoError(t, json.Unmarshal([]byte(a.Reveal()), &form))
	}
	form["name"], form["type"] = b.Name(), b.Kind()
	if v, ok := b.Value(); ok {
		if b.Kind() == binding.JSON {
			form["json"] = json.RawMessage(v.Reveal())
		} else {
			form["text"] = v.Reveal()
		}
	}
	data, err := json.Marshal(form)
	require.NoError(t, err)
	return string(data)
}
