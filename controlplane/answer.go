package controlplane

import (
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"sync"
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
	Result     any
	Success    bool
	Errors     []apiError
	Messages   []apiError
	ResultInfo *resultInfo
}

// apiError is one error as the API tells it. Message has no value of a var or a secret in it.
type apiError struct {
	Code    int
	Message string
}

func (e apiError) appendJSON(b []byte) []byte {
	b = strconv.AppendInt(append(b, `{"code":`...), int64(e.Code), 10)
	return append(appendMember(b, `,"message":`, e.Message), '}')
}

// resultInfo tells which part of a list a result is.
type resultInfo struct{ Page, PerPage, Count, TotalCount int }

func (i resultInfo) appendJSON(b []byte) []byte {
	b = strconv.AppendInt(append(b, `{"page":`...), int64(i.Page), 10)
	b = strconv.AppendInt(append(b, `,"per_page":`...), int64(i.PerPage), 10)
	b = strconv.AppendInt(append(b, `,"count":`...), int64(i.Count), 10)
	b = strconv.AppendInt(append(b, `,"total_count":`...), int64(i.TotalCount), 10)
	return append(b, '}')
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
	e := envelope{Success: true}
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
	return answer{status: f.status, envelope: envelope{Errors: f.errors}, log: level}
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
func (a answer) write(w http.ResponseWriter, spare *buffers) {
	if a.raw != nil {
		maps.Copy(w.Header(), a.raw.header)
		send(w, a.status, a.raw.data)
		return
	}
	buffer := spare.get()
	defer spare.put(buffer)
	*buffer = a.envelope.appendJSON(*buffer)
	w.Header().Set("Content-Type", "application/json")
	send(w, a.status, *buffer)
}

func send(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

// buffers are memory to write answers in. They are emptied before they are used again, and the zero value is ready.
type buffers struct{ pool sync.Pool }

// maxSpare is the size in bytes up to which a buffer is kept.
const maxSpare = 1 << 20

func (s *buffers) get() *[]byte {
	if buffer, ok := s.pool.Get().(*[]byte); ok {
		return buffer
	}
	return new([]byte)
}

func (s *buffers) put(buffer *[]byte) {
	if cap(*buffer) <= maxSpare {
		clear(*buffer)
		*buffer = (*buffer)[:0]
		s.pool.Put(buffer)
	}
}

// appendJSON appends the JSON of e and a line feed. It can't fail: all results are of types of this package, and the JSON texts in them have
// been checked.
func (e envelope) appendJSON(b []byte) []byte {
	text, err := appendValue(append(b, `{"result":`...), e.Result)
	if err != nil {
		return append(b, `{"result":null,"success":false,"errors":[{"code":10013,"message":"An unknown error has occurred."}],"messages":[]}`...)
	}
	text = strconv.AppendBool(append(text, `,"success":`...), e.Success)
	text = appendList(append(text, `,"errors":`...), e.Errors)
	text = appendList(append(text, `,"messages":`...), e.Messages)
	if e.ResultInfo != nil {
		text = e.ResultInfo.appendJSON(append(text, `,"result_info":`...))
	}
	return append(text, "}\n"...)
}
