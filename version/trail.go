package version

import (
	"hash/maphash"
	"sync"
)

// identified is what a trail is made of.
type identified interface{ ident() string }

// trail is an immutable list that is found by place and by ID. Trails that grew from one another share memory, so
// that one more item costs a constant on average; see with.
type trail[T identified] struct {
	items []T
	line  *line[T]
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
	if t.line == nil {
		return item, false
	}
	if place, ok := t.line.place(id); ok && place < len(t.items) {
		return t.items[place], true
	}
	return item, false
}

// with returns t and one more item, whose ID is new. The longest trail of a line grows in place, behind what the
// others see; any other one starts a line of its own with a copy.
func (t trail[T]) with(item T) trail[T] {
	if t.line != nil {
		if items, ok := t.line.add(len(t.items), item); ok {
			return trail[T]{items, t.line}
		}
	}
	fork := newLine[T](len(t.items) + 1)
	for i, old := range t.items {
		fork.add(i, old)
	}
	items, _ := fork.add(len(t.items), item)
	return trail[T]{items, fork}
}

// room returns t, ready for n more items if it is empty.
func (t trail[T]) room(n int) trail[T] {
	if t.line != nil {
		return t
	}
	return trail[T]{line: newLine[T](n)}
}

// line is what the trails of one line of growth share: the items of the longest one, and a hash table of their places. The
// table has numbers only, so that the garbage collector passes it by.
type line[T identified] struct {
	seed  maphash.Seed
	mu    sync.RWMutex // guards what follows
	items []T
	slots []slot // a power of 2, at most half of them in use
}

// slot is the low half of an item's hash, and its place from 1; 0 is a free slot.
type slot struct{ hash, place uint32 }

func newLine[T identified](n int) *line[T] {
	return &line[T]{seed: maphash.MakeSeed(), items: make([]T, 0, n), slots: make([]slot, tableSize(n))}
}

// tableSize returns the least size of a table of n items.
func tableSize(n int) int {
	size := 4
	for size < 2*n {
		size *= 2
	}
	return size
}

// place returns where the item of that ID is, and whether there is one.
func (l *line[T]) place(id string) (int, bool) {
	hash := l.hash(id)
	l.mu.RLock()
	defer l.mu.RUnlock()
	for i := hash; ; i++ {
		s := l.slots[int(i)&(len(l.slots)-1)]
		if s.place == 0 {
			return 0, false
		}
		if s.hash == hash && l.items[s.place-1].ident() == id {
			return int(s.place - 1), true
		}
	}
}

// add adds the item at a place, and returns the items up to it, if the place is the next free one.
func (l *line[T]) add(place int, item T) ([]T, bool) {
	hash := l.hash(item.ident())
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.items) != place {
		return nil, false
	}
	l.items = append(l.items, item)
	if size := tableSize(len(l.items)); size > len(l.slots) {
		l.grow(size)
	}
	l.put(slot{hash, uint32(len(l.items))})
	return l.items, true
}

func (l *line[T]) hash(id string) uint32 { return uint32(maphash.String(l.seed, id)) }

func (l *line[T]) grow(size int) {
	old := l.slots
	l.slots = make([]slot, size)
	for _, s := range old {
		if s.place != 0 {
			l.put(s)
		}
	}
}

func (l *line[T]) put(s slot) {
	for i := s.hash; ; i++ {
		if free := &l.slots[int(i)&(len(l.slots)-1)]; free.place == 0 {
			*free = s
			return
		}
	}
}
