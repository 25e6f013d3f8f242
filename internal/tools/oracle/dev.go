package oracle

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// DevEnv is the env that a Worker gets from `wrangler dev`.
type DevEnv struct {
	// Ending is Answered, Hung, or Threw if wrangler ended.
	Ending Ending
	// Env is a JSON array of [name, type, value] in the order of Object.keys(env). The type is that of
	// typeof, "array" or "null". It is set if Ending is Answered.
	Env json.RawMessage
	// Warnings are the first lines of wrangler's warnings.
	Warnings []string
	// Refusal is set if Ending is Threw.
	Refusal *Refusal
}

var readyAt = regexp.MustCompile(`Ready on (http://\S+)`)

// Dev runs `wrangler dev` in the folder of the project, writes to that folder, and gets the env from
// the Worker. It kills wrangler and its children before it returns. It fails if ctx ends or the command
// cannot run.
func (t *Tools) Dev(ctx context.Context, p Project, l Limits) (DevEnv, error) {
	args := []string{"dev", p.script(), "--show-interactive-dev-session=false"}
	if p.NoScript {
		args = slices.Delete(args, 1, 2)
	}
	return t.dev(ctx, p, l, args)
}

// PagesDev is like Dev with `wrangler pages dev`. It uses PagesBindings instead of Vars.
func (t *Tools) PagesDev(ctx context.Context, p Project, l Limits) (DevEnv, error) {
	args := []string{"pages", "dev", pagesDir, "--show-interactive-dev-session=false"}
	for _, b := range p.PagesBindings {
		args = append(args, "--binding="+b)
	}
	p.Vars = nil
	return t.dev(ctx, p, l, args)
}

func (t *Tools) dev(ctx context.Context, p Project, l Limits, args []string) (DevEnv, error) {
	if err := p.writeWorker(); err != nil {
		return DevEnv{}, err
	}
	c, err := t.startCommand(p, nil, append(args, "--ip=127.0.0.1", "--port=0", "--inspector-port=0")...)
	if err != nil {
		return DevEnv{}, fmt.Errorf("oracle: wrangler dev: %w", err)
	}
	defer c.close()
	var address string
	ending, err := c.wait(ctx, l.time(), func(output string) bool {
		if m := readyAt.FindStringSubmatch(output); m != nil {
			address = m[1]
		}
		return address != ""
	})
	if err != nil {
		return DevEnv{}, err
	}
	if ending != Answered {
		return DevEnv{Ending: ending, Refusal: c.refusal()}, nil
	}
	env, err := fetch(ctx, address, l.time())
	if err != nil {
		return DevEnv{}, fmt.Errorf("oracle: wrangler dev: %w", err)
	}
	return DevEnv{Ending: Answered, Env: env, Warnings: c.warnings()}, nil
}

// fetch gets a JSON document over loopback.
func fetch(ctx context.Context, address string, limit time.Duration) (json.RawMessage, error) {
	if u, err := url.Parse(address); err != nil || u.Hostname() != "127.0.0.1" {
		return nil, fmt.Errorf("%s is not a loopback address", address)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && !json.Valid(body) {
		err = fmt.Errorf("status %d, body is not JSON", response.StatusCode)
	}
	return body, err
}
