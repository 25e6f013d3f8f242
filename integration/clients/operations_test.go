package clients

import (
	"bytes"
	"net/http"
	"regexp"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/version"
)

// operation is something that people do with a client.
type operation struct {
	name  string
	given func(*trial) // prepares the state
	want  func(*trial) // checks the state afterwards, and what the client has shown
}

// env is a short name for the env of a Worker.
type env = map[string]string

// operations are all operations, each on a server of its own.
var operations = []operation{
	{"deploy a new Worker", nothing, (*trial).wantNew},
	{"deploy a new Worker with a secret", nothing, func(t *trial) {
		t.wantEnv(env{"HOST": "shop.example", "API_KEY": "k3y"})
	}},
	{"deploy a change of a var", (*trial).shop, func(t *trial) {
		t.wantEnv(env{"HOST": "new.example", "API_KEY": "k3y"})
	}},
	{"secret put", (*trial).shop, func(t *trial) { t.wantEnv(env{"HOST": "shop.example", "API_KEY": "n3w"}) }},
	{"secret list", (*trial).shop, func(t *trial) { t.wantShown("API_KEY") }},
	{"secret delete", (*trial).shop, func(t *trial) { t.wantEnv(env{"HOST": "shop.example"}) }},
	{"secret bulk", (*trial).shop, func(t *trial) {
		t.wantEnv(env{"HOST": "shop.example", "API_KEY": "n3w", "TOKEN": "t0ken"})
	}},
	{"versions upload", (*trial).shop, func(t *trial) {
		t.wantLatest(env{"HOST": "new.example", "API_KEY": "k3y"})
		t.wantEnv(env{"HOST": "shop.example", "API_KEY": "k3y"})
	}},
	{"versions secret put", (*trial).shop, func(t *trial) {
		t.wantLatest(env{"HOST": "shop.example", "API_KEY": "n3w"})
		t.wantEnv(env{"HOST": "shop.example", "API_KEY": "k3y"})
	}},
	{"versions list", (*trial).twoVersions, func(t *trial) { t.wantShown(t.id(1), t.id(2)) }},
	{"versions view", (*trial).twoVersions, func(t *trial) { t.wantShown(t.id(2), "HOST", "new.example", "API_KEY") }},
	{"versions deploy, 10 % and 90 %", (*trial).twoVersions, func(t *trial) {
		require.Equal(t, map[int]string{1: "90", 2: "10"}, t.shares())
	}},
	{"deployments list", (*trial).twoVersions, func(t *trial) { t.wantShown(t.id(1)) }},
	{"rollback to other secrets", (*trial).twoSecrets, func(t *trial) {
		t.wantEnv(env{"HOST": "shop.example", "API_KEY": "k3y"})
		require.Equal(t, 2, t.snapshot().VersionCount())
	}},
	{"pages secret put", (*trial).site, func(t *trial) {
		e, err := t.api.Pages().Env(t.Context(), "site", controlplane.Production)
		require.NoError(t, err)
		require.Equal(t, env{"HOST": "site.example", "API_KEY": "n3w"}, e.Map())
	}},
	{"delete the Worker", (*trial).shop, func(t *trial) {
		_, err := t.api.Snapshot("shop")
		require.ErrorIs(t, err, version.ErrNotFound)
	}},
}

func nothing(*trial) {}

// shop deploys the Worker shop with a var and a secret.
func (t *trial) shop() { t.upload("PUT", "", host, apiKey) }

// twoVersions adds a version with another var that is not deployed.
func (t *trial) twoVersions() {
	t.shop()
	t.upload("POST", "/versions", newHost)
}

// twoSecrets deploys a version with another var and another secret.
func (t *trial) twoSecrets() {
	t.shop()
	t.upload("PUT", "", newHost, uploadBinding{"API_KEY", "secret_text", "n3w"})
}

// upload uploads a version of the Worker shop. The path is relative to the Worker.
func (t *trial) upload(method, path string, bindings ...uploadBinding) {
	t.Helper()
	contentType, body := form(t, metadata(bindings...))
	r, err := http.NewRequestWithContext(t.Context(), method,
		t.api.URL+"/accounts/"+controlplanetest.AccountID+"/workers/scripts/shop"+path, bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+controlplanetest.Token)
	r.Header.Set("Content-Type", contentType)
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
}

// site makes a Pages project with a var.
func (t *trial) site() {
	pages := t.api.Pages()
	require.NoError(t, pages.Create(t.Context(), "site"))
	require.NoError(t, pages.Put(t.Context(), "site", controlplane.Production, binding.Var("HOST", "site.example")))
}

func (t *trial) snapshot() version.Snapshot {
	t.Helper()
	s, err := t.api.Snapshot("shop")
	require.NoError(t, err)
	return s
}

// id is the ID of a version of the Worker shop.
func (t *trial) id(number int) string {
	t.Helper()
	v, ok := t.snapshot().Numbered(number)
	require.True(t, ok)
	return v.ID()
}

// shares returns the percentages of the current deployment by the numbers of the versions.
func (t *trial) shares() map[int]string {
	current, _ := t.snapshot().Current()
	shares := map[int]string{}
	for v, share := range current.All() {
		shares[v.Number()] = share.String()
	}
	return shares
}

// wantEnv checks the env that requests see.
func (t *trial) wantEnv(want env) {
	t.Helper()
	e, err := t.api.Env("shop", "")
	require.NoError(t, err)
	require.Equal(t, want, e.Map())
}

// wantLatest checks the env of the latest version.
func (t *trial) wantLatest(want env) {
	t.Helper()
	latest, ok := t.snapshot().Latest()
	require.True(t, ok)
	e, err := latest.Bindings().Env()
	require.NoError(t, err)
	require.Equal(t, want, e.Map())
}

// wantNew checks a Worker whose code a client has deployed.
func (t *trial) wantNew() {
	t.wantEnv(env{"HOST": "shop.example"})
	latest, _ := t.snapshot().Latest()
	require.Equal(t, "2026-01-01", latest.Code().CompatibilityDate)
	require.NotEmpty(t, latest.Code().Modules)
}

// wantShown checks that the client has shown texts.
func (t *trial) wantShown(texts ...string) {
	t.Helper()
	for _, text := range texts {
		require.Contains(t, t.shown, text)
	}
}

// secrets are the values of all secrets, which no client may show.
var secrets = regexp.MustCompile(`k3y|n3w|t0ken`)

func isOperation(name string) bool {
	return slices.ContainsFunc(operations, func(o operation) bool { return o.name == name })
}
