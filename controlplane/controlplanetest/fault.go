package controlplanetest

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Fault describes what goes wrong with requests to a route, see [Server.Inject]. Without Drop and
// without an error (Status, Code, Message, RetryAfter) it only delays them. The zero Fault matches
// every request and changes nothing. Negative numbers and durations count as 0.
type Fault struct {
	// Route is a method, a path below [Server.URL], or both, such as "PUT
	// /accounts/{account}/workers/scripts/shop/secrets". A segment in braces matches any segment;
	// others are compared after percent-decoding. "" matches every request.
	Route string

	// Skip is the number of matching requests that are served as usual first.
	Skip int

	// Times is the number of requests that the Fault affects; later ones are served as usual. 0
	// means all.
	Times int

	// Delay is how long a request waits first. The wait ends early, and the connection with it, if
	// the client goes away or the Server is closed.
	Delay time.Duration

	// AfterEffect serves the request first, so that its changes are made, and then delays, drops or
	// replaces the answer. Otherwise the request changes nothing during the Delay, and nothing at
	// all with Drop or an error.
	AfterEffect bool

	// Drop closes the connection without an answer, even if there is an error. Clients may then
	// repeat the request by themselves, as Go's client does with a GET on a reused connection.
	Drop bool

	// Status is the HTTP status of an error, 200 to 599: Cloudflare's API has errors with status
	// 200 as well. 0 is 429 with a RetryAfter and 500 otherwise. Any other value is 500.
	Status int

	// Code is the API's code of the error. 0 is 971 (too many requests) for status 429, and
	// otherwise 10013 (unknown error).
	Code int

	// Message is the text of the error. "" is the API's text for 971 or 10013.
	Message string

	// RetryAfter is the Retry-After header, rounded up to seconds. 0 means no header.
	RetryAfter time.Duration
}

// matches reports whether f affects r.
func (f Fault) matches(r *http.Request) bool {
	method, path, _ := strings.Cut(f.Route, " ")
	if strings.HasPrefix(method, "/") {
		method, path = "", f.Route
	}
	if method != "" && method != r.Method {
		return false
	}
	return path == "" || matchPath(path, strings.TrimPrefix(r.URL.EscapedPath(), prefix))
}

// matchPath reports whether a path matches a pattern.
func matchPath(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		matchesAny := strings.HasPrefix(want[i], "{") && strings.HasSuffix(want[i], "}")
		if !matchesAny && unescape(want[i]) != unescape(got[i]) {
			return false
		}
	}
	return true
}

// unescape returns a segment of a path without percent-encoding, or as it is if that is invalid.
func unescape(segment string) string {
	if text, err := url.PathUnescape(segment); err == nil {
		return text
	}
	return segment
}

// hasError reports whether f answers with an error.
func (f Fault) hasError() bool {
	return f.Status != 0 || f.Code != 0 || f.Message != "" || f.RetryAfter > 0
}

func (f Fault) status() int {
	switch {
	case f.Status == 0 && f.RetryAfter > 0:
		return http.StatusTooManyRequests
	case f.Status < 200 || f.Status > 599:
		return http.StatusInternalServerError
	}
	return f.Status
}

func (f Fault) code() int {
	switch {
	case f.Code != 0:
		return f.Code
	case f.status() == http.StatusTooManyRequests:
		return 971
	}
	return 10013
}

func (f Fault) message() string {
	switch {
	case f.Message != "":
		return f.Message
	case f.code() == 971:
		return "Please wait and consider throttling your request speed"
	}
	return "An unknown error has occurred. If this error persists, please report it."
}

// apiError is an error as the API writes it.
type apiError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// writeError writes the error of f.
func (f Fault) writeError(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	w.WriteHeader(f.status())
	json.NewEncoder(w).Encode(struct { // fails only if the client has gone
		Result   any        `json:"result"`
		Success  bool       `json:"success"`
		Errors   []apiError `json:"errors"`
		Messages []apiError `json:"messages"`
	}{nil, false, []apiError{{f.code(), f.message()}}, []apiError{}})
}
