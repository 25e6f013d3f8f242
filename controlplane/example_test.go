package controlplane_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/version"
)

// The program creates a Worker, a client puts a secret, and the program reads the new Env.
func Example() {
	api := controlplane.New(controlplane.Options{Token: "made-up"})
	server := httptest.NewServer(api)
	defer server.Close()

	ctx := context.Background()
	history, err := api.Account("acme").Create(ctx, "shop")
	if err != nil {
		log.Fatal(err)
	}
	_, err = history.Update(ctx, func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{})
		return err
	})
	if err != nil {
		log.Fatal(err)
	}

	// Any client works, such as wrangler with CLOUDFLARE_API_BASE_URL=server.URL+"/client/v4".
	url := server.URL + "/client/v4/accounts/acme/workers/scripts/shop/secrets"
	request, err := http.NewRequest("PUT", url,
		strings.NewReader(`{"name":"API_KEY","text":"s3cr3t","type":"secret_text"}`))
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer made-up")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	response.Body.Close()
	fmt.Println(response.Status)

	snapshot, err := history.Read(ctx)
	if err != nil {
		log.Fatal(err)
	}
	current, _ := snapshot.Current()
	live := current.Pick("user 17")
	fmt.Println(live.Number(), live.Bindings(), live.Env().Get("API_KEY"))
	// Output:
	// 200 OK
	// 2 [API_KEY (secret_text)] s3cr3t
}

// A client puts a secret of a Pages project, and the program reads what the next deployment would see.
func ExampleHandler_Pages() {
	api := controlplane.New(controlplane.Options{Token: "made-up"})
	ctx := context.Background()
	pages := api.Pages("acme")
	if err := pages.Create(ctx, "site"); err != nil {
		log.Fatal(err)
	}
	if err := pages.Put(ctx, "site", controlplane.Production, binding.Var("API_HOST", "api.example.com")); err != nil {
		log.Fatal(err)
	}

	// This is what "wrangler pages secret put API_KEY --project-name site" sends.
	body := `{"deployment_configs":{"production":{"env_vars":{"API_KEY":{"type":"secret_text","value":"s3cr3t"}}}}}`
	request := httptest.NewRequest("PATCH", "/client/v4/accounts/acme/pages/projects/site", strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer made-up")
	api.ServeHTTP(httptest.NewRecorder(), request)

	env, err := pages.Env(ctx, "site", controlplane.Production)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env.Names(), env.Get("API_KEY"))
	// Output: [API_HOST API_KEY] s3cr3t
}
