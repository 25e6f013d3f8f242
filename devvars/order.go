package devvars

import (
	"hash/maphash"
	"math/bits"
	"slices"
)

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

// findOrder is isOrdered by looking at all keys. It takes two keys of one hash for one key.
func (c *content) findOrder() bool {
	if c.count <= fewKeys {
		return c.fewInOrder()
	}
	keys := manyHashes{
		table: make([]uint64, tableSize(c.likelyKeys())),
		limit: tableSize(c.count),
		seed:  maphash.MakeSeed(),
	}
	var s span
	for marks := c.marks; len(marks) > 0; {
		s, marks = readMark(marks, s.valueEnd)
		if key := c.key(s); isMoved(key) || !keys.add(key) {
			return false
		}
	}
	return true
}

// isMoved reports whether key may not be where it first occurs: an integer comes before other keys, and __proto__ nowhere.
func isMoved(key string) bool { return key[0]-'0' <= 9 || key == "__proto__" }

// fewKeys is a number of keys that it takes less time to compare one with the other than to hash well.
const fewKeys = 16

// fewInOrder is findOrder for at most fewKeys.
func (c *content) fewInOrder() bool {
	var list [fewKeys]uint64
	var s span
	n := 0
	for marks := c.marks; len(marks) > 0; n++ {
		s, marks = readMark(marks, s.valueEnd)
		key := c.key(s)
		h := quickHash(key)
		if isMoved(key) || slices.Contains(list[:n], h) {
			return false
		}
		list[n] = h
	}
	return true
}

// quickHash returns a number that keys as people choose them hardly ever have in common. It does not look at all of a key
// that is longer than 24 bytes.
func quickHash(key string) uint64 {
	h := uint64(len(key))
	if len(key) < 8 {
		for i := range len(key) {
			h = h<<8 | uint64(key[i])
		}
		return h
	}
	h ^= word(key, 0) * 0x9E3779B97F4A7C15
	h ^= bits.RotateLeft64(word(key, len(key)-8)*0xC2B2AE3D27D4EB4F, 32)
	return h ^ word(key, len(key)/2-4)*0x165667B19E3779F9
}

// manyHashes is a set of the hashes of keys. Nobody can choose keys so that their hashes come close to one another.
type manyHashes struct {
	table []uint64 // open addressing, a power of two long: 0, or a hash
	limit int      // how long the table has to get at most
	count int
	seed  maphash.Seed
}

// add puts the hash of key into the set, and reports whether it was not there.
func (m *manyHashes) add(key string) bool {
	if 4*m.count >= 3*len(m.table) {
		m.grow()
	}
	h := maphash.String(m.seed, key) | 1 // 0 is a free place
	i, found := m.find(h)
	if found {
		return false
	}
	m.table[i] = h
	m.count++
	return true
}

// find returns the place of h in the table, or the free place where it belongs.
func (m *manyHashes) find(h uint64) (int, bool) {
	mask := len(m.table) - 1
	for i := int(h>>1) & mask; ; i = (i + 1) & mask {
		if m.table[i] == 0 || m.table[i] == h {
			return i, m.table[i] == h
		}
	}
}

func (m *manyHashes) grow() {
	old := m.table
	m.table = make([]uint64, min(4*len(old), m.limit))
	for _, h := range old {
		if h != 0 {
			i, _ := m.find(h)
			m.table[i] = h
		}
	}
}

// tableSize returns how long the table of so many hashes should be.
func tableSize(count int) int {
	size := 8
	for 3*size < 4*count {
		size *= 2
	}
	return size
}
