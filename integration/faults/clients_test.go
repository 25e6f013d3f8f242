//go:build linux

package faults_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
)

// How many clients runClients runs, and how many changes each of them makes.
const clients, changes = 64, 30

// outcomes is what clients know about their changes, by message.
type outcomes struct {
	mu    sync.Mutex
	known map[string]outcome
}

// outcome is what a client knows about a change.
type outcome int

const (
	unknown outcome = iota
	made
	notMade
)

func (o *outcomes) note(message string, result outcome) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.known[message] = result
}

// TestCancelledClients has 64 clients that change one Worker with contexts that are cancelled at
// random moments. Each change that succeeded is there exactly once, each that failed is not there,
// and each whose outcome is unknown is there at most once.
func TestCancelledClients(t *testing.T) {
	for name, store := range stores(t) {
		t.Run(name, func(t *testing.T) {
			a := version.NewAccount(store, "a", version.Options{})
			_, err := a.Create(t.Context(), "shop")
			require.NoError(t, err)
			known := runClients(t, func(ctx context.Context, message string) outcome {
				h, err := a.Open(context.Background(), "shop")
				if !assert.NoError(t, err) {
					return unknown
				}
				_, err = h.Update(ctx, func(tx *version.Tx) error {
					set := []binding.Binding{binding.Secret("S", message)}
					_, err := tx.Edit(version.Edit{Set: set, Meta: described(message)})
					if errors.Is(err, version.ErrNoVersions) {
						_, err = tx.Upload(version.Upload{Bindings: secret(message), Meta: described(message)})
					}
					return err
				})
				switch {
				case err == nil:
					return made
				case errors.Is(err, version.ErrOutcome):
					return unknown
				}
				assert.Error(t, ctx.Err(), "a change fails although its context is not cancelled: %v", err)
				return notMade
			})
			requireOutcomes(t, store, known, 0)
		})
	}
}

// TestCancelledRequests has 64 clients that change one Worker through the API, with contexts that are
// cancelled at random moments. Each change that was answered is there exactly once, and each that was
// not is there at most once, after the server has finished all requests.
func TestCancelledRequests(t *testing.T) {
	for name, store := range stores(t) {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(controlplane.New(controlplane.Options{Store: store}))
			defer server.Close()
			h, err := version.NewAccount(store, "a", version.Options{}).Create(t.Context(), "shop")
			require.NoError(t, err)
			_, err = h.Update(t.Context(), func(tx *version.Tx) error {
				_, err := tx.UploadAndDeploy(version.Upload{Bindings: secret("x"), Meta: described("first")})
				return err
			})
			require.NoError(t, err)
			known := runClients(t, func(ctx context.Context, message string) outcome {
				return patch(ctx, t, server.URL+settings, message)
			})
			server.Close() // waits for the requests that clients have given up
			requireOutcomes(t, store, known, 1)
			requireNewestFirst(t, controlplane.New(controlplane.Options{Store: store}))
		})
	}
}

// settings is the path of the bindings of the Worker in the API.
const settings = "/client/v4/accounts/a/workers/scripts/shop/settings"

// stores are the Stores that clients change.
func stores(t *testing.T) map[string]version.Store {
	t.Helper()
	db, err := sql.Open("sqlite3", sqlstore.SQLite(filepath.Join(t.TempDir(), "history.db")))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	sqlite, err := sqlstore.Open(t.Context(), db)
	require.NoError(t, err)
	return map[string]version.Store{"memory": new(version.MemStore), "SQLite": sqlite}
}

func described(message string) version.Meta {
	return version.Meta{Annotations: map[string]string{version.AnnotationMessage: message}}
}

// runClients runs clients that make changes, and returns what they know about each of them. Half of the
// contexts are cancelled, after up to half a second and often less.
func runClients(t *testing.T, change func(ctx context.Context, message string) outcome) map[string]outcome {
	t.Helper()
	o := &outcomes{known: map[string]outcome{}}
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			for i := range changes {
				ctx, cancel := context.WithCancel(t.Context())
				if rand.IntN(2) == 0 {
					limit := time.Microsecond << rand.IntN(20)
					time.AfterFunc(rand.N(limit), cancel)
				}
				message := fmt.Sprintf("client %d change %d", client, i)
				o.note(message, change(ctx, message))
				cancel()
			}
		})
	}
	wg.Wait()
	require.Len(t, o.known, clients*changes)
	return o.known
}

// requireOutcomes compares what clients know about their changes with the history in store, which has
// others versions besides, as a new process reads it.
func requireOutcomes(t *testing.T, store version.Store, known map[string]outcome, others int) {
	t.Helper()
	h, err := version.NewAccount(store, "a", version.Options{}).Open(t.Context(), "shop")
	require.NoError(t, err)
	s, err := h.Read(t.Context())
	require.NoError(t, err)
	there := map[string]int{}
	for v := range s.Versions() {
		message, _ := v.Annotation(version.AnnotationMessage)
		there[message]++
	}
	count, late := map[outcome]int{}, 0
	for message, result := range known {
		count[result]++
		switch n := there[message]; result {
		case made:
			require.Equal(t, 1, n, "%s was acknowledged", message)
		case notMade:
			require.Equal(t, 0, n, "%s has failed", message)
		default:
			require.LessOrEqual(t, n, 1, message)
			late += n
		}
	}
	t.Logf("%d changes: %d made, %d not made, %d of unknown outcome, of which %d were made", len(known), count[made],
		count[notMade], count[unknown], late)
	require.Equal(t, others+count[made]+late, s.VersionCount(), "versions that nobody made")
	require.NotZero(t, count[made])
	require.NotZero(t, count[notMade]+count[unknown])
}

// patch changes a secret of a Worker through the API.
func patch(ctx context.Context, t *testing.T, url, message string) outcome {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("settings", fmt.Sprintf(`{"bindings": [{"name": "S", "type": "secret_text", "text": "x"}],
		"annotations": {"workers/message": %q}}`, message))
	form.Close()
	r, err := http.NewRequestWithContext(ctx, "PATCH", url, &body)
	if !assert.NoError(t, err) {
		return unknown
	}
	r.Header.Set("Authorization", "Bearer t0ken")
	r.Header.Set("Content-Type", form.FormDataContentType())
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return unknown
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return unknown
	}
	if !assert.Equal(t, 200, response.StatusCode, "%s", text) {
		return unknown
	}
	return made
}

// jumps is a clock that jumps by up to 200 years in both directions.
func jumps() func() time.Time {
	start := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	return func() time.Time { return start.AddDate(rand.IntN(401)-200, 0, 0) }
}

// TestClockJumps changes a Worker while the clock jumps by years: versions are numbered without
// gaps, everything is later than what was before it, and new processes read the same history.
func TestClockJumps(t *testing.T) {
	for name, store := range stores(t) {
		t.Run(name, func(t *testing.T) {
			const n = 300
			handler := func() http.Handler { return controlplane.New(controlplane.Options{Store: store, Now: jumps()}) }
			server := httptest.NewServer(handler())
			defer server.Close()
			a := version.NewAccount(store, "a", version.Options{Now: jumps()})
			_, err := a.Create(t.Context(), "shop")
			require.NoError(t, err)
			for i := range n {
				h, err := version.NewAccount(store, "a", version.Options{Now: jumps()}).Open(t.Context(), "shop")
				require.NoError(t, err)
				_, err = h.Update(t.Context(), func(tx *version.Tx) error {
					_, err := tx.UploadAndDeploy(version.Upload{Bindings: secret(fmt.Sprint(i))})
					return err
				})
				require.NoError(t, err)
				require.Equal(t, made, patch(t.Context(), t, server.URL+settings, "jump"))
			}
			h, err := version.NewAccount(store, "a", version.Options{}).Open(t.Context(), "shop")
			require.NoError(t, err)
			s, err := h.Read(t.Context())
			require.NoError(t, err)
			require.Equal(t, 2*n, s.VersionCount())
			number, later := 2*n+1, time.Time{}
			for v := range s.Versions() {
				number--
				require.Equal(t, number, v.Number())
				earlier := later.IsZero() || v.Created().Before(later)
				require.True(t, earlier, "version %d is not earlier than the next", number)
				later = v.Created()
			}
			require.Equal(t, 1, number)
			current, ok := s.Current()
			require.True(t, ok)
			require.Equal(t, 2*n, current.Newest().Number())
			requireNewestFirst(t, handler())
		})
	}
}

// requireNewestFirst reads the list of versions from a new Handler.
func requireNewestFirst(t *testing.T, h http.Handler) {
	t.Helper()
	r := httptest.NewRequest("GET", "/client/v4/accounts/a/workers/scripts/shop/versions", nil)
	r.Header.Set("Authorization", "Bearer t0ken")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	require.Equal(t, 200, w.Code)
	var list struct {
		Result struct {
			Items []struct {
				Number   int
				Metadata struct {
					Created time.Time `json:"created_on"`
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &list))
	require.Greater(t, len(list.Result.Items), 5)
	for i, item := range list.Result.Items[1:] {
		before := list.Result.Items[i]
		require.Equal(t, before.Number-1, item.Number)
		require.True(t, item.Metadata.Created.Before(before.Metadata.Created), "version %d", item.Number)
	}
}
