package oracle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Upload is the part of an upload of `wrangler deploy` that concerns bindings.
type Upload struct {
	// Ending is Answered, Hung, or Threw if wrangler failed.
	Ending Ending
	// Bindings is a JSON array in the order of the upload, and KeepBindings a JSON array of the kinds
	// of deployed bindings to keep. They are set if Ending is Answered.
	Bindings     json.RawMessage
	KeepBindings json.RawMessage
	// Warnings are the first lines of wrangler's warnings.
	Warnings []string
	// Refusal is set if Ending is Threw.
	Refusal *Refusal
}

// Deploy runs `wrangler deploy` in the folder of the project and writes to that folder. It is a dry
// run, or uses a stub of Cloudflare's API if RemoteSecrets or NewWorker is set. Flags set a name and a
// compatibility date. Deploy fails if ctx ends or the command cannot run.
func (t *Tools) Deploy(ctx context.Context, p Project, l Limits) (Upload, error) {
	if err := p.writeWorker(); err != nil {
		return Upload{}, fmt.Errorf("oracle: %w", err)
	}
	if p.RemoteSecrets != nil || p.NewWorker {
		return t.deployToStub(ctx, p, l)
	}
	return t.deployDry(ctx, p, l)
}

// deployFlags returns the arguments of both kinds of deployment.
func (p Project) deployFlags() []string {
	flags := []string{"deploy", p.script(), "--name=w", "--compatibility-date=2026-01-01"}
	if p.NoScript {
		flags = flags[:1]
	}
	if p.SecretsFile != "" {
		flags = append(flags, "--secrets-file="+p.SecretsFile)
	}
	if p.KeepVars {
		flags = append(flags, "--keep-vars")
	}
	if p.Strict {
		flags = append(flags, "--strict")
	}
	return flags
}

func (t *Tools) deployDry(ctx context.Context, p Project, l Limits) (Upload, error) {
	form, err := os.CreateTemp(t.home, "form-")
	if err != nil {
		return Upload{}, fmt.Errorf("oracle: %w", err)
	}
	defer os.Remove(form.Name())
	defer form.Close()
	// The cache makes the command faster by a quarter.
	cache := "NODE_COMPILE_CACHE=" + filepath.Join(t.home, "compile-cache")
	c, err := t.startCommand(p, []string{cache}, append(p.deployFlags(), "--dry-run", "--outfile="+form.Name())...)
	if err != nil {
		return Upload{}, fmt.Errorf("oracle: wrangler deploy: %w", err)
	}
	defer c.close()
	ending, err := c.wait(ctx, l.time(), func(string) bool { return false })
	if err != nil {
		return Upload{}, err
	}
	if ending == Hung || !c.cmd.ProcessState.Success() {
		return Upload{Ending: ending, Refusal: c.refusal()}, nil
	}
	upload, err := readForm(form)
	upload.Warnings = c.warnings()
	return upload, err
}

// deployToStub returns as soon as something is uploaded.
func (t *Tools) deployToStub(ctx context.Context, p Project, l Limits) (Upload, error) {
	api, err := startAPI(p)
	if err != nil {
		return Upload{}, fmt.Errorf("oracle: %w", err)
	}
	defer api.close()
	c, err := t.startCommand(p, api.environ(), p.deployFlags()...)
	if err != nil {
		return Upload{}, fmt.Errorf("oracle: wrangler deploy: %w", err)
	}
	defer c.close()
	ending, err := c.wait(ctx, l.time(), func(string) bool { return api.upload() != nil })
	if err != nil {
		return Upload{}, err
	}
	if form := api.upload(); form != nil {
		upload, err := readForm(bytes.NewReader(form))
		upload.Warnings = c.warnings()
		return upload, err
	}
	return Upload{Ending: ending, Refusal: c.refusal()}, nil
}

// readForm reads the metadata of a multipart form. Its first line is the boundary.
func readForm(form io.Reader) (Upload, error) {
	text, err := io.ReadAll(form)
	if err != nil {
		return Upload{}, err
	}
	boundary, _, ok := strings.Cut(string(text), "\r\n")
	if !ok {
		return Upload{}, errors.New("oracle: the upload has no boundary")
	}
	parts := multipart.NewReader(strings.NewReader(string(text)), strings.TrimPrefix(boundary, "--"))
	for {
		part, err := parts.NextPart()
		if err != nil {
			return Upload{}, fmt.Errorf("oracle: the upload has no metadata: %w", err)
		}
		if part.FormName() != "metadata" {
			continue
		}
		var metadata struct {
			Bindings     json.RawMessage `json:"bindings"`
			KeepBindings json.RawMessage `json:"keep_bindings"`
		}
		err = json.NewDecoder(part).Decode(&metadata)
		return Upload{Ending: Answered, Bindings: metadata.Bindings, KeepBindings: metadata.KeepBindings}, err
	}
}

// stubAPI is a server with the part of Cloudflare's API that one `wrangler deploy` needs. It has one
// Worker with secrets, or none, and keeps the upload.
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

// environ returns the variables that make wrangler a client.
func (api *stubAPI) environ() []string {
	return []string{
		"CLOUDFLARE_API_BASE_URL=" + api.address, "CLOUDFLARE_API_TOKEN=made-up",
		"CLOUDFLARE_ACCOUNT_ID=00000000000000000000000000000000",
	}
}

// upload returns the uploaded form, or nil.
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

// anything is a result that wrangler accepts for all other requests.
var anything = map[string]any{
	"deployments": []any{}, "subdomain": "example", "enabled": false, "previews_enabled": false,
}

func (api *stubAPI) service(w http.ResponseWriter) {
	if api.project.NewWorker {
		w.WriteHeader(http.StatusNotFound)
		notFound := map[string]any{"code": 10090, "message": "not found"}
		api.answer(w, map[string]any{"success": false, "errors": []any{notFound}})
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
