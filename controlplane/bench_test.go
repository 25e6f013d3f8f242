package controlplane_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/workerenv/workerenv/controlplane"
)

// bare does for a secret what any server has to do: it reads the JSON of a request and writes the JSON of an answer.
func bare(w http.ResponseWriter, r *http.Request) {
	var secret struct{ Name, Text, Type string }
	text, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(text, &secret) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"result": map[string]string{"name": secret.Name, "type": secret.Type}, "success": true, "errors": []any{}, "messages": []any{},
	})
}

func BenchmarkSecretPut(b *testing.B) {
	const path, body = account + "/workers/scripts/shop/secrets", `{"name":"API_KEY","text":"s3cr3t","type":"secret_text"}`
	b.Run("bare", func(b *testing.B) { benchmark(b, http.HandlerFunc(bare), "PUT", path, body) })
	b.Run("handler", func(b *testing.B) { benchmark(b, deployed(b), "PUT", path, body) })
}

func BenchmarkVersionsList(b *testing.B) {
	benchmark(b, deployed(b), "GET", account+"/workers/scripts/shop/versions?deployable=true", "")
}

func BenchmarkDeploymentsList(b *testing.B) {
	benchmark(b, deployed(b), "GET", account+"/workers/scripts/shop/deployments", "")
}

// deployed is a Handler with a Worker that has been deployed 10 times.
func deployed(b *testing.B) http.Handler {
	c := newClient(b, controlplane.Options{})
	for range 10 {
		c.deploy(`{"name":"HOST","type":"plain_text","text":"h"}`)
	}
	return c.handler
}

func benchmark(b *testing.B, h http.Handler, method, path, body string) {
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer token")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Body)
		}
	}
}
