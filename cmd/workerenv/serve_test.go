package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

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
