package version_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

func TestPlan(t *testing.T) {
	tx := begin(binding.Limits{})
	_, err := tx.UploadAndDeploy(version.Upload{Bindings: vars(binding.Var("GONE", "1"), binding.Var("KIND", "same"), binding.Secret("KEY", "old"))})
	require.NoError(t, err)
	s := tx.Snapshot()

	n := 0
	tx = s.Begin(version.Options{NewID: func() string { n++; return string(rune('a' + n)) }})
	v, err := tx.Edit(version.Edit{Set: []binding.Binding{binding.Secret("KEY", "new"), binding.Var("ADDED", "2")}, Unset: []string{"GONE"}, Encrypt: []string{"KIND"}})
	require.NoError(t, err)
	current, _ := tx.Current()
	_, err = tx.Deploy(version.Deploy{Splits: []version.Split{{v.ID(), 10_000}, {current.Newest().ID(), 90_000}}})
	require.NoError(t, err)
	require.NoError(t, tx.PutSetting("tags", binding.NewValue("[]")))

	p := tx.Plan(nil)
	text, err := json.Marshal(p)
	require.NoError(t, err)
	require.JSONEq(t, `{"worker": "api", "revision": 1, "versions": [{"number": 2, "base": 1, "bindings": [
		{"name": "ADDED", "after": "plain_text"}, {"name": "GONE", "before": "plain_text"},
		{"name": "KEY", "before": "secret_text", "after": "secret_text", "value_changed": true},
		{"name": "KIND", "before": "plain_text", "after": "secret_text"}]}],
		"deployments": [{"versions": [{"number": 2, "percentage": 10}, {"number": 1, "percentage": 90}], "live": [
		{"name": "ADDED", "after": "plain_text"}, {"name": "GONE", "before": "plain_text"},
		{"name": "KEY", "before": "secret_text", "after": "secret_text", "value_changed": true},
		{"name": "KIND", "before": "plain_text", "after": "secret_text"}]}]}`, string(text))
	require.Equal(t, 1, s.VersionCount(), "a plan changes nothing")

	key := []byte("a key of the pipeline, not this one")
	changes := tx.Plan(key).Versions[0].Bindings
	require.Empty(t, changes[0].BeforeFingerprint)
	require.Len(t, changes[0].AfterFingerprint, 64)
	require.NotEqual(t, changes[2].BeforeFingerprint, changes[2].AfterFingerprint)
	require.Equal(t, version.FingerprintsOf(v.Bindings(), key)["KEY"], changes[2].AfterFingerprint)
	require.True(t, version.Plan{}.IsEmpty())
}

func TestFingerprints(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcdef")
	set := vars(binding.Secret("A", "same"), binding.Secret("B", "same"), binding.Var("C", "same"), binding.Resource("kv_namespace", "D", `{"id":"1"}`))
	one := version.FingerprintsOf(set, key)
	require.Len(t, one, 4)
	require.NotEqual(t, one["A"], one["B"], "equal values show")
	require.Equal(t, one, version.FingerprintsOf(set, key))
	require.Empty(t, one.Diff(one))
	changed := vars(binding.Secret("A", "other"), binding.Var("B", "same"), binding.Var("C", "same"), binding.Var("E", ""))
	require.Equal(t, []string{"A", "B", "D", "E"}, one.Diff(version.FingerprintsOf(changed, key)))
	require.Equal(t, []string{"A", "B", "C", "D"}, one.Diff(version.FingerprintsOf(set, []byte("another key"))))
	require.Nil(t, version.FingerprintsOf(set, nil))
}
