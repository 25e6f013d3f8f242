package dashboard

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// knows reports whether a Host header has a loopback address, a name of this machine, or one of
// Options.Hosts.
func (h *Handler) knows(header string) bool {
	host := hostOf(header)
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost") ||
		host != "" && slices.ContainsFunc(h.o.Hosts, func(known string) bool { return strings.EqualFold(known, host) })
}

// hostOf returns the host of a Host header in lower case.
func hostOf(header string) string {
	host, _, err := net.SplitHostPort(header)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(header, "["), "]")
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// portOf returns the port of a Host header, "" if it has none.
func portOf(header string) string {
	_, port, _ := net.SplitHostPort(header)
	return port
}
