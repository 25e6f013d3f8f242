package etcd_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
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

// call is a call of a Store. Records are numbers, equal ones for equal records.
type call struct {
	log     string
	append  bool
	base    int // of an append, or the argument after of a read
	record  int
	outcome error // of an append; anything but nil and version.ErrConflict means that it is unknown
	read    []int
}

// recorder is a Store that records the calls of another one for porcupine. Reads that fail are left out.
type recorder struct {
	store version.Store
	*recording
}

type recording struct {
	start   time.Time
	mu      sync.Mutex
	numbers map[string]int // the numbers of records
	calls   []porcupine.Operation
}

func newRecording() *recording { return &recording{start: time.Now(), numbers: make(map[string]int)} }

func (r *recording) now() int64 { return int64(time.Since(r.start)) }

func (r *recording) number(record version.Record) int {
	n, ok := r.numbers[record.Reveal()]
	if !ok {
		n = len(r.numbers)
		r.numbers[record.Reveal()] = n
	}
	return n
}

func (r recorder) Append(ctx context.Context, log string, base int, record version.Record) error {
	began := r.now()
	err := r.store.Append(ctx, log, base, record)
	ended := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil && !errors.Is(err, version.ErrConflict) {
		ended = math.MaxInt64 // it may take effect at any later time
	}
	c := call{log: log, append: true, base: base, record: r.number(record), outcome: err}
	r.calls = append(r.calls, porcupine.Operation{Input: c, Call: began, Return: ended})
	return err
}

func (r recorder) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	began := r.now()
	records, err := r.store.Read(ctx, log, after)
	ended := r.now()
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	c := call{log: log, base: after}
	for _, record := range records {
		c.read = append(c.read, r.number(record))
	}
	r.calls = append(r.calls, porcupine.Operation{Input: c, Call: began, Return: ended})
	return records, nil
}

// step is what a log does: state is the numbers of its records.
func step(state, input, _ any) (bool, any) {
	log, c := state.([]int), input.(call)
	switch {
	case !c.append:
		return slices.Equal(c.read, log[min(c.base, len(log)):]), log
	case errors.Is(c.outcome, version.ErrConflict):
		return len(log) != c.base, log
	case len(log) == c.base:
		return true, append(slices.Clip(log), c.record)
	}
	return c.outcome != nil, log // an unknown outcome: it has no effect any more
}

var model = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		logs := make(map[string][]porcupine.Operation)
		for _, o := range history {
			name := o.Input.(call).log
			logs[name] = append(logs[name], o)
		}
		var all [][]porcupine.Operation
		for _, o := range logs {
			all = append(all, o)
		}
		return all
	},
	Init:  func() any { return []int(nil) },
	Step:  step,
	Equal: func(a, b any) bool { return slices.Equal(a.([]int), b.([]int)) },
	Hash:  func(state any) uint64 { return uint64(len(state.([]int))) },
}

// TestModel checks that the model finds faults.
func TestModel(t *testing.T) {
	unknown := errors.New("unknown")
	appended := func(record, base int, err error) call {
		return call{append: true, base: base, record: record, outcome: err}
	}
	read := func(records ...int) call { return call{read: records} }
	for _, test := range []struct {
		name  string
		calls []call // one after the other
		legal bool
	}{
		{"appended", []call{appended(1, 0, nil), appended(2, 1, nil), read(1, 2)}, true},
		{"lost", []call{appended(1, 0, nil), read()}, false},
		{"twice", []call{appended(1, 0, nil), read(1, 1)}, false},
		{"two in one place", []call{appended(1, 0, nil), appended(2, 0, nil)}, false},
		{"stale read", []call{appended(1, 0, nil), read(1), appended(2, 1, nil), read(1)}, false},
		{"conflict", []call{appended(1, 0, nil), appended(2, 0, version.ErrConflict), read(1)}, true},
		{"conflict without cause", []call{appended(1, 0, version.ErrConflict)}, false},
		{"unknown, appended", []call{appended(1, 0, unknown), read(1)}, true},
		{"unknown, appended later", []call{appended(1, 0, unknown), read(), read(1)}, true},
		{"unknown, not appended", []call{appended(1, 0, unknown), appended(2, 0, nil), read(2)}, true},
		{"unknown, in the wrong place", []call{appended(1, 0, unknown), appended(2, 0, nil), read(2, 1)}, false},
		{"unknown, lost", []call{appended(1, 0, unknown), read(1), read()}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var history []porcupine.Operation
			for i, c := range test.calls {
				o := porcupine.Operation{Input: c, Call: int64(2 * i), Return: int64(2*i + 1)}
				if c.outcome == unknown {
					o.Return = math.MaxInt64
				}
				history = append(history, o)
			}
			require.Equal(t, test.legal, porcupine.CheckOperations(model, history))
		})
	}
}

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

// disturb returns what a fault does to a member.
func (f fault) disturb(t *testing.T, c *cluster, member int) {
	f.begin(t, c, member)
	if f.name != "without clients" {
		require.Eventually(t, func() bool {
			leader := c.leader(t, member)
			return leader >= 0 && leader != member
		}, 30*time.Second, 10*time.Millisecond, "the other members have no leader")
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
	var total tally
	run := func(name string, disturb func()) {
		got := runWriters(t, clients, name, disturb)
		t.Logf("%-34s %v", name, got)
		total.add(got)
	}
	runOne := func(f fault, member int) {
		name := fmt.Sprintf("member %d %s", member, f.name)
		if member == c.leader(t, -1) {
			name = fmt.Sprintf("leader %d %s", member, f.name)
		}
		run(name, func() { f.disturb(t, c, member) })
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
	t.Logf("%-34s %v", "total", total)
}

// tally counts outcomes: of updates of histories, and of calls of the Store.
type tally struct{ made, open, failed, appended, conflicts, unknown, reads int }

func (a *tally) add(b tally) {
	a.made += b.made
	a.open += b.open
	a.failed += b.failed
	a.appended += b.appended
	a.conflicts += b.conflicts
	a.unknown += b.unknown
	a.reads += b.reads
}

func (a tally) String() string {
	return fmt.Sprintf("updates: %5d made, %3d open, %3d failed; appends: %5d, %5d conflicts, %3d unknown; %5d reads",
		a.made, a.open, a.failed, a.appended, a.conflicts, a.unknown, a.reads)
}

// runWriters lets 16 writers upload versions to the histories of 4 new logs, before, during and after do.
func runWriters(t *testing.T, clients []*clientv3.Client, name string, do func()) (sum tally) {
	const writers, logs = 16, 4
	rec := newRecording()
	stop := make(chan struct{})
	results := make([]map[string]error, writers) // the messages of versions, and the results of their updates
	var wg sync.WaitGroup
	for w := range writers {
		store := recorder{etcd.New(clients[w%len(clients)], etcd.Options{Prefix: name + fmt.Sprint(rec.start.UnixNano())}), rec}
		history := version.NewHistory(store, fmt.Sprint("log ", w/len(clients)), version.Options{})
		results[w] = make(map[string]error)
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				message := fmt.Sprintf("%d of writer %d", i, w)
				results[w][message] = upload(t.Context(), history, message)
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	do()
	time.Sleep(time.Second)
	close(stop)
	wg.Wait()

	store := recorder{etcd.New(clients[len(clients)-1], etcd.Options{Prefix: name + fmt.Sprint(rec.start.UnixNano())}), rec}
	for log := range logs {
		got, err := version.NewHistory(store, fmt.Sprint("log ", log), version.Options{}).Read(t.Context())
		require.NoError(t, err)
		found := make(map[string]bool)
		for v := range got.Versions() {
			message, _ := v.Annotation(version.AnnotationMessage)
			require.False(t, found[message], "%s: %s is there twice", name, message)
			found[message] = true
		}
		for w := log * logs; w < (log+1)*logs; w++ {
			for message, err := range results[w] {
				switch {
				case err == nil:
					sum.made++
					require.True(t, found[message], "%s: %s was made and is lost", name, message)
				case errors.Is(err, version.ErrOutcome):
					sum.open++
				default:
					sum.failed++
					require.False(t, found[message], "%s: %s failed with %v and is there", name, message, err)
				}
			}
		}
	}
	for _, o := range rec.calls {
		switch c := o.Input.(call); {
		case !c.append:
			sum.reads++
		case c.outcome == nil:
			sum.appended++
		case errors.Is(c.outcome, version.ErrConflict):
			sum.conflicts++
		default:
			sum.unknown++
		}
	}
	require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(model, rec.calls, time.Minute), name)
	return sum
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
