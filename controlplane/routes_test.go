package controlplane_test

import (
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/internal/tools/schema"
)

// documentedRoute is a method in a row of docs/routes.md.
type documentedRoute struct {
	method, path string
	inSchema     bool
	note         string
}

func (r documentedRoute) String() string { return r.method + " " + r.path }

// documentedRoutes reads docs/routes.md.
func documentedRoutes(t *testing.T) (served, refused []documentedRoute) {
	text, err := os.ReadFile("../docs/routes.md")
	require.NoError(t, err)
	first, second, ok := strings.Cut(string(text), "## Refused")
	require.True(t, ok)
	row := regexp.MustCompile("(?m)^\\| `(/\\S+)` \\| ([A-Z*, ]+) \\| (?:(.+) )?\\|$")
	read := func(table string) (list []documentedRoute) {
		for _, m := range row.FindAllStringSubmatch(table, -1) {
			for method := range strings.SplitSeq(m[2], ", ") {
				method, isMarked := strings.CutSuffix(method, "*")
				list = append(list, documentedRoute{method, m[1], !isMarked, m[3]})
			}
		}
		return list
	}
	return read(first), read(second)
}

// TestRoutes compares the table of served routes with the package, and sends a request to each
// refused route, and to one below it.
func TestRoutes(t *testing.T) {
	served, refused := documentedRoutes(t)
	var names []string
	for _, r := range served {
		names = append(names, r.String())
	}
	require.ElementsMatch(t, controlplane.Routes(), names)
	parameter := regexp.MustCompile(`\{\w+\}`)
	c := newClient(t, controlplane.Options{})
	for _, r := range refused {
		path := "/client/v4" + parameter.ReplaceAllString(r.path, "x")
		for _, path := range []string{path, path + "/below/it"} {
			answer := c.do(r.method, path, `{"canary":1}`)
			require.Equal(t, 990001, answer.code(), "%s %s: %s", r, path, answer.text)
			require.Equal(t, 400, answer.Status)
			require.Contains(t, answer.text, "does not model "+r.note+".")
		}
	}
	for _, path := range []string{"/workers/workers/shop/previewss", "/workers", "/pages/projects/site/deployment",
		"/workers/scripts/"} {
		require.Equal(t, 7003, c.do("POST", account+path, "").code(), path)
	}
}

// TestOtherMethods sends requests with a method that the path does not have.
func TestOtherMethods(t *testing.T) {
	c := newTarget(t)
	for _, test := range []struct{ method, path, allow string }{
		{"POST", account + "/workers/scripts/shop", "DELETE, GET, PUT"},
		{"GET", account + "/workers/scripts/shop/content", "PUT"},
		{"OPTIONS", account + "/workers/scripts/shop/secrets", "GET, PUT"},
		{"HEAD", "/client/v4/user", "GET"},
		{"BREW", account + "/workers/workers/none/versions/latest", "DELETE, GET, PATCH"},
	} {
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, newRequest(test.method, test.path, ""))
		require.Equal(t, 405, w.Code, w.Body)
		require.Equal(t, test.allow, w.Header().Get("Allow"))
		require.Contains(t, w.Body.String(), `"code":10405`)
	}
}

// TestRoutesLive compares both tables with Cloudflare's public schema. A route that a newer schema
// adds must be served, or refused and listed.
func TestRoutesLive(t *testing.T) {
	api := live.Schema(t)
	served, refused := documentedRoutes(t)
	documented := make(map[string]bool)
	for _, r := range append(served, refused...) {
		route := schema.Route(r.String())
		documented[route] = true
		_, ok := api[route]
		require.Equal(t, ok, r.inSchema, "is %s in the schema", r)
	}
	ours := regexp.MustCompile(`^\w+ (/accounts/\{\}|/zones/\{\})?/(workers|pages)/`)
	for route := range api {
		if ours.MatchString(route) && !documented[route] {
			t.Errorf("docs/routes.md lacks %s", route)
		}
	}
}
