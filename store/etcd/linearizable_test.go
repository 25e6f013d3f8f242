package etcd_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

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

func (r *recording) tally() tally {
	sum := make(tally)
	for _, o := range r.calls {
		switch c := o.Input.(call); {
		case !c.append:
			sum["reads"]++
		case c.outcome == nil:
			sum["appended"]++
		case errors.Is(c.outcome, version.ErrConflict):
			sum["conflicts"]++
		default:
			sum["unknown"]++
		}
	}
	return sum
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
