package version

import "sync"

// identified is an element of a series.
type identified interface{ ident() string }

// series is an immutable list whose items are found by place and by ID. A series and those that grew from it share
// memory, so that one more item takes constant time on average; see with. The zero series is empty.
type series[T identified] struct {
	items []T
	index *index[T]
}

// index is shared by a series and those that grew from it.
type index[T identified] struct {
	mu     sync.RWMutex // guards what follows
	items  []T          // of the longest series
	places map[string]int
}

// newSeries returns the series of items, which it copies. Their IDs all differ.
func newSeries[T identified](items []T) series[T] {
	x := &index[T]{places: make(map[string]int, len(items)+1)}
	for place, item := range items {
		x.add(place, item)
	}
	return series[T]{x.items, x}
}

// last returns the last item, the zero T if there is none.
func (s series[T]) last() (last T) {
	if n := len(s.items); n > 0 {
		last = s.items[n-1]
	}
	return last
}

// find returns the item of that ID and whether there is one.
func (s series[T]) find(id string) (item T, ok bool) {
	if s.index == nil {
		return item, false
	}
	s.index.mu.RLock()
	place, ok := s.index.places[id]
	s.index.mu.RUnlock()
	if !ok || place >= len(s.items) {
		return item, false
	}
	return s.items[place], true
}

// with returns s and one more item, whose ID is new. The longest series of an index grows in
// place, behind what the others see; any other one gets a copy and an index of its own.
func (s series[T]) with(item T) series[T] {
	if s.index != nil {
		if items, ok := s.index.add(len(s.items), item); ok {
			return series[T]{items, s.index}
		}
	}
	fork := newSeries(s.items)
	items, _ := fork.index.add(len(s.items), item)
	return series[T]{items, fork.index}
}

// add adds an item and returns the items up to it, if place is the next free one.
func (x *index[T]) add(place int, item T) ([]T, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.items) != place {
		return nil, false
	}
	x.items = append(x.items, item)
	x.places[item.ident()] = place
	return x.items, true
}
