package main

import (
	"fmt"
)

const controlPlaneText = `Requests over loopback, from clients in the same process that allocate nothing. Beside the control plane there is a bare net/http handler, which reads the
JSON of the request, if there is any, and writes the same JSON as the control plane, from Go values that are there. Histories have 10 versions of 10 vars and secrets;
after 1,000 puts there is a new server. Each client has a Worker of its own, but for "one Worker". A list has 10 entries. CPU is that of both ends.`

// served are the requests that are measured.
var served = []struct{ text, name string }{
	{"secret put", "secret-put"},
	{"secret put, one Worker", "secret-put-one-worker"},
	{"versions list", "versions-list"},
	{"deployments list", "deployments-list"},
	{"deployment get", "deployment-get"},
}

var clients = []int{1, 8, 64}

// serves is the name of the benchmark of a request, for the kind of handler "handler" or "bare".
func serves(request, kind string, clients int) string {
	return fmt.Sprintf("Serve/%s/%s/clients=%d", request, kind, clients)
}

func serveRatios(s samples, unit string) (list []figure) {
	for _, r := range served {
		for _, n := range clients {
			list = append(list, figure{fmt.Sprintf("%s, %d clients", r.text, n), s.ratio(serves(r.name, "handler", n), serves(r.name, "bare", n), unit)})
		}
	}
	return list
}

var serveHead = []string{"request", "clients", "requests/s", "p50", "p99", "CPU", "bytes allocated", "bare: requests/s", "CPU", "bytes allocated", "times the bytes"}

func (s samples) serveRows() (list [][]string) {
	for _, r := range served {
		for _, n := range clients {
			ours, bare := serves(r.name, "handler", n), serves(r.name, "bare", n)
			list = append(list, []string{
				r.text, fmt.Sprint(n), s.perSecond(ours), duration(s.typical(ours, "p50-ns")), duration(s.typical(ours, "p99-ns")), duration(s.typical(ours, "cpu-ns/op")),
				amount(s.typical(ours, bytesOp)), s.perSecond(bare), duration(s.typical(bare, "cpu-ns/op")), amount(s.typical(bare, bytesOp)),
				measured(s.ratio(ours, bare, bytesOp)),
			})
		}
	}
	return list
}

func (s samples) perSecond(name string) string {
	ns := s.typical(name, mean)
	if ns == 0 {
		return "-"
	}
	return count(int(1e9 / ns))
}
