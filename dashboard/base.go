package dashboard

import "github.com/workerenv/workerenv/version"

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

// basesOf returns the versions to start from, the best one first: those that are deployed, the newest
// first, and the latest one. So a change does not deploy an undeployed version unless somebody chooses
// it.
func basesOf(s version.Snapshot) []base {
	var list []base
	current, _ := s.Current()
	for v := range current.All() {
		list = append(list, baseOf(s, v))
	}
	if len(list) == 2 && list[0].Number() < list[1].Number() {
		list[0], list[1] = list[1], list[0]
	}
	if latest := latestOf(s); !latest.IsZero() && latest.Deployed == 0 {
		list = append(list, latest)
	}
	return list
}
