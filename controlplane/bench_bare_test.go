package controlplane_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// bareAnswer and the types below are the answers as Go structs.
type bareAnswer struct {
	Result   any          `json:"result"`
	Success  bool         `json:"success"`
	Errors   []bareSecret `json:"errors"`
	Messages []bareSecret `json:"messages"`
}

type bareSecret struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Text string `json:"text,omitempty"`
}

type bareDeployments struct {
	Deployments []bareDeployment `json:"deployments"`
}

type bareDeployment struct {
	ID          string            `json:"id"`
	Source      string            `json:"source"`
	Strategy    string            `json:"strategy"`
	AuthorEmail string            `json:"author_email"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Versions    []struct {
		ID         string  `json:"version_id"`
		Percentage float64 `json:"percentage"`
	} `json:"versions"`
	CreatedOn time.Time `json:"created_on"`
}

type bareVersions struct {
	Items []bareVersion `json:"items"`
}

type bareVersion struct {
	ID          string            `json:"id"`
	Number      int               `json:"number"`
	Metadata    bareMetadata      `json:"metadata"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Resources   bareResources     `json:"resources"`
	Startup     int               `json:"startup_time_ms"`
}

type bareMetadata struct {
	CreatedOn   time.Time `json:"created_on"`
	ModifiedOn  time.Time `json:"modified_on"`
	Source      string    `json:"source"`
	AuthorID    string    `json:"author_id"`
	AuthorEmail string    `json:"author_email"`
	HasPreview  bool      `json:"has_preview"`
	Preview     bool      `json:"hasPreview"`
}

type bareResources struct {
	Bindings []bareSecret `json:"bindings"`
	Script   struct {
		Etag             string   `json:"etag"`
		Handlers         []string `json:"handlers"`
		LastDeployedFrom string   `json:"last_deployed_from"`
	} `json:"script"`
	Runtime struct {
		CompatibilityDate  string   `json:"compatibility_date,omitempty"`
		CompatibilityFlags []string `json:"compatibility_flags,omitempty"`
		UsageModel         string   `json:"usage_model"`
		Limits             struct{} `json:"limits"`
	} `json:"script_runtime"`
}

// bareFor returns a handler that always gives the answer of h to the request, encoded anew each
// time.
func bareFor(b *testing.B, r request, h http.Handler) http.Handler {
	b.Helper()
	asked := httptest.NewRequest(r.method, r.target(b, h, 0), strings.NewReader(r.body))
	asked.Header.Set("Authorization", "Bearer token")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, asked)
	require.Equal(b, http.StatusOK, w.Code)
	answer := bareAnswer{Result: r.result}
	require.NoError(b, json.Unmarshal(w.Body.Bytes(), &answer))
	again, err := json.Marshal(answer)
	require.NoError(b, err)
	require.InDelta(b, w.Body.Len(), len(again), 10, "%s\n%s", w.Body, again)
	return bare(answer)
}

// bare reads the JSON of a request, if there is any, and writes an answer as JSON.
func bare(answer bareAnswer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil || len(text) > 0 && json.Unmarshal(text, new(bareSecret)) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(&answer)
	})
}
