package oracle

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"time"
)

// readyAt matches loopback addresses only.
var readyAt = regexp.MustCompile(`Ready on (http://127\.0\.0\.1:\d+)\s`)

// Dev runs `wrangler dev` in the folder of the project, writes to that folder, and gets the env from
// the Worker. It kills wrangler and its children before it returns. It fails if ctx ends or the command
// cannot run.
func (t *Tools) Dev(ctx context.Context, p Project, l Limits) (Run, error) {
	args := []string{"dev", p.script()}
	if p.NoScript {
		args = slices.Delete(args, 1, 2)
	}
	return t.dev(ctx, p, l, args)
}

// PagesDev is like Dev with `wrangler pages dev`. It uses PagesBindings instead of Vars.
func (t *Tools) PagesDev(ctx context.Context, p Project, l Limits) (Run, error) {
	args := []string{"pages", "dev", pagesDir}
	for _, b := range p.PagesBindings {
		args = append(args, "--binding="+b)
	}
	p.Vars = nil
	return t.dev(ctx, p, l, args)
}

func (t *Tools) dev(ctx context.Context, p Project, l Limits, args []string) (Run, error) {
	var address string
	return t.run(ctx, p, l, command{
		args: append(args, "--show-interactive-dev-session=false", "--ip=127.0.0.1", "--port=0", "--inspector-port=0"),
		done: func(started *program) bool {
			m := readyAt.FindStringSubmatch(started.text())
			if m != nil {
				address = m[1]
			}
			return m != nil
		},
		read: func(r *Run) (err error) {
			r.Env, err = fetch(ctx, address, l.time())
			return err
		},
	})
}

// fetch gets a JSON document.
func fetch(ctx context.Context, address string, limit time.Duration) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{DisableKeepAlives: true} // without a proxy
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
