package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// lookupTime bounds how long the name of a host is looked up.
const lookupTime = 10 * time.Second

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

// exposedError says that other machines could reach an address.
type exposedError struct{ addr string }

func (e *exposedError) Error() string {
	return fmt.Sprintf("other machines could reach %s: that takes a token of your choice (--token or %s) and TLS (--tls-cert and --tls-key)",
		label(e.addr), tokenVariable)
}

// open listens where f says. It does so where other machines could reach it only with TLS, and with a token that was given.
func (c command) open(f serviceFlags, tokenGiven bool) (*listener, error) {
	host, port, err := net.SplitHostPort(f.addr)
	if err != nil {
		return nil, err
	}
	addrs, err := c.addresses(host)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(addrs, exposed) && !(tokenGiven && f.cert != "") {
		return nil, &exposedError{f.addr}
	}
	config, err := c.certificate(f.cert, f.key)
	if err != nil {
		return nil, err
	}
	l, err := c.listen("tcp", net.JoinHostPort(preferred(addrs), port))
	if err != nil {
		return nil, err
	}
	return &listener{l, baseURL(host, l.Addr(), config != nil), config}, nil
}

// addresses returns what host stands for. An empty one is every address of this machine.
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

// exposed reports whether other machines could reach an address of this one.
func exposed(a netip.Addr) bool { return !a.IsLoopback() }

// preferred returns the address to listen on: one of IPv4 if there is one, as package net takes it. It is one that has been looked
// at, and not the name, which could stand for something else by now.
func preferred(addrs []netip.Addr) string {
	i := slices.IndexFunc(addrs, func(a netip.Addr) bool { return a.Unmap().Is4() })
	if addr := addrs[max(i, 0)]; addr != netip.IPv6Unspecified() {
		return addr.String()
	}
	return "" // which listens on IPv4 as well
}

// baseURL returns what clients on this machine take for the address of the API.
func baseURL(host string, bound net.Addr, secure bool) string {
	_, port, _ := net.SplitHostPort(bound.String()) // which is how a net.Listener tells it
	if addr, err := netip.ParseAddr(host); host == "" || err == nil && addr.Unmap().IsUnspecified() {
		host = "localhost"
	}
	u := url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: "/client/v4"}
	if secure {
		u.Scheme = "https"
	}
	return u.String()
}

// certificate reads the files for TLS, if there are any.
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

// read returns what is in a file, seen from the present directory.
func (c command) read(name string) ([]byte, error) {
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(c.dir, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", label(name), withoutPath(err))
	}
	return text, nil
}
