package controlplane_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// rawClient repeats one request on one connection, without allocating memory.
type rawClient struct {
	conn    net.Conn
	reader  *bufio.Reader
	request []byte
	times   []time.Duration // as many as requests, to be filled in
	err     error
}

func dial(b *testing.B, address net.Addr, method, target, body string) *rawClient {
	b.Helper()
	conn, err := net.Dial(address.Network(), address.String())
	require.NoError(b, err)
	c := &rawClient{conn: conn, reader: bufio.NewReaderSize(conn, 64<<10)}
	c.request = fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: wrangler/4.164.0\r\nAuthorization: Bearer token\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		method, target, len(body), body)
	return c
}

// run stops at the first request that fails.
func (c *rawClient) run() {
	for i := range c.times {
		start := time.Now()
		if c.err = c.do(); c.err != nil {
			return
		}
		c.times[i] = time.Since(start)
	}
}

var (
	okLine        = []byte("HTTP/1.1 200 OK\r\n")
	contentLength = []byte("Content-Length: ")
	chunked       = []byte("Transfer-Encoding: chunked\r\n")
)

// do makes the request and reads all of its answer.
func (c *rawClient) do() error {
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	status, err := c.reader.ReadSlice('\n')
	if err != nil || !bytes.Equal(status, okLine) {
		return fmt.Errorf("%s %w", status, err)
	}
	length, inChunks := 0, false
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) == len("\r\n") {
			break
		}
		if rest, found := bytes.CutPrefix(line, contentLength); found {
			length = number(rest)
		}
		inChunks = inChunks || bytes.Equal(line, chunked)
	}
	if inChunks {
		return c.discardChunks()
	}
	_, err = c.reader.Discard(length)
	return err
}

func (c *rawClient) discardChunks() error {
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return err
		}
		if _, err := c.reader.Discard(int(size) + len("\r\n")); err != nil || size == 0 {
			return err
		}
	}
}

// number reads the digits at the start of a line.
func number(line []byte) int {
	n := 0
	for _, digit := range line {
		if digit < '0' || digit > '9' {
			break
		}
		n = n*10 + int(digit-'0')
	}
	return n
}
