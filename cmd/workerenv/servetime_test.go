package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// memoryListener accepts connections from within the process, so that tests can use fake time.
type memoryListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return nil
}

func (*memoryListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 7777} }

// dial connects to the listener.
func (l *memoryListener) dial() net.Conn {
	client, server := net.Pipe()
	l.conns <- server
	return client
}

// inMemory runs f with a service in a synctest bubble.
func inMemory(t *testing.T, f func(t *testing.T, s service, l *memoryListener)) {
	synctest.Test(t, func(t *testing.T) {
		l := &memoryListener{make(chan net.Conn), make(chan struct{})}
		c := real(t.TempDir())
		c.listen = func(string, string) (net.Listener, error) { return l, nil }
		f(t, startService(t, c, "--token", "t0ken"), l)
	})
}

// head is the header of a request whose body has 2 bytes.
const head = "PUT /client/v4/accounts/a/workers/scripts/shop/secrets HTTP/1.1\r\nHost: localhost\r\n" +
	"Authorization: Bearer t0ken\r\nContent-Length: 2\r\n\r\n"

// TestServeHangs checks the time limits for slow clients.
func TestServeHangs(t *testing.T) {
	for _, test := range []struct {
		name, says string
		lives      time.Duration
	}{
		{"says nothing", "", headerTime},
		{"stops in the header", head[:40], headerTime},
		{"stops before the body", head, bodyTime},
		{"stops in the body", head + "{", bodyTime},
		{"does nothing more", head + "{}", idleTime},
	} {
		t.Run(test.name, func(t *testing.T) {
			inMemory(t, func(t *testing.T, s service, l *memoryListener) {
				conn := l.dial()
				start := time.Now()
				_, err := io.WriteString(conn, test.says)
				require.NoError(t, err)
				_, err = io.Copy(io.Discard, conn) // until the server closes it
				require.NoError(t, err)
				require.InDelta(t, test.lives.Seconds(), time.Since(start).Seconds(), 1)
				require.Equal(t, statusOK, s.end())
			})
		})
	}
}

// TestServeClientDoesNotRead checks the time limit for a client that does not read the response.
func TestServeClientDoesNotRead(t *testing.T) {
	inMemory(t, func(t *testing.T, s service, l *memoryListener) {
		conn := l.dial()
		_, err := io.WriteString(conn, head+"{}")
		require.NoError(t, err)
		time.Sleep(answerTime + time.Second)
		answer, err := io.ReadAll(conn)
		require.NoError(t, err)
		require.Empty(t, answer)
		require.Equal(t, statusOK, s.end())
	})
}

// TestServeStops sends signals while requests are active.
func TestServeStops(t *testing.T) {
	for _, test := range []struct {
		name   string
		rest   time.Duration // when the client goes on, after the first signal
		second time.Duration // when a second signal comes, 0 is never
		takes  time.Duration
		status int
	}{
		{"the request ends", 5 * time.Second, 0, 5 * time.Second, statusOK},
		{"the request hangs", time.Hour, 0, stopTime, statusFailure},
		{"a second signal", time.Hour, 3 * time.Second, 3 * time.Second, statusFailure},
		{"a second signal at once", time.Hour, time.Nanosecond, 0, statusFailure},
	} {
		t.Run(test.name, func(t *testing.T) {
			inMemory(t, func(t *testing.T, s service, l *memoryListener) {
				conn := l.dial()
				defer conn.Close()
				_, err := io.WriteString(conn, head)
				require.NoError(t, err)
				synctest.Wait()
				start := time.Now()
				s.signals <- os.Interrupt
				if test.second > 0 {
					time.AfterFunc(test.second, func() { s.signals <- os.Interrupt })
				}
				answered := make(chan string, 1)
				go func() {
					time.Sleep(test.rest)
					io.WriteString(conn, "{}")
					answered <- statusLine(conn)
				}()
				require.Equal(t, test.status, <-s.status)
				require.InDelta(t, test.takes.Seconds(), time.Since(start).Seconds(), 1)
				if test.status == statusOK {
					require.Equal(t, "400 Bad Request", <-answered) // a secret without a name
				} else {
					require.Contains(t, s.log.String(), "workerenv: stopped before all requests were answered\n")
					_, err := conn.Read(make([]byte, 1))
					require.ErrorIs(t, err, io.EOF)
					require.InDelta(t, test.takes.Seconds(), time.Since(start).Seconds(), 1)
					require.Empty(t, <-answered)
				}
			})
		})
	}
}

// statusLine reads the status line of a response, or "" if there is none.
func statusLine(conn net.Conn) string {
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return ""
	}
	return response.Status
}

// TestServeStopsListening checks that serve refuses connections after a signal.
func TestServeStopsListening(t *testing.T) {
	inMemory(t, func(t *testing.T, s service, l *memoryListener) {
		conn := l.dial()
		defer conn.Close()
		_, err := io.WriteString(conn, head)
		require.NoError(t, err)
		synctest.Wait()
		s.signals <- os.Interrupt
		synctest.Wait()
		_, err = l.Accept()
		require.ErrorIs(t, err, net.ErrClosed)
		s.signals <- os.Interrupt
		require.Equal(t, statusFailure, <-s.status)
	})
}
