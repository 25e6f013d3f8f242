package devvars

import (
	"encoding/binary"
	"math"
	"strings"
	"sync/atomic"
)

// content is a text and where its assignments are. It does not change, but for the index that is built when it is first
// asked for.
//
// Each assignment is four numbers in marks, as unsigned varints: the distance from the previous value's end to the
// key, the length of the key, the distance from there to the value, the length of the value. That is four bytes for most,
// and never more than four thirds of the text they describe.
type content struct {
	text   string
	marks  []byte
	count  int
	traits traits
	index  atomic.Pointer[index]
}

func newContent(text string) *content {
	x := newScanner(text[:min(uint64(len(text)), maxText)])
	c := &content{text: text, marks: make([]byte, 0, marksSize(text))}
	if !x.plain {
		c.traits.cr = strings.IndexByte(text, '\r') >= 0
		c.traits.separator = hasSeparator(text)
	}
	prev := 0
	for a := (assignment{}); x.next(&a); {
		c.mark(a.key-prev, a.keyEnd-a.key, a.value-a.keyEnd, a.valueEnd-a.value)
		prev = a.valueEnd
	}
	return c
}

// maxText is how much of a text is read, in bytes. Node.js cannot hold an eighth of it.
const maxText = math.MaxUint32

// marksSize estimates how long the marks of text will be: five bytes a line, and no more than there can be.
func marksSize(text string) int {
	return min(5*(strings.Count(text, "\n")+1), len(text)+len(text)/3)
}

func (c *content) mark(gap, key, separator, value int) {
	c.count++
	if gap|key|separator|value < 0x80 {
		c.marks = append(c.marks, byte(gap), byte(key), byte(separator), byte(value))
		return
	}
	for _, n := range [...]int{gap, key, separator, value} {
		c.marks = binary.AppendUvarint(c.marks, uint64(n))
	}
}

// span is where a key and its value are in a text.
type span struct{ key, keyEnd, value, valueEnd uint32 }

// spans calls yield with each assignment in the order of the text.
func (c *content) spans(yield func(span)) {
	marks := c.marks
	var s span
	for len(marks) > 0 {
		var n [4]int
		n, marks = readMark(marks)
		s.key = s.valueEnd + uint32(n[0])
		s.keyEnd = s.key + uint32(n[1])
		s.value = s.keyEnd + uint32(n[2])
		s.valueEnd = s.value + uint32(n[3])
		yield(s)
	}
}

func readMark(marks []byte) (n [4]int, rest []byte) {
	if marks[0]|marks[1]|marks[2]|marks[3] < 0x80 {
		return [4]int{int(marks[0]), int(marks[1]), int(marks[2]), int(marks[3])}, marks[4:]
	}
	for i := range n {
		v, size := binary.Uvarint(marks)
		n[i], marks = int(v), marks[size:]
	}
	return n, marks
}

func (c *content) key(s span) string   { return c.text[s.key:s.keyEnd] }
func (c *content) value(s span) string { return c.traits.decode(c.text[s.value:s.valueEnd]) }
