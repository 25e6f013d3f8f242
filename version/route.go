package version

import (
	"math/bits"
	"strings"
)

// The headers of a request by which its sender has a say in which version answers it.
const (
	KeyHeader       = "Cloudflare-Workers-Version-Key"       // a key as for [Deployment.Pick]
	OverridesHeader = "Cloudflare-Workers-Version-Overrides" // an RFC 8941 dictionary of Worker names to version IDs
)

// at returns the version at a point of the range of all uint64. The older version, by number, has the lower part of it,
// and the newer one the rest; so when the border moves, a key can only move to the version that grows.
func (d *deployment) at(point uint64) Version {
	older, newer := d.splits[d.older], d.splits[d.count-1-d.older]
	if share, _ := bits.Mul64(point, uint64(All)); Share(share) < older.share {
		return Version{older.version}
	}
	return Version{newer.version}
}

// Pick returns the version that requests with that key get. It is the same one in every process as long as the
// deployment has the same versions and shares; from one deployment to the next of the same two versions, keys only
// move to the version whose share grows. Keys are spread by the shares. It does not allocate.
//
// It is the zero Version if d is none.
func (d Deployment) Pick(key string) Version {
	if d.d == nil {
		return Version{}
	}
	return d.d.at(mix(fnv(d.d.seed, key)))
}

// PickAt returns the version at a point of the range of all uint64, which the versions have by their shares:
// with a random point, the version of a request that has no key.
func (d Deployment) PickAt(point uint64) Version {
	if d.d == nil {
		return Version{}
	}
	return d.d.at(point)
}

// Request is what [Deployment.Route] knows of a request.
type Request struct {
	Worker string              // the name of the Worker, by which an override speaks of it
	Header map[string][]string // an http.Header, with keys in canonical form
	Point  uint64              // a random number, for requests that neither have a key nor an override
}

// Reason says why a request gets its version.
type Reason string

// The reasons. Where several hold, the first of them in this order decides.
const (
	ByOverride Reason = "override" // the request names a version, which is in the deployment
	ByKey      Reason = "key"      // the request has a key
	ByShare    Reason = "share"    // by chance
)

// Route returns the version that answers a request, and why. An override holds for any version of the deployment, even
// with a share of 0. A header of overrides that is no dictionary, or names a version that is not in the
// deployment, has no effect, and neither has an empty key.
//
// It is the zero Version if d is none.
func (d Deployment) Route(r Request) (Version, Reason) {
	if id, ok := override(r.Header[OverridesHeader], r.Worker); ok {
		if v, ok := d.Version(id); ok {
			return v, ByOverride
		}
	}
	if key := strings.Join(r.Header[KeyHeader], ", "); key != "" {
		return d.Pick(key), ByKey
	}
	return d.PickAt(r.Point), ByShare
}

const fnvOffset = 14695981039346656037

// fnv is the 64 bit FNV-1a hash of s, started at h.
func fnv(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// mix spreads every bit of h over all bits, since the high ones decide and FNV hardly stirs them for short keys. It is
// the end of MurmurHash3.
func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
