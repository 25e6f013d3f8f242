package oracle

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A frame is a 32-bit big-endian length and as many bytes; inside it, a count is such a number, and a text is
// a count of bytes and the bytes. js/frames.cjs is the other half.

var errFrame = errors.New("malformed reply")

// status values that open each reply.
const (
	statusOK = iota
	statusThrew
)

func appendCount(b []byte, n int) []byte { return binary.BigEndian.AppendUint32(b, uint32(n)) }

func appendText[T string | []byte](b []byte, text T) []byte {
	return append(appendCount(b, len(text)), text...)
}

// frameReader takes counts and texts from a reply. After the first malformed one it gives zero values and ok is
// false.
type frameReader struct {
	rest []byte
	bad  bool
}

func (r *frameReader) count() int {
	if len(r.rest) < 4 {
		r.bad, r.rest = true, nil
		return 0
	}
	n := binary.BigEndian.Uint32(r.rest)
	r.rest = r.rest[4:]
	return int(n)
}

func (r *frameReader) text() string {
	n := r.count()
	if n > len(r.rest) {
		r.bad, r.rest = true, nil
		return ""
	}
	text := string(r.rest[:n])
	r.rest = r.rest[n:]
	return text
}

// body reads the status of a reply and gives what follows it, or the message of what the tool threw.
func body(reply []byte) (r frameReader, message string, status int, err error) {
	r = frameReader{rest: reply}
	status = r.count()
	if status == statusThrew {
		message = r.text()
	}
	if r.bad || status > statusThrew {
		return r, "", status, errFrame
	}
	return r, message, status, nil
}

// decodeAnswer reads a reply whose body is a list of entries.
func decodeAnswer(reply []byte) (Answer, error) {
	r, message, status, err := body(reply)
	if err != nil {
		return Answer{}, err
	}
	if status == statusThrew {
		return Answer{Ending: Threw, Message: message}, nil
	}
	n := r.count()
	if n > len(r.rest)/8 {
		return Answer{}, fmt.Errorf("%w: %d entries in %d bytes", errFrame, n, len(r.rest))
	}
	a := Answer{Ending: Answered, Entries: make([]Entry, n)}
	for i := range a.Entries {
		a.Entries[i] = Entry{Key: r.text(), Value: r.text()}
	}
	if r.bad || len(r.rest) > 0 {
		return Answer{}, errFrame
	}
	return a, nil
}
