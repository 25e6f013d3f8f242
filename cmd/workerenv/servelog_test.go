//go:build unix

package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// slowWriter blocks each Write until the test receives it.
type slowWriter chan string

func (w slowWriter) Write(p []byte) (int, error) {
	w <- string(p)
	return len(p), nil
}

func TestLogWriterDrops(t *testing.T) {
	w := make(slowWriter)
	l := newLogWriter(w)
	fmt.Fprintln(l, "first")
	isWriting := func() bool { return len(l.lines) == 0 }
	require.Eventually(t, isWriting, 10*time.Second, time.Millisecond)
	for range maxLogLines + 7 {
		n, err := fmt.Fprintln(l, "line")
		require.NoError(t, err)
		require.Equal(t, 5, n)
	}
	require.Equal(t, "first\n", <-w)
	require.Equal(t, "workerenv: 7 lines of the log were dropped, since nobody read it\n", <-w)
	for range maxLogLines {
		require.Equal(t, "line\n", <-w)
	}
	l.close()

	var b bytes.Buffer
	l = newLogWriter(&b)
	fmt.Fprintln(l, strings.Repeat("x", 1<<20))
	l.close()
	require.Equal(t, strings.Repeat("x", maxLogLine)+"...\n", b.String())

	l = newLogWriter(w) // nobody receives any more
	fmt.Fprintln(l, "lost")
	start := time.Now()
	l.close()
	require.Less(t, time.Since(start), 5*time.Second)
	<-w
}

// TestServeHost sends requests with the Host headers of other machines, as a browser does after DNS
// rebinding.
func TestServeHost(t *testing.T) {
	s := startService(t, real(t.TempDir()), "--token", "t0ken")
	url := s.vars["CLOUDFLARE_BASE_URL"]
	for host, status := range map[string]int{
		"":                       200, // that of the URL
		"localhost:1":            200,
		"LOCALHOST":              200,
		"app.localhost:80":       200,
		"127.0.0.1":              200,
		"127.9.9.9:80":           200,
		"[::1]:8787":             200,
		"[::1]":                  200,
		"localhost.":             200,
		"evil.example:80":        403,
		"evil.example":           403,
		"localhost.evil.example": 403,
		"127.0.0.1.evil.example": 403,
		"notlocalhost":           403,
		"192.0.2.1":              403,
		"0.0.0.0:80":             403,
		"[2001:db8::1]:80":       403,
		"169.254.169.254":        403,
	} {
		r, err := http.NewRequest("GET", url+"/accounts/a/workers/subdomain", nil)
		require.NoError(t, err)
		r.Host = host
		r.Header.Set("Authorization", "Bearer t0ken")
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		response.Body.Close()
		require.Equal(t, status, response.StatusCode, host)
	}
	http.DefaultClient.CloseIdleConnections()
	require.Equal(t, statusOK, s.end())
	require.Contains(t, s.log.String(), "level=WARN msg=\"refused a request whose Host header is not a loopback address\"")
	require.NotContains(t, s.log.String(), "evil")
}
