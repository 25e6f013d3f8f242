package leaks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/version"
)

// exchange is a request to the control plane. @ stands for the canary as a JSON string.
type exchange struct{ method, path, kind, body string }

const form = "multipart/form-data; boundary=b"

// part is a part of an upload.
func part(name, body string) string {
	return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name + "\"\r\n\r\n" +
		body + "\r\n"
}

func uploaded(metadata string) string {
	return part("metadata", metadata) + part("index.js", "export default {}") + "--b--\r\n"
}

// secretBindings has a canary in each value that the API never returns.
const secretBindings = `"main_module":"index.js","bindings":[{"type":"secret_text","name":"A","text":@},` +
	`{"type":"secret_key","name":"K","format":"raw","algorithm":{},"usages":[],"key_base64":@}]`

// exchanges are valid and invalid requests to every route that takes or lists secrets.
var exchanges = []exchange{
	{"PUT", "/workers/scripts/shop", form, uploaded(`{` + secretBindings + `}`)},
	{"PUT", "/workers/scripts/shop", form, uploaded(`{` + secretBindings + `,"x":@ @}`)},
	{"PUT", "/workers/scripts/shop", form,
		uploaded(`{"main_module":"index.js","bindings":[{"type":"secret_text","name":"A","text":[@]}]}`)},
	{"PUT", "/workers/scripts/shop", form,
		uploaded(`{"main_module":"index.js","bindings":[{"type":"secret_text","name":"A","text":@},` +
			`{"type":"secret_text","name":"A","text":@}]}`)},
	{"PUT", "/workers/scripts/shop", form, part("metadata", `{`+secretBindings)},
	{"PUT", "/workers/scripts/shop", form, "@" + uploaded("@")},
	{"PUT", "/workers/scripts/shop", "@", "@"},
	{"PUT", "/workers/scripts/shop/secrets", "", `{"name":"S","text":@,"type":"secret_text"}`},
	{"PUT", "/workers/scripts/shop/secrets", "", `{"name":"S","text":[@],"type":"secret_text"}`},
	{"PUT", "/workers/scripts/shop/secrets", "", `{"name":"S","text":@`},
	{"PUT", "/workers/scripts/shop/secrets", "", `{"name":"S","text":@,"type":["plain_text",@]}`},
	{"PUT", "/workers/scripts/shop/secrets", "", `@`},
	{"PUT", "/workers/scripts/none/secrets", "", `{"name":"S","text":@,"type":"secret_text"}`},
	{"PATCH", "/workers/scripts/shop/secrets-bulk", "",
		`{"secrets":{"S":{"name":"S","text":@,"type":"secret_text"},"T":null}}`},
	{"PATCH", "/workers/scripts/shop/secrets-bulk", "", `{"secrets":{"S":@}}`},
	{"PATCH", "/workers/scripts/shop/settings", form,
		part("settings", `{"bindings":[{"type":"secret_text","name":"B","text":@}]}`) + "--b--\r\n"},
	{"PATCH", "/workers/scripts/shop/settings", form,
		part("settings", `{"bindings":[{"type":"secret_text","name":"B","text":@}],"tags":@}`) + "--b--\r\n"},
	{"POST", "/workers/scripts/shop/versions", form,
		uploaded(`{` + secretBindings + `,"annotations":{"workers/message":"m"}}`)},
	{"POST", "/workers/workers/shop/versions", "", `{"env":{"A":{"type":"secret_text","text":@}}}`},
	{"PATCH", "/workers/workers/shop/versions/latest", "", `{"env":{"A":{"type":"secret_text","text":@}}}`},
	{"PATCH", "/workers/workers/shop/versions/latest", "", `{"env":{"A":{"type":"secret_text","text":{"a":@}}}}`},
	{"GET", "/workers/scripts/shop/secrets", "", ""},
	{"GET", "/workers/scripts/shop/secrets/S", "", ""},
	{"GET", "/workers/scripts/shop/settings", "", ""},
	{"GET", "/workers/scripts/shop/versions", "", ""},
	{"GET", "/workers/scripts/shop/versions/latest", "", ""},
	{"GET", "/workers/scripts/shop/deployments", "", ""},
	{"GET", "/workers/workers/shop/versions/latest", "", ""},
	{"GET", "/workers/workers/shop", "", ""},
	{"GET", "/workers/scripts", "", ""},
	{"POST", "/pages/projects", "",
		`{"name":"site","production_branch":"main","deployment_configs":` +
			`{"production":{"env_vars":{"S":{"type":"secret_text","value":@}}}}}`},
	{"PATCH", "/pages/projects/site", "",
		`{"deployment_configs":{"preview":{"env_vars":{"S":{"type":"secret_text","value":@},"T":null}}}}`},
	{"PATCH", "/pages/projects/site", "",
		`{"deployment_configs":{"preview":{"env_vars":{"S":{"type":"secret_text","value":[@]}}}}}`},
	{"PATCH", "/pages/projects/site", "", `{"deployment_configs":{"preview":@}}`},
	{"GET", "/pages/projects/site", "", ""},
	{"GET", "/pages/projects", "", ""},
	{"DELETE", "/workers/scripts/shop/secrets/S", "", ""},
}

// ask returns the status and the whole response.
func (e exchange) ask(h http.Handler, with string) (int, string) {
	r := httptest.NewRequest(e.method, "/client/v4/accounts/acc"+e.path+"?secret="+"x",
		strings.NewReader(strings.ReplaceAll(e.body, "@", with)))
	r.Header.Set("Authorization", "Bearer "+canary[:20])
	if e.kind != "" {
		r.Header.Set("Content-Type", strings.ReplaceAll(e.kind, "@", canary[:20]))
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, fmt.Sprint(w.Header(), w.Body)
}

// failing is a Store that fails after some records.
type failing struct {
	version.MemStore
	left int
}

func (s *failing) Append(ctx context.Context, log string, base int, r version.Record) error {
	if s.left--; s.left < 0 {
		return errors.New("disk is full")
	}
	return s.MemStore.Append(ctx, log, base, r)
}

// TestNoResponseLeaks searches all responses and the log of the control plane for the canary.
func TestNoResponseLeaks(t *testing.T) {
	inJSON := string(must(json.Marshal(canary)))
	for _, left := range []int{1 << 30, 0, 3} {
		var log bytes.Buffer
		h := controlplane.New(controlplane.Options{
			Store: &failing{left: left}, Token: canary[:20],
			Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		})
		fine := 0
		for _, e := range exchanges {
			status, seen := e.ask(h, inJSON)
			if status == http.StatusOK {
				fine++
			}
			assert.Empty(t, leak(seen), "%s %s %s: %d", e.method, e.path, e.body, status)
		}
		assert.Empty(t, leak(log.String()))
		if left == 1<<30 {
			require.Greater(t, fine, len(exchanges)/3)
			requireSecret(t, h)
		}
	}
}

// requireSecret checks that the canary is stored, so that TestNoResponseLeaks can fail.
func requireSecret(t *testing.T, h *controlplane.Handler) {
	t.Helper()
	history := must(h.Account("acc").Open(t.Context(), "shop"))
	latest, _ := must(history.Read(t.Context())).Latest()
	require.Equal(t, canary, latest.Env().Get("A"))
	require.Equal(t, canary, must(h.Pages("acc").Env(t.Context(), "site", controlplane.Production)).Get("S"))
}

func controlplaneSpecimens() []specimen {
	h := controlplane.New(controlplane.Options{Token: canary[:20]})
	for _, e := range exchanges {
		e.ask(h, string(must(json.Marshal(canary))))
	}
	ctx, pages := context.Background(), h.Pages("acc")
	return append([]specimen{
		specimenOf("Handler", h),
		specimenOf("Pages", pages),
		specimenOf("Pages' bindings", must(pages.Bindings(ctx, "site", controlplane.Production))),
		specimenOf("Handler's History", must(h.Account("acc").Open(ctx, "shop"))),
	}, errorSpecimens("controlplane", map[string]error{
		"exists": pages.Create(ctx, "site"), "name": pages.Create(ctx, "-"),
	})...)
}
