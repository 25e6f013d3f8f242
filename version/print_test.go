package version_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

func TestPrinting(t *testing.T) {
	tx := begin(binding.Limits{})
	_, err := tx.UploadAndDeploy(version.Upload{Bindings: vars(binding.Secret("KEY", "k"))})
	require.NoError(t, err)
	v := upload(t, tx, binding.Secret("KEY", "k"), binding.Var("HOST", "h"))
	d := deploy(t, tx, version.Gradual("id-3", "id-1", version.Percent(10))...)
	s := tx.Snapshot()
	for _, c := range []struct {
		x          any
		text, json string
	}{
		{v, "2 (id-3)", `{"id": "id-3", "number": 2, "base": 1, "created": "2026-03-01T10:00:00.123458Z", "source": "api",
			"bindings": [{"name": "HOST", "type": "plain_text"}, {"name": "KEY", "type": "secret_text"}]}`},
		{version.Version{}, "0 ()", `{"id": "", "number": 0, "created": "1970-01-01T00:00:00Z", "source": "", "bindings": []}`},
		{d, "2 (id-3) at 10%, 1 (id-1) at 90%", `{"id": "id-4", "created": "2026-03-01T10:00:00.123459Z", "source": "api",
			"versions": [{"version_id": "id-3", "percentage": 10}, {"version_id": "id-1", "percentage": 90}]}`},
		{version.Snapshot{}, "revision 0, 0 versions, current deployment none", `{"worker": "", "revision": 0, "versions": 0}`},
		{version.NewSnapshot("api"), "worker api: revision 0, 0 versions, current deployment none", `{"worker": "api", "revision": 0, "versions": 0}`},
		{version.Plan{}, "no changes", `{"worker": "", "revision": 0}`},
	} {
		require.Equal(t, c.text, fmt.Sprint(c.x))
		text, err := json.Marshal(c.x)
		require.NoError(t, err)
		require.JSONEq(t, c.json, string(text))
	}
	require.Equal(t, "worker api: revision 1, 2 versions, current deployment "+d.String(), fmt.Sprintf("%+v", s))
	text, err := json.Marshal(s)
	require.NoError(t, err)
	var summary struct{ Latest, Current struct{ ID string } }
	require.NoError(t, json.Unmarshal(text, &summary))
	require.Equal(t, []string{v.ID(), d.ID()}, []string{summary.Latest.ID, summary.Current.ID})
	require.Equal(t, "version 1 from 0, new code\n  + KEY (secret_text)", firstLines(planOf(t), 2))
}

// planOf returns the plan of a first upload with code.
func planOf(t *testing.T) version.Plan {
	tx := begin(binding.Limits{})
	_, err := tx.UploadAndDeploy(version.Upload{Code: version.Code{MainModule: "index.js"}, Bindings: vars(binding.Secret("KEY", "k"))})
	require.NoError(t, err)
	return tx.Plan(nil)
}

func firstLines(p version.Plan, n int) (text string) {
	rest := p.String()
	for i, r := range rest {
		if r == '\n' {
			if n--; n == 0 {
				return rest[:i]
			}
		}
	}
	return rest
}

// Every refusal is an *Error with the Worker, whatever its cause is.
func TestErrorsAreErrors(t *testing.T) {
	tx := begin(binding.Limits{})
	require.NoError(t, uploadAndDeploy(tx))
	upload(t, tx)
	for _, err := range []error{
		second(tx.SecretPut("A", "a", version.Meta{})),                                           // NotDeployedError
		second(tx.Upload(version.Upload{Require: []string{"A"}})),                                // MissingError
		second(tx.Deploy(version.Deploy{})),                                                      // ErrShares
		second(tx.Edit(version.Edit{Encrypt: []string{"A", "B"}})),                               // several
		second(tx.Edit(version.Edit{Set: []binding.Binding{{}}})),                                // binding.SetError
		second(tx.Upload(version.Upload{Bindings: vars(binding.Inherited("NONE"))})),             // binding.InheritError
		second(version.NewSnapshot("api").Apply(version.NewRecord("no record"))),                 // ErrUnknown
		second(version.NewSnapshot("api").Begin(version.Options{}).Rollback(version.Rollback{})), // ErrNoTarget
	} {
		var e *version.Error
		require.True(t, errors.As(err, &e), "%v", err)
		require.Equal(t, "api", e.Worker)
	}
}

func second[T any](_ T, err error) error { return err }
