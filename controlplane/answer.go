package controlplane

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
)

// answer is a response before it is written: an envelope, or else raw bytes with a header of their own.
type answer struct {
	status   int
	envelope envelope
	raw      *rawBody
	log      slog.Level
}

// envelope is what the API wraps every JSON result in.
type envelope struct {
	Result     any         `json:"result"`
	Success    bool        `json:"success"`
	Errors     []apiError  `json:"errors"`
	Messages   []apiError  `json:"messages"`
	ResultInfo *resultInfo `json:"result_info,omitempty"`
}

// apiError is one error as the API tells it. Message has no value of a var or a secret in it.
type apiError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// resultInfo tells which part of a list a result is.
type resultInfo struct {
	Page       int `json:"page"`
	PerPage    int `json:"per_page"`
	Count      int `json:"count"`
	TotalCount int `json:"total_count"`
}

// rawBody is a response that is not JSON.
type rawBody struct {
	header http.Header
	data   []byte
}

// paged is a result that is a part of a list.
type paged struct {
	result any
	info   resultInfo
}

func succeeded(result any) answer {
	e := envelope{Success: true, Errors: []apiError{}, Messages: []apiError{}}
	switch result := result.(type) {
	case *rawBody:
		return answer{status: http.StatusOK, raw: result}
	case paged:
		e.Result, e.ResultInfo = result.result, &result.info
	default:
		e.Result = result
	}
	return answer{status: http.StatusOK, envelope: e}
}

// failed is the answer that err stands for.
func (h *Handler) failed(r *http.Request, err error) answer {
	f, level := failureOf(err)
	if level >= slog.LevelError && r.Context().Err() == nil {
		h.log.LogAttrs(r.Context(), level, "store failed", slog.Any("error", err))
	}
	return answer{status: f.status, envelope: envelope{Errors: f.errors, Messages: []apiError{}}, log: level}
}

func (a answer) level() slog.Level { return a.log }

// codes are those of the errors in the answer.
func (a answer) codes() []int {
	codes := []int{}
	for _, e := range a.envelope.Errors {
		codes = append(codes, e.Code)
	}
	return codes
}

// write sends the answer. An error in doing so means that the client has gone, to whom nothing can be said.
func (a answer) write(w http.ResponseWriter) {
	body := a.raw
	if body == nil {
		body = &rawBody{http.Header{"Content-Type": {"application/json"}}, a.envelope.encode()}
	}
	for key, values := range body.header {
		w.Header()[key] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body.data)))
	w.WriteHeader(a.status)
	w.Write(body.data)
}

// encode returns the JSON of e, in which <, > and & stand for themselves. It can't fail: all results are of types of this
// package, and the JSON texts in them have been checked.
func (e envelope) encode() []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return []byte(`{"result":null,"success":false,"errors":[{"code":10013,"message":"An unknown error has occurred."}],"messages":[]}`)
	}
	return b.Bytes()
}
