package oracle

import (
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
	// Refusal tells how wrangler ended, if it refused.
	Refusal *Refusal
}

// Deploy runs `wrangler deploy --dry-run` in the project's folder, which it writes to. A name and a compatibility date are
// given by flags, so that a project need not have them. It fails if ctx ends or if the command can't run.
func (t *Tools) Deploy(ctx context.Context, p Project, l Limits) (Upload, error) {
	form, err := os.CreateTemp(t.home, "form-")
	if err != nil {
		return Upload{}, fmt.Errorf("oracle: %w", err)
	}
	defer os.Remove(form.Name())
	defer form.Close()
	c, err := t.startCommand(p, "deploy", workerFile, "--dry-run", "--outfile="+form.Name(), "--name=w",
		"--compatibility-date=2026-01-01")
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
	if err != nil {
		return Upload{}, fmt.Errorf("oracle: the form of %s: %w", filepath.Base(p.Dir), err)
	}
	return upload, nil
}

// readForm finds the metadata in a multipart form whose boundary is its first line.
func readForm(form io.ReadSeeker) (Upload, error) {
	text, err := io.ReadAll(form)
	if err != nil {
		return Upload{}, err
	}
	boundary, _, ok := strings.Cut(string(text), "\r\n")
	if !ok {
		return Upload{}, errors.New("no boundary")
	}
	parts := multipart.NewReader(strings.NewReader(string(text)), strings.TrimPrefix(boundary, "--"))
	for {
		part, err := parts.NextPart()
		if err != nil {
			return Upload{}, fmt.Errorf("no metadata: %w", err)
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
