package version

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"sync"

	"github.com/workerenv/workerenv/binding"
)

// Account is the Workers of one account by name: a list of them, kept in one log of a [Store], and the [History] of each,
// in a log of its own. It keeps the Histories of all Workers that it has been asked for. It is safe for concurrent use;
// any number of Accounts, in any number of processes, may share a Store.
//
// The logs are named after the account's ID: "account/ID" and "account/ID/worker/WORKER", with the IDs percent-encoded.
type Account struct {
	store Store
	id    string
	o     Options
	ring  *ring[*directory]
	mu    sync.Mutex          // guards open
	open  map[string]*History // by the Worker's ID; all that have been asked for
}

// NewAccount returns the Account of that ID in store. Nothing is read before it is asked for. An account that store knows
// nothing of has no Workers.
func NewAccount(store Store, id string, o Options) *Account {
	a := &Account{store: store, id: id, o: o, open: make(map[string]*History)}
	a.ring = newRing(store, "account/"+url.PathEscape(id), "", o, newDirectory())
	a.ring.scope = "account " + quoted(id)
	return a
}

// Workers lists the Workers in the byte order of their names.
func (a *Account) Workers(ctx context.Context) ([]Worker, error) {
	d, err := a.ring.read(ctx)
	return d.list(), err
}

// Worker returns the Worker of that name. It fails with ErrNotFound if there is none.
func (a *Account) Worker(ctx context.Context, name string) (Worker, error) {
	d, err := a.ring.read(ctx)
	if err != nil {
		return Worker{}, err
	}
	w, ok := d.named(name)
	if !ok {
		return Worker{}, &Error{Worker: name, Err: ErrNotFound}
	}
	return w, nil
}

// Create makes a Worker that has no versions, and returns its History. It fails with ErrExists if the name is taken.
func (a *Account) Create(ctx context.Context, name string) (*History, error) {
	return a.CreateWith(ctx, name, nil)
}

// CreateWith makes a Worker with the changes that first makes, as its first upload, and returns its History. Nobody
// sees the Worker without them, and if they fail there is none. Nil makes none. It fails as Create and
// [History.Update] do.
//
// The history is stored before the Worker is on the list. Who stops in between, or finds the name taken by then, leaves
// a log in the Store that is no Worker's.
func (a *Account) CreateWith(ctx context.Context, name string, first func(*Tx) error) (*History, error) {
	if _, err := a.Open(ctx, name); err == nil {
		return nil, &Error{Worker: name, Err: ErrExists}
	} else if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	created := event{changeCreated, a.o.newID(), name, a.o.now().UnixMicro()}
	h := a.newHistory(created.id, name)
	if first != nil {
		if _, err := h.Update(ctx, first); err != nil {
			return nil, err
		}
	}
	_, err := a.ring.update(ctx, -1, func(d *directory) (Record, func() *directory, error) {
		if _, ok := d.named(name); ok {
			return Record{}, nil, &Error{Worker: name, Err: ErrExists}
		}
		return a.event(d, created)
	})
	if err != nil {
		return nil, err
	}
	return a.keep(created.id, h), nil
}

// Open returns the History of the Worker of that name, with the newest Snapshot. It fails with ErrNotFound if there is no
// such Worker.
func (a *Account) Open(ctx context.Context, name string) (*History, error) {
	w, err := a.Worker(ctx, name)
	if err != nil {
		return nil, err
	}
	h := a.history(w.ID, name)
	s, err := h.Read(ctx)
	if err != nil {
		return nil, err
	}
	if s.IsDeleted() { // who deleted it did not come to the end
		if err := a.drop(ctx, w); err != nil {
			return nil, err
		}
		return nil, &Error{Worker: name, Err: ErrNotFound}
	}
	return h, nil
}

// Delete ends the history of a Worker and takes the name off the list; the name is free then, for another Worker with a
// history of its own. Changes to the deleted one fail with ErrNotFound. Unless forced, it fails with a
// [*ReferencedError] if other Workers refer to it.
func (a *Account) Delete(ctx context.Context, name string, force bool) error {
	w, err := a.Worker(ctx, name)
	if err != nil {
		return err
	}
	if !force {
		if err := a.unreferenced(ctx, name); err != nil {
			return err
		}
	}
	if _, err := a.history(w.ID, name).Update(ctx, (*Tx).close); err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	return a.drop(ctx, w)
}

// close ends the history. Since it comes before the name is free, no change to a Worker is lost in between.
func (t *Tx) close() error {
	if err := t.open(); err != nil {
		return err
	}
	t.changes, t.closed = append(t.changes, closing{}), true
	return nil
}

// drop takes w off the list, if it is still there.
func (a *Account) drop(ctx context.Context, w Worker) error {
	_, err := a.ring.update(ctx, -1, func(d *directory) (Record, func() *directory, error) {
		if now, ok := d.named(w.Name); !ok || now.ID != w.ID {
			return Record{}, nil, nil
		}
		return a.event(d, event{kind: changeDeleted, id: w.ID})
	})
	a.forget(w.ID)
	return err
}

// Rename gives a Worker another name; its ID, history and log stay. Histories that were opened before go on under the
// old name. It fails with ErrNotFound, with ErrExists if the new name is taken, and with a [*ReferencedError] if other
// Workers refer to it, unless they came to do so while it ran.
func (a *Account) Rename(ctx context.Context, name, to string) error {
	if err := a.unreferenced(ctx, name); err != nil {
		return err
	}
	_, err := a.ring.update(ctx, -1, func(d *directory) (Record, func() *directory, error) {
		w, ok := d.named(name)
		if !ok {
			return Record{}, nil, &Error{Worker: name, Err: ErrNotFound}
		}
		if _, taken := d.named(to); taken {
			return Record{}, nil, &Error{Worker: to, Err: ErrExists}
		}
		return a.event(d, event{kind: changeRenamed, id: w.ID, name: to})
	})
	return err
}

// Reference is a binding by which one Worker refers to another.
type Reference struct {
	Worker  string // the name of the Worker that has the binding
	Binding string // its name
	Kind    binding.Kind
}

// References lists the bindings of other Workers that refer to the Worker of that name, as services, Durable Objects or
// Workflows: those of their latest versions and of the versions that run. It reads all histories of the account.
func (a *Account) References(ctx context.Context, name string) ([]Reference, error) {
	workers, err := a.Workers(ctx)
	if err != nil {
		return nil, err
	}
	var list []Reference
	for _, w := range workers {
		if w.Name == name {
			continue
		}
		s, err := a.history(w.ID, w.Name).Read(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, references(s, name)...)
	}
	return list, nil
}

// references returns the bindings of s that refer to the Worker of that name, each name once.
func references(s Snapshot, name string) (list []Reference) {
	latest, _ := s.Latest()
	bindings := latest.Bindings()
	current, _ := s.Current()
	for v := range current.All() {
		bindings = v.Bindings().Merge(bindings)
	}
	for b := range bindings.All() {
		if refersTo(b, name) && !s.IsDeleted() {
			list = append(list, Reference{s.Worker(), b.Name(), b.Kind()})
		}
	}
	return list
}

func refersTo(b binding.Binding, name string) bool {
	text, ok := b.Attributes()
	if !ok {
		return false
	}
	var attributes struct {
		Service    string `json:"service"`
		ScriptName string `json:"script_name"`
	}
	if json.Unmarshal([]byte(text.Reveal()), &attributes) != nil {
		return false
	}
	switch b.Kind() {
	case "service":
		return attributes.Service == name
	case "durable_object_namespace", "workflow":
		return attributes.ScriptName == name
	}
	return false
}

func (a *Account) unreferenced(ctx context.Context, name string) error {
	list, err := a.References(ctx, name)
	if err == nil && len(list) > 0 {
		err = &ReferencedError{name, list}
	}
	return err
}

func (a *Account) event(d *directory, e event) (Record, func() *directory, error) {
	return e.record(a.o.newID()), d.next(e), nil
}

// history returns the History of a Worker, the same one as long as it has that name.
func (a *Account) history(id, name string) *History {
	a.mu.Lock()
	defer a.mu.Unlock()
	h, ok := a.open[id]
	if !ok || h.ring.name != name {
		h = a.newHistory(id, name)
		a.open[id] = h
	}
	return h
}

// keep makes h the History of a Worker, unless there is one, and returns that.
func (a *Account) keep(id string, h *History) *History {
	a.mu.Lock()
	defer a.mu.Unlock()
	if kept, ok := a.open[id]; ok {
		return kept
	}
	a.open[id] = h
	return h
}

func (a *Account) newHistory(id, name string) *History {
	return NewHistory(a.store, a.ring.log+"/worker/"+url.PathEscape(id), name, a.o)
}

func (a *Account) forget(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.open, id)
}
