package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lockedBuffer is a buffer that a test can read while the log is written to it.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer // not embedded: its other methods take no lock
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// service is a running call of serve.
type service struct {
	t       *testing.T
	printed string            // on standard output, to its end
	vars    map[string]string // what it prints, by name
	log     *lockedBuffer     // standard error
	signals chan<- os.Signal
	status  <-chan int
}

// startService calls serve and waits for its output.
func startService(t *testing.T, c command, args ...string) service {
	t.Helper()
	printed, stdout := io.Pipe()
	log := new(lockedBuffer)
	signals, status := make(chan chan<- os.Signal, 1), make(chan int, 1)
	c.stdout, c.stderr = output{Writer: stdout}, output{Writer: log}
	c.signals = func(into chan<- os.Signal) func() {
		signals <- into
		return func() {}
	}
	go func() {
		status <- c.run(append([]string{"serve"}, args...))
		stdout.Close()
	}()
	text, err := io.ReadAll(printed)
	require.NoError(t, err)
	require.NotEmpty(t, text, log)
	s := service{t: t, printed: string(text), vars: map[string]string{}, log: log, signals: <-signals, status: status}
	for line := range strings.Lines(s.printed) {
		name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "export "), "=")
		require.True(t, ok, line)
		s.vars[name] = value
	}
	return s
}

// real returns a command that listens on the network.
func real(dir string, environ ...string) command {
	return command{dir: dir, environ: environ, listen: net.Listen, resolveAddr: net.ResolveTCPAddr}
}

// end sends a signal and returns the status.
func (s service) end() int {
	s.signals <- os.Interrupt
	return <-s.status
}

// do sends a request with a token and returns the status and body of the response.
func (s service) do(client *http.Client, token, method, path, body string) (int, string) {
	s.t.Helper()
	url := s.vars["CLOUDFLARE_API_BASE_URL"] + path
	r, err := http.NewRequestWithContext(s.t.Context(), method, url, strings.NewReader(body))
	require.NoError(s.t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(r)
	require.NoError(s.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	return response.StatusCode, string(text)
}

func TestServe(t *testing.T) {
	const secret, wrong = "s3cr3t-value", "wr0ng-token"
	s := startService(t, real(t.TempDir(), "CLOUDFLARE_API_TOKEN=r3al-token"))
	token := s.vars["CLOUDFLARE_API_TOKEN"]
	require.Regexp(t, `^export CLOUDFLARE_API_BASE_URL=http://127\.0\.0\.1:[0-9]+/client/v4
export CLOUDFLARE_BASE_URL=http://127\.0\.0\.1:[0-9]+/client/v4
export CLOUDFLARE_API_TOKEN=[A-Z2-7]{26}
export CLOUDFLARE_ACCOUNT_ID=0123456789abcdef0123456789abcdef
$`, s.printed)

	client := new(http.Client)
	defer client.CloseIdleConnections()
	script := "/accounts/" + s.vars["CLOUDFLARE_ACCOUNT_ID"] + "/workers/scripts/shop"
	body := `{"name":"API_KEY","text":"` + secret + `","type":"secret_text"}`
	const upload = "--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n{\"main_module\":\"a.js\"}\r\n" +
		"--b\r\nContent-Disposition: form-data; name=a.js; filename=a.js\r\n" +
		"Content-Type: application/javascript+module\r\n\r\n\r\n--b--\r\n"
	for _, test := range []struct {
		token, method, path, body string
		status                    int
		says                      string
	}{
		{token, "PUT", script + "/secrets", body, 404, `"code":10007`},
		{token, "PUT", script, upload, 200, `"success":true`},
		{token, "PUT", script + "/secrets", body, 200, `"success":true`},
		{token, "GET", script + "/secrets?query=" + secret, "", 200, `"API_KEY"`},
		{token, "GET", "/accounts/another/workers/subdomain", "", 200, `"success":true`},
		{wrong, "GET", script + "/secrets", "", 403, `"code":10000`},
		{token[1:], "GET", script + "/secrets", "", 403, `"code":10000`},
		{"r3al-token", "GET", script + "/secrets", "", 403, `"code":10000`},
		{"", "GET", script + "/secrets", "", 400, `"code":9106`},
		{token, "GET", "/nonsense", "", 404, `"code":7003`},
	} {
		url := s.vars["CLOUDFLARE_API_BASE_URL"] + test.path
		r, err := http.NewRequest(test.method, url, strings.NewReader(test.body))
		require.NoError(t, err)
		if strings.HasPrefix(test.body, "--b") {
			r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		}
		r.Header.Set("Authorization", strings.TrimSuffix("Bearer "+test.token, "Bearer "))
		response, err := client.Do(r)
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		response.Body.Close()
		require.Equal(t, test.status, response.StatusCode, "%v %s", test, text)
		require.Contains(t, string(text), test.says)
	}
	require.Equal(t, statusOK, s.end())
	_, err := client.Get(s.vars["CLOUDFLARE_API_BASE_URL"])
	require.Error(t, err, "it still listens")

	log := s.log.String()
	for _, line := range []string{
		`level=INFO msg=request method=PUT path=/client/v4` + script + `/secrets status=404 codes=\[10007\]`,
		`level=WARN msg=request method=GET path=/client/v4/nonsense status=404 codes=\[7003\]`,
		`level=INFO msg=request method=GET path=/client/v4` + script + `/secrets status=200 codes=\[\] query=\[query\]`,
	} {
		require.Regexp(t, `(?m)^time=\S+ `+line+` duration=\S+$`, log)
	}
	require.Regexp(t, "^workerenv: "+onlyMemory+"\nworkerenv: dashboard: http://127.0.0.1:.*\n", log)
	require.Equal(t, 12, strings.Count(log, "\n"), "two lines and ten requests")
	for _, value := range []string{secret, token, token[1:], wrong, "r3al-token"} {
		require.NotContains(t, log, value)
	}
}

func TestServeToken(t *testing.T) {
	for _, test := range []struct {
		environ []string
		args    []string
		want    string // "" is random
		printed string
	}{
		{want: ""},
		{environ: []string{"WORKERENV_TOKEN="}, want: ""},
		{environ: []string{"WORKERENV_TOKEN=t0ken"}, want: "t0ken", printed: "t0ken"},
		{environ: []string{"WORKERENV_TOKEN=t0ken"}, args: []string{"--token", "fl4g"}, want: "fl4g", printed: "fl4g"},
		{args: []string{"--token", "it's$HOME`\"\\"}, want: "it's$HOME`\"\\", printed: `'it'\''s$HOME` + "`\"\\'"},
	} {
		s := startService(t, real(t.TempDir(), test.environ...), test.args...)
		printed := s.vars["CLOUDFLARE_API_TOKEN"]
		if test.want == "" {
			require.Len(t, printed, 26)
			test.want = printed
		} else {
			require.Equal(t, test.printed, printed)
		}
		client := new(http.Client)
		status, text := s.do(client, test.want, "GET", "/accounts/a/workers/subdomain", "")
		require.Equal(t, 200, status, text)
		status, _ = s.do(client, test.want+"x", "GET", "/accounts/a/workers/subdomain", "")
		require.Equal(t, 403, status)
		client.CloseIdleConnections()
		require.Equal(t, statusOK, s.end())
		require.NotContains(t, s.log.String(), test.want)
	}
}

func TestServeRandomTokensDiffer(t *testing.T) {
	first, second := startService(t, real(t.TempDir())), startService(t, real(t.TempDir()))
	require.NotEqual(t, first.vars["CLOUDFLARE_API_TOKEN"], second.vars["CLOUDFLARE_API_TOKEN"])
	require.Equal(t, statusOK, first.end())
	require.Equal(t, statusOK, second.end())
}

func TestServeAccount(t *testing.T) {
	s := startService(t, real(t.TempDir()), "--account", "acme", "--token", "t0ken")
	require.Equal(t, "acme", s.vars["CLOUDFLARE_ACCOUNT_ID"])
	client := new(http.Client)
	defer client.CloseIdleConnections()
	status, _ := s.do(client, "t0ken", "GET", "/accounts/acme/workers/subdomain", "")
	require.Equal(t, 200, status)
	status, text := s.do(client, "t0ken", "GET", "/accounts/other/workers/subdomain", "")
	require.Equal(t, 403, status)
	require.Contains(t, text, `"code":10000`)
	require.Equal(t, statusOK, s.end())
}

// TestServeBadAccount gives account IDs that no path could have.
func TestServeBadAccount(t *testing.T) {
	for _, id := range []string{"bad/id", "a b", "ä", "..", strings.Repeat("a", 33)} {
		var stdout, stderr bytes.Buffer
		c := real(t.TempDir())
		c.stdout, c.stderr, c.signals = output{Writer: &stdout}, output{Writer: &stderr}, interrupt
		require.Equal(t, statusUsage, c.run([]string{"serve", "--account", id}), id)
		require.Empty(t, stdout.String())
		require.Contains(t, stderr.String(), "an account ID has at most 32 letters")
	}
}

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

// TestServeWithoutOutput expects serve to exit if the variables cannot be printed.
func TestServeWithoutOutput(t *testing.T) {
	var stderr bytes.Buffer
	c := real(t.TempDir())
	var bound net.Addr
	c.listen = func(network, address string) (net.Listener, error) {
		l, err := net.Listen(network, address)
		bound = l.Addr()
		return l, err
	}
	c.stdout, c.stderr, c.signals = output{Writer: full{}}, output{Writer: &stderr}, interrupt
	require.Equal(t, statusFailure, c.run([]string{"serve"}))
	require.Equal(t, "workerenv: "+onlyMemory+"\nworkerenv: no space left on device\n", stderr.String())
	_, err := net.Dial("tcp", bound.String())
	require.Error(t, err)
}

// TestServeHeader sends a header that is too large.
func TestServeHeader(t *testing.T) {
	s := startService(t, real(t.TempDir()))
	addr := strings.TrimPrefix(s.vars["CLOUDFLARE_API_BASE_URL"], "http://")
	conn, err := net.Dial("tcp", strings.TrimSuffix(addr, apiPath))
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET /"+strings.Repeat("x", maxHeader+8<<10)+" HTTP/1.1\r\n\r\n")
	require.NoError(t, err)
	line, err := bufio.NewReader(conn).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 431 Request Header Fields Too Large\r\n", line)
	require.Equal(t, statusOK, s.end())
}
