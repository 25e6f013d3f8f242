package controlplanetest_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// FuzzFaultRoute checks that a path, whatever is in it, meets the Fault for itself and not the one
// for another path, and that any text can be a route.
func FuzzFaultRoute(f *testing.F) {
	for _, seed := range [][2]string{
		{"shop", "GET /accounts"}, {"a/b c", ""}, {"{a}", "{}"}, {"100%", "GET /%zz"}, {"", " "}, {"..", "/../{x"},
		{"ä\x00", "GET  /a"},
	} {
		f.Add(seed[0], seed[1])
	}
	api := controlplanetest.Start(controlplane.Options{})
	f.Cleanup(api.Close)
	f.Fuzz(func(t *testing.T, segment, route string) {
		path := "/accounts/" + url.PathEscape(segment)
		strange := api.Inject(controlplanetest.Fault{Route: route, Times: 1})
		other := api.Inject(controlplanetest.Fault{Route: "GET " + path + "x"})
		own := api.Inject(controlplanetest.Fault{Route: "GET " + path})
		for range 2 { // the strange one could be for this path, too
			response, err := http.Get(api.URL + path)
			require.NoError(t, err)
			response.Body.Close()
		}
		require.Zero(t, other.Count())
		require.Positive(t, own.Count())
		for _, i := range []*controlplanetest.Injection{strange, other, own} {
			i.Remove()
		}
	})
}
