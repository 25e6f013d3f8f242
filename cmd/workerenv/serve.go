package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/internal/hostname"
	"github.com/workerenv/workerenv/version"
)

// Limits for clients. bodyTime is for a request of the largest size.
const (
	headerTime = 10 * time.Second
	bodyTime   = time.Minute
	answerTime = 2 * time.Minute
	idleTime   = 2 * time.Minute
	maxHeader  = 64 << 10
	stopTime   = 10 * time.Second // for active requests when serve stops
)

// onlyMemory says where serve keeps everything without --data.
const onlyMemory = "everything is in memory and is lost when serve ends; use --data FILE to keep it"

// misuseError is wrong usage that is noticed after the flags are parsed.
type misuseError string

func (e misuseError) Error() string { return string(e) }

// serve serves Cloudflare's API until a signal arrives.
func (c command) serve(f *flags) int {
	err := c.serveAPI(f)
	if misuse, ok := errors.AsType[misuseError](err); ok {
		return c.misuse("serve", string(misuse))
	}
	if err != nil {
		return c.fail(err)
	}
	return statusOK
}

// serveAPI is serve with an error in the place of a status.
func (c command) serveAPI(f *flags) error {
	token, given, err := c.token(f.service.token)
	if err != nil {
		return err
	}
	if account := f.service.account; len(account) > maxAccount || strings.Trim(account, accountCharacters) != "" {
		return misuseError("an account ID has at most 32 letters, digits, hyphens and underscores")
	}
	required, err := c.requiredSecrets(f.service.projects)
	if err != nil {
		return err
	}
	l, err := c.open(f.service, given)
	if err != nil {
		return err
	}
	defer l.Close()
	store, where, closeStore, err := c.openStore(f.data)
	if err != nil {
		return err
	}
	defer closeStore()
	signals := make(chan os.Signal, 2)
	defer c.signals(signals)() // before clients learn the address
	logs := newLogWriter(c.stderr.Writer)
	defer logs.close()
	c.stderr.Writer = logs
	fmt.Fprintln(c.stderr, "workerenv:", where)
	if err := c.announceUntil(signals, l.url, token, f.service.account); err != nil {
		return err
	}
	logger := newLogger(logs)
	api := newAPI(f.service, token, store, logger)
	pages := c.newDashboard(api, l, f.service, required, logger)
	server := newServer(withDashboard(api, pages), logger)
	server.RegisterOnShutdown(pages.Close)
	if l.loopback {
		server.Handler = onlyLoopback(server.Handler, f.service.addr, server.ErrorLog)
	}
	return serveUntil(signals, l, server)
}

// onlyLoopback refuses requests whose Host header is neither a loopback address or localhost nor the
// host of addr. It is for a server on loopback: a web page can make its own name an address of this
// machine (DNS rebinding), and then read what the server answers.
func onlyLoopback(h http.Handler, addr string, logger *log.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host := hostname.Of(r.Host); !hostname.IsLoopback(host) && host != hostname.Of(addr) {
			logger.Println("refused a request whose Host header is not a loopback address")
			http.Error(w, "The Host header is not a loopback address, localhost or the host of --addr.",
				http.StatusForbidden)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// owner is the owner of the token.
var owner = version.Author{ID: anyAccount, Email: "dev@example.com"}

// compactAfter is how many records a log has after its checkpoint before it is compacted again. A
// checkpoint is about as long as 100 records that put a secret.
const compactAfter = 100

// newAPI returns Cloudflare's API, which keeps everything in store. It serves the given account, or all
// accounts if that is "".
func newAPI(f serviceFlags, token string, store version.Store, logger *slog.Logger) *controlplane.Handler {
	o := controlplane.Options{Store: store, Token: token, Logger: logger, Author: owner}
	if f.account != "" {
		o.Accounts = []string{f.account}
	}
	if f.compact {
		o.CompactAfter = compactAfter
	}
	return controlplane.New(o)
}

// newServer returns a server of h.
func newServer(h http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           logged(h),
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       bodyTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
}

// serveUntil serves until a signal arrives. Active requests then have stopTime to finish, or until the next signal.
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

// stop stops a server. It fails if requests did not finish.
func stop(server *http.Server, signals <-chan os.Signal) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	go func() {
		select {
		case <-signals:
			cancel()
		case <-ctx.Done():
		}
	}()
	if server.Shutdown(ctx) == nil {
		return nil
	}
	server.Close()
	return errors.New("stopped before all requests were answered")
}

// anyAccount is the account that serve announces if --account is not used. All other account IDs are valid then, too.
const anyAccount = "0123456789abcdef0123456789abcdef"

// An account ID is one segment of a path.
const (
	maxAccount        = 32
	accountCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
)

// announce prints the variables that wrangler and Cloudflare's SDKs need, of which only the name of
// the base URL differs, as commands for a POSIX shell. Then it closes standard output, so that a
// shell that evaluates the output continues.
func (c command) announce(url, token, account string) error {
	if account == "" {
		account = anyAccount
	}
	const format = `export CLOUDFLARE_API_BASE_URL=%s
export CLOUDFLARE_BASE_URL=%s
export CLOUDFLARE_API_TOKEN=%s
export CLOUDFLARE_ACCOUNT_ID=%s
`
	_, err := fmt.Fprintf(c.stdout, format, shellWord(url), shellWord(url), shellWord(token), shellWord(account))
	if closer, ok := c.stdout.Writer.(io.Closer); ok && err == nil {
		err = closer.Close()
	}
	return err
}

// announceUntil is announce, but if a signal arrives while nobody reads standard output, it fails after flushTime.
func (c command) announceUntil(signals chan os.Signal, url, token, account string) error {
	announced := make(chan error, 1)
	go func() { announced <- c.announce(url, token, account) }()
	var signal os.Signal
	select {
	case err := <-announced:
		return err
	case signal = <-signals:
	}
	select {
	case err := <-announced:
		select {
		case signals <- signal: // for the server, which stops at once
		default: // it has got others
		}
		return err
	case <-time.After(flushTime):
		return errors.New("stopped before standard output was read")
	}
}

// shellWord returns s quoted as one word of a shell.
func shellWord(s string) string {
	if strings.Trim(s, accountCharacters+"./:") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
