package controlplane

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// answer is a response before it is written.
type answer struct {
	status int
	header http.Header
	body   []byte
	codes  []int      // of the errors in the body, for the log
	level  slog.Level // of the record in the log
}

// rawAnswer returns an answer without an envelope.
func rawAnswer(header http.Header, body []byte) answer {
	return answer{status: http.StatusOK, header: header, body: body, codes: []int{}}
}

// envelope is what the API wraps around each JSON result.
type envelope struct {
	Result     any         `json:"result"`
	Success    bool        `json:"success"`
	Errors     []apiError  `json:"errors"`
	Messages   []apiError  `json:"messages"`
	ResultInfo *resultInfo `json:"result_info,omitempty"`
}

// apiError is an error or a message of the API. Message has no value of a var or a secret in it.
type apiError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// resultInfo says which part of a list a result is.
type resultInfo struct {
	Page       int `json:"page"`
	PerPage    int `json:"per_page"`
	Count      int `json:"count"`
	TotalCount int `json:"total_count"`
}

// page is the result of an endpoint that lists a part of a list.
type page struct {
	result any
	info   resultInfo
}

// answer serves a request.
func (h *Handler) answer(r *http.Request) answer {
	result, err := h.serve(r)
	if err != nil {
		return h.failed(r, err)
	}
	switch result := result.(type) {
	case answer:
		return result
	case page:
		return envelope{Result: result.result, Success: true, ResultInfo: &result.info}.answer(http.StatusOK)
	}
	return envelope{Result: result, Success: true}.answer(http.StatusOK)
}

func (h *Handler) serve(r *http.Request) (any, error) {
	route, values := h.findRoute(r)
	for name, value := range values {
		r.SetPathValue(name, value)
	}
	if err := h.authenticate(r, route); err != nil {
		return nil, err
	}
	c := &call{h: h, r: r}
	if id := r.PathValue("account"); id != "" {
		if !h.serves(id) {
			return nil, errAuthentication
		}
		c.account = h.account(id)
	}
	return route.serve(c)
}

// failed returns the answer for an error. It logs the error itself only if the Store failed.
func (h *Handler) failed(r *http.Request, err error) answer {
	f := failureOf(err)
	if f.level >= slog.LevelError && r.Context().Err() == nil {
		h.o.Logger.LogAttrs(r.Context(), f.level, "store failed", slog.Any("error", err))
	}
	a := envelope{Errors: f.errors}.answer(f.status)
	a.level = f.level
	maps.Copy(a.header, f.header)
	return a
}

// answer returns the answer that consists of e.
func (e envelope) answer(status int) answer {
	a := answer{status: status, header: http.Header{"Content-Type": {"application/json"}}, codes: []int{}}
	for _, err := range e.Errors {
		a.codes = append(a.codes, err.Code)
	}
	e.Errors, e.Messages = orEmpty(e.Errors), orEmpty(e.Messages)
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(e) != nil { // which is a bug: results are made of valid JSON
		return envelope{Errors: errUnknown.errors}.answer(errUnknown.status)
	}
	a.body = b.Bytes()
	return a
}

// orEmpty returns list, or an empty list for nil, which would be null in JSON.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// write sends the answer. It ignores errors: the client has gone.
func (a answer) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	w.Write(a.body)
}

// pageOf shows the page of a list that the query asks for.
func pageOf[T, Shown any](c *call, list []T, show func(T) (Shown, error)) (page, error) {
	number, size := c.natural("page", 1), min(c.natural("per_page", 10), 100)
	start := min(number-1, len(list)) * size // without overflow
	part := list[min(start, len(list)):min(start+size, len(list))]
	shown := make([]Shown, len(part))
	for i, e := range part {
		var err error
		if shown[i], err = show(e); err != nil {
			return page{}, err
		}
	}
	return page{shown, resultInfo{number, size, len(shown), len(list)}}, nil
}

// natural returns a number of the query, or otherwise if there is none or it is below 1. It bounds
// a number that is too large.
func (c *call) natural(key string, otherwise int) int {
	n, err := strconv.Atoi(c.query(key))
	if err != nil && !errors.Is(err, strconv.ErrRange) || n < 1 {
		return otherwise
	}
	return n
}

// timestamp is a time as the API writes it. wrangler compares them as texts.
type timestamp time.Time

const timeLayout = "2006-01-02T15:04:05.000000Z"

func (t timestamp) String() string { return time.Time(t).UTC().Format(timeLayout) }

// MarshalText returns the String of t.
func (t timestamp) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, timeLayout), nil
}
