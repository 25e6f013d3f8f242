package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/workerenv/workerenv/internal/readfile"
)

// lookupTime limits the lookup of a host name.
const lookupTime = 10 * time.Second

// listener is a net.Listener with the URL of the API.
type listener struct {
	net.Listener
	url      string      // for clients
	tls      *tls.Config // nil for HTTP
	loopback bool        // whether only this machine can reach it
}

func (l *listener) serve(server *http.Server) error {
	if l.tls == nil {
		return server.Serve(l)
	}
	server.TLSConfig = l.tls
	return server.ServeTLS(l, "", "")
}

// open listens on the address in f. A non-loopback address requires TLS and a token from the user.
func (c command) open(f serviceFlags, tokenGiven bool) (*listener, error) {
	host, port, err := net.SplitHostPort(f.addr)
	if err != nil {
		return nil, misuseError("--addr must have the form HOST:PORT")
	}
	addrs, err := c.addresses(host)
	if err != nil {
		return nil, cannotListen(f.addr, err)
	}
	exposed := slices.ContainsFunc(addrs, func(a netip.Addr) bool { return !a.IsLoopback() })
	if exposed && !(tokenGiven && f.cert != "") {
		return nil, misuseError(fmt.Sprintf("%s is not a loopback address: other machines could reach it, which requires "+
			"a token (--token or %s) and TLS (--tls-cert and --tls-key)", label(f.addr), tokenVariable))
	}
	config, err := c.certificate(f.cert, f.key)
	if err != nil {
		return nil, err
	}
	l, err := c.listen("tcp", net.JoinHostPort(preferred(addrs), port))
	if err != nil {
		return nil, cannotListen(f.addr, err)
	}
	return &listener{l, baseURL(host, l.Addr(), config != nil), config, !exposed}, nil
}

func cannotListen(addr string, err error) error {
	if opErr, ok := errors.AsType[*net.OpError](err); ok {
		err = opErr.Err
	}
	return fmt.Errorf("cannot listen on %s, use another --addr: %w", label(addr), err)
}

// addresses returns the addresses of host. An empty host means all addresses of this machine.
func (c command) addresses(host string) ([]netip.Addr, error) {
	if host == "" {
		return []netip.Addr{netip.IPv6Unspecified()}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookupTime)
	defer cancel()
	addrs, err := c.lookupHost(ctx, "ip", host)
	if err == nil && len(addrs) == 0 {
		err = fmt.Errorf("no addresses for %s", label(host))
	}
	return addrs, err
}

// preferred returns the address to listen on: an IPv4 address if there is one, which is what package net prefers. The
// name is not used again, since a second lookup could give an address that was not checked.
func preferred(addrs []netip.Addr) string {
	i := slices.IndexFunc(addrs, func(a netip.Addr) bool { return a.Unmap().Is4() })
	if addr := addrs[max(i, 0)]; addr != netip.IPv6Unspecified() {
		return addr.String()
	}
	return "" // IPv4 as well
}

// baseURL returns the URL of the API for clients on this machine.
func baseURL(host string, bound net.Addr, secure bool) string {
	_, port, _ := net.SplitHostPort(bound.String())
	if addr, err := netip.ParseAddr(host); host == "" || err == nil && addr.Unmap().IsUnspecified() {
		host = "localhost"
	}
	u := url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: apiPath}
	if secure {
		u.Scheme = "https"
	}
	return u.String()
}

// certificate reads the files for TLS. It returns nil if cert is "".
func (c command) certificate(cert, key string) (*tls.Config, error) {
	if cert == "" {
		return nil, nil
	}
	certText, err := c.read(cert)
	if err != nil {
		return nil, err
	}
	keyText, err := c.read(key)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certText, keyText)
	if err != nil {
		return nil, fmt.Errorf("%s and %s are not a certificate and its key in PEM: %w", label(cert), label(key), err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}}, nil
}

// path returns the path of a file; name is relative to the current directory.
func (c command) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.dir, name)
}

func (c command) read(name string) ([]byte, error) {
	text, err := readfile.Read(c.path(name), readfile.Wait)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", label(name), withoutPath(err))
	}
	return text, nil
}

// tokenVariable is the name of the variable with the token. Other users can see arguments, but not variables.
const tokenVariable = "WORKERENV_TOKEN"

// token returns the API token, and whether the user gave it. Otherwise it is random.
func (c command) token(flag *string) (token string, given bool, err error) {
	token = lookup(c.environ, tokenVariable)
	if flag != nil {
		token = *flag
	}
	if flag == nil && token == "" {
		return rand.Text(), false, nil
	}
	if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", false, misuseError("a token must have one or more printable ASCII characters, and no spaces")
	}
	return token, true, nil
}

// lookup returns the value of a variable in an environment, "" if there is none.
func lookup(environ []string, name string) string {
	for _, variable := range environ {
		if value, ok := strings.CutPrefix(variable, name+"="); ok {
			return value
		}
	}
	return ""
}
