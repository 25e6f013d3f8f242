//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
)

// startProcess starts cmd, a call of serve in another process, and reads its standard output to the end.
func startProcess(t *testing.T, cmd *exec.Cmd) (printed string, log *lockedBuffer) {
	t.Helper()
	log = new(lockedBuffer)
	cmd.Stderr, cmd.WaitDelay = log, 10*time.Second
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	text, err := io.ReadAll(stdout)
	require.NoError(t, err)
	require.NotEmpty(t, text, log)
	return string(text), log
}

func TestServeSignals(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd := process(t, t.TempDir(), "serve")
		_, log := startProcess(t, cmd)
		require.NoError(t, cmd.Process.Signal(signal))
		require.NoError(t, cmd.Wait())
		require.Regexp(t, dashboardLine, log.String())
	}
}

// dashboardLine is what serve prints on standard error when it starts.
const dashboardLine = `^workerenv: ` + onlyMemory +
	`\nworkerenv: dashboard: http://127\.0\.0\.1:[0-9]+/sign-in\?token=[A-Z2-7]{26}\n$`

// TestServeInBackground checks that serve does not stop for a signal that it was started with ignored.
func TestServeInBackground(t *testing.T) {
	self := process(t, t.TempDir(), "serve")
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `trap "" INT; exec "$0" serve`, self.Path)
	cmd.Env = self.Env
	printed, _ := startProcess(t, cmd)
	require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	_, address, _ := strings.Cut(printed, "BASE_URL=")
	address, _, _ = strings.Cut(address, "\n")
	response, err := http.Get(address)
	require.NoError(t, err)
	response.Body.Close()
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, cmd.Wait())
}

// visible has all characters of a token.
const visible = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"

// TestServeInShell runs the example of the help: a shell evaluates the output of serve and continues. The token has all
// characters that are special in a shell.
func TestServeInShell(t *testing.T) {
	self := process(t, t.TempDir(), "serve")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", `eval "$("$0" serve & echo server=$!)"
env | grep ^CLOUDFLARE_ | sort
kill "$server"`, self.Path)
	cmd.Env = append(self.Env, "WORKERENV_TOKEN="+visible+"''")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &stdout, &stderr, time.Second
	require.NoError(t, cmd.Run(), stderr.String()) // which waits until serve has ended, too: it holds standard error
	require.Regexp(t, dashboardLine, stderr.String())
	require.Regexp(t, `^CLOUDFLARE_ACCOUNT_ID=0123456789abcdef0123456789abcdef
CLOUDFLARE_API_BASE_URL=http://127\.0\.0\.1:[0-9]+/client/v4
CLOUDFLARE_API_TOKEN=`+regexp.QuoteMeta(visible)+`''
CLOUDFLARE_BASE_URL=http://127\.0\.0\.1:[0-9]+/client/v4
$`, stdout.String())
}

// TestServeLive runs the real wrangler with the variables that serve prints.
func TestServeLive(t *testing.T) {
	node, script := live.Wrangler(t)
	serve := process(t, t.TempDir(), "serve")
	printed, log := startProcess(t, serve)

	dir := project(t, section{"wrangler.json", `{"name": "shop", "main": "index.js", "compatibility_date": "2026-01-01"}`},
		section{"index.js", "export default { fetch() { return new Response() } }"})
	cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", printed+`wrangler() { "$NODE" "$WRANGLER" "$@"; }
wrangler deploy
echo c4n4ry-value | wrangler secret put API_KEY
wrangler secret list
wrangler versions list --json`)
	cmd.Dir = dir
	cmd.Env = append(live.Environ(t), "CI=true", "NODE="+node, "WRANGLER="+script)
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.Contains(t, string(output), "Success! Uploaded secret API_KEY")
	require.Contains(t, string(output), `"name": "API_KEY"`)
	require.Contains(t, string(output), `"workers/triggered_by": "secret"`)

	require.NoError(t, serve.Process.Signal(syscall.SIGTERM))
	require.NoError(t, serve.Wait())
	_, token, _ := strings.Cut(printed, "API_TOKEN=")
	token, _, _ = strings.Cut(token, "\n")
	require.Contains(t, log.String(),
		"method=PUT path=/client/v4/accounts/"+anyAccount+"/workers/scripts/shop/secrets status=200")
	require.NotContains(t, log.String(), "c4n4ry")
	require.NotContains(t, log.String(), token)
}

// TestServeRefuses starts serve with arguments that it cannot use.
func TestServeRefuses(t *testing.T) {
	dir := project(t, section{"junk.pem", "c4n4ry"}, section{"empty.pem", ""}, section{"folder/", ""},
		section{"broken.pem", "-----BEGIN PRIVATE KEY-----\nYzRuNHJ5\n-----END PRIVATE KEY-----\n"})
	writeCertificate(t, dir)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	for _, test := range []struct {
		args []string
		says string
	}{
		{[]string{"--addr", taken.Addr().String()}, "address already in use"},
		{[]string{"--addr", "192.0.2.1:0", "--token", "c4n4ry", "--tls-cert", "cert.pem", "--tls-key", "key.pem"},
			"assign requested address"},
		{[]string{"--tls-cert", "none.pem", "--tls-key", "key.pem"}, "cannot read none.pem: no such file or directory"},
		{[]string{"--tls-cert", "cert.pem", "--tls-key", "none.pem"}, "cannot read none.pem: no such file or directory"},
		{[]string{"--tls-cert", "cert.pem", "--tls-key", "folder"}, "cannot read folder: is a directory"},
		{[]string{"--tls-cert", "junk.pem", "--tls-key", "key.pem"},
			"junk.pem and key.pem are not a certificate and its key in PEM: tls: failed to find any PEM data"},
		{[]string{"--tls-cert", "cert.pem", "--tls-key", "junk.pem"},
			"cert.pem and junk.pem are not a certificate and its key"},
		{[]string{"--tls-cert", "cert.pem", "--tls-key", "empty.pem"},
			"cert.pem and empty.pem are not a certificate and its key"},
		{[]string{"--tls-cert", "cert.pem", "--tls-key", "broken.pem"},
			"cert.pem and broken.pem are not a certificate and its key"},
		{[]string{"--tls-cert", "key.pem", "--tls-key", "cert.pem"},
			"key.pem and cert.pem are not a certificate and its key"},
	} {
		var stdout, stderr bytes.Buffer
		c := real(dir)
		c.stdout, c.stderr, c.signals = output{Writer: &stdout}, output{Writer: &stderr}, interrupt
		require.Equal(t, statusFailure, c.run(append([]string{"serve"}, test.args...)), "%v", test)
		require.Empty(t, stdout.String())
		require.Contains(t, stderr.String(), test.says)
		require.NotContains(t, stderr.String(), "c4n4ry")
	}
}
