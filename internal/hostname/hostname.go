// Package hostname reads the hosts of requests.
package hostname

import (
	"net"
	"net/netip"
	"strings"
)

// Of returns the host of a Host header or of an address with a port, in lower case and without
// brackets.
func Of(header string) string {
	host, _, err := net.SplitHostPort(header)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(header, "["), "]")
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// IsLoopback reports whether every system takes a result of Of for this machine.
func IsLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost")
}
