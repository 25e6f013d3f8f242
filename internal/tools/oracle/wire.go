package oracle

import (
	"encoding/binary"
	"errors"
)

// A frame is a 32-bit big-endian length and as many bytes; inside it, a count is such a number, and a text is
// a count of bytes and the bytes. js/frames.cjs is the other half.

var errFrame = errors.New("malformed reply")

// statuses are the endings that the number at the start of each reply stands for.
var statuses = []Ending{Answered, Threw, Hung, OutOfMemory}

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

func (r *frameReader) entries() []Entry {
	n := r.count()
	if n > len(r.rest)/8 { // each has two counts
		r.bad = true
		return nil
	}
	entries := make([]Entry, n)
	for i := range entries {
		entries[i] = Entry{Key: r.text(), Value: r.text()}
	}
	return entries
}

// open reads the status of a reply. What the frameReader has left is the body of an Answered reply, or the message of
// one that Threw.
func open(reply []byte) (frameReader, Ending, error) {
	r := frameReader{rest: reply}
	status := r.count()
	if r.bad || status >= len(statuses) {
		return r, "", errFrame
	}
	return r, statuses[status], nil
}

// decodeAnswer reads a reply whose body is a list of entries.
func decodeAnswer(reply []byte) (Answer, error) {
	r, ending, err := open(reply)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Ending: ending}
	switch ending {
	case Answered:
		a.Entries = r.entries()
	case Threw:
		a.Message = r.text()
	default:
		return a, nil
	}
	if r.bad || len(r.rest) > 0 {
		return Answer{}, errFrame
	}
	return a, nil
}
