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

// Fault is what goes wrong with requests to a route, see [Server.Inject]. With neither Drop nor an error in it (Status, Code,
// Message, RetryAfter) it delays them only. The zero Fault happens to every request and changes nothing. Numbers and times below
// 0 are as 0.
type Fault struct {
	// Route is a method, a path below [Server.URL], or both, as "PUT /accounts/{account}/workers/scripts/shop/secrets". A
	// segment in braces stands for any one; the others are compared as what their percent-encoding means. "" is every
	// request.
	Route string

	Skip  int // how many requests to the Route are served as usual before it happens first
	Times int // how many it happens to; those that come later are served as usual. 0 is all

	// Delay is how long a request waits for what happens to it. It ends early, and the connection with it, if the client
	// goes away or the Server is closed.
	Delay time.Duration

	// AfterEffect has the request served first, so that what it changes is changed, and only the answer is delayed, lost, or
	// replaced by an error. Without it the request changes nothing until the Delay is over, and nothing at all if there is
	// Drop or an error.
	AfterEffect bool

	// Drop closes the connection without an answer, even if there is an error to answer with. Clients may repeat the request
	// by themselves then, as Go's does with a GET on a connection that has been used before.
	Drop bool

	// Status is the HTTP status of an error in the form of Cloudflare's API: 200 to 599, since its errors come with 200, too.
	// 0 is 429 if there is a RetryAfter and 500 otherwise; so is any status out of these bounds 500.
	Status int

	// Code is the API's code of the error; 0 is 971 (too many requests) with the status 429, and otherwise 10013 (unknown
	// error). Message is its text; "" is the API's for 971 or for 10013.
	Code    int
	Message string

	// RetryAfter is the value of the header Retry-After, rounded up to seconds. 0 is no header.
	RetryAfter time.Duration
}

// matches reports whether r is a request to the route of f.
func (f Fault) matches(r *http.Request) bool {
	method, path, _ := strings.Cut(f.Route, " ")
	if strings.HasPrefix(method, "/") {
		method, path = "", f.Route
	}
	if method != "" && method != r.Method {
		return false
	}
	return path == "" || fits(path, strings.TrimPrefix(r.URL.EscapedPath(), prefix))
}

// fits reports whether a path is one of those that a pattern stands for.
func fits(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		anyOne := strings.HasPrefix(want[i], "{") && strings.HasSuffix(want[i], "}")
		if !anyOne && decoded(want[i]) != decoded(got[i]) {
			return false
		}
	}
	return true
}

// decoded returns what a segment of a path means.
func decoded(segment string) string {
	if text, err := url.PathUnescape(segment); err == nil {
		return text
	}
	return segment
}

// answers reports whether f has an error to answer with.
func (f Fault) answers() bool {
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

// apiError is an error in the form of the API.
type apiError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// write answers with the error of f.
func (f Fault) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	w.WriteHeader(f.status())
	json.NewEncoder(w).Encode(struct { // which fails only if the client has gone
		Result   any        `json:"result"`
		Success  bool       `json:"success"`
		Errors   []apiError `json:"errors"`
		Messages []apiError `json:"messages"`
	}{nil, false, []apiError{{f.code(), f.message()}}, []apiError{}})
}
