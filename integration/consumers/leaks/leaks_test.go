// Package leaks has tests only: they print what the other programs hold, and what is in it before it
// has a value, and search the output for a secret.
package leaks

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/store/sealed"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/wrangler"
)

const canary = "hunter2-b5Kx0"

// output returns x as programs print and log it.
func output(x any) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%v %+v %#v %s\n", x, x, x, x)
	slog.New(slog.NewTextHandler(&b, nil)).Info("", "x", x)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("", "x", x)
	return b.String()
}

func TestZeroValues(t *testing.T) {
	for _, zero := range []any{
		binding.Binding{}, binding.Set{}, binding.Env{}, binding.Value{}, binding.Kind(""), binding.Change{}, binding.Diff{},
		devvars.File{}, devvars.Assignment{}, devvars.Expansion{}, devvars.Finding{}, devvars.Position{},
		wrangler.Options{}, wrangler.Config{}, wrangler.Resolution{}, wrangler.Explanation{}, wrangler.Candidate{},
		wrangler.Source{}, wrangler.Finding{}, wrangler.DevOptions{}, wrangler.DeployOptions{},
		&version.Account{}, &version.History{}, &version.MemStore{}, version.Snapshot{}, version.Version{},
		version.Deployment{}, &version.Tx{}, version.Record{}, version.Plan{}, version.Code{}, version.Upload{},
		version.Edit{}, version.Split{}, version.Share(0), version.Options{}, version.Secret{}, version.Worker{},
		&sqlstore.Store{}, &sealed.Store{}, &controlplane.Handler{}, controlplane.Options{}, controlplanetest.Fault{},
	} {
		require.NotContains(t, output(zero), "PANIC", "%T", zero)
	}
}

func TestNothingLeaks(t *testing.T) {
	bindings := []binding.Binding{
		binding.Var("A", canary), binding.JSONVar("B", `["`+canary+`"]`), binding.Secret("C", canary),
		binding.Resource("kv_namespace", "D", `{"id": "`+canary+`"}`),
	}
	set, err := binding.NewSet(bindings...)
	require.NoError(t, err)
	env, err := set.Env()
	require.NoError(t, err)

	file := devvars.Parse([]byte("A='" + canary + "' \nB=\"" + canary + "\nC=\\" + canary))
	failure := file.Set("A=B", canary)
	require.Error(t, failure)

	o := wrangler.Options{Environ: []string{"X=" + canary}, FS: fstest.MapFS{
		"wrangler.json": {Data: []byte(`{"name": "shop", "vars": {"A": "` + canary + `", "D": {"id": "` + canary + `"}}}`)},
		".dev.vars":     {Data: file.Bytes()},
	}}
	config, err := wrangler.Load(o)
	require.NoError(t, err)
	dev, err := config.Dev(wrangler.DevOptions{})
	require.NoError(t, err)
	deploy, err := config.Deploy(wrangler.DeployOptions{Secrets: env})
	require.NoError(t, err)

	tx := version.NewSnapshot("shop").Begin(version.Options{})
	first, err := tx.UploadAndDeploy(version.Upload{Bindings: set})
	require.NoError(t, err)
	_, err = tx.SecretPut("C", canary+"!", version.Meta{})
	require.NoError(t, err)
	_, refused := tx.Rollback(version.Rollback{To: first.ID()})
	require.Error(t, refused)
	current, _ := tx.Current()

	api := controlplanetest.NewServer(t, controlplane.Options{})
	_, err = api.Deploy("shop", bindings...)
	require.NoError(t, err)

	for _, x := range []any{
		bindings, set, env, set.Diff(binding.Set{}), env.Diff(binding.Env{}), slices.Collect(set.All()),
		file, slices.Collect(file.Assignments()), slices.Collect(file.Findings()), failure,
		config, dev, deploy, dev.Bindings(), dev.Findings(), dev.Explain("A"), deploy.Explain("C"), wrangler.Check(o),
		tx, tx.Snapshot(), tx.Record(), tx.Plan([]byte("key")), first, current, refused, version.Upload{Bindings: set},
		version.Edit{Set: bindings}, version.FingerprintsOf(set, []byte("key")), wrangler.DeployOptions{Secrets: env},
		api, api.Account(), api.Handler,
	} {
		require.NotContains(t, output(x), canary, "%T", x)
	}
}

// TestRevealed lists the methods that return values, so that a new one is written down here.
func TestRevealed(t *testing.T) {
	secret := binding.Secret("C", canary)
	env, err := binding.NewEnv(secret, binding.JSONVar("J", `"`+canary+`"`))
	require.NoError(t, err)
	value, _ := secret.Value()
	var decoded string
	require.NoError(t, env.Decode("J", &decoded))
	for name, revealed := range map[string]any{
		"Value.Reveal": value.Reveal(), "Binding.RevealJSON": string(secret.RevealJSON()),
		"Env.Get": env.Get("C"), "Env.Map": env.Map(), "Env.Environ": env.Environ(), "Env.Decode": decoded,
		"Env.Values": env.Values(), "Env.RevealJSON": string(env.RevealJSON()),
	} {
		require.True(t, strings.Contains(output(revealed), canary), name)
	}
}
