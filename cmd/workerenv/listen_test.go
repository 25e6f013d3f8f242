package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// resolveStub knows the addresses of some names, and otherwise only IP addresses.
func resolveStub(network, address string) (*net.TCPAddr, error) {
	hosts := map[string]string{"localhost": "127.0.0.1", "there.test": "192.0.2.1", "mapped.test": "::ffff:192.0.2.1"}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip, ok := hosts[host]; ok {
		host = ip
	}
	if _, err := netip.ParseAddr(host); host != "" && err != nil {
		return nil, errors.New("no such host")
	}
	return net.ResolveTCPAddr(network, net.JoinHostPort(host, port))
}

// TestServeAddresses checks where serve listens, and that non-loopback addresses require a token and TLS.
func TestServeAddresses(t *testing.T) {
	dir := t.TempDir()
	writeCertificate(t, dir)
	tlsArgs := []string{"--tls-cert", "cert.pem", "--tls-key", "key.pem"}
	for _, test := range []struct {
		addr, listens string // the second one "" if serve is to refuse it in any case
		exposed       bool
		url           string // less scheme and path
	}{
		{"127.0.0.1:0", "127.0.0.1:0", false, "127.0.0.1:7777"},
		{"127.9.9.9:80", "127.9.9.9:80", false, "127.9.9.9:7777"},
		{"[::1]:0", "[::1]:0", false, "[::1]:7777"},
		{"[::ffff:127.0.0.1]:0", "127.0.0.1:0", false, "[::ffff:127.0.0.1]:7777"},
		{"localhost:8787", "127.0.0.1:8787", false, "localhost:7777"},
		{"0.0.0.0:0", "0.0.0.0:0", true, "localhost:7777"},
		{"[::]:0", "[::]:0", true, "localhost:7777"},
		{":0", ":0", true, "localhost:7777"},
		{"[::ffff:0.0.0.0]:0", "0.0.0.0:0", true, "localhost:7777"},
		{"192.0.2.1:0", "192.0.2.1:0", true, "192.0.2.1:7777"},
		{"[2001:db8::1]:0", "[2001:db8::1]:0", true, "[2001:db8::1]:7777"},
		{"[fe80::1%eth0]:0", "[fe80::1%eth0]:0", true, "[fe80::1%25eth0]:7777"},
		{"there.test:0", "192.0.2.1:0", true, "there.test:7777"},
		{"mapped.test:0", "192.0.2.1:0", true, "mapped.test:7777"},
		{"unknown.test:0", "", true, ""},
		{"127.0.0.1", "", true, ""},
		{"", "", true, ""},
		{"::1:0", "", true, ""},
	} {
		token := []string{"--token", "t0ken"}
		for i, args := range [][]string{{}, token, tlsArgs, append(token, tlsArgs...)} {
			var listened string
			c := real(dir)
			c.resolveAddr = resolveStub
			c.listen = func(network, address string) (net.Listener, error) {
				require.Equal(t, "tcp", network)
				listened = address
				return stubListener{}, nil
			}
			var stdout, stderr bytes.Buffer
			c.stdout, c.stderr, c.signals = output{Writer: &stdout}, output{Writer: &stderr}, interrupt
			status := c.run(append([]string{"serve", "--addr", test.addr}, args...))
			if test.listens == "" || test.exposed && i < 3 {
				require.NotEqual(t, statusOK, status, "%v %v", test, args)
				require.Empty(t, listened, "%v %v", test, args)
				require.Empty(t, stdout.String())
				require.NotEmpty(t, stderr.String())
				require.NotContains(t, stderr.String(), "t0ken")
				continue
			}
			scheme := map[bool]string{false: "http", true: "https"}[i >= 2]
			require.Equal(t, test.listens, listened)
			require.Contains(t, stdout.String(), scheme+"://"+test.url+"/client/v4", "%v", test)
		}
	}
}

// stubListener has port 7777 and fails to accept connections.
type stubListener struct{}

func (stubListener) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (stubListener) Close() error              { return nil }
func (stubListener) Addr() net.Addr            { return &net.TCPAddr{IP: net.IPv4zero, Port: 7777} }

// writeCertificate writes cert.pem and key.pem for localhost and 127.0.0.1, and returns a pool that trusts them.
func writeCertificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	keyText, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: cert}, "key.pem": {Type: "PRIVATE KEY", Bytes: keyText},
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600))
	}
	parsed, err := x509.ParseCertificate(cert)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return pool
}

func TestServeTLS(t *testing.T) {
	dir := t.TempDir()
	pool := writeCertificate(t, dir)
	s := startService(t, real("/"), "--token", "t0ken",
		"--tls-cert", filepath.Join(dir, "cert.pem"), "--tls-key", filepath.Join(dir, "key.pem"))
	require.True(t, strings.HasPrefix(s.vars["CLOUDFLARE_API_BASE_URL"], "https://127.0.0.1:"), s.printed)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}
	status, text := s.do(&http.Client{Transport: transport}, "t0ken", "GET", "/accounts/a/workers/subdomain", "")
	require.Equal(t, 200, status, text)
	transport.CloseIdleConnections()

	stranger := &http.Client{Transport: new(http.Transport)} // trusts nobody
	_, err := stranger.Get(s.vars["CLOUDFLARE_API_BASE_URL"])
	require.Error(t, err)
	plain, err := stranger.Get(strings.Replace(s.vars["CLOUDFLARE_API_BASE_URL"], "https", "http", 1))
	require.NoError(t, err)
	plain.Body.Close()
	require.Equal(t, 400, plain.StatusCode)
	require.Equal(t, statusOK, s.end())
	require.Contains(t, s.log.String(), "level=WARN msg=\"http: TLS handshake error from 127.0.0.1:")
}
