package version

import (
	"cmp"
	"maps"
	"slices"
)

// checkpoint is the change that drops what is old: only the versions, deployments and settings of kept are left. It is
// alone in its record, so that a reader can begin with that.
type checkpoint struct{ kept *state }

// keptDeployments is how many of the newest deployments a checkpoint keeps.
const keptDeployments = 100

// checkpoint returns a checkpoint after s that keeps the newest versions and deployments, the deployment that a rollback
// goes back to, and the versions of these deployments. Nothing is kept of a deleted Worker.
func (s *state) checkpoint(versions, deployments int) checkpoint {
	if s.closed {
		return checkpoint{&state{closed: true}}
	}
	left := newestAndTarget(s.deployments.items, deployments)
	used := make(map[int]bool)
	for _, d := range left {
		for _, p := range d.parts {
			used[p.version.number] = true
		}
	}
	var versionsLeft []*version
	for i, v := range s.versions.items {
		if i >= len(s.versions.items)-versions || used[v.number] {
			versionsLeft = append(versionsLeft, v)
		}
	}
	return checkpoint{&state{settings: s.settings, deployments: newSeries(left), versions: newSeries(versionsLeft)}}
}

// newestAndTarget returns the newest n deployments of items and, if it is older, the one that
// [Snapshot.RollbackTarget] takes.
func newestAndTarget(items []*deployment, n int) []*deployment {
	newest := items[max(0, len(items)-n):]
	if place, _ := rollbackTarget(items); place >= 0 && place < len(items)-len(newest) {
		return append([]*deployment{items[place]}, newest...)
	}
	return newest
}

func (c checkpoint) apply(s *state) {
	s.versions, s.deployments, s.closed = c.kept.versions, c.kept.deployments, c.kept.closed
	s.settings, s.settingsAreOwn = c.kept.settings, false
	s.checkpointed = s.revision + 1
}

func (c checkpoint) write(w *writer, t *Tx) {
	w.message(changeCheckpoint, func() {
		w.item(checkpointLog, string(t.base.chain.root[:]))
		w.number(checkpointPosition, uint64(t.base.revision))
		var last *version
		for _, v := range c.kept.versions.items {
			w.message(checkpointVersion, func() {
				v.writeFrom(w, last)
				w.number(versionNumber, uint64(v.number))
			})
			last = v
		}
		for _, d := range c.kept.deployments.items {
			w.message(checkpointDeployment, func() { d.writeFields(w) })
		}
		for _, name := range slices.Sorted(maps.Keys(c.kept.settings)) {
			w.message(checkpointSetting, func() { setting{name, c.kept.settings[name]}.writeFields(w) })
		}
		if c.kept.closed {
			w.number(checkpointClosed, 1)
		}
	})
}

// decodeCheckpoint returns the checkpoint that is the only change of a record after s, nil if the changes are others. It
// fails if the checkpoint is one of another log or place, or contradicts s.
func decodeCheckpoint(changes []string, s *state) (change, error) {
	if len(changes) != 1 {
		return nil, nil
	}
	var messages []string
	err := scan(changes[0], nil, nil, nil, nil, nil, nil, nil, &messages)
	if err != nil || len(messages) == 0 {
		return nil, err
	}
	var log string
	var position, closed uint64
	var versions, deployments, settings []string
	if err := scan(messages[0], &log, &position, &versions, &deployments, &settings, &closed); err != nil {
		return nil, err
	}
	if log != string(s.chain.root[:]) || position != uint64(s.revision) {
		return nil, ErrMisplaced
	}
	d := decoder{tx: &Tx{base: new(state)}, inCheckpoint: true}
	err = cmp.Or(d.each(versions, d.version), d.each(deployments, d.deployment), d.each(settings, d.setting))
	if err != nil {
		return nil, err
	}
	kept := &state{closed: closed != 0}
	for _, c := range d.tx.changes {
		c.apply(kept)
	}
	if !kept.follows(s) {
		return nil, ErrCorrupt
	}
	return checkpoint{kept}, nil
}

// each calls read for each message. The times of versions and those of deployments overlap, so that each list may begin
// at any time.
func (d decoder) each(messages []string, read func(message string) error) error {
	d.tx.now = firstTime
	for _, message := range messages {
		if err := read(message); err != nil {
			return err
		}
	}
	return nil
}

// follows reports whether s can be what is kept of old, which has all changes so far or, where the log begins with the
// checkpoint, none.
func (s *state) follows(old *state) bool {
	if s.closed || old.closed {
		return s.closed
	}
	v, d := old.versions.last(), old.deployments.last()
	return (v == nil || s.versions.last() != nil && s.versions.last().id == v.id) &&
		(d == nil || s.deployments.last() != nil && s.deployments.last().id == d.id)
}

// resume returns the state after r, the checkpoint with which the log of s now begins, since the
// first after records have been removed.
func (s *state) resume(after int, r Record) (*state, error) {
	next := &state{worker: s.worker, revision: after, chain: s.chain.before(r)}
	changes, err := decode(r, next, true)
	if err != nil {
		return nil, err
	}
	next.add(changes, r)
	return next, nil
}
