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
	ID      string    // never used for another Worker, not even after the Worker is deleted
	Name    string    // unique in the account
	Created time.Time // in UTC, to the microsecond
}

// directory is the list of an account's Workers, as the records of its log make it. Unlike a Snapshot it changes.
type directory struct {
	account  string       // the ID, for errors
	mu       sync.RWMutex // guards what follows
	revision int
	chain    chain             // of the log, up to revision
	names    map[string]string // name to ID
	workers  map[string]Worker // by ID, including deleted ones
}

func newDirectory(log, account string) *directory {
	return &directory{
		account: account, chain: newChain(log), names: make(map[string]string), workers: make(map[string]Worker),
	}
}

// Revision returns the number of records.
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

// uses reports whether a Worker has or had that ID.
func (d *directory) uses(id string) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	_, ok := d.workers[id]
	return ok
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

// event is the change of one record.
type event struct {
	kind    int // changeCreated, changeRenamed or changeDeleted
	id      string
	name    string // the new name, unless it is a deletion
	created int64  // of a creation, in microseconds since 1970
}

// record returns the next record, that of e.
func (d *directory) record(e event, id string) Record {
	d.mu.RLock()
	defer d.mu.RUnlock()
	w := newRecordWriter(d.chain, id)
	w.message(recordChange, func() {
		w.message(e.kind, func() {
			w.text(workerID, e.id)
			w.text(workerName, e.name)
			w.number(workerCreated, uint64(e.created))
		})
	})
	return w.seal()
}

// apply adds the next records. The log of an account keeps all of its records.
func (d *directory) apply(_ int, records []Record) (*directory, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range records {
		e, err := d.decode(r)
		if err == nil {
			err = d.take(e, r)
		}
		if err != nil {
			return d, &Error{Account: d.account, Record: d.revision + 1, Err: err}
		}
	}
	return d, nil
}

// take applies e, the event of r, or fails with ErrCorrupt if it can't be the next event. The caller holds mu.
func (d *directory) take(e event, r Record) error {
	w, known := d.workers[e.id]
	_, taken := d.names[e.name]
	listed := known && d.names[w.Name] == e.id
	switch {
	case e.kind == changeCreated && e.id != "" && !known && !taken:
		w = Worker{ID: e.id, Created: time.UnixMicro(e.created).UTC()}
	case e.kind == changeRenamed && listed && !taken, e.kind == changeDeleted && listed:
		delete(d.names, w.Name)
	default:
		return ErrCorrupt
	}
	if e.kind != changeDeleted {
		w.Name = e.name
		d.names[e.name] = e.id
	}
	d.workers[e.id] = w
	d.revision++
	d.chain = d.chain.with(r)
	return nil
}

// decode returns the event of the next record. The caller holds mu.
func (d *directory) decode(r Record) (event, error) {
	message, err := d.chain.open(r)
	if err != nil {
		return event{}, err
	}
	var id string
	var changes []string
	if err := scan(message, &id, &changes); err != nil {
		return event{}, err
	}
	if len(changes) == 0 {
		return event{}, ErrUnknown
	}
	var created, renamed, deleted []string
	if err := scan(changes[0], nil, nil, nil, nil, &created, &renamed, &deleted); err != nil {
		return event{}, err
	}
	for i, messages := range [][]string{created, renamed, deleted} {
		if len(messages) > 0 {
			e := event{kind: changeCreated + i}
			var created uint64
			err := scan(messages[0], &e.id, &e.name, &created)
			e.created = int64(created)
			return e, err
		}
	}
	return event{}, ErrUnknown
}
