package controlplanetest_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"testing"
	"time"

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
	if _, err := api.Deploy("shop", binding.Var("HOST", "example.com"), binding.Secret("API_KEY", "old")); err != nil {
		log.Fatal(err)
	}

	if err := rotate(api.URL); err != nil { // the client under test
		log.Fatal(err)
	}

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

func ExampleServer_Inject() {
	api := controlplanetest.Start(controlplane.Options{}) // in a test: NewServer(t, controlplane.Options{})
	defer api.Close()
	if _, err := api.Deploy("shop", binding.Secret("API_KEY", "old")); err != nil {
		log.Fatal(err)
	}

	// The first answer is lost after the change was made; the second asks the client to wait.
	const route = "PUT /accounts/{account}/workers/scripts/shop/secrets"
	api.Inject(controlplanetest.Fault{Route: route, Times: 1, AfterEffect: true, Drop: true})
	api.Inject(controlplanetest.Fault{Route: route, Times: 1, RetryAfter: time.Second})
	for range 3 {
		fmt.Println(rotate(api.URL) == nil)
		snapshot, err := api.Snapshot("shop")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(snapshot.Current())
	}
	// Output:
	// false
	// 2 (00000000-0000-4000-8000-000000000006) at 100% true
	// false
	// 2 (00000000-0000-4000-8000-000000000006) at 100% true
	// true
	// 3 (00000000-0000-4000-8000-000000000009) at 100% true
}

// rotate is a client of Cloudflare's API.
func rotate(baseURL string) error {
	url := baseURL + "/accounts/" + controlplanetest.AccountID + "/workers/scripts/shop/secrets"
	request, err := http.NewRequest("PUT", url,
		strings.NewReader(`{"name": "API_KEY", "text": "new", "type": "secret_text"}`))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+controlplanetest.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	return nil
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

func TestDeploy(t *testing.T) {
	s := controlplanetest.NewServer(t, controlplane.Options{})
	for i, want := range []string{"one", "two"} {
		v, err := s.Deploy("shop", binding.Secret("KEY", want))
		require.NoError(t, err)
		require.Equal(t, i+1, v.Number())
		env, err := s.Env("shop", "")
		require.NoError(t, err)
		require.Equal(t, want, env.Get("KEY"))
	}
	_, err := s.Deploy("other", binding.Var("A", ""), binding.Secret("A", ""))
	require.ErrorIs(t, err, binding.ErrDuplicate)
	var limit *binding.LimitError
	_, err = s.Deploy("other", binding.Var("A", strings.Repeat("x", 6<<10)))
	require.ErrorAs(t, err, &limit)
	_, err = s.Snapshot("other")
	require.ErrorIs(t, err, version.ErrNotFound)
}

// TestEnvironSpeaksOfTheOptions tests that the credentials of Environ work, and no others.
func TestEnvironSpeaksOfTheOptions(t *testing.T) {
	s := controlplanetest.NewServer(t, controlplane.Options{Accounts: []string{"acme", "other"}, Token: "made-up"})
	require.Contains(t, s.Environ(), "CLOUDFLARE_API_TOKEN=made-up")
	require.Contains(t, s.Environ(), "CLOUDFLARE_ACCOUNT_ID=acme")
	_, err := s.Deploy("shop")
	require.NoError(t, err)
	_, err = s.Handler.Account("acme").Open(t.Context(), "shop")
	require.NoError(t, err)
	require.NoError(t, s.Pages().Create(t.Context(), "site"))
	projects, err := s.Handler.Pages("acme").Projects(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"site"}, projects)
	require.Error(t, rotate(s.URL))
}
