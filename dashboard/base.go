package dashboard

import (
	"cmp"
	"slices"

	"github.com/workerenv/workerenv/version"
)

// base is a version that a new one can be made from.
type base struct {
	version.Version
	Deployed version.Share
	Latest   bool
}

// baseOf returns a version of s as a base.
func baseOf(s version.Snapshot, v version.Version) base {
	latest, _ := s.Latest()
	b := base{Version: v, Latest: v == latest}
	current, _ := s.Current()
	for other, share := range current.All() {
		if other == v {
			b.Deployed = share
		}
	}
	return b
}

// latestOf returns the latest version as a base.
func latestOf(s version.Snapshot) base {
	latest, _ := s.Latest()
	return baseOf(s, latest)
}

// basesOf returns the versions to start from, the best one first: those that requests get, the newest first, and then
// those that are deployed with a share of 0 and the latest one. So a change does not deploy an undeployed version
// unless somebody chooses it.
func basesOf(s version.Snapshot) []base {
	var list []base
	current, _ := s.Current()
	for v := range current.All() {
		list = append(list, baseOf(s, v))
	}
	if latest := latestOf(s); !latest.IsZero() && !slices.Contains(list, latest) {
		list = append(list, latest)
	}
	slices.SortFunc(list, func(a, b base) int {
		return cmp.Or(cmp.Compare(min(b.Deployed, 1), min(a.Deployed, 1)), cmp.Compare(b.Number(), a.Number()))
	})
	return list
}
