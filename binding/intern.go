package binding

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/maphash"
	"maps"
	"runtime"
	"strings"
	"sync"
	"weak"

	"github.com/workerenv/workerenv/internal/hidden"
)

// handle is what a Value points to. Equal texts share one handle.
type handle struct {
	text        hidden.Box[string]
	fingerprint fingerprint
}

// fingerprint is the first 32 bits of the HMAC of a text under a random key of this process. Packages
// that print memory by reflection print it, so that a reader can distinguish texts that are not
// printed. It is a uintptr because go-spew and go-cmp print these in hexadecimal.
type fingerprint uintptr

func (f fingerprint) String() string { return fmt.Sprintf("#%08x", uint32(f)) }

// interner makes equal texts share one handle, so that Values compare as pointers. It keeps no
// handle alive.
type interner struct {
	hashers sync.Pool // of *hasher
	seed    maphash.Seed
	shards  [32]shard // each has some of the texts, so that a sweep blocks the others for a short time only
}

// longKey is the length from which on the key of a text is its HMAC, since the time that a map needs
// to hash a long key would block other goroutines. A text of 32 bytes that equals the HMAC of another
// text is as unlikely as two texts with the same HMAC.
const longKey = 1 << 10

// interned returns the interner of the process.
var interned = sync.OnceValue(func() *interner {
	key := make([]byte, sha256.Size)
	rand.Read(key) // does not fail
	n := &interner{seed: maphash.MakeSeed()}
	n.hashers.New = func() any { return &hasher{mac: hmac.New(sha256.New, key)} }
	for i := range n.shards {
		n.shards[i].handles = make(map[string]weak.Pointer[handle])
	}
	return n
})

// get returns the handle of text, a new one if there is none. It hashes and copies text outside the
// lock.
func (n *interner) get(text string) *handle {
	key := text
	var sum [sha256.Size]byte
	if len(text) >= longKey {
		sum = n.hash(text)
		key = string(sum[:])
	}
	shard := &n.shards[maphash.String(n.seed, key)%uint64(len(n.shards))]
	if h := shard.find(key); h != nil {
		return h
	}
	text = strings.Clone(text) // a text cut from a file must not keep the file in memory
	if len(text) < longKey {
		sum = n.hash(text)
		key = text
	}
	return shard.add(key, &handle{hidden.New(text), fingerprint(binary.BigEndian.Uint32(sum[:]))})
}

// hash returns the HMAC of text.
func (n *interner) hash(text string) [sha256.Size]byte {
	h := n.hashers.Get().(*hasher)
	defer n.hashers.Put(h)
	return h.sum(text)
}

// shard has the handles of some of the texts.
type shard struct {
	mu      sync.Mutex
	handles map[string]weak.Pointer[handle] // by the text, or by its HMAC if it is long
	swept   bool                            // whether sweep runs after the next garbage collection
}

// find returns the handle of the text with that key, nil if there is none.
func (s *shard) find(key string) *handle {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.handles[key].Value()
}

// add adds h under key and returns it. If another goroutine has added a handle under key already, add
// returns that one.
func (s *shard) add(key string, h *handle) *handle {
	s.mu.Lock()
	defer s.mu.Unlock()
	if other := s.handles[key].Value(); other != nil {
		return other
	}
	s.handles[key] = weak.Make(h)
	s.sweepLater()
	return h
}

// sweepLater arranges for sweep to run after the next garbage collection. One cleanup for the whole
// map takes half the memory of one for each handle. The caller holds s.mu.
func (s *shard) sweepLater() {
	if !s.swept {
		s.swept = true
		runtime.AddCleanup(new(garbage), (*shard).sweep, s)
	}
}

// garbage is an unreachable object, whose cleanup runs after the next garbage collection. It has a
// pointer, since objects without pointers may share a block of memory.
type garbage struct{ _ *garbage }

// sweep removes the handles that have been collected. If most have been, it makes a smaller map.
func (s *shard) sweep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.handles)
	maps.DeleteFunc(s.handles, func(_ string, p weak.Pointer[handle]) bool { return p.Value() == nil })
	if len(s.handles) < before/2 {
		s.handles = maps.Collect(maps.All(s.handles)) // a map keeps its size, and so does a clone
	}
	s.swept = false
	if len(s.handles) > 0 {
		s.sweepLater()
	}
}

// hasher computes HMACs. Hashers are reused, since it takes time to prepare the key.
type hasher struct {
	mac    hash.Hash
	buffer [1 << 10]byte
}

// sum returns the HMAC of text. It copies text piece by piece and clears the copies.
func (h *hasher) sum(text string) (sum [sha256.Size]byte) {
	for len(text) > 0 {
		n := copy(h.buffer[:], text)
		h.mac.Write(h.buffer[:n])
		clear(h.buffer[:n])
		text = text[n:]
	}
	h.mac.Sum(sum[:0])
	h.mac.Reset()
	return sum
}
