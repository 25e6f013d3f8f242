package dashboard_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/dashboard"
	"github.com/workerenv/workerenv/version"
)

// A program with its own users shows them the variables and secrets of its Workers.
func Example() {
	account := version.NewAccount(new(version.MemStore), "account", version.Options{})
	_, err := account.CreateWith(context.Background(), "shop", func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{Bindings: binding.MustSet(
			binding.Var("API_HOST", "api.example.com"),
			binding.Secret("API_KEY", "sk_live_123"),
		)})
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	pages := dashboard.New(dashboard.Options{
		Account: account,
		Hosts:   []string{"secrets.example.com"},
		Authenticate: func(r *http.Request) (version.Author, bool) {
			user, ok := r.Header["X-User"] // set by a proxy that all requests pass
			return version.Author{Email: strings.Join(user, "")}, ok
		},
	})
	defer pages.Close()

	r := httptest.NewRequest("GET", "https://secrets.example.com/workers/shop", nil)
	r.Header.Set("X-User", "ana@example.com")
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, r)
	page := w.Body.String()
	fmt.Println(w.Code, strings.Contains(page, "API_KEY"), strings.Contains(page, "sk_live_123"))
	// Output: 200 true false
}
