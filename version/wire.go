package version

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/workerenv/workerenv/binding"
)

// A record is the format, the CRC-32C of what follows in little endian, the chain of the records
// before it, and a message of protocol buffers. Records of format 1 have no chain. A later
// release that writes what this one must not misread has another format.
const (
	format             = 2
	formatWithoutChain = 1
	header             = 5 // bytes before the chain
)

// The two wire types of protocol buffers in use. They are the low three bits of a tag.
const (
	asVarint = 0
	asBytes  = 2
)

func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) } // the table is made once

// writer writes a record.
type writer struct{ b []byte }

// newRecordWriter returns a writer of a record with that ID, which comes after those of c.
func newRecordWriter(c chain, id string) *writer {
	w := &writer{make([]byte, header, 512)}
	w.b = append(w.b, c.hash[:]...)
	w.text(recordID, id)
	return w
}

// seal fills in the header and returns the record.
func (w *writer) seal() Record {
	w.b[0] = format
	binary.LittleEndian.PutUint32(w.b[1:], checksum(w.b[header:]))
	return NewRecord(string(w.b))
}

func (w *writer) tag(field, wireType int) {
	w.b = binary.AppendUvarint(w.b, uint64(field<<3|wireType))
}

// number writes a field, unless n is 0.
func (w *writer) number(field int, n uint64) {
	if n != 0 {
		w.tag(field, asVarint)
		w.b = binary.AppendUvarint(w.b, n)
	}
}

// text writes a field, unless s is "".
func (w *writer) text(field int, s string) {
	if s != "" {
		w.item(field, s)
	}
}

// item writes a field, also if s is "". Repeated fields need that.
func (w *writer) item(field int, s string) {
	w.tag(field, asBytes)
	w.b = binary.AppendUvarint(w.b, uint64(len(s)))
	w.b = append(w.b, s...)
}

// message writes a field that is a message; fill writes its fields.
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

// isIntact reports whether data is that of a whole record.
func isIntact(data string) bool {
	b := []byte(data)
	return len(b) >= header && binary.LittleEndian.Uint32(b[1:]) == checksum(b[header:])
}

// scan reads a message whose fields have the numbers 1, 2 and so on into what to points to: *string and *binding.Value
// for a text, *uint64 for a number, *[]string for all texts of a repeated field, nil for a field to be ignored. Texts
// share the memory of message. It ignores other fields, and fails with ErrCorrupt if the message is malformed.
func scan(message string, to ...any) error {
	r := reader{rest: message}
	for r.rest != "" && !r.bad {
		tag := r.uvarint()
		field, target := tag>>3, any(nil)
		if field-1 < uint64(len(to)) {
			target = to[field-1]
		}
		switch tag & 7 {
		case asVarint:
			number := r.uvarint()
			if p, ok := target.(*uint64); ok {
				*p = number
			}
		case asBytes:
			text := r.take(r.uvarint())
			switch p := target.(type) {
			case *string:
				*p = text
			case *binding.Value:
				*p = binding.NewValue(text)
			case *[]string:
				*p = append(*p, text)
			}
		case 1:
			r.take(8)
		case 5:
			r.take(4)
		default:
			r.bad = true
		}
		r.bad = r.bad || field == 0 || tag > 1<<31
	}
	if r.bad {
		return ErrCorrupt
	}
	return nil
}

// reader reads a message. If that is malformed, it sets bad.
type reader struct {
	rest string
	bad  bool
}

// take returns the next n bytes.
func (r *reader) take(n uint64) string {
	if n > uint64(len(r.rest)) {
		r.bad = true
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) uvarint() uint64 {
	n, size := binary.Uvarint([]byte(r.rest[:min(len(r.rest), binary.MaxVarintLen64)]))
	if size <= 0 {
		r.bad = true
		return 0
	}
	r.rest = r.rest[size:]
	return n
}
