package oracle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// Deploy runs `wrangler deploy` in the folder of the project and writes to that folder. It is a dry
// run, or uses a stub of Cloudflare's API if RemoteSecrets or NewWorker is set. Flags set a name and a
// compatibility date. Deploy fails if ctx ends or the command cannot run.
func (t *Tools) Deploy(ctx context.Context, p Project, l Limits) (Run, error) {
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

func (t *Tools) deployDry(ctx context.Context, p Project, l Limits) (Run, error) {
	form, err := os.CreateTemp(t.home, "form-")
	if err != nil {
		return Run{}, fmt.Errorf("oracle: %w", err)
	}
	defer os.Remove(form.Name())
	defer form.Close()
	return t.run(ctx, p, l, command{
		args: append(p.deployFlags(), "--dry-run", "--outfile="+form.Name()),
		// The cache makes the command faster by a quarter.
		variables: []string{"NODE_COMPILE_CACHE=" + filepath.Join(t.home, "compile-cache")},
		done:      (*program).succeeded,
		read:      func(r *Run) error { return r.readForm(form) },
	})
}

// deployToStub returns as soon as something is uploaded.
func (t *Tools) deployToStub(ctx context.Context, p Project, l Limits) (Run, error) {
	api := &stubAPI{project: p}
	server := httptest.NewServer(api)
	defer server.Close()
	return t.run(ctx, p, l, command{
		args: p.deployFlags(),
		variables: []string{
			"CLOUDFLARE_API_BASE_URL=" + server.URL + "/client/v4", "CLOUDFLARE_API_TOKEN=made-up",
			"CLOUDFLARE_ACCOUNT_ID=00000000000000000000000000000000",
		},
		done: func(*program) bool { return api.upload.Load() != nil },
		read: func(r *Run) error { return r.readForm(bytes.NewReader(*api.upload.Load())) },
	})
}

// readForm reads the metadata of a multipart form. Its first line is the boundary.
func (r *Run) readForm(form io.Reader) error {
	text, err := io.ReadAll(form)
	if err != nil {
		return err
	}
	boundary, _, ok := bytes.Cut(text, []byte("\r\n"))
	if !ok {
		return errors.New("the upload has no boundary")
	}
	parts := multipart.NewReader(bytes.NewReader(text), strings.TrimPrefix(string(boundary), "--"))
	for {
		part, err := parts.NextPart()
		if err != nil {
			return fmt.Errorf("the upload has no metadata: %w", err)
		}
		if part.FormName() != "metadata" {
			continue
		}
		var metadata struct {
			Bindings     json.RawMessage `json:"bindings"`
			KeepBindings json.RawMessage `json:"keep_bindings"`
		}
		err = json.NewDecoder(part).Decode(&metadata)
		r.Bindings, r.KeepBindings = metadata.Bindings, metadata.KeepBindings
		return err
	}
}

// stubAPI is the part of Cloudflare's API that one `wrangler deploy` needs. It has one Worker with
// secrets, or none, and keeps the upload.
type stubAPI struct {
	project Project
	upload  atomic.Pointer[[]byte]
}

func (api *stubAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	form, err := io.ReadAll(r.Body)
	// A result that wrangler accepts for all requests without a case below.
	var result any = map[string]any{
		"deployments": []any{}, "subdomain": "example", "enabled": false, "previews_enabled": false,
	}
	switch path := r.URL.Path; {
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
		return
	case r.Method == http.MethodGet && strings.Contains(path, "/workers/services/"):
		if api.project.NewWorker {
			w.WriteHeader(http.StatusNotFound)
			io.WriteString(w, `{"success": false, "errors": [{"code": 10090, "message": "not found"}]}`)
			return
		}
		result = json.RawMessage(`{"default_environment": {"environment": "production",
			"script": {"last_deployed_from": "wrangler", "tag": "t"}}}`)
	case r.Method == http.MethodGet && strings.HasSuffix(path, "/secrets"):
		list := []any{}
		for _, name := range api.project.RemoteSecrets {
			list = append(list, map[string]string{"name": name, "type": "secret_text"})
		}
		result = list
	case r.Method == http.MethodPost && strings.HasSuffix(path, "/versions"), r.Method == http.MethodPut:
		api.upload.Store(&form)
	}
	json.NewEncoder(w).Encode(map[string]any{"success": true, "errors": []any{}, "messages": []any{}, "result": result})
}
