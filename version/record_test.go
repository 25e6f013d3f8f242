package version_test

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

var update = flag.Bool("update", false, "write the golden records anew; old ones must stay readable")

// golden has a history that uses everything a record can hold, a record for each change.
func golden(t testing.TB) []version.Record {
	n := 0
	o := version.Options{NewID: func() string { n++; return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }}
	s := version.NewSnapshot("golden")
	var records []version.Record
	change := func(f func(tx *version.Tx) error) {
		now := time.Date(2026, 3, 1, 10, len(records), 0, 123_000, time.UTC)
		o.Now = func() time.Time { return now }
		tx := s.Begin(o)
		require.NoError(t, f(tx))
		records = append(records, tx.Record())
		s = tx.Snapshot()
	}
	meta := version.Meta{Source: "wrangler", Author: version.Author{ID: "0123", Email: "dev@example.com"}, Annotations: map[string]string{version.AnnotationTag: "v1", version.AnnotationMessage: ""}}
	change(func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{
			Code: version.Code{MainModule: "index.js", CompatibilityDate: "2026-01-01", CompatibilityFlags: []string{"nodejs_compat", ""},
				Modules: []version.Module{{Name: "index.js", Type: "application/javascript+module", Digest: "sha256:00", Size: 300}}, Metadata: binding.NewValue("{}")},
			Bindings: vars(binding.Var("HOST", "example.com"), binding.JSONVar("OBJ", `{ "a": 1 }`), binding.Secret("API_KEY", "hunter2\xff\x00"),
				binding.Secret("", ""), binding.Resource("kv_namespace", "KV", `{"namespace_id":"1"}`)),
			Meta: meta,
		})
		return err
	})
	change(func(tx *version.Tx) error {
		_, err := tx.Edit(version.Edit{Unset: []string{"HOST", ""}, Set: []binding.Binding{binding.Var("API_KEY", "no secret")}})
		return err
	})
	change(func(tx *version.Tx) error {
		first, _ := s.Numbered(1)
		second, _ := s.Numbered(2)
		_, err := tx.Deploy(version.Deploy{Splits: []version.Split{{first.ID(), 99_990}, {second.ID(), 10}}})
		return err
	})
	change(func(tx *version.Tx) error {
		if err := tx.PutSetting("tags", binding.NewValue(`["a"]`)); err != nil {
			return err
		}
		return tx.PutSetting("none", binding.NewValue(""))
	})
	change(func(tx *version.Tx) error { return tx.PutSetting("none", binding.Value{}) })
	change(func(tx *version.Tx) error {
		_, err := tx.RollbackCode(version.Rollback{To: mustNumbered(s, 2).ID(), Meta: version.Meta{Source: "dash"}})
		return err
	})
	change(func(tx *version.Tx) error {
		second, _ := s.Numbered(2)
		third, _ := s.Numbered(3)
		_, err := tx.Deploy(version.Deploy{Splits: []version.Split{{second.ID(), 33_333}, {third.ID(), 66_667}}})
		return err
	})
	return records
}

func mustNumbered(s version.Snapshot, n int) version.Version {
	v, _ := s.Numbered(n)
	return v
}

// describe returns a history as data, values included.
func describe(s version.Snapshot) map[string]any {
	var versions, deployments []any
	for v := range s.Versions() {
		notes := map[string]string{}
		for key, text := range v.Annotations() {
			notes[key] = text
		}
		code := v.Code()
		versions = append(versions, map[string]any{"number": v.Number(), "id": v.ID(), "base": v.Base(), "created": v.Created(), "source": v.Source(),
			"author": v.Author(), "annotations": notes, "bindings": fmt.Sprintf("%q", modelOf(v).bindings), "main": code.MainModule,
			"modules": code.Modules, "date": code.CompatibilityDate, "flags": code.CompatibilityFlags, "metadata": code.Metadata.Reveal()})
	}
	for d := range s.Deployments() {
		deployments = append(deployments, map[string]any{"id": d.ID(), "created": d.Created(), "splits": d.Splits()})
	}
	settings := map[string]string{}
	for _, name := range s.Settings() {
		text, _ := s.Setting(name)
		settings[name] = text.Reveal()
	}
	return map[string]any{"versions": versions, "deployments": deployments, "settings": settings}
}

// stored returns the records of a file in testdata, one in hexadecimal digits a line.
func stored(t *testing.T, name string) (records []version.Record) {
	lines, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	for line := range strings.FieldsSeq(string(lines)) {
		data, err := hex.DecodeString(line)
		require.NoError(t, err)
		records = append(records, version.NewRecord(string(data)))
	}
	return records
}

// requireStored compares records with those of a file in testdata, or writes the file.
func requireStored(t *testing.T, name string, records []version.Record) {
	if *update {
		var lines strings.Builder
		for _, r := range records {
			fmt.Fprintln(&lines, hex.EncodeToString([]byte(r.Reveal())))
		}
		require.NoError(t, os.WriteFile(filepath.Join("testdata", name), []byte(lines.String()), 0o644))
	}
	want := stored(t, name)
	require.Len(t, records, len(want))
	for i, r := range records {
		require.True(t, r.Equal(want[i]), "record %d of %s is written in another way", i+1, name)
	}
}

// TestGoldenRecords checks that the records of all releases are read, and how this one writes them.
func TestGoldenRecords(t *testing.T) {
	requireStored(t, "records-2.txt", golden(t))
	want, err := os.ReadFile(filepath.Join("testdata", "records.json"))
	require.NoError(t, err)
	for _, name := range []string{"records.txt", "records-2.txt"} { // of format 1 and 2
		s, err := version.NewSnapshot("golden").Apply(stored(t, name)...)
		require.NoError(t, err)
		got, err := json.Marshal(describe(s))
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(got), name)
	}
}

// TestGoldenCheckpoint checks a checkpoint that drops versions and a deployment, and the record after it: how this release
// writes them, and that they are read with and without the records before.
func TestGoldenCheckpoint(t *testing.T) {
	before := golden(t)
	s, err := version.NewSnapshot("golden").Apply(before...)
	require.NoError(t, err)
	n := 100
	o := version.Options{
		NewID: func() string { n++; return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) },
		Now:   func() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) },
	}
	checkpoint := version.Compacted(s, 1, 1, o)
	next := checkpoint.Snapshot().Begin(o)
	require.NoError(t, uploadAndDeploy(next))
	requireStored(t, "checkpoint-2.txt", []version.Record{checkpoint.Record(), next.Record()})

	records := stored(t, "checkpoint-2.txt")
	all, err := s.Apply(records...)
	require.NoError(t, err)
	left, err := version.Resume("golden", len(before), records...)
	require.NoError(t, err)
	require.True(t, all.Equal(left))
	for _, number := range []int{2, 3} {
		require.True(t, mustNumbered(s, number).Equal(mustNumbered(left, number)))
	}
	require.Equal(t, []int{3, 3, 9}, []int{left.VersionCount(), left.DeploymentCount(), left.Revision()})
	got, err := json.MarshalIndent(describe(left), "", "  ")
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(filepath.Join("testdata", "checkpoint.json"), got, 0o644))
	}
	want, err := os.ReadFile(filepath.Join("testdata", "checkpoint.json"))
	require.NoError(t, err)
	require.JSONEq(t, string(want), string(got))
}

// A log of an earlier release goes on with records of the newest format, which fit only after the old ones.
func TestOldLogGoesOn(t *testing.T) {
	old := stored(t, "records.txt")
	s, err := version.NewSnapshot("golden").Apply(old...)
	require.NoError(t, err)
	tx := s.Begin(version.Options{})
	require.NoError(t, uploadAndDeploy(tx))
	next, err := s.Apply(tx.Record())
	require.NoError(t, err)
	require.True(t, next.Equal(tx.Snapshot()))

	_, err = next.Apply(old[3]) // a setting, which would fit anywhere
	require.ErrorIs(t, err, version.ErrMisplaced)
	fewer, err := version.NewSnapshot("golden").Apply(append(old[:3:3], old[4:]...)...)
	require.NoError(t, err)
	_, err = fewer.Apply(tx.Record())
	require.ErrorIs(t, err, version.ErrMisplaced)
}

// The Record of a Tx stays the same until there are more changes, and Snapshot is what it leads to.
func TestRecordOfTx(t *testing.T) {
	first := version.NewSnapshot("api")
	tx := first.Begin(version.Options{})
	require.True(t, tx.Record().IsZero())
	require.True(t, tx.Snapshot().Equal(first))
	var last version.Record
	for range 3 {
		require.NoError(t, uploadAndDeploy(tx))
		r, s := tx.Record(), tx.Snapshot()
		require.False(t, r.Equal(last))
		_, err := tx.SecretDelete("NONE", version.Meta{})
		require.ErrorIs(t, err, version.ErrNoSecret)
		require.True(t, r.Equal(tx.Record()))
		next := s.Begin(version.Options{})
		require.NoError(t, put("A")(next))
		replayed, err := first.Apply(r, next.Record())
		require.NoError(t, err)
		require.True(t, replayed.Equal(next.Snapshot()))
		last = r
	}
}

// Records of one log are not accepted in another one, or in another order, though they would make a history.
func TestMisplacedRecords(t *testing.T) {
	store := new(version.MemStore)
	logs := make(map[string][]version.Record)
	for _, log := range []string{"a", "b"} {
		h := version.NewHistory(store, log, version.Options{})
		for _, name := range []string{"", "ONE", "TWO", "TWO"} {
			change := put(name)
			if name == "" {
				change = uploadAndDeploy
			}
			_, err := h.Update(t.Context(), change)
			require.NoError(t, err)
		}
		records, err := store.Read(t.Context(), log, 0)
		require.NoError(t, err)
		logs[log] = records
	}
	a, b := logs["a"], logs["b"]
	for name, c := range map[string]struct {
		records []version.Record
		bad     int // the place of the first record that does not fit
	}{
		"another log":            {b, 1},
		"one record and another": {append(a[:1:1], b[1:]...), 2},
		"two records":            {append(a[:2:2], b[2:]...), 3},
		"without the first":      {a[1:], 1},
		"without one":            {append(a[:2:2], a[3:]...), 3},
		"twice":                  {append(a[:2:2], a[1:]...), 3},
		"swapped":                {[]version.Record{a[0], a[2], a[1], a[3]}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			mixed := new(version.MemStore)
			for i, r := range c.records {
				require.NoError(t, mixed.Append(t.Context(), "a", i, r))
			}
			s, err := version.NewHistory(mixed, "a", version.Options{}).Read(t.Context())
			var at *version.Error
			require.ErrorAs(t, err, &at)
			require.Equal(t, version.Error{Worker: "a", Record: c.bad, Err: version.ErrMisplaced}, *at)
			require.Equal(t, c.bad-1, s.Revision())
		})
	}
}

// A damaged record leaves the history as it was, and the error has its place.
func TestDamagedRecords(t *testing.T) {
	records := golden(t)
	s, err := version.NewSnapshot("golden").Apply(records[:2]...)
	require.NoError(t, err)
	data := records[2].Reveal()
	for i := range len(data) {
		flipped := []byte(data)
		flipped[i] ^= 0x10
		for name, damaged := range map[string]string{"cut": data[:i], "flipped": string(flipped)} {
			after, err := s.Apply(version.NewRecord(damaged))
			var at *version.Error
			require.ErrorAs(t, err, &at, "%s at %d", name, i)
			require.Equal(t, 3, at.Record)
			require.True(t, after.Equal(s))
		}
	}
	_, err = s.Apply(version.NewRecord("\x03a later format"))
	require.ErrorIs(t, err, version.ErrUnknown)
	require.Equal(t, "worker golden: record 3: record is of an unknown kind", err.Error())
	unknown := version.Seal("golden", records[:2], "\x0a\x01x\x12\x03\x7a\x01x") // a change with nothing but field 15
	after, err := s.Apply(unknown...)
	require.ErrorIs(t, err, version.ErrUnknown)
	require.True(t, after.Equal(s))
	later := version.Seal("golden", records[:2], version.Message(records[2])+"\x7a\x01x") // field 15 beside the changes
	after, err = s.Apply(later...)
	require.NoError(t, err)
	require.Equal(t, 1, after.DeploymentCount()-s.DeploymentCount())
	again := version.Seal("golden", records[:3], version.Message(records[0])) // its IDs are in use
	partly, err := s.Apply(records[2], again[0], records[3])
	require.ErrorIs(t, err, version.ErrCorrupt)
	require.Equal(t, 3, partly.Revision())
}

func TestRecordsShowNothing(t *testing.T) {
	r := golden(t)[0]
	text, err := json.Marshal(map[string]any{"r": r})
	require.NoError(t, err)
	for _, shown := range []string{fmt.Sprint(r), fmt.Sprintf("%+v %#v %q %x %d", r, r, r, r, &r), fmt.Sprintf("%v", []version.Record{r}), string(text)} {
		require.NotContains(t, shown, "hunter")
		require.NotContains(t, shown, hex.EncodeToString([]byte("hunter")))
	}
}

// FuzzApply reads records of any content: no panic, the history as it was or a valid next one, and no value in an error.
func FuzzApply(f *testing.F) {
	records := golden(f)
	for _, r := range records {
		f.Add(version.Message(r))
	}
	s, err := version.NewSnapshot("golden").Apply(records...)
	require.NoError(f, err)
	f.Add(version.Message(version.Compacted(s, 2, 2, version.Options{}).Record()))
	f.Fuzz(func(t *testing.T, message string) {
		for _, before := range [][]version.Record{nil, records[:4]} {
			s, err := version.NewSnapshot("golden").Apply(before...)
			require.NoError(t, err)
			next, err := s.Apply(version.Seal("golden", before, message)...)
			if err != nil {
				require.True(t, next.Equal(s))
				require.Regexp(t, `^worker golden: record [15]: (record is (damaged|of an unknown kind)|record belongs to another log or to another place in it)$`, err.Error())
				continue
			}
			checkInvariants(t, next)
		}
		records := version.Seal("golden", records, message)
		if s, err := version.Resume("golden", len(golden(t)), records...); err == nil {
			checkInvariants(t, s)
		}
	})
}

// checkInvariants checks what doc.go says always holds.
func checkInvariants(t *testing.T, s version.Snapshot) {
	ids := map[string]bool{}
	number := latestNumber(s) + 1
	for v := range s.Versions() {
		require.Less(t, v.Number(), number)
		number = v.Number()
		require.Less(t, v.Base(), number)
		require.False(t, ids[v.ID()])
		ids[v.ID()] = true
		for b := range v.Bindings().All() {
			require.NotEqual(t, binding.Inherit, b.Kind())
		}
	}
	require.Positive(t, number)
	for d := range s.Deployments() {
		var sum version.Share
		for v, share := range d.All() {
			require.True(t, ids[v.ID()] && share >= 0)
			sum += share
		}
		require.Equal(t, version.All, sum)
		require.Contains(t, []int{1, 2}, len(d.Splits()))
	}
}
