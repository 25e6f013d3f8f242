package controlplanetest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// TestPrintingHidesTheToken prints what holds the API token.
func TestPrintingHidesTheToken(t *testing.T) {
	o := controlplane.Options{Token: "s3cr3t"}
	s := controlplanetest.NewServer(t, o)
	for _, x := range []any{o, s} {
		require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", x, x, x, x), "s3cr3t")
	}
}
