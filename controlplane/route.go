package controlplane

import (
	"net/url"
	"strings"
)

// prefix is where Cloudflare's API begins.
const prefix = "/client/v4/"

// route is a method and a path below prefix, in which {name} stands for one segment, and what answers it.
type route struct {
	method  string
	pattern string
	serve   endpoint
}

// table is the routes by method and number of segments, in the order in which they hold.
type table map[shape][]entry

type shape struct {
	method   string
	segments int
}

type entry struct {
	segments []string
	serve    endpoint
}

func newTable(list []route) table {
	t := make(table)
	for _, r := range list {
		segments := strings.Split(r.pattern, "/")
		key := shape{r.method, len(segments)}
		t[key] = append(t[key], entry{segments, r.serve})
	}
	return t
}

// match finds the first route for a method and an escaped path, and the unescaped segments that its pattern names.
func (t table) match(method, path string) (endpoint, map[string]string, bool) {
	rest, ok := strings.CutPrefix(path, prefix)
	if !ok || strings.Count(rest, "/") >= maxSegments {
		return nil, nil, false
	}
	segments := strings.Split(rest, "/")
	for _, e := range t[shape{method, len(segments)}] {
		if params, ok := e.params(segments); ok {
			return e.serve, params, true
		}
	}
	return nil, nil, false
}

// maxSegments is more than any pattern has.
const maxSegments = 16

// params returns what the names in the pattern stand for, if the segments of a path fit it. No segment is empty.
func (e entry) params(segments []string) (map[string]string, bool) {
	for i, want := range e.segments {
		if want[0] != '{' && segments[i] != want {
			return nil, false
		}
	}
	params := make(map[string]string)
	for i, want := range e.segments {
		if want[0] != '{' {
			continue
		}
		text, err := url.PathUnescape(segments[i])
		if err != nil || text == "" {
			return nil, false
		}
		params[strings.Trim(want, "{}")] = text
	}
	return params, true
}
