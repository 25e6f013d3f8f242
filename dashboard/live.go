package dashboard

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/workerenv/workerenv/version"
)

// pollTime is how often a history is read for live updates.
const pollTime = time.Second

// watch returns the Snapshots of a history: the newest one, and then each new one until ctx ends.
func watch(ctx context.Context, h *version.History) iter.Seq2[version.Snapshot, error] {
	return func(yield func(version.Snapshot, error) bool) {
		last := -1
		for ctx.Err() == nil {
			s, err := h.Read(ctx)
			if (err != nil || s.Revision() != last) && !yield(s, err) {
				return
			}
			last = s.Revision()
			select {
			case <-ctx.Done():
			case <-time.After(pollTime):
			}
		}
	}
}

// livePath is the last segment of the paths of live updates.
const livePath = "live"

// live sends a server-sent event with the revision of each change of the Worker.
func (c *call) live() {
	ctx, cancel := context.WithCancel(c.r.Context())
	defer cancel()
	go func() {
		select {
		case <-c.session.ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	if c.r.Method == http.MethodHead {
		return
	}
	w := http.NewResponseController(c.w)
	w.SetWriteDeadline(time.Time{})
	c.w.Header().Set("Content-Type", "text/event-stream")
	for s, err := range watch(ctx, c.history) {
		if err != nil {
			return
		}
		fmt.Fprintf(c.w, "data: %d\n\n", s.Revision())
		if w.Flush() != nil {
			return
		}
	}
}
