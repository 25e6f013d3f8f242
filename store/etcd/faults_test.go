package etcd_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"
	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/workerenv/workerenv/store/etcd"
	"github.com/workerenv/workerenv/version"
)

// fault disturbs a member of a cluster, until the others have a leader and for some time more.
type fault struct {
	name       string
	begin, end func(t *testing.T, c *cluster, member int)
}

var faults = []fault{
	{"killed",
		func(t *testing.T, c *cluster, member int) { c.members[member].kill() },
		func(t *testing.T, c *cluster, member int) { require.NoError(t, c.members[member].start()) }},
	{"partitioned",
		func(t *testing.T, c *cluster, member int) { c.network.isolate(place{member, true}) },
		func(t *testing.T, c *cluster, member int) { c.network.heal() }},
	{"without clients",
		func(t *testing.T, c *cluster, member int) { c.network.isolate(place{member, false}) },
		func(t *testing.T, c *cluster, member int) { c.network.heal() }},
	{"paused",
		func(t *testing.T, c *cluster, member int) {
			require.NoError(t, c.members[member].signal(syscall.SIGSTOP))
		},
		func(t *testing.T, c *cluster, member int) {
			require.NoError(t, c.members[member].signal(syscall.SIGCONT))
		}},
}

// disturb does to a member what the fault is.
func (f fault) disturb(t *testing.T, c *cluster, member int) {
	f.begin(t, c, member)
	if f.name != "without clients" {
		c.leader(t, member)
	}
	time.Sleep(500 * time.Millisecond)
	f.end(t, c, member)
}

// faultsVariable makes tests with faults longer.
const faultsVariable = "WORKERENV_ETCD_FAULTS"

// TestFaults disturbs three members in turn while 16 writers change histories, and checks all calls of
// the Store with porcupine. WORKERENV_ETCD_FAULTS=10m goes on with random faults for that time.
func TestFaults(t *testing.T) {
	c := newCluster(t, 3)
	var clients []*clientv3.Client // three that use one member, and one that uses all
	for _, m := range c.members {
		clients = append(clients, connect(t, m.config.AdvertisedClient))
	}
	clients = append(clients, connect(t, c.endpoints()...))
	total := make(tally)
	run := func(name string, disturb func()) {
		got := runWriters(t, clients, disturb)
		t.Logf("%-24s %v", name, got)
		for outcome, n := range got {
			total[outcome] += n
		}
	}
	runOne := func(f fault, member int) {
		role := "member"
		if member == c.leader(t, -1) {
			role = "leader"
		}
		run(fmt.Sprintf("%s %d %s", role, member, f.name), func() { f.disturb(t, c, member) })
	}
	runAll := func() {
		run("all members killed", func() {
			for _, m := range c.members {
				m.kill()
			}
			require.NoError(t, c.start())
		})
	}

	for member := range c.members {
		runOne(faults[0], member)
	}
	for _, f := range faults {
		runOne(f, c.leader(t, -1))
	}
	runAll()
	if long, err := time.ParseDuration(os.Getenv(faultsVariable)); err == nil {
		for start := time.Now(); time.Since(start) < long; {
			if f := rand.IntN(len(faults) + 1); f < len(faults) {
				runOne(faults[f], rand.IntN(len(c.members)))
			} else {
				runAll()
			}
		}
	}
	t.Logf("%-24s %v", "total", total)
}

// tally counts the outcomes of updates of histories and of calls of the Store.
type tally map[string]int

// runWriters lets writers upload versions to the histories of new logs, before, during and after
// disturb. Each log has a writer of each client.
func runWriters(t *testing.T, clients []*clientv3.Client, disturb func()) tally {
	const logs = 4
	rec := newRecording()
	o := newPrefix()
	history := func(client *clientv3.Client, log int) *version.History {
		return version.NewHistory(recorder{etcd.New(client, o), rec}, fmt.Sprint("log ", log), version.Options{})
	}
	var mu sync.Mutex
	var results [logs]map[string]error // of the uploads, by message
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for log := range logs {
		results[log] = make(map[string]error)
		for writer, client := range clients {
			h := history(client, log)
			wg.Go(func() {
				for i := 0; !isClosed(stop); i++ {
					message := fmt.Sprintf("%d of writer %d", i, writer)
					err := upload(t.Context(), h, message)
					mu.Lock()
					results[log][message] = err
					mu.Unlock()
				}
			})
		}
	}
	time.Sleep(500 * time.Millisecond)
	disturb()
	time.Sleep(time.Second)
	close(stop)
	wg.Wait()

	sum := make(tally)
	for log := range logs {
		found := messages(t, history(clients[len(clients)-1], log))
		for message, err := range results[log] {
			switch {
			case err == nil:
				sum["made"]++
				require.True(t, found[message], "%s was made and is lost", message)
			case errors.Is(err, version.ErrOutcome):
				sum["open"]++
			default:
				sum["failed"]++
				require.False(t, found[message], "%s failed with %v and is there", message, err)
			}
		}
	}
	maps.Copy(sum, rec.tally())
	require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(model, rec.calls, time.Minute))
	return sum
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// upload makes one version. Short timeouts make more outcomes unknown.
func upload(ctx context.Context, h *version.History, message string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(rand.ExpFloat64()*float64(500*time.Millisecond)))
	defer cancel()
	_, err := h.Update(ctx, func(tx *version.Tx) error {
		meta := version.Meta{Annotations: map[string]string{version.AnnotationMessage: message}}
		_, err := tx.Upload(version.Upload{Meta: meta})
		return err
	})
	return err
}

// messages returns the messages of all versions, which must differ.
func messages(t *testing.T, h *version.History) map[string]bool {
	s, err := h.Read(t.Context())
	require.NoError(t, err)
	found := make(map[string]bool)
	for v := range s.Versions() {
		message, _ := v.Annotation(version.AnnotationMessage)
		require.False(t, found[message], "%s is there twice", message)
		found[message] = true
	}
	return found
}
