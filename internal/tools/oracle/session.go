package oracle

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// session sends requests to a script in a node process. It starts the process for the first request,
// and again if the process has hung or died. It is not safe for concurrent use.
type session struct {
	tools  *Tools
	script string // starts with js/serve.cjs
	limits Limits

	node     *program // nil before the first request, and after one without a reply
	requests *json.Encoder
	pipe     *os.File // of the replies
	replies  *bufio.Reader
}

// reply is the reply to a request.
type reply struct {
	Ending  Ending          `json:"ending"`
	Result  json.RawMessage `json:"result"`  // if Ending is Answered
	Message string          `json:"message"` // if Ending is Threw
}

// ask sends a request and returns the reply. It fails if ctx ends or node cannot run.
func (s *session) ask(ctx context.Context, request any) (reply, error) {
	err := ctx.Err()
	if err == nil && s.node == nil {
		err = s.start()
	}
	if err != nil {
		return reply{}, fmt.Errorf("oracle: %w", err)
	}
	r, err := s.exchange(ctx, s.limits.time(), request)
	if err != nil {
		r.Ending, err = s.ending(ctx, err)
		s.Close()
	}
	if err != nil {
		return reply{}, fmt.Errorf("oracle: %w", err)
	}
	return r, nil
}

// exchange sends a request, unless it is nil, and reads a reply. The error is os.ErrDeadlineExceeded
// after limit and when ctx ends, and io.EOF if the process has died.
func (s *session) exchange(ctx context.Context, limit time.Duration, request any) (r reply, err error) {
	pipe := s.pipe
	if err := pipe.SetReadDeadline(time.Now().Add(limit)); err != nil {
		return r, err
	}
	defer context.AfterFunc(ctx, func() { pipe.SetReadDeadline(time.Now()) })()
	if request != nil {
		s.requests.Encode(request) // if it fails, there is no reply
	}
	line, err := s.replies.ReadBytes('\n')
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(line, &r)
}

// ending returns the reason why there was no reply, or an error if the tool is not the cause.
func (s *session) ending(ctx context.Context, err error) (Ending, error) {
	text := s.node.text()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Hung, nil
	case !errors.Is(err, io.EOF):
		return "", err
	case strings.Contains(text, "out of memory"), strings.Contains(text, "Fatal process OOM"):
		return OutOfMemory, nil
	}
	return "", fmt.Errorf("node died: %s", text)
}

// start starts node and waits until the script is ready.
func (s *session) start() error {
	pipe, childEnd, err := os.Pipe()
	if err != nil {
		return err
	}
	defer childEnd.Close()
	cmd := s.tools.nodeCommand(s.limits.heapFlag(), "-e", s.script, "--", s.tools.dir)
	cmd.Dir, cmd.Env, cmd.ExtraFiles = s.tools.home, s.tools.environ(), []*os.File{childEnd}
	stdin, err := cmd.StdinPipe()
	if err == nil {
		s.node, err = s.tools.start(cmd)
	}
	if err != nil {
		pipe.Close()
		return err
	}
	s.requests, s.pipe, s.replies = json.NewEncoder(stdin), pipe, bufio.NewReaderSize(pipe, 1<<16)
	childEnd.Close() // or else there is no io.EOF if node dies
	const startLimit = time.Minute
	if _, err := s.exchange(context.Background(), startLimit, nil); err != nil {
		err = fmt.Errorf("start node: %w: %s", err, s.node.text())
		s.Close()
		return err
	}
	return nil
}

// Close ends the node process.
func (s *session) Close() {
	if s.node != nil {
		s.node.close()
		s.pipe.Close()
		s.node = nil
	}
}
