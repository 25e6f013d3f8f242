package controlplane

import (
	"net/http"
	"net/url"
	"strings"
)

// noRoute is the endpoint of all requests that have no route.
func noRoute(c *call) (any, error) {
	path, _ := strings.CutPrefix(c.r.URL.EscapedPath(), prefix)
	for _, p := range notModeledPaths {
		n := strings.Count(p.pattern, "/") + 1
		segments := strings.SplitN(path, "/", n+1)
		if len(segments) < n {
			continue
		}
		if _, ok := match(p.pattern, strings.Join(segments[:n], "/")); ok {
			return nil, notModeled(p.what)
		}
	}
	var methods []string
	for _, r := range c.h.candidates(c.r) {
		if _, ok := match(r.pattern, path); ok {
			methods = append(methods, r.method)
		}
	}
	if len(methods) > 0 {
		return nil, errMethod(methods)
	}
	return nil, errNoRoute(c.r)
}

// Routes returns what a [Handler] serves: methods and paths below /client/v4, such as "PUT
// /accounts/{account}/workers/scripts/{script}". A name in braces stands for one segment that is not
// empty.
func Routes() []string {
	list := make([]string, len(routes))
	for i, r := range routes {
		list[i] = r.String()
	}
	return list
}

// Route returns the one of [Routes] that serves r, "" if there is none.
func (h *Handler) Route(r *http.Request) string {
	found, _ := h.findRoute(r)
	return found.String()
}

// String returns the route as in Routes, "" for a route without a pattern.
func (r route) String() string {
	if r.pattern == "" {
		return ""
	}
	return r.method + " /" + r.pattern
}

// findRoute returns the route of a request and its path values. [http.ServeMux] would not do: it
// redirects paths with a name "." or "..", and takes HEAD for GET.
func (h *Handler) findRoute(r *http.Request) (route, map[string]string) {
	path, _ := strings.CutPrefix(r.URL.EscapedPath(), prefix)
	for _, found := range h.candidates(r) {
		if found.method != r.Method {
			continue
		}
		if values, ok := match(found.pattern, path); ok {
			return found, values
		}
	}
	return route{serve: noRoute}, nil
}

// candidates returns the routes whose paths have as many segments as that of a request.
func (h *Handler) candidates(r *http.Request) []route {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), prefix)
	if !ok {
		return nil
	}
	return h.routes[strings.Count(path, "/")]
}

// match returns the unescaped segments of a path that the names in a pattern stand for, and whether
// the path matches. It has as many segments as the pattern.
func match(pattern, path string) (map[string]string, bool) {
	values := make(map[string]string)
	segments := strings.Split(path, "/")
	for i, want := range strings.Split(pattern, "/") {
		if want[0] != '{' {
			if segments[i] != want {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil || value == "" {
			return nil, false
		}
		values[strings.Trim(want, "{}")] = value
	}
	return values, true
}
