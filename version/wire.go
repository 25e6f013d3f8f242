package version

import (
	"encoding/binary"
	"iter"
	"strings"
)

// The two wire types of protocol buffers in use; the low three bits of a tag.
const (
	asVarint = 0
	asBytes  = 2
)

// writer writes a message of protocol buffers.
type writer struct{ b []byte }

func (w *writer) tag(field, wireType int) {
	w.b = binary.AppendUvarint(w.b, uint64(field<<3|wireType))
}

// number writes a field, none if n is 0.
func (w *writer) number(field int, n uint64) {
	if n != 0 {
		w.tag(field, asVarint)
		w.b = binary.AppendUvarint(w.b, n)
	}
}

// text writes a field, none if s is "".
func (w *writer) text(field int, s string) {
	if s != "" {
		w.item(field, s)
	}
}

// item writes a field, for a repeated one, whatever s is.
func (w *writer) item(field int, s string) {
	w.tag(field, asBytes)
	w.b = binary.AppendUvarint(w.b, uint64(len(s)))
	w.b = append(w.b, s...)
}

// message writes a field of what fill writes.
func (w *writer) message(field int, fill func()) {
	w.tag(field, asBytes)
	start := len(w.b)
	fill()
	var size [binary.MaxVarintLen64]byte
	n := binary.PutUvarint(size[:], uint64(len(w.b)-start))
	w.b = append(w.b, size[:n]...)
	copy(w.b[start+n:], w.b[start:])
	copy(w.b[start:], size[:n])
}

// field is a field of a message: n of a number, s of anything else.
type field struct {
	tag int // the field's number and wire type, as tagNumber and tagBytes make it
	n   uint64
	s   string
}

func tagNumber(field int) int { return field<<3 | asVarint }
func tagBytes(field int) int  { return field<<3 | asBytes }

// reader reads a message of protocol buffers. After something that is not of its grammar, bad is set and rest is empty.
type reader struct {
	rest string
	bad  bool
}

// fields returns the fields up to the end, or to what is bad.
func (r *reader) fields() iter.Seq[field] {
	return func(yield func(field) bool) {
		for f, ok := r.next(); ok && yield(f); f, ok = r.next() {
		}
	}
}

// next returns the next field and whether there is one.
func (r *reader) next() (f field, ok bool) {
	if r.rest == "" {
		return field{}, false
	}
	tag := r.uvarint()
	f.tag = int(tag & (1<<31 - 1))
	switch tag & 7 {
	case asVarint:
		f.n = r.uvarint()
	case asBytes:
		f.s = r.take(r.uvarint())
	case 1:
		r.take(8)
	case 5:
		r.take(4)
	default:
		r.fail()
	}
	if tag>>3 == 0 || tag > 1<<31 {
		r.fail()
	}
	return f, !r.bad
}

func (r *reader) fail() { r.rest, r.bad = "", true }

// take returns the next n bytes.
func (r *reader) take(n uint64) string {
	if n > uint64(len(r.rest)) {
		r.fail()
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) uvarint() (n uint64) {
	for i := 0; i < len(r.rest) && i < binary.MaxVarintLen64; i++ {
		b := r.rest[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			if i == binary.MaxVarintLen64-1 && b > 1 {
				break
			}
			r.rest = r.rest[i+1:]
			return n
		}
	}
	r.fail()
	return 0
}

// origin returns a copy of o in memory of its own.
func (t texts) origin(o origin) *origin {
	notes := make([]note, len(o.notes))
	for i, n := range o.notes {
		notes[i] = note{t.of(n.key), t.of(n.text)}
	}
	return &origin{t.of(o.source), Author{t.of(o.author.ID), t.of(o.author.Email)}, notes}
}

// texts makes strings that share no memory with a record, one for all equal texts.
type texts map[string]string

func (t texts) of(s string) string {
	if s == "" {
		return ""
	}
	text, ok := t[s]
	if !ok {
		text = strings.Clone(s)
		t[text] = text
	}
	return text
}
