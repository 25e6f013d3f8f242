package version

import (
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// checkpoint is the change that drops what is old. It has everything that is left, so that a reader
// can begin with its record. It is alone in the record.
type checkpoint struct {
	versions    []*version    // in the order of their numbers
	deployments []*deployment // of these versions
	settings    map[string]binding.Value
	closed      bool
}

// keptDeployments is how many of the newest deployments a checkpoint keeps.
const keptDeployments = 100

// checkpoint returns what a checkpoint after s keeps: the newest versions and deployments, the deployment that a
// rollback goes back to, and the versions of these deployments. Nothing is kept of a deleted Worker.
func (s *state) checkpoint(versions, deployments int) *checkpoint {
	if s.closed {
		return &checkpoint{closed: true}
	}
	c := &checkpoint{settings: s.settings, deployments: newestAndTarget(s.deployments.items, deployments)}
	used := make(map[int]bool)
	for _, d := range c.deployments {
		for _, p := range d.parts {
			used[p.version.number] = true
		}
	}
	for i, v := range s.versions.items {
		if i >= len(s.versions.items)-versions || used[v.number] {
			c.versions = append(c.versions, v)
		}
	}
	return c
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

func (c *checkpoint) apply(s *state) {
	s.versions, s.deployments = newSeries(c.versions), newSeries(c.deployments)
	s.settings, s.settingsAreOwn, s.closed = c.settings, false, c.closed
	s.checkpointed = s.revision + 1
}

func (c *checkpoint) write(w *writer, t *Tx) {
	w.message(changeCheckpoint, func() {
		w.item(checkpointLog, string(t.base.chain.root[:]))
		w.number(checkpointPosition, uint64(t.base.revision))
		var last *version
		for _, v := range c.versions {
			w.message(checkpointVersion, func() {
				v.writeFrom(w, last)
				w.number(versionNumber, uint64(v.number))
			})
			last = v
		}
		for _, d := range c.deployments {
			w.message(checkpointDeployment, func() { d.writeFields(w) })
		}
		for _, name := range slices.Sorted(maps.Keys(c.settings)) {
			w.message(checkpointSetting, func() { setting{name, c.settings[name]}.writeFields(w) })
		}
		if c.closed {
			w.number(checkpointClosed, 1)
		}
	})
}

// decodeCheckpoint returns the checkpoint that is the only change of a record after s, nil if the
// changes are others. It fails if the checkpoint is one of another log or place, or contradicts s.
func decodeCheckpoint(changes []string, s *state) (*checkpoint, error) {
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
	c := &checkpoint{closed: closed != 0}
	if err := d.each(versions, d.version); err != nil {
		return nil, err
	}
	if err := d.each(deployments, d.deployment); err != nil {
		return nil, err
	}
	if err := d.each(settings, c.setting); err != nil {
		return nil, err
	}
	c.versions, c.deployments = d.tx.versions, d.tx.deployments
	if !c.follows(s) {
		return nil, ErrCorrupt
	}
	return c, nil
}

// each calls read for each message. The times of versions and those of deployments overlap, so that
// each list may begin at any time.
func (d decoder) each(messages []string, read func(message string) error) error {
	d.tx.now = firstTime
	for _, message := range messages {
		if err := read(message); err != nil {
			return err
		}
	}
	return nil
}

func (c *checkpoint) setting(message string) error {
	var s setting
	err := scan(message, &s.name, &s.text)
	if c.settings == nil {
		c.settings = make(map[string]binding.Value)
	}
	c.settings[s.name] = s.text
	return err
}

// follows reports whether c can come after s, which has all changes so far or, where the log begins with c, none.
func (c *checkpoint) follows(s *state) bool {
	if c.closed || s.closed {
		return c.closed
	}
	v, d := s.versions.last(), s.deployments.last()
	return (v == nil || len(c.versions) > 0 && c.versions[len(c.versions)-1].id == v.id) &&
		(d == nil || len(c.deployments) > 0 && c.deployments[len(c.deployments)-1].id == d.id)
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
