package oracle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// session asks one script, in a process that is started when there is something to ask, and again after an
// input that made it hang or die. It is not safe for concurrent use.
type session struct {
	tools  *Tools
	script string
	limits Limits
	p      *process
}

// ask sends all requests and hands each reply to take, in order. A request without a reply is taken with a nil
// reply and the ending that tells why. ask stops at the first error of take, and when ctx ends.
func (s *session) ask(ctx context.Context, requests [][]byte, take func(i int, reply []byte, e Ending) error) error {
	for done := 0; done < len(requests); {
		n, err := s.askOnce(ctx, requests[done:], func(i int, reply []byte, e Ending) error {
			return take(done+i, reply, e)
		})
		if err != nil {
			s.close()
			return fmt.Errorf("oracle: %w", err)
		}
		done += n
	}
	return nil
}

// askOnce asks one process until it has answered all requests or has to be stopped, and tells how many requests
// were dealt with.
func (s *session) askOnce(ctx context.Context, requests [][]byte, take func(int, []byte, Ending) error) (int, error) {
	if err := s.start(ctx); err != nil {
		return 0, err
	}
	p := s.p
	stopWatch := context.AfterFunc(ctx, func() { p.cmd.Process.Kill() })
	defer stopWatch()
	written := make(chan struct{})
	go func() {
		defer close(written)
		for _, request := range requests {
			if p.send(request) != nil {
				return // the reader finds out why
			}
		}
	}()
	n, err := s.receive(ctx, len(requests), take)
	if n < len(requests) || err != nil {
		s.close() // also ends the writer
	}
	<-written
	return n, err
}

// receive takes up to n replies. The first request without one is the last that it deals with.
func (s *session) receive(ctx context.Context, n int, take func(int, []byte, Ending) error) (int, error) {
	for i := range n {
		reply, err := s.p.reply(s.limits.time())
		if err == nil {
			if err := take(i, reply, Answered); err != nil {
				return i, err
			}
			continue
		}
		ending, err := s.ending(ctx, err)
		if err == nil {
			err = take(i, nil, ending)
		}
		s.close()
		return i + 1, err
	}
	return n, nil
}

// ending names the reason for which there was no reply, or returns an error if the tool is not to blame.
func (s *session) ending(ctx context.Context, err error) (Ending, error) {
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Hung, nil
	case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return "", err
	case s.p.outOfMemory():
		return OutOfMemory, nil
	}
	return "", fmt.Errorf("node died: %s", s.p.output())
}

func (s *session) start(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.p != nil {
		return nil
	}
	var err error
	s.p, err = s.tools.startProcess(s.script, s.limits.heapFlag())
	return err
}

func (s *session) close() {
	if s.p != nil {
		s.p.stop()
		s.p = nil
	}
}
