package controlplane_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/version"
)

// brokenStore fails each Append.
type brokenStore struct{ version.MemStore }

var errBroken = errors.New("disk is full")

func (*brokenStore) Append(context.Context, string, int, version.Record) error { return errBroken }

func TestLog(t *testing.T) {
	var log bytes.Buffer
	c := newClient(t, controlplane.Options{Logger: slog.New(slog.NewJSONHandler(&log, nil)), Store: new(brokenStore)})
	last := func() (record struct {
		Level, Msg, Method, Path string
		Status                   int
		Codes                    []int
	}) {
		lines := bytes.Split(bytes.TrimSpace(log.Bytes()), []byte("\n"))
		require.NoError(t, json.Unmarshal(lines[len(lines)-1], &record))
		return record
	}

	c.do("GET", account+"/workers/subdomain?x=1", "")
	require.Equal(t, "INFO", last().Level)
	require.Equal(t, 200, last().Status)
	require.Equal(t, account+"/workers/subdomain", last().Path)

	c.do("POST", account+"/workers/missing", "")
	require.Equal(t, "WARN", last().Level)
	require.Equal(t, "POST", last().Method)
	require.Equal(t, []int{7003}, last().Codes)

	r := c.deploy()
	require.Equal(t, 500, r.Status)
	require.Equal(t, 10013, r.code())
	require.NotContains(t, r.text, errBroken.Error())
	require.Equal(t, "ERROR", last().Level)
	require.Contains(t, log.String(), errBroken.Error())
}

// unshortened is a Store that cannot remove records, because its disk is full.
type unshortened struct{ version.MemStore }

func (*unshortened) Truncate(context.Context, string, int) error { return errBroken }

// TestCompactionFailed tests that the log has the error of a compaction, and that the request succeeds.
func TestCompactionFailed(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	c := newClient(t, controlplane.Options{Logger: logger, Store: new(unshortened), CompactAfter: 1})
	require.True(t, c.deploy().Success)
	require.NotContains(t, log.String(), errBroken.Error())
	require.True(t, c.deploy().Success)
	require.Contains(t, log.String(), `"level":"ERROR","msg":"compaction failed","error":"worker shop: disk is full"`)
}

// TestTokenStays tests that printing a Handler does not reveal its token.
func TestTokenStays(t *testing.T) {
	const token = "canary-7d1f"
	h := controlplane.New(controlplane.Options{Token: token})
	for _, v := range []any{h, h.Account("a"), h.Pages("a")} {
		require.NotContains(t, fmt.Sprintf("%v %+v %#v", v, v, v), token)
	}
}
