package devvars

import "hash/maphash"

// isOrdered reports whether [File.All] yields the assignments of c as they are, one after the other: no key comes twice, is an
// integer, or is __proto__. It is not asked when there is an index, which knows better.
func (c *content) isOrdered() bool {
	if c.index.Load() != nil {
		return false
	}
	if !c.ordered.Load() && c.findOrder() {
		c.ordered.Store(true)
	}
	return c.ordered.Load()
}

// findOrder is isOrdered by looking at all keys, but for keys of one hash, which it takes for one key.
func (c *content) findOrder() bool {
	var small [32]uint64 // enough for most files
	set := hashes{table: small[:], seed: maphash.MakeSeed()}
	if size := hashesSize(c.likelyKeys()); size > len(small) {
		set.table = make([]uint64, size)
	}
	var s span
	for marks := c.marks; len(marks) > 0; {
		s, marks = readMark(marks, s.valueEnd)
		key := c.key(s)
		if key[0]-'0' <= 9 || key == "__proto__" || !set.add(maphash.String(set.seed, key)) {
			return false
		}
	}
	return true
}

// hashes is a set of hashes.
type hashes struct {
	table []uint64 // open addressing, a power of two long: 0, or a hash
	count int
	seed  maphash.Seed
}

// add puts h into the set, and reports whether it was not there.
func (t *hashes) add(h uint64) bool {
	if 4*t.count >= 3*len(t.table) {
		t.grow()
	}
	h |= 1 // 0 is a free place
	mask := len(t.table) - 1
	i := int(h>>1) & mask
	for t.table[i] != 0 {
		if t.table[i] == h {
			return false
		}
		i = (i + 1) & mask
	}
	t.table[i] = h
	t.count++
	return true
}

// hashesSize returns how long the table of so many hashes must be.
func hashesSize(count int) int {
	size := 8
	for 3*size < 4*count {
		size *= 2
	}
	return size
}

func (t *hashes) grow() {
	old := t.table
	t.table, t.count = make([]uint64, 2*len(old)), 0
	for _, h := range old {
		if h != 0 {
			t.add(h)
		}
	}
}
