package version_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// fixed returns options that give every run of an example the same IDs and times.
func fixed() version.Options {
	var n int
	return version.Options{
		Now: func() time.Time { return time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC) },
		NewID: func() string {
			n++
			return fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
		},
	}
}

func vars(bs ...binding.Binding) binding.Set {
	set, err := binding.NewSet(bs...)
	if err != nil {
		panic(err)
	}
	return set
}

// The example of Cloudflare's page "Secrets": a Worker connects to a database with a secret. Putting the secret makes a
// version and deploys it at once.
func Example() {
	ctx := context.Background()
	h := version.NewHistory(new(version.MemStore), "my-worker", fixed())

	_, err := h.Update(ctx, func(tx *version.Tx) error { // wrangler deploy
		_, err := tx.UploadAndDeploy(version.Upload{Bindings: vars(binding.Var("API_HOST", "api.example.com"))})
		return err
	})
	fmt.Println(err)

	s, err := h.Update(ctx, func(tx *version.Tx) error { // wrangler secret put DB_CONNECTION_STRING
		_, err := tx.SecretPut("DB_CONNECTION_STRING", "postgres://db.example.com/shop", version.Meta{Source: "wrangler"})
		return err
	})
	fmt.Println(err)

	current, _ := s.Current()
	fmt.Println(current)
	fmt.Println(current.Newest().Bindings())
	fmt.Println(current.Newest().Env().Get("DB_CONNECTION_STRING"))
	// Output:
	// <nil>
	// <nil>
	// 2 (00000000-0000-4000-8000-000000000004) at 100%
	// [API_HOST (plain_text), DB_CONNECTION_STRING (secret_text)]
	// postgres://db.example.com/shop
}

// The steps of Cloudflare's page "Gradual deployments": a second version gets more and more of the traffic.
func ExampleTx_Deploy() {
	ctx := context.Background()
	h := version.NewHistory(new(version.MemStore), "api", fixed())
	one, _ := version.Do(ctx, h, func(tx *version.Tx) (version.Version, error) { // wrangler deploy
		return tx.UploadAndDeploy(version.Upload{})
	})
	two, _ := version.Do(ctx, h, func(tx *version.Tx) (version.Version, error) { // wrangler versions upload
		return tx.Upload(version.Upload{Bindings: vars(binding.Var("GREETING", "Hello"))})
	})
	for _, percent := range []int{10, 50, 100} { // wrangler versions deploy
		splits := version.Gradual(two.ID(), one.ID(), version.Percent(percent))
		if percent == 100 {
			splits = version.Full(two.ID())
		}
		current, err := version.Do(ctx, h, func(tx *version.Tx) (version.Deployment, error) {
			return tx.Deploy(version.Deploy{Splits: splits})
		})
		if err != nil {
			fmt.Println(err)
		}
		for _, user := range []string{"ada", "bob", "cyd"} {
			fmt.Print(user, " gets ", current.Pick(user).Number(), "  ")
		}
		fmt.Println(current)
	}
	// Output:
	// ada gets 1  bob gets 1  cyd gets 1  2 (00000000-0000-4000-8000-000000000004) at 10%, 1 (00000000-0000-4000-8000-000000000001) at 90%
	// ada gets 2  bob gets 1  cyd gets 2  2 (00000000-0000-4000-8000-000000000004) at 50%, 1 (00000000-0000-4000-8000-000000000001) at 50%
	// ada gets 2  bob gets 2  cyd gets 2  2 (00000000-0000-4000-8000-000000000004) at 100%
}

// The example of Cloudflare's page "Version overrides": a smoke test of a version that gets no other traffic yet.
func ExampleDeployment_Route() {
	ctx := context.Background()
	h := version.NewHistory(new(version.MemStore), "my-worker-name", fixed())
	s, err := h.Update(ctx, func(tx *version.Tx) error {
		stable, _ := tx.UploadAndDeploy(version.Upload{})
		next, _ := tx.Upload(version.Upload{Bindings: vars(binding.Var("BANNER", "new"))})
		_, err := tx.Deploy(version.Deploy{Splits: version.Gradual(next.ID(), stable.ID(), 0)})
		return err
	})
	if err != nil {
		fmt.Println(err)
	}
	current, _ := s.Current()
	next := current.Newest()

	header := http.Header{version.KeyHeader: {"foo"}}
	fmt.Println(current.Route("my-worker-name", header, rand.Uint64()).Number())

	header.Set(version.OverridesHeader, `my-worker-name="`+next.ID()+`"`)
	fmt.Println(current.Route("my-worker-name", header, rand.Uint64()).Number())
	// Output:
	// 1
	// 2
}

// The latest version is a preview that is not deployed. To put a secret and deploy it would deploy the preview too, so
// that is refused. To edit the deployed version is not.
func ExampleNotDeployedError() {
	tx := version.NewSnapshot("api").Begin(fixed())
	deployed, _ := tx.UploadAndDeploy(version.Upload{})
	tx.Upload(version.Upload{Bindings: vars(binding.Var("PREVIEW", "yes"))})

	_, err := tx.SecretPut("API_KEY", "hunter2", version.Meta{})
	var refused *version.NotDeployedError
	fmt.Println(errors.As(err, &refused))
	fmt.Println(err)

	v, err := tx.EditAndDeploy(version.Edit{Base: deployed.ID(), Set: []binding.Binding{binding.Secret("API_KEY", "hunter2")}})
	fmt.Println(v.Bindings(), err)
	// Output:
	// true
	// worker api: latest version 00000000-0000-4000-8000-000000000003 is not what is deployed: 00000000-0000-4000-8000-000000000001 at 100%
	// [API_KEY (secret_text)] <nil>
}

// A key has been rotated since the older version was uploaded.
func ExampleTx_RollbackCode() {
	tx := version.NewSnapshot("api").Begin(fixed())
	secrets := []binding.Kind{binding.SecretText}
	good, _ := tx.UploadAndDeploy(version.Upload{Code: version.Code{MainModule: "good.js"}, Bindings: vars(binding.Secret("API_KEY", "old"))})
	tx.SecretPut("API_KEY", "new", version.Meta{})
	tx.UploadAndDeploy(version.Upload{Code: version.Code{MainModule: "bad.js"}, Keep: secrets})

	_, err := tx.Rollback(version.Rollback{To: good.ID()})
	fmt.Println(err)

	v, err := tx.RollbackCode(version.Rollback{To: good.ID()})
	fmt.Println(v.Code().MainModule, v.Env().Get("API_KEY"), err)
	// Output:
	// worker api: version 00000000-0000-4000-8000-000000000001: secrets have changed since: API_KEY
	// good.js new <nil>
}

// A pipeline makes a version only if something has changed, and shows first what would change.
func ExampleHistory_Plan() {
	ctx := context.Background()
	h := version.NewHistory(new(version.MemStore), "api", fixed())
	deploy := func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{
			Bindings:      vars(binding.Var("API_HOST", "api.example.com"), binding.Secret("API_KEY", "hunter2")),
			SkipUnchanged: true,
		})
		return err
	}
	plan, err := h.Plan(ctx, nil, deploy)
	fmt.Println(plan, err)

	h.Update(ctx, deploy)
	_, err = h.Update(ctx, deploy)
	fmt.Println(errors.Is(err, version.ErrUnchanged))
	// Output:
	// version 1 from 0
	//   + API_HOST (plain_text)
	//   + API_KEY (secret_text)
	// deployment of 1 at 100% <nil>
	// true
}

// The form of the dashboard: several variables at once, some of them encrypted, and its two buttons.
func ExampleTx_Edit() {
	tx := version.NewSnapshot("api").Begin(fixed())
	tx.UploadAndDeploy(version.Upload{Bindings: vars(binding.Var("API_HOST", "api.example.com"), binding.Var("API_KEY", "hunter2"))})
	form := version.Edit{
		Set:     []binding.Binding{binding.Var("API_HOST", "api.example.org"), binding.Secret("DB_PASSWORD", "correct horse")},
		Encrypt: []string{"API_KEY"},
		Meta:    version.Meta{Source: "dash"},
	}
	saved, err := tx.Edit(form) // "Save"
	fmt.Println(saved.Number(), saved.Bindings(), err)

	_, err = tx.EditAndDeploy(version.Edit{Unset: []string{"API_HOST"}}) // "Save and deploy"
	fmt.Println(err)
	// Output:
	// 2 [API_HOST (plain_text), API_KEY (secret_text), DB_PASSWORD (secret_text)] <nil>
	// worker api: latest version 00000000-0000-4000-8000-000000000003 is not what is deployed: 00000000-0000-4000-8000-000000000001 at 100%
}

// A deployment is refused if one of its versions lacks a required name. The error lists everything that is missing.
func ExampleMissingError() {
	tx := version.NewSnapshot("api").Begin(fixed())
	one, _ := tx.UploadAndDeploy(version.Upload{Bindings: vars(binding.Secret("OLD_KEY", "hunter2"))})
	two, _ := tx.Upload(version.Upload{Bindings: vars(binding.Secret("API_KEY", "hunter2"))})
	_, err := tx.Deploy(version.Deploy{
		Splits:  version.Gradual(two.ID(), one.ID(), version.Percent(10)),
		Require: []string{"API_KEY", "DB_PASSWORD"},
	})
	fmt.Println(err)
	// Output:
	// worker api: version 00000000-0000-4000-8000-000000000003: required but not set: DB_PASSWORD; worker api: version 00000000-0000-4000-8000-000000000001: required but not set: API_KEY, DB_PASSWORD
}

// Many Workers in one store.
func ExampleAccount() {
	ctx := context.Background()
	account := version.NewAccount(new(version.MemStore), "0123456789abcdef", fixed())
	for _, name := range []string{"web", "api"} {
		account.Create(ctx, name)
	}
	_, err := account.Create(ctx, "api")
	fmt.Println(err)
	workers, _ := account.Workers(ctx)
	for _, w := range workers {
		fmt.Println(w.Name, w.ID)
	}
	// Output:
	// worker api: worker exists already
	// api 00000000-0000-4000-8000-000000000003
	// web 00000000-0000-4000-8000-000000000001
}

// A Worker is made together with its first upload, or not at all.
func ExampleAccount_CreateWith() {
	ctx := context.Background()
	account := version.NewAccount(new(version.MemStore), "0123456789abcdef", fixed())
	for _, bindings := range []binding.Set{vars(), vars(binding.Secret("API_KEY", "hunter2"))} {
		_, err := account.CreateWith(ctx, "api", func(tx *version.Tx) error {
			_, err := tx.UploadAndDeploy(version.Upload{Bindings: bindings, Require: []string{"API_KEY"}})
			return err
		})
		workers, _ := account.Workers(ctx)
		fmt.Println(err, len(workers))
	}
	// Output:
	// worker api: required but not set: API_KEY 0
	// <nil> 1
}

// During a gradual deployment, Diff shows which secrets are not the same for all requests.
func ExampleDeployment_Diff() {
	ctx := context.Background()
	h := version.NewHistory(new(version.MemStore), "api", fixed())
	s, _ := h.Update(ctx, func(tx *version.Tx) error {
		old, _ := tx.UploadAndDeploy(version.Upload{Bindings: vars(binding.Secret("DB_KEY", "1"), binding.Secret("API_KEY", "1"))})
		rotated, _ := tx.VersionsSecretPut("API_KEY", "2", version.Meta{})
		_, err := tx.Deploy(version.Deploy{Splits: version.Gradual(rotated.ID(), old.ID(), version.Percent(10))})
		return err
	})
	current, _ := s.Current()
	for _, change := range current.Diff() {
		fmt.Println(change.Name, change.ValueChanged)
	}
	// Output: API_KEY true
}

// Two machines compare what one would deploy with what the other has deployed, without exchanging values.
func ExampleFingerprints() {
	key := []byte("32 random bytes that both of them know")
	mine := version.FingerprintsOf(vars(binding.Secret("API_KEY", "hunter3"), binding.Var("API_HOST", "api.example.com")), key)
	theirs := version.FingerprintsOf(vars(binding.Secret("API_KEY", "hunter2"), binding.Var("API_HOST", "api.example.com")), key)
	fmt.Println(mine.Diff(theirs))
	// Output: [API_KEY]
}

// A program follows a Worker, whichever process changes it. Here the changes come from the loop itself.
func ExampleHistory_Watch() {
	ctx := context.Background()
	h := version.NewHistory(new(version.MemStore), "api", fixed())
	for s, err := range h.Watch(ctx) {
		if err != nil {
			fmt.Println(err) // the Store failed; the loop goes on once it works
			continue
		}
		fmt.Println(s.VersionCount(), "versions")
		if s.VersionCount() == 2 {
			break
		}
		go h.Update(ctx, func(tx *version.Tx) error {
			_, err := tx.Upload(version.Upload{})
			return err
		})
	}
	// Output:
	// 0 versions
	// 1 versions
	// 2 versions
}

// A history is compacted every night, and its head is kept outside the Store.
func ExampleHistory_Compact() {
	ctx := context.Background()
	store := new(version.MemStore)
	h := version.NewHistory(store, "api", fixed())
	for range 150 {
		h.Update(ctx, func(tx *version.Tx) error {
			_, err := tx.UploadAndDeploy(version.Upload{})
			return err
		})
	}
	fmt.Println(h.Compact(ctx))
	s := h.Cached()
	latest, _ := s.Latest()
	fmt.Println(s.VersionCount(), "versions, the latest is", latest.Number())
	head := s.Head()

	h = version.NewHistory(store, "api", version.Options{})
	fmt.Println(h.CheckHead(ctx, head))
	// Output:
	// <nil>
	// 100 versions, the latest is 150
	// <nil>
}
