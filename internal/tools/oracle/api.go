package oracle

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// stubAPI plays Cloudflare's API for one `wrangler deploy`, over loopback: it knows the one Worker and the names of its
// secrets, and keeps what is uploaded.
type stubAPI struct {
	project  Project
	server   http.Server
	address  string
	served   chan struct{}
	mu       sync.Mutex
	uploaded []byte
}

func startAPI(p Project) (*stubAPI, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	api := &stubAPI{project: p, address: "http://" + listener.Addr().String() + "/client/v4", served: make(chan struct{})}
	api.server = http.Server{Handler: api, ReadHeaderTimeout: time.Minute}
	go func() {
		api.server.Serve(listener)
		close(api.served)
	}()
	return api, nil
}

func (api *stubAPI) close() {
	api.server.Close()
	<-api.served
}

// environ are the variables that lead wrangler here.
func (api *stubAPI) environ() []string {
	return []string{
		"CLOUDFLARE_API_BASE_URL=" + api.address, "CLOUDFLARE_API_TOKEN=made-up", "CLOUDFLARE_ACCOUNT_ID=00000000000000000000000000000000",
	}
}

// upload returns the form that was uploaded, nil if there was none yet.
func (api *stubAPI) upload() []byte {
	api.mu.Lock()
	defer api.mu.Unlock()
	return api.uploaded
}

func (api *stubAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	form, err := io.ReadAll(r.Body)
	switch path := r.URL.Path; {
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
	case r.Method == http.MethodGet && strings.Contains(path, "/workers/services/"):
		api.service(w)
	case r.Method == http.MethodGet && strings.HasSuffix(path, "/secrets"):
		api.secrets(w)
	case r.Method == http.MethodPost && strings.HasSuffix(path, "/versions"), r.Method == http.MethodPut:
		api.mu.Lock()
		api.uploaded = bytes.Clone(form)
		api.mu.Unlock()
		api.succeed(w, anything)
	default:
		api.succeed(w, anything)
	}
}

// anything is enough of an answer to each other question.
var anything = map[string]any{"deployments": []any{}, "subdomain": "example", "enabled": false, "previews_enabled": false}

func (api *stubAPI) service(w http.ResponseWriter) {
	if api.project.NewWorker {
		w.WriteHeader(http.StatusNotFound)
		api.answer(w, map[string]any{"success": false, "errors": []any{map[string]any{"code": 10090, "message": "not found"}}})
		return
	}
	script := map[string]any{"last_deployed_from": "wrangler", "tag": "t"}
	api.succeed(w, map[string]any{"default_environment": map[string]any{"environment": "production", "script": script}})
}

func (api *stubAPI) secrets(w http.ResponseWriter) {
	list := []any{}
	for _, name := range api.project.RemoteSecrets {
		list = append(list, map[string]any{"name": name, "type": "secret_text"})
	}
	api.succeed(w, list)
}

func (api *stubAPI) succeed(w http.ResponseWriter, result any) {
	api.answer(w, map[string]any{"success": true, "errors": []any{}, "messages": []any{}, "result": result})
}

func (api *stubAPI) answer(w io.Writer, body any) { json.NewEncoder(w).Encode(body) }
