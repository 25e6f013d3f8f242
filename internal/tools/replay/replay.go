// Package replay repeats the requests of recorded wrangler sessions, for tests of what a restart between two requests
// changes.
package replay

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

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/version"
)

// Options are those of a control plane that answers as recorded. Command workerenv serves with the same ones if it has
// this account and this token.
var Options = controlplane.Options{
	Accounts: []string{"0123456789abcdef0123456789abcdef"},
	Token:    "t0ken",
	Author:   version.Author{ID: "0123456789abcdef0123456789abcdef", Email: "dev@example.com"},
}

// Session is a recorded session of wrangler 4.164.0.
type Session struct {
	Name      string
	exchanges []exchange
}

// exchange is a request with its response, as package controlplane has recorded it.
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

// Sessions reads the sessions in the folder dir, which is controlplane/testdata/http.
func Sessions(t *testing.T, dir string) (sessions []Session) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		s := Session{Name: strings.TrimSuffix(filepath.Base(path), ".json")}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &s.exchanges))
		require.NotEmpty(t, s.exchanges, path)
		sessions = append(sessions, s)
	}
	return sessions
}

// Repeat makes the requests of s, and requires the recorded responses, except for IDs and times. It calls start before
// each request, which returns the URL of a server without its path, and stop after it.
func (s Session) Repeat(t *testing.T, start func() (url string, stop func())) {
	t.Helper()
	ours := translation{}
	for _, e := range s.exchanges {
		url, stop := start()
		status, response := e.send(t, url, ours)
		stop()
		require.Equal(t, e.Status, status, "%s %s: %s", e.Method, e.URI, response)
		ours.compare(t, e, response)
	}
}

// send makes the request with our IDs and tokens in place of the recorded ones.
func (e exchange) send(t *testing.T, url string, ours translation) (status int, response []byte) {
	r, err := http.NewRequestWithContext(t.Context(), e.Method, url+ours.of(e.URI), strings.NewReader(ours.of(e.Body)))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+cmp.Or(ours.of(e.Token), Options.Token))
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
