package controlplane_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// The benchmarks of this file make requests over loopback, from clients that allocate nothing
// themselves, so that what a request costs in memory is what the server has to allocate for it.
// Each is done by a Handler and by a bare one, which does for a request what any server has to do:
// it reads the JSON that is in it, and writes the JSON that the Handler answered with.
//
//	BenchmarkServe/REQUEST/bare/clients=N
//	BenchmarkServe/REQUEST/handler/clients=N
//
// report, beside the time between the ends of two requests (ns/op) and the memory for one: how long
// half of the requests took at most (p50-ns), how long all but one of a hundred (p99-ns), and the
// time that the process had a core for one (cpu-ns/op), its client's part in it.

const (
	// startVersions is the length of each history before it is measured: every version has 10 vars
	// and secrets.
	startVersions = 10

	// puts bounds what requests add to the histories of a Handler: after so many puts there is a
	// new one. Nothing of that is measured.
	puts = 1000
)

// request is one of those that are measured.
type request struct {
	name         string
	method, path string // the path is below that of a Worker; {current} in it is the ID of its deployment
	body         string
	result       any  // where the result of the answer can be decoded into
	changes      bool // whether it makes a version
	one          bool // whether all clients make it of one Worker; otherwise each has its own
}

const secretPut = `{"name":"API_KEY","text":"s3cr3t","type":"secret_text"}`

var requests = []request{
	{name: "secret-put", method: "PUT", path: "/secrets", body: secretPut, result: new(bareSecret), changes: true},
	{name: "secret-put-one-worker", method: "PUT", path: "/secrets", body: secretPut, result: new(bareSecret),
		changes: true, one: true},
	{name: "versions-list", method: "GET", path: "/versions?deployable=true", result: new(bareVersions)},
	{name: "deployments-list", method: "GET", path: "/deployments", result: new(bareDeployments)},
	{name: "deployment-get", method: "GET", path: "/deployments/{current}", result: new(bareDeployment)},
}

func BenchmarkServe(b *testing.B) {
	for _, r := range requests {
		for _, kind := range []string{"bare", "handler"} {
			for _, clients := range []int{1, 8, 64} {
				b.Run(fmt.Sprintf("%s/%s/clients=%d", r.name, kind, clients),
					func(b *testing.B) { benchmarkServe(b, r, kind, clients) })
			}
		}
	}
}

func benchmarkServe(b *testing.B, r request, kind string, clients int) {
	times := make([]time.Duration, 0, b.N)
	var cores time.Duration
	b.ReportAllocs()
	b.StopTimer()
	b.ResetTimer()
	for len(times) < b.N {
		n := b.N - len(times)
		if r.changes {
			n = min(n, puts)
		}
		batch := times[len(times) : len(times)+n]
		cores += serveBatch(b, r, kind, clients, batch)
		times = times[:len(times)+n]
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2]), "p50-ns")
	b.ReportMetric(float64(times[len(times)*99/100]), "p99-ns")
	b.ReportMetric(float64(cores)/float64(b.N), "cpu-ns/op")
}

// serveBatch has so many clients make the requests of a batch, whose times it fills in, and returns
// the time that the process had a core meanwhile. Only the requests are measured.
func serveBatch(b *testing.B, r request, kind string, clients int, times []time.Duration) time.Duration {
	handler := stocked(b, clients)
	serving := handler
	if kind == "bare" {
		serving = bareFor(b, r, handler)
	}
	server := httptest.NewServer(serving)
	defer server.Close()
	list := make([]*rawClient, clients)
	for i := range list {
		list[i] = dial(b, server.Listener.Addr(), r.method, r.target(b, handler, i), r.body)
		defer list[i].conn.Close()
		list[i].times = times[i*len(times)/clients : (i+1)*len(times)/clients]
	}
	var wg sync.WaitGroup
	b.StartTimer()
	start := coreTime()
	for _, c := range list {
		wg.Go(c.run)
	}
	wg.Wait()
	cores := coreTime() - start
	b.StopTimer()
	for _, c := range list {
		require.NoError(b, c.err)
	}
	return cores
}

// stocked is a Handler with a Worker for each client: w0, w1 and so on.
func stocked(b *testing.B, clients int) http.Handler {
	// Microseconds without a zero at the end: the bare handler writes times as encoding/json does,
	// without those.
	clock := controlplanetest.Clock(time.Date(2026, 3, 1, 10, 0, 0, 123456e3, time.UTC), time.Second)
	c := newClient(b, controlplane.Options{Now: clock})
	var vars []string
	for i := range 9 {
		vars = append(vars, fmt.Sprintf(`{"name":"VAR_%d","type":"plain_text","text":"text %d"}`, i, i))
	}
	vars = append(vars, `{"name":"API_KEY","type":"secret_text","text":"old"}`)
	metadata := `{"main_module":"index.js","compatibility_date":"2026-01-01","bindings":[` + strings.Join(vars, ",") + `]}`
	for i := range clients {
		for range startVersions {
			require.True(b, c.upload("PUT", scriptPath(i), metadata).Success)
		}
	}
	return c.handler
}

func scriptPath(i int) string { return account + "/workers/scripts/w" + strconv.Itoa(i) }

// target is the path of the request for a client.
func (r request) target(b *testing.B, h http.Handler, i int) string {
	if r.one {
		i = 0
	}
	if !strings.Contains(r.path, "{current}") {
		return scriptPath(i) + r.path
	}
	var list bareDeployments
	require.NoError(b, json.Unmarshal(client{b, h}.do("GET", scriptPath(i)+"/deployments", "").Result, &list))
	return scriptPath(i) + strings.Replace(r.path, "{current}", list.Deployments[0].ID, 1)
}
