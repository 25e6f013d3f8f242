package version

import "sync"

// trail is an immutable list that is found by place and by ID. Trails that grew from one another share memory, so
// that one more item costs a constant on average; see with.
type trail[T interface{ ident() string }] struct {
	items []T
	index *index
}

// index is what the trails of one line of growth share.
type index struct {
	mu     sync.RWMutex
	places map[string]int // ID to place; all items of the longest trail of the line
}

func (t trail[T]) len() int { return len(t.items) }

// last returns the item at the end, the zero T if there is none.
func (t trail[T]) last() (last T) {
	if n := len(t.items); n > 0 {
		last = t.items[n-1]
	}
	return last
}

func (t trail[T]) find(id string) (item T, ok bool) {
	if t.index == nil {
		return item, false
	}
	if i, ok := t.index.place(id); ok && i < len(t.items) {
		return t.items[i], true
	}
	return item, false
}

// with returns t and one more item, whose ID is new. The longest trail of a line grows in place, behind what the
// others see; any other one starts a line of its own with a copy.
func (t trail[T]) with(item T) trail[T] {
	if t.index == nil || !t.index.claim(len(t.items), item.ident()) {
		t = t.fork()
		t.index.claim(len(t.items), item.ident())
	}
	return trail[T]{append(t.items, item), t.index}
}

// room returns t, ready for n more items if it is empty.
func (t trail[T]) room(n int) trail[T] {
	if t.index != nil {
		return t
	}
	return trail[T]{make([]T, 0, n), &index{places: make(map[string]int, n)}}
}

func (t trail[T]) fork() trail[T] {
	places := make(map[string]int, len(t.items)+1)
	for i, item := range t.items {
		places[item.ident()] = i
	}
	return trail[T]{append([]T(nil), t.items...), &index{places: places}}
}

func (x *index) place(id string) (int, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	i, ok := x.places[id]
	return i, ok
}

// claim takes the place for id and reports whether it was the next free one.
func (x *index) claim(place int, id string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.places) != place {
		return false
	}
	x.places[id] = place
	return true
}
