package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

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
	for s, err := range c.history.Watch(ctx) {
		if err != nil {
			return
		}
		fmt.Fprintf(c.w, "data: %d\n\n", s.Revision())
		if w.Flush() != nil {
			return
		}
	}
}
