package devvars

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"sync/atomic"
)

// content is a text and where its assignments are. It does not change, but for what is found out when it is first
// asked for.
//
// Each assignment is four numbers in marks, as unsigned varints: the distance from the previous value's end to the
// key, the length of the key, the distance from there to the value, the length of the value. That is four bytes for most,
// and never more than four thirds of the text they describe.
type content struct {
	text    string
	marks   []byte
	count   int
	traits  traits
	ordered atomic.Bool // whether the assignments are known to be what File.All yields, one after the other
	index   atomic.Pointer[index]
	small   [96]byte // the marks of most files, which need no memory of their own then
}

func newContent(text string) *content {
	c := &content{text: text, traits: newTraits(text)}
	c.scan()
	return c
}

// scan finds the assignments of the text.
func (c *content) scan() {
	x := scanner{text: c.text[:min(uint64(len(c.text)), maxText)]}
	marks := c.small[:0]
	count, prev := 0, 0
	var a assignment // not the loop's own, which would be copied each time
	for ; x.next(&a); count++ {
		if cap(marks)-len(marks) < maxMark {
			marks = slices.Grow(marks, marksSize(c.text[a.start:], c.traits))
		}
		marks = appendMark(marks, a.key-prev, a.keyEnd-a.key, a.value-a.keyEnd, a.valueEnd-a.value)
		prev = a.valueEnd
	}
	c.marks, c.count = marks, count
}

const (
	maxText = math.MaxUint32            // how much of a text is read, in bytes; Node.js cannot hold an eighth of it
	maxMark = 4 * binary.MaxVarintLen32 // the length of the longest mark, in bytes
)

// marksSize estimates how long the marks of text will be: five bytes a line, and no more than there can be.
func marksSize(text string, t traits) int {
	lines := strings.Count(text, "\n")
	if t.cr {
		lines += strings.Count(text, "\r")
	}
	if t.separator {
		lines += strings.Count(text, "\xE2") // at least
	}
	return min(5*lines, len(text)+len(text)/3) + maxMark
}

func appendMark(marks []byte, gap, key, separator, value int) []byte {
	switch {
	case gap|key|separator|value < 0x80:
		return binary.LittleEndian.AppendUint32(marks, uint32(gap|key<<8|separator<<16|value<<24))
	case gap|key|separator < 0x80 && value < 0x4000:
		return append(marks, byte(gap), byte(key), byte(separator), byte(value)|0x80, byte(value>>7))
	}
	return appendLongMark(marks, gap, key, separator, value)
}

func appendLongMark(marks []byte, numbers ...int) []byte {
	for _, n := range numbers {
		marks = binary.AppendUvarint(marks, uint64(n))
	}
	return marks
}

// span is where a key and its value are in a text.
type span struct{ key, keyEnd, value, valueEnd uint32 }

// spans calls yield with each assignment in the order of the text.
func (c *content) spans(yield func(span)) {
	var s span
	for marks := c.marks; len(marks) > 0; {
		s, marks = readMark(marks, s.valueEnd)
		yield(s)
	}
}

// readMark reads the first of marks, and returns the others. The previous value ends at the given position.
func readMark(marks []byte, at uint32) (s span, rest []byte) {
	if len(marks) < 5 {
		return readLongMark(marks, at)
	}
	w := binary.LittleEndian.Uint32(marks)
	value, size := w>>24, 4
	if value >= 0x80 {
		value, size = value&0x7F|uint32(marks[4])<<7, 5
	}
	if w&0x808080 != 0 || value >= 0x4000 {
		return readLongMark(marks, at)
	}
	s.key = at + w&0xFF
	s.keyEnd = s.key + w>>8&0xFF
	s.value = s.keyEnd + w>>16&0xFF
	s.valueEnd = s.value + value
	return s, marks[size:]
}

func readLongMark(marks []byte, at uint32) (span, []byte) {
	var ends [4]uint32
	for i := range ends {
		n, size := binary.Uvarint(marks)
		at, marks = at+uint32(n), marks[size:]
		ends[i] = at
	}
	return span{ends[0], ends[1], ends[2], ends[3]}, marks
}

func (c *content) key(s span) string { return c.text[s.key:s.keyEnd] }
func (c *content) raw(s span) string { return c.text[s.value:s.valueEnd] }

// decode returns the value that the text of a value stands for.
func (c *content) decode(raw string) string {
	d := decoder{traits: c.traits}
	return d.decode(raw)
}

func (c *content) value(s span) string { return c.decode(c.raw(s)) }

// pairs calls yield with what [File.All] is to give, until yield returns false.
func (c *content) pairs(yield func(key, value string) bool) {
	if !c.isOrdered() {
		c.indexedPairs(yield)
		return
	}
	d := decoder{traits: c.traits}
	var s span
	for marks := c.marks; len(marks) > 0; {
		s, marks = readMark(marks, s.valueEnd)
		value := c.raw(s)
		if !d.isValue(value) {
			value = d.decode(value)
		}
		if !yield(c.key(s), value) {
			return
		}
	}
}

func (c *content) indexedPairs(yield func(key, value string) bool) {
	d := decoder{traits: c.traits}
	ix := c.lookupTable()
	for i := range ix.spans {
		if ix.order != nil {
			i = int(ix.order[i])
		}
		if s := ix.spans[i]; !yield(c.key(s), d.decode(c.raw(s))) {
			return
		}
	}
}
