package controlplane_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// exchange is a request of wrangler with its answer.
type exchange struct {
	Method      string          `json:"method"`
	URI         string          `json:"uri"`
	UserAgent   string          `json:"user_agent"`
	Token       string          `json:"token,omitempty"` // "" is the right one
	ContentType string          `json:"content_type,omitempty"`
	Body        string          `json:"body,omitempty"`
	Status      int             `json:"status"`
	Response    json.RawMessage `json:"response"`
}

func (s scenario) exchangesFile() string { return "testdata/http/" + s.name + ".json" }

// TestScenariosReplayed makes the requests again that wrangler 4.164.0 made, as recorded, and
// compares the answers, by which it did what the scenario shows, and the history that comes of
// them.
func TestScenariosReplayed(t *testing.T) {
	for _, s := range scenarios(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			api := controlplanetest.NewServer(t, controlplane.Options{})
			exchanges := readExchanges(t, s.exchangesFile())
			for i, e := range exchanges {
				status, response := e.repeat(api.Handler)
				if *update {
					exchanges[i].Status, exchanges[i].Response = status, json.RawMessage(response)
					continue
				}
				require.Equal(t, e.Status, status, "%s %s", e.Method, e.URI)
				require.JSONEq(t, string(e.Response), response, "%s %s", e.Method, e.URI)
			}
			require.Equal(t, s.history, describe(t, api))
			if *update {
				writeExchanges(t, s.exchangesFile(), exchanges)
			}
		})
	}
}

func (e exchange) repeat(h http.Handler) (status int, response string) {
	r := httptest.NewRequest(e.Method, e.URI, strings.NewReader(e.Body))
	r.Header.Set("Authorization", "Bearer "+cmp.Or(e.Token, controlplanetest.Token))
	r.Header.Set("User-Agent", e.UserAgent)
	r.Header.Set("Content-Type", e.ContentType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// recorder is a Handler that records its exchanges.
type recorder struct {
	handler   http.Handler
	mu        sync.Mutex
	exchanges []exchange
}

func (rec *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	rec.mu.Lock() // one after the other, so that the order of the recording is that of the effects
	defer rec.mu.Unlock()
	response := httptest.NewRecorder()
	rec.handler.ServeHTTP(response, r)
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if token == controlplanetest.Token {
		token = ""
	}
	rec.exchanges = append(rec.exchanges, exchange{
		r.Method, r.URL.RequestURI(), r.UserAgent(), token, fixed(r.Header.Get("Content-Type")), fixed(string(body)),
		response.Code, response.Body.Bytes(),
	})
	for key, values := range response.Header() {
		w.Header()[key] = values
	}
	w.WriteHeader(response.Code)
	w.Write(response.Body.Bytes())
}

var boundary = regexp.MustCompile(`(----formdata-undici-)[0-9]{12}`)

// fixed replaces the random boundaries of undici.
func fixed(text string) string { return boundary.ReplaceAllString(text, "${1}000000000000") }

func readExchanges(t *testing.T, path string) []exchange {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var exchanges []exchange
	require.NoError(t, json.Unmarshal(text, &exchanges))
	require.NotEmpty(t, exchanges)
	return exchanges
}

func writeExchanges(t *testing.T, path string, exchanges []exchange) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	require.NoError(t, encoder.Encode(exchanges))
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
}
