package devvars

import (
	"hash/maphash"
	"slices"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// index lists the distinct keys of a content, each with its last value, and finds them by hash.
type index struct {
	spans []span   // in the order in which the keys first occur
	order []int32  // places in spans in JavaScript object order; nil if that is the order of spans
	table []uint32 // open addressing, a power of two long: 0, or 1 + place in spans
	seed  maphash.Seed
}

// lookupTable returns the index of c, and builds it the first time. Two goroutines may both build it: the result is the same.
func (c *content) lookupTable() *index {
	if ix := c.index.Load(); ix != nil {
		return ix
	}
	ix := newIndex(c)
	c.index.Store(ix)
	return ix
}

func newIndex(c *content) *index {
	size := 8
	for size < 2*c.likelyKeys() {
		size *= 2
	}
	ix := &index{seed: maphash.MakeSeed(), table: make([]uint32, size), spans: make([]span, 0, size/2)}
	numeric := false
	c.spans(func(s span) {
		key := c.key(s)
		if key == "__proto__" {
			return // an assignment to it makes no property in JavaScript
		}
		numeric = ix.add(c, key, s) || numeric
	})
	if numeric {
		ix.order = numericFirst(c, ix.spans)
	}
	return ix
}

// likelyKeys guesses the number of distinct keys. Duplicates are rare, but a text that is all duplicates must not cost a table
// of its length.
func (c *content) likelyKeys() int { return min(c.count, len(c.text)/16+8) }

// add puts s into the index, and reports whether its key may be an integer.
func (ix *index) add(c *content, key string, s span) bool {
	if 2*len(ix.spans) >= len(ix.table) {
		ix.grow(c)
	}
	i, found := ix.probe(c, key)
	if found {
		ix.spans[ix.table[i]-1] = s
		return false
	}
	ix.spans = append(ix.spans, s)
	ix.table[i] = uint32(len(ix.spans))
	return key[0]-'0' <= 9
}

// probe returns the place of key in the table, or the free place where it belongs.
func (ix *index) probe(c *content, key string) (int, bool) {
	mask := len(ix.table) - 1
	for i := int(maphash.String(ix.seed, key)) & mask; ; i = (i + 1) & mask {
		n := ix.table[i]
		if n == 0 {
			return i, false
		}
		if c.key(ix.spans[n-1]) == key {
			return i, true
		}
	}
}

func (ix *index) grow(c *content) {
	ix.table = make([]uint32, 2*len(ix.table))
	for n, s := range ix.spans {
		i, _ := ix.probe(c, c.key(s))
		ix.table[i] = uint32(n + 1)
	}
}

// find returns where key and its last value are.
func (ix *index) find(c *content, key string) (span, bool) {
	i, ok := ix.probe(c, key)
	if !ok {
		return span{}, false
	}
	return ix.spans[ix.table[i]-1], true
}

// numericFirst returns the places of spans with the integer-like keys first, ascending; nil if there are none.
func numericFirst(c *content, spans []span) []int32 {
	type numbered struct {
		n     uint32
		place int32
	}
	var integers []numbered
	var rest []int32
	for i, s := range spans {
		if n, ok := jsvalue.ArrayIndex(c.key(s)); ok {
			integers = append(integers, numbered{n, int32(i)})
		} else {
			rest = append(rest, int32(i))
		}
	}
	if integers == nil {
		return nil
	}
	slices.SortFunc(integers, func(a, b numbered) int { return int(int64(a.n) - int64(b.n)) })
	order := make([]int32, 0, len(spans))
	for _, e := range integers {
		order = append(order, e.place)
	}
	return append(order, rest...)
}
