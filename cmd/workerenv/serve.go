package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/version"
)

// What serve allows a client. A request of the largest size has a minute to come in.
const (
	headerTime = 10 * time.Second
	bodyTime   = time.Minute
	answerTime = 2 * time.Minute
	idleTime   = 2 * time.Minute
	maxHeader  = 64 << 10
	stopTime   = 10 * time.Second // for what is under way when serve is told to stop
)

// author is the address of whom the token belongs to.
const author = "dev@example.com"

// serve serves Cloudflare's API until a signal comes.
func (c command) serve(f *flags) int {
	token, given, err := c.token(f.service.token)
	if err != nil {
		return c.misuse("serve", err.Error())
	}
	l, err := c.open(f.service, given)
	if isMisuse(err) {
		return c.misuse("serve", err.Error())
	}
	if err != nil {
		return c.fail(err)
	}
	defer l.Close()
	signals := make(chan os.Signal, 2)
	defer c.signals(signals)() // from before anybody knows of the server
	if err := c.announce(l.url, token, f.service.account); err != nil {
		return c.fail(err)
	}
	if err := serveUntil(signals, l, newServer(f.service.account, token, c.stderr)); err != nil {
		return c.fail(err)
	}
	return statusOK
}

// isMisuse reports whether it is the address itself that err speaks of.
func isMisuse(err error) bool {
	_, exposed := errors.AsType[*exposedError](err)
	_, malformed := errors.AsType[*net.AddrError](err)
	return exposed || malformed
}

// newServer returns a server of Cloudflare's API for one account, or for all if it is "", that keeps everything in memory and logs
// to w.
func newServer(account, token string, w io.Writer) *http.Server {
	logger := newLogger(w)
	o := controlplane.Options{Token: token, Logger: logger, Author: version.Author{ID: anyAccount, Email: author}}
	if account != "" {
		o.Accounts = []string{account}
	}
	return &http.Server{
		Handler:           timed(controlplane.New(o)),
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       bodyTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
}

// serveUntil serves until a signal comes. What is under way then may end, for a time or until the next signal.
func serveUntil(signals <-chan os.Signal, l *listener, server *http.Server) error {
	served := make(chan error, 1)
	go func() { served <- l.serve(server) }()
	select {
	case err := <-served:
		return err
	case <-signals:
	}
	err := stop(server, signals)
	<-served
	return err
}

// stop ends a server. It fails if requests had to be cut off.
func stop(server *http.Server, signals <-chan os.Signal) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-signals:
			cancel()
		case <-ctx.Done():
		}
	}()
	err := server.Shutdown(ctx)
	cancel()
	<-watched
	if err == nil {
		return nil
	}
	server.Close()
	return errors.New("stopped before all requests had been answered")
}
