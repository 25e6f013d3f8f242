package dashboard_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/version"
)

// TestStates shows the states of pages that no flow goes through. axe-core checks each of them.
func TestStates(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const config = `{"name": "shop", "secrets": {"required": ["MUST"]}}`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wrangler.json"), []byte(config), 0o600))
	for _, w := range []way{{audit: true}, {width: 360, audit: true}} {
		s := newSite(t, []string{"--project", dir}, secret("API_KEY"))
		p := s.arrives(w)
		require.Equal(t, http.StatusNotFound, p.visits("/workers/none"))
		require.Equal(t, http.StatusNotFound, p.visits("/workers/shop/versions/9"))
		_, err := s.account.Create(t.Context(), "empty")
		require.NoError(t, err)
		for path, text := range map[string]string{
			"": "no versions", "/versions": "no versions", "/deployments": "Not deployed",
		} {
			p.visits("/workers/empty" + path)
			p.sees(text)
			require.Empty(t, p.all(0, "link", "New deployment"))
		}

		s.update(func(tx *version.Tx) error {
			_, err := tx.VersionsSecretPut("UNTESTED", canary, version.Meta{})
			return err
		})
		p.visits("/workers/shop")
		p.sees("Version 2 (not deployed, latest) is newer. No request uses it.")
		p.follows("Show version 2")
		p.sees("UNTESTED", "Show version 1")
		p.visits("/workers/shop/edit")
		p.empty().names("NEW").enters(canary)
		p.presses("Review")
		p.sees("Required and missing: MUST", "Version 2 is newer")
		p.presses("Start from version 2 instead")
		p.sees("Version 3 will be made from version 2", "Version 2 is not deployed. Deploy also deploys what it changes.")
		p.presses("Save version")
		p.follows("Deploy version 3")
		p.sees("MUST: This name is required and missing.")
		require.Equal(t, 1, s.snapshot().DeploymentCount())

		p.presses("Sign out")
		p.sees("You have signed out.")
	}
}

// TestDeployConflict is a deployment that meets that of somebody else.
func TestDeployConflict(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, secret("API_KEY"))
	s.puts("API_KEY", canary+" 2")
	p := s.arrives(way{audit: true})
	p.visits("/workers/shop/deploy?version=1")
	s.puts("API_KEY", canary+" 3")
	p.sees("Somebody changed this Worker.")
	require.Equal(t, http.StatusConflict, p.presses("Roll back everything"))
	p.sees("Somebody else changed this Worker", "Version 3 was made from version 2")
	require.Equal(t, 3, s.snapshot().DeploymentCount())
}

// TestReadOnly shows pages that change nothing.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t, []string{"--read-only"}, secret("API_KEY"))
	s.puts("API_KEY", canary+" 2")
	p := s.arrives(way{audit: true})
	for _, path := range []string{"", "/versions", "/versions/1", "/deployments"} {
		p.visits("/workers/shop" + path)
		p.sees("Read-only")
		for _, name := range []string{"Add", "Edit", "Edit a copy", "New deployment", "Roll back to version 1"} {
			require.Empty(t, p.all(0, "link", name))
		}
	}
	require.Equal(t, http.StatusForbidden, p.visits("/workers/shop/edit"))
}
