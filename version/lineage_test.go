package version_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// grown makes a history of edits, most of the latest version and some of older ones, each in a record. A plain model
// computes what each version has.
func grown(t *testing.T, n int, random *rand.Rand) (records []version.Record, want []map[string]string) {
	s := version.NewSnapshot("api")
	ids := 0
	add := func(f func(tx *version.Tx) error, has map[string]string) {
		tx := s.Begin(version.Options{NewID: func() string { ids++; return fmt.Sprint("id-", ids) }})
		require.NoError(t, f(tx))
		records, want, s = append(records, tx.Record()), append(want, has), tx.Snapshot()
	}
	add(func(tx *version.Tx) error {
		_, err := tx.Upload(version.Upload{Bindings: vars(binding.Var("A", "0"))})
		return err
	}, map[string]string{"A": "0"})
	for len(want) < n {
		base := len(want)
		if random.IntN(20) == 0 {
			base = 1 + random.IntN(len(want))
		}
		on, _ := s.Numbered(base)
		e, has := version.Edit{Base: on.ID()}, maps.Clone(want[base-1])
		for _, i := range random.Perm(30)[:random.IntN(4)] {
			if name := fmt.Sprint("N", i); random.IntN(3) == 0 {
				e.Unset = append(e.Unset, name)
				delete(has, name)
			} else {
				has[name] = fmt.Sprint(len(want))
				e.Set = append(e.Set, binding.Secret(name, has[name]))
			}
		}
		add(func(tx *version.Tx) error { _, err := tx.Edit(e); return err }, has)
	}
	return records, want
}

// Each version has the contents that it was made with, for any length of the history and in any order of reading.
func TestBindingsOfLongHistories(t *testing.T) {
	const n = 700
	random := rand.New(rand.NewPCG(1, 2))
	records, want := grown(t, n, random)
	upwards := make([]int, n)
	for i := range upwards {
		upwards[i] = i + 1
	}
	downwards := slices.Clone(upwards)
	slices.Reverse(downwards)
	for name, order := range map[string][]int{"upwards": upwards, "downwards": downwards, "at random": random.Perm(n), "the last": {n}, "the first": {1}} {
		s, err := version.NewSnapshot("api").Apply(records...)
		require.NoError(t, err)
		for _, number := range order {
			v, _ := s.Numbered(max(number, 1))
			require.Equal(t, want[v.Number()-1], v.Env().Map(), "%s: version %d", name, v.Number())
		}
	}
}

// Versions of one Snapshot may be asked by many at a time.
func TestBindingsAskedByMany(t *testing.T) {
	records, want := grown(t, 200, rand.New(rand.NewPCG(3, 4)))
	s, err := version.NewSnapshot("api").Apply(records...)
	require.NoError(t, err)
	var all sync.WaitGroup
	for seed := range uint64(8) {
		all.Go(func() {
			for _, i := range rand.New(rand.NewPCG(seed, 0)).Perm(len(want)) {
				v, _ := s.Numbered(i + 1)
				assert.Equal(t, want[i], v.Env().Map(), "version %d", v.Number())
			}
		})
	}
	all.Wait()
}

// What a Store has in a form that the rules do not write: names in any order, among fields of a later release.
func TestForeignDeltas(t *testing.T) {
	var m message
	set := func(name, kind, text string) string {
		return m.bytes(9, m.bytes(1, name)+m.bytes(2, kind)+m.bytes(3, text))
	}
	record := func(base byte, changes ...string) string {
		v := m.bytes(1, fmt.Sprint("id-", base)) + m.number(2, 1+base) + m.number(7, base)
		for _, c := range changes {
			v += c + m.bytes(15, "later")
		}
		if base == 0 {
			v += m.bytes(10, "")
		}
		return m.bytes(2, m.bytes(1, v))
	}
	first := record(0, set("B", "plain_text", "b"), set("A", "secret_text", "a"))
	for name, c := range map[string]struct {
		changes []string
		want    map[string]string // nil if the record is refused
	}{
		"nothing":            {nil, map[string]string{"A": "a", "B": "b"}},
		"not in order":       {[]string{set("C", "json", "1"), m.bytes(8, "B"), set("A", "plain_text", "")}, map[string]string{"A": "", "C": "1"}},
		"unset what is not":  {[]string{m.bytes(8, "C")}, map[string]string{"A": "a", "B": "b"}},
		"set twice":          {[]string{set("C", "json", "1"), set("A", "json", "1"), set("C", "json", "1")}, nil},
		"set and unset":      {[]string{m.bytes(8, "A"), set("A", "json", "1")}, nil},
		"not JSON":           {[]string{set("C", "json", "{")}, nil},
		"inherit":            {[]string{set("A", "inherit", "{}")}, nil},
		"no kind":            {[]string{set("A", "", "")}, nil},
		"resource":           {[]string{set("A", "kv_namespace", "[]")}, nil},
		"cut short":          {[]string{m.bytes(9, "\x0a\x05A")}, nil},
		"a name that is cut": {[]string{"\x42\x7f"}, nil},
	} {
		s, err := version.NewSnapshot("api").Apply(version.Seal("api", nil, first, record(1, c.changes...))...)
		if c.want == nil {
			require.ErrorIs(t, err, version.ErrCorrupt, name)
			require.Equal(t, 1, s.VersionCount(), name)
			continue
		}
		require.NoError(t, err, name)
		latest, _ := s.Latest()
		require.Equal(t, c.want, latest.Env().Map(), name)
	}
}

// message writes fields of protocol buffers, of small sizes.
type message struct{}

func (message) bytes(field byte, s string) string {
	return string([]byte{field<<3 | 2, byte(len(s))}) + s
}

func (message) number(field, n byte) string { return string([]byte{field << 3, n}) }

// What is done many times at once, or to many bindings, takes time that grows as its size: were it the square of that,
// this test would take minutes.
func TestManyAtOnce(t *testing.T) {
	n := 20_000
	if testing.Short() || raceEnabled {
		n = 2_000
	}
	ids := 0
	begin := func(s version.Snapshot) *version.Tx {
		return s.Begin(version.Options{NewID: func() string { ids++; return fmt.Sprint("id-", ids) }})
	}
	replay := func(tx *version.Tx) version.Snapshot {
		s, err := tx.Before().Apply(tx.Record())
		require.NoError(t, err)
		require.Equal(t, tx.Snapshot().VersionCount(), s.VersionCount())
		require.Equal(t, tx.Snapshot().DeploymentCount(), s.DeploymentCount())
		return s
	}
	tx := begin(version.NewSnapshot("api"))
	for i := range n {
		require.NoError(t, uploadAndDeploy(tx))
		require.NoError(t, uploadAndDeploy(tx))
		_, err := tx.Rollback(version.Rollback{})
		require.NoError(t, err)
		require.NoError(t, tx.PutSetting(fmt.Sprint(i), binding.NewValue("")))
	}
	s, first := replay(tx), tx.Record()
	require.Len(t, s.Settings(), n)

	secrets := make(map[string]string)
	for i := range n {
		secrets[fmt.Sprint("SECRET_", i)] = "text"
	}
	tx = begin(s)
	for range 3 {
		_, err := tx.VersionsSecretBulk(secrets, nil, version.Meta{})
		require.NoError(t, err)
		_, err = tx.VersionsSecretBulk(nil, slices.Collect(maps.Keys(secrets)), version.Meta{})
		require.NoError(t, err)
	}
	latest, _ := replay(tx).Latest()
	require.Zero(t, latest.Bindings().Len())

	var messages []string
	for i := range n {
		tx = begin(s)
		require.NoError(t, tx.PutSetting(fmt.Sprint(i), binding.Value{}))
		messages = append(messages, version.Message(tx.Record()))
	}
	s, err := s.Apply(version.Seal("api", []version.Record{first}, messages...)...)
	require.NoError(t, err)
	require.Empty(t, s.Settings())
}
