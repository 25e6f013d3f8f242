package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
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

// anyAccount is the account that serve names to clients if it has not been given one. Every other one is there, too.
const anyAccount = "0123456789abcdef0123456789abcdef"

// author is the address of whom the token belongs to.
const author = "dev@example.com"

// tokenVariable is the name of the variable that has the token, for those who do not want it among the arguments.
const tokenVariable = "WORKERENV_TOKEN"

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

// token returns what clients have to bear, and whether somebody chose it.
func (c command) token(flag *string) (token string, given bool, err error) {
	token = lookup(c.environ, tokenVariable)
	if flag != nil {
		token = *flag
	}
	switch isToken := token != "" && strings.Trim(token, visible) == ""; {
	case flag == nil && token == "":
		return rand.Text(), false, nil
	case !isToken:
		return "", false, errors.New("a token has at least one character, and only visible ones of ASCII")
	}
	return token, true, nil
}

// visible are the characters that can be in a header without a change.
const visible = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"

// lookup returns the value of a variable in an environment, "" if there is none.
func lookup(environ []string, name string) string {
	for _, entry := range environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

// announce prints the variables that make wrangler a client, as commands of a POSIX shell. Then it closes standard output, so that
// a shell that evaluates it does not wait any longer.
func (c command) announce(url, token, account string) error {
	if account == "" {
		account = anyAccount
	}
	_, err := fmt.Fprintf(c.stdout, "export CLOUDFLARE_API_BASE_URL=%s\nexport CLOUDFLARE_API_TOKEN=%s\nexport CLOUDFLARE_ACCOUNT_ID=%s\n",
		shellWord(url), shellWord(token), shellWord(account))
	if closer, ok := c.stdout.Writer.(io.Closer); ok && err == nil {
		err = closer.Close()
	}
	return err
}

// shellWord returns s as one word of a shell.
func shellWord(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
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

// listener is where serve listens.
type listener struct {
	net.Listener
	url string      // what clients take for the address of the API
	tls *tls.Config // nil is none
}

func (l *listener) serve(server *http.Server) error {
	if l.tls == nil {
		return server.Serve(l)
	}
	server.TLSConfig = l.tls
	return server.ServeTLS(l, "", "")
}
