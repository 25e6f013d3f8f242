//go:build linux

package faults_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// startServe starts serve with stderr, and returns the base URL of its API.
func startServe(t *testing.T, stderr *os.File) (*exec.Cmd, string) {
	t.Helper()
	cmd := command(t, t.TempDir(), "serve", "--token", "t0ken")
	cmd.Stderr = stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	printed, err := io.ReadAll(stdout)
	require.NoError(t, err)
	match := regexp.MustCompile(`(?m)^export CLOUDFLARE_BASE_URL=(.*)$`).FindSubmatch(printed)
	require.NotNil(t, match, "%s", printed)
	return cmd, string(match[1])
}

// endServe sends SIGTERM and returns the status with which the process ends, -1 if it does not in time.
func endServe(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	timer := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
	defer timer.Stop()
	cmd.Wait() // the status says it
	return cmd.ProcessState.ExitCode()
}

// request makes n requests without a token, whose long paths fill the log.
func request(t *testing.T, url string, n int) {
	t.Helper()
	client := &http.Client{Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	for range n {
		response, err := client.Get(url + "/" + strings.Repeat("x", 50<<10))
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, response.Body)
		require.NoError(t, err)
		response.Body.Close()
		require.Equal(t, 400, response.StatusCode)
	}
}

// TestUnreadLog makes requests while nobody reads standard error: they are answered, and SIGTERM
// ends the process.
func TestUnreadLog(t *testing.T) {
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	defer reader.Close()
	cmd, url := startServe(t, writer)
	writer.Close()
	request(t, url, 1000) // a pipe holds 64 KiB
	require.Zero(t, endServe(t, cmd))
}

// TestClosedLog closes the reader of standard error: the process goes on.
func TestClosedLog(t *testing.T) {
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	cmd, url := startServe(t, writer)
	writer.Close()
	request(t, url, 1)
	reader.Close()
	request(t, url, 100)
	require.Zero(t, endServe(t, cmd))
}

// TestUnreadOutput sends SIGTERM while nobody reads standard output, which is full.
func TestUnreadOutput(t *testing.T) {
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	defer reader.Close()
	require.NoError(t, writer.SetWriteDeadline(time.Now().Add(200*time.Millisecond)))
	_, err = writer.Write(make([]byte, 1<<20))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	cmd := command(t, t.TempDir(), "serve")
	cmd.Stdout = writer
	require.NoError(t, cmd.Start())
	writer.Close()
	time.Sleep(time.Second) // until it writes
	require.Equal(t, 1, endServe(t, cmd))
}

// TestSlowConnections opens 10,000 connections that send a byte of a request now and then, or as
// many as the limit of open files allows. Other clients are answered in the meantime.
func TestSlowConnections(t *testing.T) {
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	n := int(min(10_000, limit.Cur-min(limit.Cur, 200)))
	log, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer log.Close()
	cmd, base := startServe(t, log)
	u, err := url.Parse(base)
	require.NoError(t, err)
	const head = "GET /client/v4/user HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
	var conns []net.Conn
	defer func() {
		for _, conn := range conns {
			conn.Close()
		}
	}()
	answered := 0
	for i := range n {
		conn, err := net.DialTimeout("tcp", u.Host, 10*time.Second)
		require.NoError(t, err, "connection %d", i)
		conns = append(conns, conn)
		_, err = io.WriteString(conn, head)
		require.NoError(t, err)
		if i%100 == 99 {
			io.WriteString(conns[i/2], "x") // which may be closed by now
			put(t, base, fmt.Sprint("S", i))
			answered++
		}
	}
	for range 100 {
		put(t, base, "LAST")
		answered++
	}
	t.Logf("%d slow connections, %d requests of others answered", n, answered)
	start := time.Now()
	status := endServe(t, cmd)
	t.Logf("the process ended %.1f s after SIGTERM, with status %d", time.Since(start).Seconds(), status)
	require.GreaterOrEqual(t, status, 0, "it did not end")
}

// put puts a secret and requires that it is answered.
func put(t *testing.T, base, name string) {
	t.Helper()
	client := &http.Client{Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	body := fmt.Sprintf(`{"name": %q, "text": "c4n4ry", "type": "secret_text"}`, name)
	r, err := http.NewRequest("PUT", base+"/accounts/a/workers/scripts/shop/secrets", bytes.NewReader([]byte(body)))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer t0ken")
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	require.Contains(t, []int{200, 404}, response.StatusCode) // 404: there is no such Worker
}
