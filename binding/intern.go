package binding

import (
	"crypto/rand"
	"hash/maphash"
	"runtime"
	"strings"
	"sync"
	"weak"
)

// handle is what a Value points to. The text is held by the closure alone: a closure is the one thing that no
// printer, encoder or dumper looks into.
type handle struct {
	// First, so that what go-spew takes for a Value in place of the handle is not the zero one; see record.
	reveal func() string
	mark   mark
}

// interner makes equal texts share one handle, so that values compare as pointers. It holds no handle alive, and of a
// text it keeps only a hash. Its zero value is ready.
type interner struct {
	once   sync.Once
	seed   maphash.Seed
	shards [16]table // each for some of the hashes, so that nobody waits long while one is swept
}

// interned is the one interner of the process.
var interned interner

// get returns the handle of text, a new one if no Value holds that text now.
func (n *interner) get(text string) *handle {
	n.once.Do(n.start)
	hash := maphash.String(n.seed, text)
	return n.shards[hash>>60].get(hash, text)
}

func (n *interner) start() {
	n.seed = maphash.MakeSeed()
	key := make([]byte, 32)
	rand.Read(key) // ends the program rather than fail
	for i := range n.shards {
		n.shards[i].marker = newMarker(key)
	}
}

// table finds handles by the hash of their text: a hash table with open addressing, in which nothing is deleted. It is made
// anew when it is full and when the collector has left much of it dead.
type table struct {
	mu     sync.Mutex
	slots  []slot // a power of two of them, or none; at least a quarter are free
	used   int    // slots that are not free
	swept  bool   // whether sweep will be called after the next collection
	marker marker
}

// slot is free if at is the zero Pointer, and dead if what at points to is gone.
type slot struct {
	hash uint64
	at   weak.Pointer[handle]
}

func (s slot) isFree() bool { return s.at == weak.Pointer[handle]{} }

func (s slot) isAlive() bool { return !s.isFree() && s.at.Value() != nil }

func (t *table) get(hash uint64, text string) *handle {
	t.mu.Lock()
	defer t.mu.Unlock()
	if h := t.find(hash, text); h != nil {
		return h
	}
	return t.add(hash, strings.Clone(text)) // a text cut from a file must not hold the whole file
}

// find returns the handle of text, nil if there is none. The caller holds mu.
func (t *table) find(hash uint64, text string) *handle {
	if t.slots == nil {
		return nil
	}
	mask := uint64(len(t.slots) - 1)
	for i := hash & mask; !t.slots[i].isFree(); i = (i + 1) & mask {
		if t.slots[i].hash != hash {
			continue
		}
		if h := t.slots[i].at.Value(); h != nil && h.reveal() == text {
			return h
		}
	}
	return nil
}

// add makes the handle of text. The caller holds mu.
func (t *table) add(hash uint64, text string) *handle {
	if 4*(t.used+1) > 3*len(t.slots) {
		t.rebuild()
	}
	h := &handle{reveal: func() string { return text }, mark: t.marker.mark(text)}
	t.put(slot{hash, weak.Make(h)})
	t.watch()
	return h
}

// put uses the first free slot for s. There is one.
func (t *table) put(s slot) {
	mask := uint64(len(t.slots) - 1)
	i := s.hash & mask
	for !t.slots[i].isFree() {
		i = (i + 1) & mask
	}
	t.slots[i] = s
	t.used++
}

// rebuild drops the dead slots, and leaves at least half of the slots free. The caller holds mu.
func (t *table) rebuild() {
	alive := t.slots[:0]
	for _, s := range t.slots {
		if s.isAlive() {
			alive = append(alive, s)
		}
	}
	size := 8
	for size < 2*(len(alive)+1) {
		size *= 2
	}
	t.slots, t.used = make([]slot, size), 0
	for _, s := range alive {
		t.put(s)
	}
}

// alive counts the slots that are neither free nor dead.
func (t *table) alive() int {
	n := 0
	for _, s := range t.slots {
		if s.isAlive() {
			n++
		}
	}
	return n
}

// watch sees to it that sweep is called after the next collection. One cleanup for the whole table takes less memory
// and time than one for each handle. The caller holds mu.
func (t *table) watch() {
	if !t.swept {
		t.swept = true
		runtime.AddCleanup(new(collected), func(t *table) { t.sweep() }, t)
	}
}

// collected is made to be collected. It has a pointer in it, since the collector keeps smaller things together with others.
type collected struct{ _ *collected }

// sweep makes the table smaller if more than an eighth of it is dead, and is called again as long as there is anything in it.
func (t *table) sweep() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.swept = false
	if 8*(t.used-t.alive()) > t.used {
		t.rebuild()
	}
	if t.used > 0 {
		t.watch()
	}
}
