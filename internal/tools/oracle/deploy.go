package oracle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"os"
	"path/filepath"
	"strings"
)

// Upload is what `wrangler deploy` would upload about bindings.
type Upload struct {
	// Ending is Answered, Hung, or Threw if wrangler refused to deploy.
	Ending Ending
	// Bindings is a JSON array in the order of the upload, and KeepBindings the kinds of remote bindings to keep. Only an
	// Answered one has them.
	Bindings     json.RawMessage
	KeepBindings json.RawMessage
	// Warnings are the first lines of what wrangler warned of.
	Warnings []string
	// Refusal tells how wrangler ended, if it refused.
	Refusal *Refusal
}

// Deploy runs `wrangler deploy` in the project's folder, which it writes to: as a dry run or, if the project says something about the
// deployed Worker, against a stub of Cloudflare's API. A name and a compatibility date are given by flags, so that a project
// need not have them. It fails if ctx ends or if the command can't run.
func (t *Tools) Deploy(ctx context.Context, p Project, l Limits) (Upload, error) {
	if err := p.writeWorker(); err != nil {
		return Upload{}, fmt.Errorf("oracle: %w", err)
	}
	if p.RemoteSecrets != nil || p.NewWorker {
		return t.deployToStub(ctx, p, l)
	}
	return t.deployDry(ctx, p, l)
}

// deployFlags are the arguments of `wrangler deploy` that do not depend on how it is run.
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
	// Without the cache node spends a quarter of the time on compiling wrangler once more.
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

// deployToStub ends as soon as something is uploaded.
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

// readForm finds the metadata in a multipart form whose boundary is its first line.
func readForm(form io.Reader) (Upload, error) {
	text, err := io.ReadAll(form)
	if err != nil {
		return Upload{}, err
	}
	boundary, _, ok := strings.Cut(string(text), "\r\n")
	if !ok {
		return Upload{}, errors.New("oracle: an upload without a boundary")
	}
	parts := multipart.NewReader(strings.NewReader(string(text)), strings.TrimPrefix(boundary, "--"))
	for {
		part, err := parts.NextPart()
		if err != nil {
			return Upload{}, fmt.Errorf("oracle: an upload without metadata: %w", err)
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
