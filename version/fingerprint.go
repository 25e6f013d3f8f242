package version

import (
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// Fingerprints stand for bindings, by name, where their values must not be: two bindings of one name have the same
// fingerprint under the same key if they have the same kind and value, and else, for all that can be expected, another
// one. Equal values under different names do not show. They can be stored, and compared on another machine.
type Fingerprints map[string]string

// FingerprintsOf returns the fingerprints of bindings under key: an HMAC-SHA256 for each, in 64 hexadecimal digits. The
// key is to be secret and random, 32 bytes for choice: who knows it can try values until one fits. Without a key there
// are none.
func FingerprintsOf(bindings binding.Set, key []byte) Fingerprints {
	if len(key) == 0 {
		return nil
	}
	prints := make(Fingerprints, bindings.Len())
	for b := range bindings.All() {
		prints[b.Name()] = fingerprint(b, key)
	}
	return prints
}

// Diff returns the names, in byte order, for which f and other differ.
func (f Fingerprints) Diff(other Fingerprints) []string {
	var names []string
	for name := range maps.Keys(f) {
		if print, ok := other[name]; !ok || print != f[name] {
			names = append(names, name)
		}
	}
	for name := range maps.Keys(other) {
		if _, ok := f[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// fingerprint hides the value under a key of the name's and the kind's own. It is "" without a key and for no binding.
func fingerprint(b binding.Binding, key []byte) string {
	if len(key) == 0 || b.Kind() == "" {
		return ""
	}
	mac := hmac.New(sha256.New, key)
	io.WriteString(mac, string(b.Kind())+"\x00"+b.Name())
	return textOf(b).FingerprintWith(mac.Sum(nil))
}
