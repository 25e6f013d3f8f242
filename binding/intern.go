package binding

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"runtime"
	"strings"
	"sync"
	"weak"
)

// handle is what a Value points to. The text is held by the closure alone: a closure is the one thing that no
// printer, encoder or dumper looks into.
type handle struct {
	fingerprint string
	reveal      func() string
}

// table makes equal texts share one handle, so that values compare as pointers. Its zero value is ready.
type table struct {
	mu   sync.Mutex
	live map[string]weak.Pointer[handle] // text to its handle; an entry may outlast its handle until remove
	mac  hash.Hash                       // HMAC under a key that only this process has
}

// interned is the one table of the process. It holds no handle alive.
var interned table

// get returns the handle of text, a new one if no Value holds that text now.
func (t *table) get(text string) *handle {
	t.mu.Lock()
	defer t.mu.Unlock()
	if h := t.live[text].Value(); h != nil {
		return h
	}
	return t.add(strings.Clone(text)) // a text cut from a file must not hold the whole file
}

// add makes the handle of text. The caller holds mu.
func (t *table) add(text string) *handle {
	if t.live == nil {
		t.live = make(map[string]weak.Pointer[handle])
		t.mac = newMAC()
	}
	h := &handle{fingerprint: t.fingerprint(text), reveal: func() string { return text }}
	t.live[text] = weak.Make(h)
	runtime.AddCleanup(h, t.remove, text)
	return h
}

// remove forgets text, unless it has a newer handle.
func (t *table) remove(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.live[text].Value() == nil {
		delete(t.live, text)
	}
}

func (t *table) fingerprint(text string) string {
	t.mac.Reset()
	io.WriteString(t.mac, text)
	var sum [sha256.Size]byte
	return "value#" + hex.EncodeToString(t.mac.Sum(sum[:0])[:4])
}

func newMAC() hash.Hash {
	var key [32]byte
	rand.Read(key[:]) // ends the program rather than fail
	return hmac.New(sha256.New, key[:])
}
