package version_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

const canary = "c4nary-v4lue"

// TestNothingShowsValues prints everything that this package hands out, in many ways, after changes whose every value is a
// canary, and all errors that it makes.
func TestNothingShowsValues(t *testing.T) {
	ctx := context.Background()
	store := new(version.MemStore)
	a := version.NewAccount(store, "acc", version.Options{})
	h, err := a.Create(ctx, "api")
	require.NoError(t, err)
	upload := version.Upload{
		Code: version.Code{Metadata: binding.NewValue(`{"jwt":"` + canary + `"}`)},
		Bindings: vars(binding.Var("VAR", canary), binding.JSONVar("OBJ", `"`+canary+`"`), binding.Secret("KEY", canary),
			binding.Resource("secret_key", "SIGN", `{"key":"`+canary+`"}`)),
	}
	var tx *version.Tx
	var plan version.Plan
	s, err := h.Update(ctx, func(t *version.Tx) error {
		tx = t
		_, err := t.UploadAndDeploy(upload)
		t.PutSetting("tags", binding.NewValue(canary))
		plan = t.Plan([]byte("key"))
		return err
	})
	require.NoError(t, err)
	latest, _ := s.Latest()
	current, _ := s.Current()
	edit := version.Edit{Set: []binding.Binding{binding.Secret("KEY", canary)}}
	records, err := store.Read(ctx, "account/acc/worker/"+mustWorker(t, a).ID, 0)
	require.NoError(t, err)
	require.Contains(t, records[0].Reveal(), canary)
	shown := []any{a, h, store, s, tx, plan, latest, current, upload, edit, latest.Code(), latest.Bindings(), latest.Env(), latest.Secrets(),
		records, version.FingerprintsOf(latest.Bindings(), []byte("k"))}
	for _, err := range failures(t, s) {
		shown = append(shown, err)
	}
	for _, x := range shown {
		for _, text := range prints(t, x) {
			require.NotContains(t, text, canary, "%T", x)
			require.NotContains(t, text, hex.EncodeToString([]byte(canary)), "%T", x)
		}
	}
}

func mustWorker(t *testing.T, a *version.Account) version.Worker {
	w, err := a.Worker(t.Context(), "api")
	require.NoError(t, err)
	return w
}

// failures returns an error of every kind of which values may have come near.
func failures(t *testing.T, s version.Snapshot) (errs []error) {
	n := 0
	tx := s.Begin(version.Options{NewID: func() string { n++; return fmt.Sprint(n) }, Limits: binding.Limits{Bindings: 1, ValueBytes: 1}})
	fail := func(_ any, err error) {
		require.Error(t, err)
		errs = append(errs, err)
	}
	fail(tx.SecretPut("VAR", canary, version.Meta{}))
	fail(tx.SecretPut("NEW", canary, version.Meta{}))
	fail(tx.Edit(version.Edit{Set: []binding.Binding{binding.JSONVar("J", "{"+canary), binding.Secret("D", canary), binding.Var("D", canary)}}))
	fail(tx.Edit(version.Edit{Encrypt: []string{"OBJ"}}))
	fail(tx.Edit(version.Edit{Set: []binding.Binding{binding.Secret("KEY", canary)}, Unset: []string{"KEY"}}))
	fail(tx.Upload(version.Upload{Bindings: vars(binding.Inherited("NONE"), binding.Secret("KEY", canary))}))
	fail(tx.Upload(version.Upload{Require: []string{"R"}, Bindings: vars(binding.Secret("KEY", canary))}))
	fail(tx.Upload(version.Upload{Bindings: mustNumbered(s, 1).Bindings(), Code: mustNumbered(s, 1).Code(), SkipUnchanged: true}))
	fail(version.ParseShare(canary))
	fail(s.Apply(version.NewRecord(canary)))
	return errs
}

// prints shows x in the ways that programs do.
func prints(t *testing.T, x any) []string {
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "x", x)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "x", x)
	text, _ := json.Marshal(x) // some are not made for it
	difference := new(recordingT)
	assert.Equal(difference, x, nil)
	return []string{fmt.Sprintf("%v %+v %#v %s %q %x %d", x, x, x, x, x, x, x), log.String(), string(text), difference.String()}
}

type recordingT struct{ bytes.Buffer }

func (r *recordingT) Errorf(format string, args ...any) { fmt.Fprintf(r, format, args...) }
