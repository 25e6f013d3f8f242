package version_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// split deploys two versions, the newer one at that share.
func split(t *testing.T, newer version.Share) version.Deployment {
	tx := begin(binding.Limits{})
	a, b := upload(t, tx, binding.Var("V", "1")), upload(t, tx, binding.Var("V", "2"))
	return deploy(t, tx, version.Split{Version: b.ID(), Share: newer}, version.Split{Version: a.ID(), Share: version.All - newer})
}

// Where the share of a version grows, no key leaves it.
func TestPickIsMonotonic(t *testing.T) {
	const keys = 20_000
	shares := []version.Share{0, 10, 333, 1_000, 10_000, 25_000, 33_333, 50_000, 99_990, 100_000}
	on := make([]bool, keys) // on the newer version
	for _, share := range shares {
		d := split(t, share)
		n := 0
		for i := range keys {
			newer := d.Pick(fmt.Sprint("key ", i)).Number() == 2
			require.True(t, newer || !on[i], "key %d left the version that grows, at %s%%", i, share)
			on[i] = newer
			if newer {
				n++
			}
		}
		require.InDelta(t, float64(share)/100_000, float64(n)/keys, 0.012, "at %s%%", share)
	}
}

// The split is within 0.1 % of the shares, over 10,000,000 keys, or fewer with -short or -race.
func TestPickKeepsTheShares(t *testing.T) {
	keys := 10_000_000
	if testing.Short() || raceEnabled {
		keys = 1_000_000
	}
	d := split(t, version.Percent(30))
	counts := make(map[int]int)
	var key [20]byte
	for i := range keys {
		counts[d.Pick(string(fmt.Appendf(key[:0], "user-%d", i))).Number()]++
	}
	require.InDelta(t, 0.3, float64(counts[2])/float64(keys), 0.001)
	counts = make(map[int]int)
	random := rand.New(rand.NewPCG(1, 2))
	for range keys / 10 {
		counts[d.Route("", nil, random.Uint64()).Number()]++
	}
	require.InDelta(t, 0.3, float64(counts[2])/float64(keys/10), 0.002)
}

// The picks of a few keys stay the same in every release and on every machine. They were computed by a Python program from
// the definitions of FNV-1a and MurmurHash3's finalizer.
func TestPickIsStable(t *testing.T) {
	d := split(t, version.Percent(50))
	var picks strings.Builder
	for i := range 40 {
		fmt.Fprint(&picks, d.Pick(fmt.Sprint("key ", i)).Number())
	}
	require.Equal(t, "1212112121221111221212121121111112122212", picks.String())
	require.Equal(t, 1, d.Route("", nil, 0).Number())
	require.Equal(t, 2, d.Route("", nil, 1<<64-1).Number())
	require.Equal(t, 2, d.Route("", nil, 1<<63).Number())
	require.Equal(t, 1, d.Route("", nil, 1<<63-1<<50).Number())
	for older, first := range map[version.Share]uint64{10: 1844674407370956, 99_990: 18444899399302180661, 33_333: 6148853202089604841} {
		d := split(t, version.All-older) // first is the least integer not below older of the range
		require.Equal(t, 1, d.Route("", nil, first-1).Number(), older)
		require.Equal(t, 2, d.Route("", nil, first).Number(), older)
	}
}

func TestPickAndLookupDoNotAllocate(t *testing.T) {
	d := split(t, version.Percent(50))
	d.Pick("a").Env()
	require.Zero(t, testing.AllocsPerRun(100, func() {
		for _, key := range []string{"a", "b", "c", "d", "e", "f", "g"} {
			d.Pick(key).Env().Lookup("V")
		}
	}))
}

func TestRoute(t *testing.T) {
	d := split(t, 0) // id-2 gets only requests with an override
	for header, want := range map[string]int{
		`api="id-2"`:                2,
		`other="x", api="id-2"`:     2,
		`api="nothing"`:             1,
		`api="id-3"`:                1,
		`api="id-2", api="nothing"`: 1, // the last one counts
		`other="id-2"`:              1,
		`api=id-2`:                  1, // not a String
		`api="id-2",`:               1, // not a dictionary
		``:                          1,
	} {
		v := d.Route("api", http.Header{version.OverridesHeader: {header}}, 0)
		require.Equal(t, want, v.Number(), header)
	}
	v := d.Route("api", http.Header{version.OverridesHeader: {`a="b"`, `api="id-2"`}, version.KeyHeader: {"k"}}, 0)
	require.Equal(t, 2, v.Number())

	d = split(t, version.Percent(50))
	older, newer := uint64(0), uint64(math.MaxUint64)
	for i := range 20 {
		key := fmt.Sprint("key ", i)
		for _, point := range []uint64{older, newer} {
			v := d.Route("api", http.Header{version.OverridesHeader: {"oops="}, version.KeyHeader: {key}}, point)
			require.Equal(t, d.Pick(key), v)
		}
	}
	for want, point := range map[int]uint64{1: older, 2: newer} {
		require.Equal(t, want, d.Route("api", http.Header{version.KeyHeader: {""}}, point).Number())
	}
	require.True(t, version.Deployment{}.Route("", nil, 0).IsZero())
}
