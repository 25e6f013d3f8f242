package controlplanetest_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
	"github.com/workerenv/workerenv/version"
)

func Example() {
	api := controlplanetest.Start(controlplane.Options{}) // in a test: NewServer(t, controlplane.Options{})
	defer api.Close()

	// What the client under test finds: a Worker with a secret.
	bindings, err := binding.NewSet(binding.Var("HOST", "example.com"), binding.Secret("API_KEY", "old"))
	if err != nil {
		log.Fatal(err)
	}
	shop, err := api.Account().Create(context.Background(), "shop")
	if err != nil {
		log.Fatal(err)
	}
	_, err = shop.Update(context.Background(), func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{Bindings: bindings})
		return err
	})
	if err != nil {
		log.Fatal(err)
	}

	rotate(api.URL) // the client under test

	env, err := api.Env("shop", "user 17")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env.Get("HOST"), env.Get("API_KEY"))
	snapshot, err := api.Snapshot("shop")
	if err != nil {
		log.Fatal(err)
	}
	current, _ := snapshot.Current()
	fmt.Println(current, current.Newest().Created())
	// Output:
	// example.com new
	// 2 (00000000-0000-4000-8000-000000000006) at 100% 2026-03-01 10:00:02 +0000 UTC
}

// rotate is a client of Cloudflare's API.
func rotate(baseURL string) {
	url := baseURL + "/accounts/" + controlplanetest.AccountID + "/workers/scripts/shop/secrets"
	request, err := http.NewRequest("PUT", url, strings.NewReader(`{"name": "API_KEY", "text": "new", "type": "secret_text"}`))
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+controlplanetest.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	response.Body.Close()
}

func TestServersAreApart(t *testing.T) {
	var servers []*controlplanetest.Server
	for i := range 10 {
		s := controlplanetest.NewServer(t, controlplane.Options{})
		_, err := s.Account().Create(t.Context(), fmt.Sprint("worker", i))
		require.NoError(t, err)
		servers = append(servers, s)
	}
	for i, s := range servers {
		list, err := s.Account().Workers(t.Context())
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, fmt.Sprint("worker", i), list[0].Name)
		require.Equal(t, "00000000-0000-4000-8000-000000000001", list[0].ID)
	}
}

func TestServerEndsWithTest(t *testing.T) {
	var url string
	t.Run("lives", func(t *testing.T) {
		url = controlplanetest.NewServer(t, controlplane.Options{}).URL
		response, err := http.Get(url + "/accounts")
		require.NoError(t, err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.Contains(t, string(body), `"code":9106`)
	})
	_, err := http.Get(url + "/accounts")
	require.Error(t, err)
}

func TestNoSuchWorker(t *testing.T) {
	s := controlplanetest.NewServer(t, controlplane.Options{})
	_, err := s.Env("shop", "")
	require.ErrorIs(t, err, version.ErrNotFound)
	_, err = s.Snapshot("shop")
	require.ErrorIs(t, err, version.ErrNotFound)
	_, err = s.Account().Create(t.Context(), "shop")
	require.NoError(t, err)
	env, err := s.Env("shop", "")
	require.NoError(t, err)
	require.Zero(t, env.Len())
}
