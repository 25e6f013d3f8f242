package version_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// begin returns a Tx upon a Worker without versions, with IDs id-1, id-2 and so on.
func begin(limits binding.Limits) *version.Tx {
	n := 0
	return version.NewSnapshot("api").Begin(version.Options{
		Now:    func() time.Time { return time.Date(2026, 3, 1, 10, 0, 0, 123_456_789, time.UTC) },
		NewID:  func() string { n++; return fmt.Sprint("id-", n) },
		Limits: limits,
	})
}

// upload makes a version, not deployed, and returns it.
func upload(t *testing.T, tx *version.Tx, bs ...binding.Binding) version.Version {
	t.Helper()
	v, err := tx.Upload(version.Upload{Bindings: vars(bs...)})
	require.NoError(t, err)
	return v
}

func deploy(t *testing.T, tx *version.Tx, splits ...version.Split) version.Deployment {
	t.Helper()
	d, err := tx.Deploy(version.Deploy{Splits: splits, Force: true})
	require.NoError(t, err)
	return d
}

func TestStamps(t *testing.T) {
	tx := begin(binding.Limits{})
	meta := version.Meta{Source: "wrangler", Author: version.Author{ID: "1", Email: "dev@example.com"},
		Annotations: map[string]string{version.AnnotationTag: "t", version.AnnotationMessage: "m"}}
	_, err := tx.UploadAndDeploy(version.Upload{})
	require.NoError(t, err)
	v, err := tx.SecretPut("KEY", "k", meta)
	require.NoError(t, err)
	meta.Annotations[version.AnnotationTag] = "changed"
	require.Equal(t, time.Date(2026, 3, 1, 10, 0, 0, 123_458_000, time.UTC), v.Created())
	require.Equal(t, "wrangler", v.Source())
	require.Equal(t, version.Author{ID: "1", Email: "dev@example.com"}, v.Author())
	var notes []string
	for key, text := range v.Annotations() {
		notes = append(notes, key+"="+text)
	}
	require.Equal(t, []string{"workers/message=m", "workers/tag=t", "workers/triggered_by=secret"}, notes)
	d, _ := tx.Current()
	_, tagged := d.Annotation(version.AnnotationTag)
	require.False(t, tagged)
	by, _ := d.Annotation(version.AnnotationTriggeredBy)
	require.Equal(t, "secret", by)
	require.True(t, d.Created().After(v.Created()))
}

// Each event leaves the annotation that the facts about Cloudflare's API give for it: the version's, the deployment's.
func TestTriggeredBy(t *testing.T) {
	by := func(v version.Version, d version.Deployment) string {
		a, _ := v.Annotation(version.AnnotationTriggeredBy)
		b, _ := d.Annotation(version.AnnotationTriggeredBy)
		return a + " " + b
	}
	tx := begin(binding.Limits{})
	v, err := tx.UploadAndDeploy(version.Upload{})
	require.NoError(t, err)
	d, _ := tx.Current()
	require.Equal(t, "upload upload", by(v, d))
	message, _ := d.Annotation(version.AnnotationMessage)
	require.Equal(t, "Automatic deployment on upload.", message)
	require.Equal(t, "version_upload ", by(upload(t, tx), version.Deployment{}))
	d = deploy(t, tx, version.Split{Version: v.ID(), Share: version.All})
	require.Equal(t, " deployment", by(version.Version{}, d))
	v, err = tx.VersionsSecretPut("K", "v", version.Meta{})
	require.NoError(t, err)
	require.Equal(t, "secret ", by(v, version.Deployment{}))
}

func TestKeepAndInherit(t *testing.T) {
	tx := begin(binding.Limits{})
	first := upload(t, tx, binding.Var("VAR", "1"), binding.JSONVar("OBJ", "{}"), binding.Secret("KEY", "k"), binding.Secret("OTHER", "o"),
		binding.Resource("secret_key", "SIGN", `{"format":"raw"}`), binding.Resource("kv_namespace", "KV", `{"id":"1"}`))
	v, err := tx.Upload(version.Upload{
		Keep: []binding.Kind{binding.SecretText, "secret_key"},
		Bindings: vars(binding.Var("OTHER", "now a var"), binding.Inherited("KV"),
			binding.InheritedFrom("OLD", `{"old_name":"VAR","version_id":"`+first.ID()+`"}`)),
	})
	require.NoError(t, err)
	require.Equal(t, "[KEY (secret_text), KV (kv_namespace), OLD (plain_text), OTHER (plain_text), SIGN (secret_key)]", v.Bindings().String())
	require.Equal(t, []version.Secret{{"KEY", binding.SecretText}, {"SIGN", "secret_key"}}, v.Secrets())

	_, err = tx.Upload(version.Upload{Bindings: vars(binding.Inherited("B"), binding.Inherited("KEY"), binding.Inherited("A"))})
	var missing *binding.InheritError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, []string{"A", "B"}, missing.Names())
	require.ErrorContains(t, err, "worker api: ")
}

func TestEncrypt(t *testing.T) {
	tx := begin(binding.Limits{})
	upload(t, tx, binding.Var("VAR", "text"), binding.JSONVar("OBJ", "{}"))
	v, err := tx.Edit(version.Edit{Encrypt: []string{"VAR"}})
	require.NoError(t, err)
	require.Equal(t, "[OBJ (json), VAR (secret_text)]", v.Bindings().String())
	require.Equal(t, "text", v.Env().Get("VAR"))
	_, err = tx.Edit(version.Edit{Encrypt: []string{"OBJ", "NONE", "VAR"}})
	require.ErrorIs(t, err, version.ErrNotVar)
	require.Equal(t, 3, strings.Count(err.Error(), "worker api: binding "))
}

func TestShares(t *testing.T) {
	tx := begin(binding.Limits{})
	a, b, c := upload(t, tx), upload(t, tx), upload(t, tx)
	split := func(v version.Version, s version.Share) version.Split {
		return version.Split{Version: v.ID(), Share: s}
	}
	for name, splits := range map[string][]version.Split{
		"none": nil, "99": {split(a, 99_000)}, "100.001": {split(a, 100_001)}, "zero": {split(a, 0)},
		"sum 99.999": {split(a, 33_333), split(b, 66_666)}, "sum 100.001": {split(a, 33_334), split(b, 66_667)},
		"negative": {split(a, 100_010), split(b, -10)}, "same": {split(a, 50_000), split(a, 50_000)},
		"below 0.01": {split(a, 99_991), split(b, 9)}, "above 99.99": {split(a, 1), split(b, 99_999)},
		"three": {split(a, 50_000), split(b, 25_000), split(c, 25_000)}, "twice all": {split(a, version.All), split(b, version.All)},
	} {
		_, err := tx.Deploy(version.Deploy{Splits: splits})
		require.ErrorIs(t, err, version.ErrShares, name)
	}
	for _, splits := range [][]version.Split{{split(a, version.All)}, {split(a, 10), split(b, 99_990)}, {split(a, 33_333), split(b, 66_667)}, {split(b, version.All), split(a, 0)}} {
		require.Equal(t, splits, deploy(t, tx, splits...).Splits())
	}
	_, err := tx.Deploy(version.Deploy{Splits: []version.Split{{Version: "nothing", Share: version.All}}})
	require.ErrorIs(t, err, version.ErrNoVersion)
	_, err = tx.Deploy(version.Deploy{Splits: []version.Split{{Share: version.All}}})
	require.ErrorIs(t, err, version.ErrNoVersion)
}

func TestParseShare(t *testing.T) {
	for text, want := range map[string]version.Share{"0": 0, "0.000": 0, "100": 100_000, "0.01": 10, "0.011": 11, "12.5": 12_500, "33.30": 33_300, "33.333": 33_333,
		"99.999": 99_999, "100.0000": 100_000, "007": 7_000} {
		got, err := version.ParseShare(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", ".", "5.", ".5", "-1", "+1", "100.001", "0.001", "0.009", "33.3333", "1e1", "1,5", " 1", "1%", "1000", "99999999999999999999", "٣"} {
		_, err := version.ParseShare(text)
		require.ErrorIs(t, err, version.ErrShare, text)
	}
}

func TestDeployableIsTheNewest100(t *testing.T) {
	tx := begin(binding.Limits{})
	first, second := upload(t, tx), upload(t, tx)
	for range 99 {
		upload(t, tx)
	}
	_, err := tx.Deploy(version.Deploy{Splits: []version.Split{{first.ID(), version.All}}})
	require.ErrorIs(t, err, version.ErrNotDeployable)
	deploy(t, tx, version.Split{Version: second.ID(), Share: version.All})
	n := 0
	for v := range tx.Snapshot().Deployable() {
		require.Equal(t, 101-n, v.Number())
		n++
	}
	require.Equal(t, 100, n)
}

func TestRequirementsOfEveryVersion(t *testing.T) {
	tx := begin(binding.Limits{})
	a := upload(t, tx, binding.Secret("KEY", "k"), binding.Resource("kv_namespace", "KV", ""))
	b := upload(t, tx, binding.Var("HOST", "h"))
	names := []string{"KV", "KEY", "HOST", "HOST"}
	_, err := tx.Deploy(version.Deploy{Splits: []version.Split{{a.ID(), 50_000}, {b.ID(), 50_000}}, Require: names})
	var missing *version.MissingError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, []string{"HOST", "KV"}, missing.Names)
	require.Equal(t, "worker api: version id-1: required but not set: HOST, KV; worker api: version id-2: required but not set: KEY, KV", err.Error())
	require.Equal(t, []string{"HOST", "KV"}, a.Missing(names...))
	require.Equal(t, []string{"KEY", "KV"}, b.Missing(names...))
	require.Empty(t, a.Missing("KEY"))
	_, err = tx.Upload(version.Upload{Require: names})
	require.EqualError(t, err, "worker api: required but not set: HOST, KEY, KV")
}

func TestLimits(t *testing.T) {
	tx := begin(binding.FreePlan())
	_, err := tx.Upload(version.Upload{Bindings: vars(binding.Secret("BIG", strings.Repeat("x", 5*1024+1)))})
	var limit *binding.LimitError
	require.ErrorAs(t, err, &limit)
	require.Equal(t, []string{"BIG"}, limit.TooLarge)
	require.True(t, tx.Record().IsZero())
}

func TestCodeIsCarried(t *testing.T) {
	tx := begin(binding.Limits{})
	code := version.Code{MainModule: "index.js", BodyPart: "b", CompatibilityDate: "2026-01-01", CompatibilityFlags: []string{"nodejs_compat"},
		Modules: []version.Module{{Name: "index.js", Type: "t", Digest: "d", Size: 7}}, Metadata: binding.NewValue(`{"limits": {}}`)}
	_, err := tx.UploadAndDeploy(version.Upload{Code: code})
	require.NoError(t, err)
	code.Modules[0].Name, code.CompatibilityFlags[0] = "changed", "changed"
	v, err := tx.SecretPut("K", "v", version.Meta{})
	require.NoError(t, err)
	got := v.Code()
	require.Equal(t, "index.js", got.Modules[0].Name)
	require.Equal(t, []string{"nodejs_compat"}, got.CompatibilityFlags)
	got.Modules[0].Name = "changed"
	require.Equal(t, "index.js", v.Code().Modules[0].Name)
	replayed, err := version.NewSnapshot("api").Apply(tx.Record())
	require.NoError(t, err)
	latest, _ := replayed.Latest()
	require.True(t, latest.Equal(v))
	require.True(t, latest.Code().Equal(v.Code()))
}

func TestIDs(t *testing.T) {
	for name, newID := range map[string]func() string{"empty": func() string { return "" }, "repeated": func() string { return "id" }} {
		tx := version.NewSnapshot("api").Begin(version.Options{NewID: newID})
		_, err := tx.UploadAndDeploy(version.Upload{})
		require.ErrorIs(t, err, version.ErrID, name)
		require.True(t, tx.Record().IsZero(), name)
	}
}

func TestSettings(t *testing.T) {
	tx := begin(binding.Limits{})
	require.NoError(t, tx.PutSetting("tags", binding.NewValue(`["a"]`)))
	require.NoError(t, tx.PutSetting("gone", binding.NewValue("")))
	one := tx.Snapshot()
	require.NoError(t, tx.PutSetting("gone", binding.Value{}))
	two := tx.Snapshot()
	require.Equal(t, []string{"gone", "tags"}, one.Settings())
	require.Equal(t, []string{"tags"}, two.Settings())
	tags, ok := two.Setting("tags")
	require.True(t, ok)
	require.Equal(t, `["a"]`, tags.Reveal())
	replayed, err := version.NewSnapshot("api").Apply(tx.Record())
	require.NoError(t, err)
	require.True(t, replayed.Equal(two))
	require.Zero(t, two.VersionCount())
}

func TestBulkNamesEverythingInUse(t *testing.T) {
	tx := begin(binding.Limits{})
	_, err := tx.UploadAndDeploy(version.Upload{Bindings: vars(binding.Var("A", "1"), binding.Resource("kv_namespace", "B", ""))})
	require.NoError(t, err)
	_, err = tx.SecretBulk(map[string]string{"A": "x", "OK": "x"}, []string{"B", "ABSENT"}, version.Meta{})
	require.ErrorIs(t, err, version.ErrNameInUse)
	var one *version.Error
	require.ErrorAs(t, err, &one)
	require.Equal(t, "A", one.Binding)
	require.Contains(t, err.Error(), "binding B: ")
	var both interface{ Unwrap() []error }
	require.ErrorAs(t, err, &both)
	require.Len(t, both.Unwrap(), 2)
	_, err = tx.SecretBulk(map[string]string{"A": "x"}, nil, version.Meta{})
	require.ErrorAs(t, err, &one) // one alone is not joined
	require.Equal(t, "worker api: binding A: name is that of a binding which is not a secret", err.Error())
}

// What is invalid in an edit is said by name, all of it at once.
func TestEditOfInvalidBindings(t *testing.T) {
	tx := begin(binding.Limits{})
	upload(t, tx)
	_, err := tx.Edit(version.Edit{Set: []binding.Binding{{}, binding.JSONVar("J", "{oops"), binding.Var("D", "1"), binding.Secret("D", "2")}})
	var set *binding.SetError
	require.ErrorAs(t, err, &set)
	require.Len(t, set.Entries, 3)
	require.True(t, errors.Is(err, binding.ErrDuplicate) && errors.Is(err, binding.ErrJSON) && errors.Is(err, binding.ErrZero))
}

func TestZeroValues(t *testing.T) {
	var v version.Version
	require.True(t, v.IsZero() && v.Equal(version.Version{}))
	require.Equal(t, "0 ()", v.String())
	require.Zero(t, v.Env().Len()+v.Bindings().Len()+v.Number()+v.Base()+len(v.Secrets()))
	var d version.Deployment
	require.True(t, d.IsZero() && d.Pick("k").IsZero() && d.Route("", nil, 1).IsZero() && d.Equal(version.Deployment{}))
	require.Equal(t, "none", d.String())
	_, ok := d.Only()
	require.False(t, ok)
	var s version.Snapshot
	_, ok = s.Latest()
	require.False(t, ok)
	_, ok = s.RollbackTarget()
	require.False(t, ok || s.LatestIsDeployed())
	require.Zero(t, s.Revision())
	_, err := s.Begin(version.Options{NewID: func() string { return "id" }}).Upload(version.Upload{})
	require.NoError(t, err)
}

func TestShareAsJSON(t *testing.T) {
	text, err := json.Marshal([]version.Split{{Version: "a", Share: 66_667}, {Version: "b", Share: 33_333}})
	require.NoError(t, err)
	require.Equal(t, `[{"version_id":"a","percentage":66.667},{"version_id":"b","percentage":33.333}]`, string(text))
	var splits []version.Split
	require.NoError(t, json.Unmarshal(text, &splits))
	require.Equal(t, []version.Split{{Version: "a", Share: 66_667}, {Version: "b", Share: 33_333}}, splits)
	var share version.Share = 7
	require.NoError(t, json.Unmarshal([]byte("null"), &share))
	require.EqualValues(t, 7, share)
	for _, text := range []string{`"50"`, `50.0001`, `0.005`, `-1`, `1e1`, `{}`} {
		require.Error(t, json.Unmarshal([]byte(text), &share), text)
	}
	require.Equal(t, "-0.001", version.Share(-1).String())
	require.Equal(t, "100", version.Percent(100).String())
}

func TestLookups(t *testing.T) {
	tx := begin(binding.Limits{})
	meta := version.Meta{Source: "dash", Author: version.Author{Email: "dev@example.com"}, Annotations: map[string]string{version.AnnotationTag: "v1"}}
	for range 3 {
		_, err := tx.Upload(version.Upload{Meta: meta})
		require.NoError(t, err)
	}
	v := upload(t, tx)
	d, err := tx.Deploy(version.Deploy{Splits: []version.Split{{v.ID(), version.All}}, Meta: meta})
	require.NoError(t, err)
	s := tx.Snapshot()
	found, ok := s.Deployment(d.ID())
	require.True(t, ok && found.Equal(d))
	require.Equal(t, "dash", found.Source())
	require.Equal(t, "dev@example.com", found.Author().Email)
	var keys []string
	for key := range found.Annotations() {
		keys = append(keys, key)
	}
	require.Equal(t, []string{version.AnnotationTag, version.AnnotationTriggeredBy}, keys)
	_, ok = s.Deployment(v.ID())
	require.False(t, ok)
	_, ok = s.Version(d.ID())
	require.False(t, ok)
}

func TestVersionsSecretDelete(t *testing.T) {
	tx := begin(binding.Limits{})
	_, err := tx.VersionsSecretDelete("KEY", version.Meta{})
	require.ErrorIs(t, err, version.ErrNoVersions)
	upload(t, tx, binding.Secret("KEY", "k"))
	v, err := tx.VersionsSecretDelete("KEY", version.Meta{})
	require.NoError(t, err)
	require.Zero(t, v.Bindings().Len())
	v, err = tx.VersionsSecretDelete("KEY", version.Meta{})
	require.NoError(t, err)
	require.Equal(t, 3, v.Number())
}

// An edit of an old version that changes nothing would deploy that version itself, which may be too old for it.
func TestUnchangedEditOfOldVersion(t *testing.T) {
	tx := begin(binding.Limits{})
	old := upload(t, tx, binding.Var("A", "1"))
	second := upload(t, tx)
	v, err := tx.EditAndDeploy(version.Edit{Base: old.ID(), SkipUnchanged: true})
	require.NoError(t, err)
	require.Equal(t, 1, v.Number())
	require.True(t, func() bool { d, _ := tx.Current(); only, ok := d.Only(); return ok && only.Equal(old) }())
	deploy(t, tx, version.Split{Version: second.ID(), Share: version.All})
	for range 99 {
		upload(t, tx)
	}
	_, err = tx.EditAndDeploy(version.Edit{Base: old.ID(), SkipUnchanged: true})
	require.ErrorIs(t, err, version.ErrNotDeployable)
}

// Messages stay short and unambiguous whatever the names are.
func TestErrorTexts(t *testing.T) {
	s := version.NewSnapshot("a\nb: c")
	n := 0
	tx := s.Begin(version.Options{NewID: func() string { n++; return fmt.Sprint(n) }})
	var list []binding.Binding
	for i := range 1_000 {
		list = append(list, binding.Var(fmt.Sprintf("%s%d", strings.Repeat("N", 1_000), i), ""))
	}
	_, err := tx.UploadAndDeploy(version.Upload{Bindings: vars(list...)})
	require.NoError(t, err)
	_, err = tx.SecretPut(list[0].Name(), "", version.Meta{})
	require.Less(t, len(err.Error()), 300)
	require.Regexp(t, `^worker "a\\nb: c": binding "N{100}"\.\.\.: name is`, err.Error())
	var names []string
	for i := range 1_000 {
		names = append(names, fmt.Sprint("R", i))
	}
	_, err = tx.Upload(version.Upload{Require: names})
	require.Less(t, len(err.Error()), 200)
	require.Contains(t, err.Error(), "and 990 more")
	_, err = tx.Edit(version.Edit{Encrypt: names})
	require.Less(t, len(err.Error()), 1_000)
	require.Contains(t, err.Error(), "and 990 more")
}

func TestDiffOfGradualDeployments(t *testing.T) {
	tx := begin(binding.Limits{})
	a := upload(t, tx, binding.Secret("KEY", "1"), binding.Secret("OLD", ""), binding.Var("HOST", "h"))
	b := upload(t, tx, binding.Secret("KEY", "2"), binding.Secret("NEW", ""), binding.Secret("HOST", "h"))
	half := version.Percent(50)
	for _, splits := range [][]version.Split{{{a.ID(), half}, {b.ID(), half}}, {{b.ID(), version.All}, {a.ID(), 0}}} {
		require.Equal(t, a.Bindings().Diff(b.Bindings()), deploy(t, tx, splits...).Diff())
	}
	require.Empty(t, deploy(t, tx, version.Split{Version: b.ID(), Share: version.All}).Diff())
	require.Empty(t, version.Deployment{}.Diff())
}
