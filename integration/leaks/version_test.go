package leaks_test

import (
	"context"
	"fmt"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// upload has the canary in every field that may hold a value.
func upload() version.Upload {
	return version.Upload{
		Code:     version.Code{Metadata: binding.NewValue(inJSON())},
		Bindings: must(binding.NewSet(bindings()...)).Without("I"),
	}
}

func versionSpecimens() []specimen {
	store := new(version.MemStore)
	account := version.NewAccount(store, "acc", version.Options{})
	history := must(account.Create(context.Background(), "api"))
	var tx *version.Tx
	var plan version.Plan
	s := must(history.Update(context.Background(), func(t *version.Tx) error {
		tx = t
		_, err := t.UploadAndDeploy(upload())
		plan = t.Plan([]byte("key"))
		return err
	}))
	latest, _ := s.Latest()
	current, _ := s.Current()
	worker := must(account.Worker(context.Background(), "api"))
	records := must(store.Read(context.Background(), "account/acc/worker/"+worker.ID, 0))
	return append([]specimen{
		specimenOf("Snapshot", s),
		specimenOf("Version", latest),
		specimenOf("Deployment", current),
		specimenOf("Code", latest.Code()),
		specimenOf("Upload", upload()),
		specimenOf("Edit", version.Edit{Set: bindings()}),
		specimenOf("Tx", tx),
		specimenOf("Plan", plan),
		specimenOf("Record", records[0]),
		specimenOf("MemStore", store),
		specimenOf("History", history),
		specimenOf("Account", account),
		specimenOf("Fingerprints", version.FingerprintsOf(latest.Bindings(), []byte("key"))),
	}, versionErrors(s)...)
}

// versionErrors returns errors of package version. All values are the canary.
func versionErrors(s version.Snapshot) []specimen {
	n := 0
	tx := s.Begin(version.Options{
		NewID:  func() string { n++; return fmt.Sprint(n) },
		Limits: binding.Limits{Bindings: 1, ValueBytes: 1},
	})
	_, taken := tx.SecretPut("V", canary, version.Meta{})
	_, full := tx.SecretPut("NEW", canary, version.Meta{})
	_, invalid := tx.Edit(version.Edit{Set: []binding.Binding{
		binding.JSONVar("J", canary), binding.Secret("D", canary), binding.Var("D", canary),
	}})
	_, record := version.NewSnapshot("api").Apply(version.NewRecord(canary))
	_, inJSON := version.NewSnapshot("api").Apply(version.NewRecord(inJSON()))
	return errorSpecimens("version", map[string]error{
		"taken": taken, "full": full, "invalid": invalid, "record": record, "record in JSON": inJSON,
	})
}
