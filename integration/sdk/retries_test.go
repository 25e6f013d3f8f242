package sdk

import (
	"testing"
	"time"

	"github.com/cloudflare/cloudflare-go/v6"
	"github.com/cloudflare/cloudflare-go/v6/option"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

const putRoute = "PUT /accounts/{account}/workers/scripts/shop/secrets"

// TestRetries checks that the SDK retries after errors of the server. A request that takes effect and
// then fails is repeated, and makes a second version.
func TestRetries(t *testing.T) {
	for _, test := range []struct {
		name     string
		fault    controlplanetest.Fault
		versions int
	}{
		{"too many requests", controlplanetest.Fault{RetryAfter: time.Second}, 2},
		{"server error", controlplanetest.Fault{Status: 502}, 2},
		{"dropped", controlplanetest.Fault{Drop: true}, 2},
		{"server error after the change", controlplanetest.Fault{Status: 502, AfterEffect: true}, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			api, client := deployed(t)
			test.fault.Route, test.fault.Times = putRoute, 1
			api.Inject(test.fault)
			put, err := client.Workers.Scripts.Secrets.Update(t.Context(), "shop", secret("TOKEN", "t0ken"),
				option.WithMaxRetries(2))
			require.NoError(t, err)
			conforms(t, put)
			require.Equal(t, "t0ken", env(t, api)["TOKEN"])
			require.Equal(t, test.versions, snapshot(t, api).VersionCount())
		})
	}
}

func TestNoRetry(t *testing.T) {
	api, client := deployed(t)
	api.Inject(controlplanetest.Fault{Route: putRoute, RetryAfter: time.Second})
	_, err := client.Workers.Scripts.Secrets.Update(t.Context(), "shop", secret("TOKEN", "t0ken"))
	refused(t, err, 429, 971)
	var refusal *cloudflare.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, "1", refusal.Response.Header.Get("Retry-After"))
	require.Equal(t, 1, snapshot(t, api).VersionCount())
}
