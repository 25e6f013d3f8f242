package jsvalue

import (
	"cmp"
	"iter"
	"slices"
)

// Map is an ordered map from property names to values, in the order of a JavaScript object: integer-like keys first,
// ascending, then the others as they were first set. The zero Map is empty and ready to use.
//
// A Map is not safe for concurrent changes. A copy of a Map shares its contents; use only one of them for changes.
type Map[V any] struct {
	keys    []string // in order of insertion
	values  []V
	index   map[string]int // key -> place; nil while there are few keys
	integer bool           // whether some key is integer-like
}

// few is a number of keys that are searched faster one by one than by hash.
const few = 8

// Set makes value the value of key. A key that is already set keeps its place.
func (m *Map[V]) Set(key string, value V) {
	if i, ok := m.find(key); ok {
		m.values[i] = value
		return
	}
	if _, ok := ArrayIndex(key); ok {
		m.integer = true
	}
	m.keys, m.values = append(m.keys, key), append(m.values, value)
	switch {
	case m.index != nil:
		m.index[key] = len(m.keys) - 1
	case len(m.keys) > few:
		m.makeIndex(2 * few)
	}
}

// Get returns the value of key, and whether key is set.
func (m *Map[V]) Get(key string) (value V, ok bool) {
	if i, ok := m.find(key); ok {
		return m.values[i], true
	}
	return value, false
}

func (m *Map[V]) find(key string) (int, bool) {
	if m.index != nil {
		i, ok := m.index[key]
		return i, ok
	}
	i := slices.Index(m.keys, key)
	return i, i >= 0
}

func (m *Map[V]) makeIndex(size int) {
	m.index = make(map[string]int, size)
	for i, key := range m.keys {
		m.index[key] = i
	}
}

// Len returns the number of keys.
func (m *Map[V]) Len() int { return len(m.keys) }

// Grow makes room for n more keys.
func (m *Map[V]) Grow(n int) {
	m.keys, m.values = slices.Grow(m.keys, n), slices.Grow(m.values, n)
	if m.index == nil && len(m.keys)+n > few {
		m.makeIndex(len(m.keys) + n)
	}
}

// Keys returns the keys in JavaScript's order. The caller owns the slice.
func (m *Map[V]) Keys() []string {
	keys := slices.Clone(m.keys)
	if m.integer {
		slices.SortStableFunc(keys, CompareKeys)
	}
	return keys
}

// Values returns the values in the order of Keys. The caller must not change the slice, which may be part of the map.
func (m *Map[V]) Values() []V {
	if !m.integer {
		return m.values
	}
	values := make([]V, 0, len(m.values))
	for _, v := range m.All() {
		values = append(values, v)
	}
	return values
}

// All returns the keys and values in the order of Keys. The map must not be changed during the iteration.
func (m *Map[V]) All() iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		if !m.integer {
			for i, key := range m.keys {
				if !yield(key, m.values[i]) {
					return
				}
			}
			return
		}
		for _, key := range m.Keys() {
			if v, _ := m.Get(key); !yield(key, v) {
				return
			}
		}
	}
}

// CompareKeys compares two keys by their order in a JavaScript object, as far as it does not depend on when they were
// added: integer-like keys are first, ascending, and all others are equal. A stable sort by it puts keys in order.
func CompareKeys(a, b string) int {
	i, aok := ArrayIndex(a)
	j, bok := ArrayIndex(b)
	switch {
	case aok && bok:
		return cmp.Compare(i, j)
	case aok:
		return -1
	case bok:
		return 1
	}
	return 0
}

// ArrayIndex returns the number that key is as an array index: a canonical decimal from 0 to 4294967294. Such
// keys come first in every JavaScript object.
func ArrayIndex(key string) (uint32, bool) {
	if key == "" || len(key) > 10 || key[0] == '0' && len(key) > 1 {
		return 0, false
	}
	var n uint64
	for i := range len(key) {
		d := key[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + uint64(d)
	}
	return uint32(n), n < 1<<32-1
}
