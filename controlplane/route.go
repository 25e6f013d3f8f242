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

// match finds the first route for a method and an escaped path, and the unescaped segments that its pattern names.
func (h *Handler) match(method, path string) (endpoint, map[string]string, bool) {
	rest, ok := strings.CutPrefix(path, prefix)
	if !ok {
		return nil, nil, false
	}
	segments := strings.Split(rest, "/")
	for _, r := range h.routes {
		if r.method != method {
			continue
		}
		if params, ok := r.params(segments); ok {
			return r.serve, params, true
		}
	}
	return nil, nil, false
}

// params returns what the names in the pattern stand for, if the segments of a path fit it. No segment is empty.
func (r route) params(segments []string) (map[string]string, bool) {
	pattern := strings.Split(r.pattern, "/")
	if len(pattern) != len(segments) {
		return nil, false
	}
	params := make(map[string]string)
	for i, want := range pattern {
		name, named := strings.CutPrefix(want, "{")
		if !named && segments[i] != want {
			return nil, false
		}
		if named {
			text, err := url.PathUnescape(segments[i])
			if err != nil || text == "" {
				return nil, false
			}
			params[strings.TrimSuffix(name, "}")] = text
		}
	}
	return params, true
}
