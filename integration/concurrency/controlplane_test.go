package concurrency_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// put puts a secret of a Worker, and returns the status.
func put(s *controlplanetest.Server, name string) int {
	request := must(http.NewRequest("PUT", s.URL+"/accounts/"+controlplanetest.AccountID+"/workers/scripts/shop/secrets",
		strings.NewReader(`{"name":"`+name+`","text":"x","type":"secret_text"}`)))
	request.Header.Set("Authorization", "Bearer "+controlplanetest.Token)
	response := must(http.DefaultClient.Do(request))
	defer response.Body.Close()
	io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// TestServer uses one Server from many clients, with faults, and inspects it at the same time.
func TestServer(t *testing.T) {
	s := controlplanetest.NewServer(t, controlplane.Options{})
	must(s.Deploy("shop", binding.Var("V", "v")))
	require.NoError(t, s.Pages().Create(t.Context(), "site"))
	var puts atomic.Int64
	harmless := s.Inject(controlplanetest.Fault{Route: "PUT /accounts/{account}/workers/scripts/shop/secrets"})
	together(t, 5, func() []any {
		status := put(s, fmt.Sprint("S", puts.Add(1)))
		env, err := s.Env("shop", "user")
		snapshot, err2 := s.Snapshot("shop")
		pages, err3 := s.Pages().Env(t.Context(), "site", controlplane.Production)
		return []any{
			status, env.Get("V"), err, snapshot.Worker(), err2, pages.Len(), err3, harmless.Count() > 0,
			len(s.Environ()),
		}
	})
	snapshot := must(s.Snapshot("shop"))
	require.Equal(t, 1+int(puts.Load()), snapshot.VersionCount())
	require.Equal(t, int(puts.Load()), harmless.Count())
}

// TestClockAndIDs checks that no time and no ID occurs twice.
func TestClockAndIDs(t *testing.T) {
	clock, ids := controlplanetest.Clock(time.Unix(0, 0), time.Second), controlplanetest.IDs()
	var reads atomic.Int64
	together(t, 100, func() bool {
		reads.Add(1)
		return clock().After(time.Unix(-1, 0)) && len(ids()) == 36
	})
	require.Equal(t, time.Unix(reads.Load(), 0).Unix(), clock().Unix())
	require.Contains(t, ids(), fmt.Sprintf("%x", reads.Load()+1))
}
