package version

import (
	"math/bits"
	"strings"

	"github.com/workerenv/workerenv/internal/sfv"
)

// The request headers that choose the version.
const (
	KeyHeader       = "Cloudflare-Workers-Version-Key"       // the key of [Deployment.Pick]
	OverridesHeader = "Cloudflare-Workers-Version-Overrides" // RFC 8941: names to version IDs
)

// at returns the version at a point of the range of uint64. The version with the lower number has the lower part of the
// range, and the other one the rest. So when shares change, keys move only to the version whose share grows.
func (d Deployment) at(point uint64) Version {
	if d.d == nil {
		return Version{}
	}
	older, newer := d.d.ordered()
	if share, _ := bits.Mul64(point, uint64(All)); Share(share) < older.share {
		return Version{older.version}
	}
	return Version{newer.version}
}

// Pick returns the version that requests with that key get. Keys are spread according to the shares. Equal versions and
// shares give the same key the same version, in every process; between two deployments of the same two versions, keys
// move only to the version whose share grows. Pick does not allocate.
//
// It returns the zero Version if d is zero.
func (d Deployment) Pick(key string) Version {
	return d.at(mix(fnv(d.data().seed, key)))
}

// Route returns the version that a request gets, by the first that applies: an override in its
// header, which names any version of the deployment, also one with a share of 0; a key in its header,
// see [Deployment.Pick]; or the shares, by the random number point. Worker is the name of the Worker in
// overrides. Header is an http.Header, with keys in canonical form. An empty key is ignored, and so
// are overrides that are not a dictionary or name a version that is not in the deployment.
//
// It returns the zero Version if d is zero.
func (d Deployment) Route(worker string, header map[string][]string, point uint64) Version {
	if id, ok := sfv.String(header[OverridesHeader], worker); ok {
		if v, ok := d.Version(id); ok {
			return v
		}
	}
	if key := strings.Join(header[KeyHeader], ", "); key != "" {
		return d.Pick(key)
	}
	return d.at(point)
}

const fnvOffset = 14695981039346656037

// fnv is the 64 bit FNV-1a hash of s, started at h.
func fnv(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// mix makes all bits of the result depend on every bit of h, since at uses the high bits and FNV
// hardly changes these for short keys. It is the finalizer of MurmurHash3.
func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
