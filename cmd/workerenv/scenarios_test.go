//go:build unix && !nosqlite

package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// exchange is a request of wrangler 4.164.0 with its response, as package controlplane has recorded it.
type exchange struct {
	Method      string          `json:"method"`
	URI         string          `json:"uri"`
	UserAgent   string          `json:"user_agent"`
	Token       string          `json:"token"` // "" is the right one
	ContentType string          `json:"content_type"`
	Body        string          `json:"body"`
	Status      int             `json:"status"`
	Response    json.RawMessage `json:"response"`
}

// TestScenariosKilled repeats the requests that wrangler made in the recorded sessions. Before each
// of them it kills serve with SIGKILL and starts it again: the responses are the recorded ones,
// except for IDs and times. It takes half a minute, and runs only if WORKERENV_SCENARIOS is set;
// otherwise only one session is repeated.
func TestScenariosKilled(t *testing.T) {
	paths, err := filepath.Glob("../../controlplane/testdata/http/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		if os.Getenv("WORKERENV_SCENARIOS") == "" && name != "secret-put" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			var exchanges []exchange
			require.NoError(t, json.Unmarshal(text, &exchanges))
			replay(t, exchanges)
		})
	}
}

func replay(t *testing.T, exchanges []exchange) {
	dir, ours := t.TempDir(), translation{}
	for _, e := range exchanges {
		b := startBackend(t, dir, "--account", anyAccount, "--data", "d.db", "--keyset", "k.json")
		status, response := e.send(t, b, ours)
		b.kill()
		require.Equal(t, e.Status, status, "%s %s: %s", e.Method, e.URI, response)
		ours.compare(t, e, response)
	}
}

// send makes the request with our IDs and tokens in place of the recorded ones.
func (e exchange) send(t *testing.T, b backend, ours translation) (status int, response []byte) {
	url := strings.TrimSuffix(b.url, "/client/v4") + ours.of(e.URI)
	r, err := http.NewRequestWithContext(t.Context(), e.Method, url, strings.NewReader(ours.of(e.Body)))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+cmp.Or(ours.of(e.Token), "t0ken"))
	r.Header.Set("User-Agent", e.UserAgent)
	r.Header.Set("Content-Type", e.ContentType)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	response, err = io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, response
}

// translation has our ID or token for each recorded one.
type translation map[string]string

// varying matches what differs between two runs: IDs, times and signed tokens.
var varying = regexp.MustCompile(`[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}` +
	`|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|eyJ[\w-]+\.[\w-]+\.[\w-]+`)

func (tr translation) of(text string) string {
	return varying.ReplaceAllStringFunc(text, func(recorded string) string { return cmp.Or(tr[recorded], recorded) })
}

// compare requires that the response is the recorded one, and learns the IDs and tokens in it.
func (tr translation) compare(t *testing.T, e exchange, response []byte) {
	var recorded, got bytes.Buffer
	require.NoError(t, json.Compact(&recorded, e.Response))
	require.NoError(t, json.Compact(&got, response))
	want, have := varying.FindAllString(recorded.String(), -1), varying.FindAllString(got.String(), -1)
	require.Equal(t, varying.ReplaceAllString(recorded.String(), "ID"), varying.ReplaceAllString(got.String(), "ID"),
		"%s %s", e.Method, e.URI)
	for i, id := range want {
		isTime := id[4] == '-'
		if known, ok := tr[id]; ok && !isTime {
			require.Equal(t, known, have[i], "%s %s", e.Method, e.URI)
		}
		tr[id] = have[i]
	}
}
