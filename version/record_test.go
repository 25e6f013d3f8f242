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

// describe tells a history as text, values included.
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

// TestGoldenRecords pins the stored form: what an earlier release has written is read as it was meant, and is still
// written so.
func TestGoldenRecords(t *testing.T) {
	stored, told := filepath.Join("testdata", "records.txt"), filepath.Join("testdata", "records.json")
	records := golden(t)
	if *update {
		var lines strings.Builder
		for _, r := range records {
			fmt.Fprintln(&lines, hex.EncodeToString([]byte(r.Reveal())))
		}
		s, err := version.NewSnapshot("golden").Apply(records...)
		require.NoError(t, err)
		text, err := json.MarshalIndent(describe(s), "", "  ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(stored, []byte(lines.String()), 0o644))
		require.NoError(t, os.WriteFile(told, append(text, '\n'), 0o644))
	}
	lines, err := os.ReadFile(stored)
	require.NoError(t, err)
	var read []version.Record
	for i, line := range strings.Fields(string(lines)) {
		data, err := hex.DecodeString(line)
		require.NoError(t, err)
		read = append(read, version.NewRecord(string(data)))
		require.True(t, read[i].Equal(records[i]), "record %d is written in another way", i+1)
	}
	require.Len(t, read, len(records))
	s, err := version.NewSnapshot("golden").Apply(read...)
	require.NoError(t, err)
	want, err := os.ReadFile(told)
	require.NoError(t, err)
	got, err := json.Marshal(describe(s))
	require.NoError(t, err)
	require.JSONEq(t, string(want), string(got))
}

// Whatever happens to a record, its history stays as it was and the error tells where.
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
	_, err = s.Apply(version.NewRecord("\x02a later format"))
	require.ErrorIs(t, err, version.ErrUnknown)
	require.Equal(t, "worker golden: record 3: record is of an unknown kind", err.Error())
	unknown := version.Seal("\x0a\x01x\x12\x03\x7a\x01x") // a change with nothing but field 15
	after, err := s.Apply(unknown)
	require.ErrorIs(t, err, version.ErrUnknown)
	require.True(t, after.Equal(s))
	later := version.Seal(records[2].Reveal()[5:] + "\x7a\x01x") // field 15 beside the changes
	after, err = s.Apply(later)
	require.NoError(t, err)
	require.Equal(t, 1, after.DeploymentCount()-s.DeploymentCount())
	partly, err := s.Apply(records[2], records[0], records[3])
	require.ErrorIs(t, err, version.ErrCorrupt) // its IDs are in use
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
		f.Add(r.Reveal()[5:])
	}
	base, err := version.NewSnapshot("golden").Apply(records[:4]...)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, message string) {
		for _, s := range []version.Snapshot{version.NewSnapshot("golden"), base} {
			next, err := s.Apply(version.Seal(message))
			if err != nil {
				require.True(t, next.Equal(s))
				require.Regexp(t, `^worker golden: record [15]: record is (damaged|of an unknown kind)$`, err.Error())
				continue
			}
			checkInvariants(t, next)
		}
	})
}

// checkInvariants checks what doc.go says always holds.
func checkInvariants(t *testing.T, s version.Snapshot) {
	ids := map[string]bool{}
	number := s.VersionCount()
	for v := range s.Versions() {
		require.Equal(t, number, v.Number())
		require.Less(t, v.Base(), number)
		require.False(t, ids[v.ID()])
		ids[v.ID()] = true
		for b := range v.Bindings().All() {
			require.NotEqual(t, binding.Inherit, b.Kind())
		}
		number--
	}
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
