package hostname_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/hostname"
)

func TestHosts(t *testing.T) {
	for _, test := range []struct {
		header, host string
		loopback     bool
	}{
		{"localhost:8787", "localhost", true},
		{"LocalHost.", "localhost", true},
		{"shop.localhost:80", "shop.localhost", true},
		{"127.0.0.1:80", "127.0.0.1", true},
		{"127.9.9.9", "127.9.9.9", true},
		{"[::1]:80", "::1", true},
		{"[::1]", "::1", true},
		{"[::ffff:127.0.0.1]:80", "::ffff:127.0.0.1", true},
		{"localhost.example:80", "localhost.example", false},
		{"notlocalhost", "notlocalhost", false},
		{"127.0.0.1.example", "127.0.0.1.example", false},
		{"127.1", "127.1", false}, // which only some systems take for 127.0.0.1
		{"0.0.0.0:80", "0.0.0.0", false},
		{"[::]:80", "::", false},
		{"192.0.2.1:80", "192.0.2.1", false},
		{"", "", false},
	} {
		require.Equal(t, test.host, hostname.Of(test.header))
		require.Equal(t, test.loopback, hostname.IsLoopback(test.host), test.host)
	}
}
