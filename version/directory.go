package version

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Worker is a Worker of an [Account].
type Worker struct {
	ID      string    // never that of another Worker, not even after the Worker is deleted
	Name    string    // no other Worker of the account has it
	Created time.Time // in UTC and microseconds
}

// directory is what the log of an account amounts to. Unlike a Snapshot it changes.
type directory struct {
	mu       sync.RWMutex // guards what follows
	revision int
	names    map[string]string // name to ID
	workers  map[string]Worker // by ID, also those that are deleted
}

func newDirectory() *directory {
	return &directory{names: make(map[string]string), workers: make(map[string]Worker)}
}

// Revision returns how many records have been applied.
func (d *directory) Revision() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.revision
}

// named returns the Worker of that name.
func (d *directory) named(name string) (Worker, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	id, ok := d.names[name]
	return d.workers[id], ok
}

// list returns the Workers in the order of their names.
func (d *directory) list() []Worker {
	d.mu.RLock()
	defer d.mu.RUnlock()
	list := make([]Worker, 0, len(d.names))
	for id := range maps.Values(d.names) {
		list = append(list, d.workers[id])
	}
	slices.SortFunc(list, func(a, b Worker) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// event is what one record of an account says: kind is changeCreated, changeRenamed or changeDeleted.
type event struct {
	kind    int
	id      string
	name    string // but of a deletion
	created int64  // of a creation, in microseconds since 1970
}

func (e event) record(id string) Record {
	w := &writer{make([]byte, header, 128)}
	w.text(recordID, id)
	w.message(recordChange, func() {
		w.message(e.kind, func() {
			w.text(workerID, e.id)
			w.text(workerName, e.name)
			w.number(workerCreated, uint64(e.created))
		})
	})
	return sealed(w.b)
}

// next returns the step that appends e and then applies it.
func (d *directory) next(e event) func() *directory {
	return func() *directory {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.take(e)
		return d
	}
}

func (d *directory) apply(after int, records []Record) (*directory, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range records[min(max(d.revision-after, 0), len(records)):] {
		e, err := decodeEvent(r)
		if err == nil && !d.allows(e) {
			err = ErrCorrupt
		}
		if err != nil {
			return d, &RecordError{"", d.revision + 1, err}
		}
		d.take(e)
	}
	return d, nil
}

// allows reports whether e can come next. The caller holds mu.
func (d *directory) allows(e event) bool {
	w, known := d.workers[e.id]
	_, taken := d.names[e.name]
	switch e.kind {
	case changeCreated:
		return e.id != "" && !known && !taken
	case changeRenamed:
		return d.names[w.Name] == e.id && e.id != "" && !taken
	}
	return d.names[w.Name] == e.id && e.id != ""
}

// take makes e part of d. The caller holds mu.
func (d *directory) take(e event) {
	d.revision++
	w := d.workers[e.id]
	switch e.kind {
	case changeCreated:
		w = Worker{e.id, e.name, time.UnixMicro(e.created).UTC()}
	default:
		delete(d.names, w.Name)
	}
	if e.kind != changeDeleted {
		w.Name = e.name
		d.names[e.name] = e.id
	}
	d.workers[e.id] = w
}

func decodeEvent(r Record) (e event, err error) {
	message, err := opened(r, new([]byte))
	if err != nil {
		return e, err
	}
	in := reader{rest: message}
	for f := range in.fields() {
		if f.tag == tagBytes(recordChange) {
			e.kind = 0
			err = e.change(f.s)
		}
	}
	if in.bad {
		err = ErrCorrupt
	}
	return e, err
}

func (e *event) change(message string) error {
	in := reader{rest: message}
	for f := range in.fields() {
		switch f.tag {
		case tagBytes(changeCreated), tagBytes(changeRenamed), tagBytes(changeDeleted):
			e.kind = f.tag >> 3
			return e.worker(f.s)
		}
	}
	return ErrUnknown
}

func (e *event) worker(message string) error {
	in := reader{rest: message}
	for f := range in.fields() {
		switch f.tag {
		case tagBytes(workerID):
			e.id = strings.Clone(f.s)
		case tagBytes(workerName):
			e.name = strings.Clone(f.s)
		case tagNumber(workerCreated):
			e.created = int64(f.n)
		}
	}
	if in.bad {
		return ErrCorrupt
	}
	return nil
}
