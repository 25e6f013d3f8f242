package controlplane_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/version"
)

// A Worker is prepared, a client puts a secret, and the program looks at what has become of it.
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

	// Any client would do, as wrangler with CLOUDFLARE_API_BASE_URL=server.URL+"/client/v4".
	url := server.URL + "/client/v4/accounts/acme/workers/scripts/shop/secrets"
	request, err := http.NewRequest("PUT", url, strings.NewReader(`{"name":"API_KEY","text":"s3cr3t","type":"secret_text"}`))
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
