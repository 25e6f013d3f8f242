package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/oracle"
)

const fixturesData = "../../../wrangler/testdata/fixtures"

func TestResolvingAgain(t *testing.T) {
	resolver := live.Oracle(t).NewResolver(projectLimits)
	t.Cleanup(resolver.Close)
	fixtures, err := readFixtures(fixturesData, "*")
	require.NoError(t, err)
	require.Greater(t, len(fixtures), 100)
	projects := make([]oracle.Project, len(fixtures))
	for i, f := range fixtures {
		projects[i] = f.project(f.dir)
	}
	resolutions, err := resolver.Resolve(t.Context(), projects)
	require.NoError(t, err)
	for i, f := range fixtures {
		rule, err := f.rule()
		require.NoError(t, err)
		requireRecorded(t, f, "expected.json", "  ", expected(resolutions[i]))
		requireRecorded(t, f, "meta.json", "  ", meta(rule, resolutions[i]))
	}
}

func requireRecorded(t *testing.T, f fixture, file, indent string, v any) {
	t.Helper()
	text, err := f.text(indent, v)
	require.NoError(t, err)
	require.Equal(t, string(read(t, filepath.Join(f.dir, file))), text, "%s/%s", f.name, file)
}

// TestCommandsAgain records only a few projects, since each takes seconds.
func TestCommandsAgain(t *testing.T) {
	tools := live.Oracle(t)
	for _, name := range []string{"vars-types", "include-process-env", "disc-no-config-dev-vars", "env-null-value",
		"envfile-missing"} {
		t.Run(name, func(t *testing.T) {
			fixtures, err := readFixtures(fixturesData, name)
			require.NoError(t, err)
			f := fixtures[0]
			dev, err := runCommand(t.Context(), tools, f, "dev.json")
			require.NoError(t, err)
			dev.Warnings = nil
			requireRecorded(t, f, "dev.json", " ", dev)
			deploy, err := runCommand(t.Context(), tools, f, "deploy.json")
			require.NoError(t, err)
			deploy.Warnings = nil
			requireRecorded(t, f, "deploy.json", " ", deploy)
		})
	}
}

func TestNewFixture(t *testing.T) {
	tools := live.Oracle(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"new/args.json": `{"env": null, "processEnv": {}, "envFiles": null, "cwd": "sub", "config": null, "redirect": false}`,
		"new/.dev.vars": "A=1\n", "new/wrangler.json": `{"name": "w"}`, "new/sub/x": "", "new/deploy.json": "",
	} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	require.NoError(t, recordFixtures(t.Context(), tools, dir, "*"))
	require.JSONEq(t, `{"A": {"type": "secret_text", "value": "1"}}`,
		string(read(t, filepath.Join(dir, "new", "expected.json"))))
	require.Contains(t, string(read(t, filepath.Join(dir, "new", "meta.json"))), `"configPath": "<DIR>/wrangler.json"`)
	require.JSONEq(t, `{"bindings": [], "keep_bindings": ["secret_text", "secret_key"]}`,
		string(read(t, filepath.Join(dir, "new", "deploy.json"))))
	require.NoFileExists(t, filepath.Join(dir, "new", "dev.json"))
	require.NoFileExists(t, filepath.Join(dir, "new", "sub", "oracle-worker.mjs"))
}

func TestPickEnv(t *testing.T) {
	env := json.RawMessage(`[["A","string","1"],["B","string","2"],["C","null",null]]`)
	picked, err := pickEnv(env, []string{"C", "A"})
	require.NoError(t, err)
	require.JSONEq(t, `[["A","string","1"],["C","null",null]]`, string(picked))
	picked, err = pickEnv(env, nil)
	require.NoError(t, err)
	require.Equal(t, env, picked)
}
