package main

import (
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/workerenv/workerenv/internal/readfile"
)

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
	var addr *net.TCPAddr
	host, _, err := net.SplitHostPort(f.addr)
	if err == nil {
		addr, err = c.resolveAddr("tcp", f.addr)
	}
	if malformed, ok := errors.AsType[*net.AddrError](err); ok {
		return nil, misuseError("--addr must have the form HOST:PORT: " + malformed.Err)
	}
	if err != nil {
		return nil, cannotListen(f.addr, err)
	}
	loopback := addr.IP.IsLoopback()
	if !loopback && !(tokenGiven && f.cert != "") {
		return nil, misuseError(fmt.Sprintf("%s is not a loopback address: other machines could reach it, which requires "+
			"a token (--token or %s) and TLS (--tls-cert and --tls-key)", label(f.addr), tokenVariable))
	}
	config, err := c.certificate(f.cert, f.key)
	if err != nil {
		return nil, err
	}
	l, err := c.listen("tcp", addr.String()) // a second lookup could give an address that was not checked
	if err != nil {
		return nil, cannotListen(f.addr, err)
	}
	return &listener{l, baseURL(host, l.Addr(), config != nil), config, loopback}, nil
}

func cannotListen(addr string, err error) error {
	if opErr, ok := errors.AsType[*net.OpError](err); ok {
		err = opErr.Err
	}
	return fmt.Errorf("cannot listen on %s, use another --addr: %w", label(addr), err)
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
