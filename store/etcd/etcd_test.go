package etcd_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc"

	"github.com/workerenv/workerenv/store/etcd"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

// newPrefix returns options with a prefix that was not used before.
func newPrefix() etcd.Options {
	return etcd.Options{Prefix: fmt.Sprint("test ", time.Now().UnixNano(), "/")}
}

// open returns a new, empty Store.
func open(client *clientv3.Client) *etcd.Store { return etcd.New(client, newPrefix()) }

// fill appends records to the log "log" until it has n.
func fill(t testing.TB, s *etcd.Store, n int) {
	have, err := s.Read(t.Context(), "log", 0)
	require.NoError(t, err)
	for i := len(have); i < n; i++ {
		require.NoError(t, s.Append(t.Context(), "log", i, version.NewRecord(fmt.Sprint(i))))
	}
}

func TestOneMember(t *testing.T) {
	client := connect(t, endpoints...)
	versiontest.Run(t, func(t *testing.T) version.Store { return open(client) })
}

func TestThreeMembers(t *testing.T) {
	client := connect(t, newCluster(t, 3).endpoints()...)
	versiontest.Run(t, func(t *testing.T) version.Store { return open(client) })
}

func TestKeys(t *testing.T) {
	client := connect(t, endpoints...)
	o := newPrefix()
	s := etcd.New(client, o)
	fill(t, s, 300)
	got, err := client.Get(t.Context(), o.Prefix, clientv3.WithPrefix(), clientv3.WithKeysOnly())
	require.NoError(t, err)
	require.Len(t, got.Kvs, 300)
	require.Equal(t, o.Prefix+"\x03log\x00\x00\x00\x00\x00\x00\x00\x01", string(got.Kvs[0].Key))
	require.Equal(t, o.Prefix+"\x03log\x00\x00\x00\x00\x00\x00\x01\x2c", string(got.Kvs[299].Key))

	_, err = client.Delete(t.Context(), string(got.Kvs[7].Key))
	require.NoError(t, err)
	_, err = s.Read(t.Context(), "log", 0)
	require.ErrorIs(t, err, version.ErrLost)
	require.ErrorContains(t, err, `record 8 of log "log" is missing`)
}

// intercept returns a client that calls after, once, when the first range request has succeeded.
func intercept(t *testing.T, after func()) *clientv3.Client {
	done := false
	option := grpc.WithChainUnaryInterceptor(func(ctx context.Context, method string, request, reply any,
		conn *grpc.ClientConn, invoker grpc.UnaryInvoker, options ...grpc.CallOption) error {
		err := invoker(ctx, method, request, reply, conn, options...)
		if err == nil && strings.HasSuffix(method, "/Range") && !done {
			done = true
			after()
		}
		return err
	})
	client, err := clientv3.New(clientv3.Config{
		Endpoints: endpoints, Logger: zap.NewNop(), DialOptions: []grpc.DialOption{option},
	})
	require.NoError(t, err)
	t.Cleanup(func() { client.Close() })
	return client
}

// compact removes all revisions of the single server but the newest.
func compact(t *testing.T, client *clientv3.Client) {
	newest, err := client.Get(t.Context(), "x")
	require.NoError(t, err)
	_, err = client.Compact(t.Context(), newest.Header.Revision)
	require.NoError(t, err)
}

// TestReadPages adds records after the first page of a read.
func TestReadPages(t *testing.T) {
	for _, test := range []struct {
		name    string
		compact bool
		want    int
	}{
		{"at one revision", false, 2500},
		{"again, if the revision was compacted", true, 2501},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := connect(t, endpoints...)
			o := newPrefix()
			s := etcd.New(client, o)
			fill(t, s, 2500)
			reader := intercept(t, func() {
				fill(t, s, 2501)
				if test.compact {
					compact(t, client)
				}
			})
			got, err := etcd.New(reader, o).Read(t.Context(), "log", 0)
			require.NoError(t, err)
			require.Len(t, got, test.want)
			require.Equal(t, fmt.Sprint(test.want-1), got[test.want-1].Reveal())
		})
	}
}

func TestWait(t *testing.T) {
	client := connect(t, endpoints...)
	s := open(client)
	fill(t, s, 2)
	require.NoError(t, s.Wait(t.Context(), "log", 0))
	require.NoError(t, s.Wait(t.Context(), "log", 1))

	before := runtime.NumGoroutine()
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.Equal(t, context.DeadlineExceeded, s.Wait(short, "log", 2))
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+1 }, // with that of Eventually
		10*time.Second, 10*time.Millisecond, "Wait leaves goroutines")
	require.Equal(t, context.DeadlineExceeded, s.Wait(short, "log", 1))

	done := make(chan error)
	go func() { done <- s.Wait(t.Context(), "log", 3) }()
	require.NoError(t, s.Append(t.Context(), "log", 2, version.NewRecord("third")))
	require.NoError(t, s.Append(t.Context(), "other", 0, version.NewRecord("first")))
	select {
	case err := <-done:
		t.Fatal("the log has 3 records, and Wait returned ", err)
	case <-time.After(50 * time.Millisecond):
	}
	require.NoError(t, s.Append(t.Context(), "log", 3, version.NewRecord("fourth")))
	require.NoError(t, <-done)
}

// TestWaitCompacted removes the revision that Wait is about to watch.
func TestWaitCompacted(t *testing.T) {
	client := connect(t, endpoints...)
	for _, length := range []int{1, 2} { // the record comes before or after the compaction
		o := newPrefix()
		s := etcd.New(client, o)
		fill(t, s, 1)
		compacted := make(chan bool)
		waiter := intercept(t, func() {
			fill(t, s, 2)
			compact(t, client)
			close(compacted)
		})
		done := make(chan error)
		go func() {
			done <- etcd.New(waiter, o).Wait(t.Context(), "log", length)
		}()
		<-compacted
		fill(t, s, length+1)
		require.NoError(t, <-done)
	}
}

// TestWaitPartitioned cuts off a member that some of the clients watch. They must use another one.
func TestWaitPartitioned(t *testing.T) {
	c := newCluster(t, 3)
	const waits = 9
	done := make(chan error)
	o := newPrefix()
	for i := range waits {
		// The client begins with the first endpoint that answers.
		s := etcd.New(connect(t, slices.Concat(c.endpoints()[i%3:], c.endpoints()[:i%3])...), o)
		go func() { done <- s.Wait(t.Context(), "log", 0) }()
	}
	time.Sleep(500 * time.Millisecond)
	leader := c.leader(t, -1)
	c.network.isolate(place{(leader + 1) % 3, true})
	s := etcd.New(connect(t, c.endpoints()[leader]), o)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	require.NoError(t, s.Append(ctx, "log", 0, version.NewRecord("x")))
	for range waits {
		select {
		case err := <-done:
			require.NoError(t, err)
		case <-ctx.Done():
			t.Fatal("Wait does not return")
		}
	}
}

func TestTooLarge(t *testing.T) {
	s := open(connect(t, endpoints...))
	h := version.NewHistory(s, "history", version.Options{})
	length := 0
	for _, test := range []struct {
		bytes int
		fits  bool
	}{
		{1_500_000, true},
		{16 << 20 / 10, false}, // refused by the server
		{3 << 20, false},       // refused by the client
		{1, true},
	} {
		err := s.Append(t.Context(), "log", length, version.NewRecord(strings.Repeat("c4n4ry", test.bytes/6)))
		if test.fits {
			require.NoError(t, err)
			length++
			continue
		}
		require.ErrorIs(t, err, version.ErrNotAppended)
		require.ErrorIs(t, err, rpctypes.ErrRequestTooLarge)
		require.NotContains(t, err.Error(), "c4n4ry")

		_, err = h.Update(t.Context(), func(tx *version.Tx) error {
			_, err := tx.Upload(version.Upload{Code: version.Code{MainModule: strings.Repeat("x", test.bytes)}})
			return err
		})
		require.ErrorIs(t, err, rpctypes.ErrRequestTooLarge)
		require.NotErrorIs(t, err, version.ErrOutcome)
	}
	got, err := s.Read(t.Context(), "log", 0)
	require.NoError(t, err)
	require.Len(t, got, length)
}

// TestFullDatabase fills a database up to its quota. The first append that fails may have taken effect.
func TestFullDatabase(t *testing.T) {
	c, err := startCluster(t.TempDir(), 1, 4<<20)
	require.NoError(t, err)
	t.Cleanup(c.close)
	s := open(connect(t, c.endpoints()...))
	appended, failures := 0, 0
	for i := 0; failures < 3; i++ {
		require.Less(t, i, 100)
		got, err := s.Read(t.Context(), "log", 0)
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(got), appended)
		err = s.Append(t.Context(), "log", len(got), version.NewRecord(strings.Repeat("x", 100_000)))
		if err == nil {
			appended = len(got) + 1
			continue
		}
		failures++
		require.ErrorIs(t, err, rpctypes.ErrNoSpace)
		require.NotErrorIs(t, err, version.ErrNotAppended)
	}
	got, err := s.Read(t.Context(), "log", 0)
	require.NoError(t, err)
	t.Logf("%d records acknowledged, %d in the log", appended, len(got))
}

func TestCanceled(t *testing.T) {
	s := open(connect(t, endpoints...))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.Append(ended, "log", 0, version.NewRecord("x"))
	require.ErrorIs(t, err, version.ErrNotAppended)
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Read(ended, "log", 0)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, context.Canceled, s.Wait(ended, "log", 0))
}

// TestNoServer uses an address where nothing listens.
func TestNoServer(t *testing.T) {
	address, err := freeAddress()
	require.NoError(t, err)
	s := etcd.New(connect(t, address), etcd.Options{})
	for _, call := range []func(context.Context) error{
		func(ctx context.Context) error { return s.Append(ctx, "log", 0, version.NewRecord("c4n4ry")) },
		func(ctx context.Context) error { _, err := s.Read(ctx, "log", 0); return err },
		func(ctx context.Context) error { return s.Wait(ctx, "log", 0) },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		err := call(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NotContains(t, err.Error(), "c4n4ry")
	}
}

// TestServerStops kills a server with an append, a read and a wait in progress, and starts it again.
func TestServerStops(t *testing.T) {
	c := newCluster(t, 1)
	s := open(connect(t, c.endpoints()...))
	fill(t, s, 3)
	waiting := make(chan error)
	go func() { waiting <- s.Wait(t.Context(), "log", 3) }()

	c.members[0].kill()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	err := s.Append(ctx, "log", 3, version.NewRecord("fourth"))
	require.Error(t, err)
	require.NotErrorIs(t, err, version.ErrConflict)
	_, err = s.Read(ctx, "log", 0)
	require.Error(t, err)

	require.NoError(t, c.members[0].start())
	got, err := s.Read(t.Context(), "log", 0)
	require.NoError(t, err)
	require.Len(t, got, 3)
	require.NoError(t, s.Append(t.Context(), "log", 3, version.NewRecord("fourth")))
	require.NoError(t, <-waiting)
}
