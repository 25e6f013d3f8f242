package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fixtures has projects and the recorded results of wrangler; PROVENANCE.md there describes how they were recorded.
const fixtures = "../../wrangler/testdata/fixtures"

// fixture is a recorded project with the arguments of wrangler, args.json.
type fixture struct {
	dir     string
	environ []string

	Env        *string         `json:"env"`
	ProcessEnv json.RawMessage `json:"processEnv"`
	EnvFiles   []string        `json:"envFiles"`
	CWD        string          `json:"cwd"`
	Config     *string         `json:"config"`
	CLIVars    []string        `json:"cliVars"`
	Only       []string        `json:"only"`
}

// args returns a command line for a command on the project.
func (f fixture) args(verb string, more ...string) []string {
	args := append([]string{verb, "-C", filepath.Clean(f.CWD)}, more...)
	if f.Env != nil {
		args = append(args, "--env="+*f.Env)
	}
	if f.Config != nil {
		args = append(args, "--config", *f.Config)
	}
	for _, file := range f.EnvFiles {
		args = append(args, "--env-file", file)
	}
	for _, v := range f.CLIVars {
		args = append(args, "--var", v)
	}
	return args
}

func (f fixture) run(verb string, more ...string) call {
	return executeArgs(f.dir, f.environ, f.args(verb, more...))
}

// read decodes a file of the recording, and reports whether the file exists.
func (f fixture) read(t *testing.T, name string, into any) bool {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(f.dir, name))
	if os.IsNotExist(err) {
		return false
	}
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, into))
	return true
}

func eachFixture(t *testing.T, run func(t *testing.T, f fixture)) {
	entries, err := os.ReadDir(fixtures)
	require.NoError(t, err)
	count := 0
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		count++
		t.Run(entry.Name(), func(t *testing.T) {
			var f fixture
			f.dir, err = filepath.Abs(filepath.Join(fixtures, entry.Name()))
			require.NoError(t, err)
			require.True(t, f.read(t, "args.json", &f))
			for name, value := range members(t, f.ProcessEnv) {
				f.environ = append(f.environ, name+"="+text(t, value))
			}
			run(t, f)
		})
	}
	require.GreaterOrEqual(t, count, 150)
}

// members yields the members of a JSON object in their order.
func members(t *testing.T, object []byte) func(yield func(string, json.RawMessage) bool) {
	return func(yield func(string, json.RawMessage) bool) {
		d := json.NewDecoder(bytes.NewReader(object))
		_, err := d.Token()
		require.NoError(t, err)
		for d.More() {
			name, err := d.Token()
			require.NoError(t, err)
			var value json.RawMessage
			require.NoError(t, d.Decode(&value))
			if !yield(name.(string), value) {
				return
			}
		}
	}
}

// text decodes a JSON string.
func text(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var s string
	require.NoError(t, json.Unmarshal(raw, &s))
	return s
}

// row is an object of the output of env and deploy-bindings.
type row struct {
	Name       string          `json:"name"`
	Type       string          `json:"type"`
	Value      json.RawMessage `json:"value"`
	Attributes json.RawMessage `json:"attributes"`
	Source     string          `json:"source"`
}

func rowsOf(t *testing.T, out string) []row {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	var rows []row
	require.NoError(t, d.Decode(&rows))
	return rows
}

// requireRefusal checks that a call failed with a reason.
func requireRefusal(t *testing.T, c call) {
	t.Helper()
	require.Equal(t, 1, c.status)
	require.Empty(t, c.stdout)
	require.Contains(t, c.stderr, "error: ")
}

// TestFixturesEnv compares with the env that a Worker found in `wrangler dev`: names in their order, and values.
func TestFixturesEnv(t *testing.T) {
	recorded := 0
	eachFixture(t, func(t *testing.T, f fixture) {
		var want struct{ Env [][3]json.RawMessage }
		if !f.read(t, "dev.json", &want) {
			t.Skip("wrangler dev was not recorded")
		}
		recorded++
		got := f.run("env", "--json", "--reveal")
		if want.Env == nil {
			requireRefusal(t, got)
			return
		}
		require.Equal(t, 0, got.status, got.stderr)
		rows := slices.DeleteFunc(rowsOf(t, got.stdout),
			func(r row) bool { return f.Only != nil && !slices.Contains(f.Only, r.Name) })
		env := slices.DeleteFunc(want.Env, func(e [3]json.RawMessage) bool {
			return f.Only != nil && !slices.Contains(f.Only, text(t, e[0]))
		})
		require.Len(t, rows, len(env))
		kinds := f.kinds(t)
		for i, e := range env {
			name := text(t, e[0])
			require.Equal(t, name, rows[i].Name)
			require.NotEmpty(t, rows[i].Source)
			require.Contains(t, kindsOf(kinds, name, text(t, e[1])), rows[i].Type, name)
			if rows[i].Value == nil {
				require.JSONEq(t, "{}", string(e[2]), "a resource is an object without properties of its own")
				continue
			}
			require.JSONEq(t, string(e[2]), string(rows[i].Value), name)
		}
	})
	require.GreaterOrEqual(t, recorded, 140)
}

// kinds returns the kinds that unstable_getVarsForDev returned, by name.
func (f fixture) kinds(t *testing.T) map[string]string {
	t.Helper()
	var expected map[string]json.RawMessage
	require.True(t, f.read(t, "expected.json", &expected))
	kinds := map[string]string{}
	for name, raw := range expected {
		var b struct{ Type string }
		if json.Unmarshal(raw, &b) == nil {
			kinds[name] = b.Type
		}
	}
	return kinds
}

// kindsOf returns the kinds that a name can have, given JavaScript's typeof of its value.
func kindsOf(kinds map[string]string, name, typeof string) []string {
	switch {
	case typeof != "string":
		return []string{"json", "kv_namespace", "r2_bucket"}
	case kinds[name] != "":
		return []string{kinds[name], "plain_text"} // --var, which the API does not know, makes plain text of anything
	}
	return []string{"plain_text", "secret_text"}
}

// TestFixturesDeploy compares with the bindings in the upload of `wrangler deploy`.
func TestFixturesDeploy(t *testing.T) {
	recorded := 0
	eachFixture(t, func(t *testing.T, f fixture) {
		var want struct{ Bindings []json.RawMessage }
		if !f.read(t, "deploy.json", &want) {
			t.Skip("wrangler deploy was not recorded")
		}
		recorded++
		got := f.run("deploy-bindings", "--json", "--reveal")
		if want.Bindings == nil {
			requireRefusal(t, got)
			return
		}
		require.Equal(t, 0, got.status, got.stderr)
		rows := rowsOf(t, got.stdout)
		require.Len(t, rows, len(want.Bindings))
		for i, b := range want.Bindings {
			require.JSONEq(t, string(b), upload(t, rows[i]))
			require.NotEmpty(t, rows[i].Source)
		}
	})
	require.GreaterOrEqual(t, recorded, 140)
}

// upload returns the form that a binding has in the metadata of an upload.
func upload(t *testing.T, r row) string {
	t.Helper()
	form := map[string]any{}
	if r.Attributes != nil {
		require.NoError(t, json.Unmarshal(r.Attributes, &form))
	}
	form["name"], form["type"] = r.Name, r.Type
	switch r.Type {
	case "plain_text", "secret_text":
		form["text"] = r.Value
	case "json":
		form["json"] = r.Value
	}
	data, err := json.Marshal(form)
	require.NoError(t, err)
	return string(data)
}
