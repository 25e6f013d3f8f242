package leaks_test

import (
	"testing"

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

// TestZeroValues checks that zero values can be printed and logged.
func TestZeroValues(t *testing.T) {
	for _, zero := range []any{
		binding.Binding{}, binding.Set{}, binding.Env{}, binding.Value{}, binding.Kind(""), binding.Change{},
		binding.Diff{}, devvars.File{}, devvars.Assignment{}, devvars.Expansion{}, devvars.Finding{}, devvars.Position{},
		wrangler.Options{}, wrangler.Config{}, wrangler.Resolution{}, wrangler.Explanation{}, wrangler.Candidate{},
		wrangler.Source{}, wrangler.Finding{}, wrangler.DevOptions{}, wrangler.DeployOptions{},
		&version.Account{}, &version.History{}, &version.MemStore{}, version.Snapshot{}, version.Version{},
		version.Deployment{}, &version.Tx{}, version.Record{}, version.Plan{}, version.Code{}, version.Upload{},
		version.Edit{}, version.Split{}, version.Share(0), version.Options{}, version.Secret{}, version.Worker{},
		&sqlstore.Store{}, &sealed.Store{}, &controlplane.Handler{}, controlplane.Options{}, controlplanetest.Fault{},
	} {
		for _, name := range []string{"fmt %v", "fmt %s", "slog text", "slog JSON"} {
			require.NotContains(t, standard[name](place{x: zero}), "PANIC", "%T", zero)
		}
	}
}
