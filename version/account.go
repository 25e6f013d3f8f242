package version

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"sync"

	"github.com/workerenv/workerenv/binding"
)

// Account is the Workers of one account by name: a list of them in one log of a [Store], and the [History] of each one
// in its own log. It keeps the Histories of all Workers that were opened. It comes from [NewAccount]; the zero Account
// is not usable. It is safe for concurrent use. Any number of Accounts, in any number of processes, may share a Store.
//
// The names of the logs are "account/ID" and "account/ID/worker/WORKER", with both IDs percent-encoded.
type Account struct {
	store   Store
	o       Options
	journal *journal[*directory]
	mu      sync.Mutex          // guards open
	open    map[string]*History // by the Worker's ID
}

// NewAccount returns the Account of that ID in store. It reads nothing yet. An account that store
// does not have yet has no Workers.
func NewAccount(store Store, id string, o Options) *Account {
	o = o.withDefaults()
	log := "account/" + url.PathEscape(id)
	j := newJournal(store, log, Error{Account: id}, o, newDirectory(log, id))
	return &Account{store: store, o: o, journal: j, open: make(map[string]*History)}
}

// Workers returns the Workers in the byte order of their names.
func (a *Account) Workers(ctx context.Context) ([]Worker, error) {
	d, err := a.journal.read(ctx)
	return d.list(), err
}

// Worker returns the Worker of that name. It fails with ErrNotFound if there is none.
func (a *Account) Worker(ctx context.Context, name string) (Worker, error) {
	d, err := a.journal.read(ctx)
	if err != nil {
		return Worker{}, err
	}
	w, ok := d.named(name)
	if !ok {
		return Worker{}, &Error{Worker: name, Err: ErrNotFound}
	}
	return w, nil
}

// Create makes a Worker without versions and returns its History. It fails with ErrExists if the name is taken.
func (a *Account) Create(ctx context.Context, name string) (*History, error) {
	return a.CreateWith(ctx, name, nil)
}

// CreateWith makes a Worker with the changes of first, for example its first upload, and returns
// its History. The Worker is never visible without the changes, and is not made if they fail. Nil
// makes no changes. It fails as Create and [History.Update] do.
//
// The history is stored before the Worker is listed. A crash in between, or another Worker of
// that name, leaves an orphaned log in the Store.
func (a *Account) CreateWith(ctx context.Context, name string, first func(*Tx) error) (*History, error) {
	if _, err := a.Open(ctx, name); err == nil {
		return nil, &Error{Worker: name, Err: ErrExists}
	} else if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	created := event{kind: changeCreated, id: a.o.NewID(), name: name, created: a.o.Now().UnixMicro()}
	if created.id == "" || a.journal.cached().uses(created.id) {
		return nil, &Error{Worker: name, Err: ErrID}
	}
	h := a.history(created.id, name)
	var err error
	if first != nil {
		_, err = h.Update(ctx, first)
	}
	if err == nil {
		err = a.update(ctx, func(d *directory) (event, error) {
			if _, taken := d.named(name); taken {
				return event{}, &Error{Worker: name, Err: ErrExists}
			}
			return created, nil
		})
	}
	if err != nil {
		a.forget(created.id)
		return nil, err
	}
	return h, nil
}

// Open returns the History of the Worker of that name, after reading it. It fails with
// ErrNotFound if there is no such Worker.
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
	if s.IsDeleted() { // a deletion was interrupted before the Worker was removed from the list
		if err := a.drop(ctx, w); err != nil {
			return nil, err
		}
		return nil, &Error{Worker: name, Err: ErrNotFound}
	}
	return h, nil
}

// Delete ends the history of a Worker and removes the Worker from the list. Then another Worker
// can have the name. Changes to the deleted one fail with ErrNotFound. Delete fails with
// ErrNotFound and, unless forced, with a [*ReferencedError] if other Workers refer to the Worker.
//
// The history ends before the name is free, so that no change is lost in between.
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

// drop removes w, whose history has ended, from the list, if it is still there. If Options say so, it
// erases the history first, so that a crash in between leaves no values.
func (a *Account) drop(ctx context.Context, w Worker) error {
	defer a.forget(w.ID)
	if a.o.CompactAfter > 0 {
		a.history(w.ID, w.Name).tryCompact(ctx)
	}
	return a.update(ctx, func(d *directory) (event, error) {
		if now, ok := d.named(w.Name); !ok || now.ID != w.ID {
			return event{}, nil
		}
		return event{kind: changeDeleted, id: w.ID}, nil
	})
}

// Rename gives a Worker another name. Its ID, history and log stay the same. Histories opened before keep the old name.
// It fails with ErrNotFound, with ErrExists if the new name is taken, and with a [*ReferencedError] if other Workers
// refer to the Worker. References made while it runs may be missed.
func (a *Account) Rename(ctx context.Context, name, to string) error {
	if err := a.unreferenced(ctx, name); err != nil {
		return err
	}
	return a.update(ctx, func(d *directory) (event, error) {
		w, ok := d.named(name)
		if !ok {
			return event{}, &Error{Worker: name, Err: ErrNotFound}
		}
		if _, taken := d.named(to); taken {
			return event{}, &Error{Worker: to, Err: ErrExists}
		}
		return event{kind: changeRenamed, id: w.ID, name: to}, nil
	})
}

// update appends the event that change makes of the newest list, unless it is the zero event.
func (a *Account) update(ctx context.Context, change func(*directory) (event, error)) error {
	_, err := a.journal.update(ctx, -1, func(d *directory) (Record, func() *directory, error) {
		e, err := change(d)
		if err != nil || e.kind == 0 {
			return Record{}, nil, err
		}
		r := d.record(e, a.o.NewID())
		return r, func() *directory {
			d.apply(0, []Record{r})
			return d
		}, nil
	})
	return err
}

// Reference is a binding of one Worker that refers to another one.
type Reference struct {
	Worker  string // the name of the Worker that has the binding
	Binding string // the name of the binding
	Kind    binding.Kind
}

// References returns the bindings of other Workers that refer to the Worker of that name as a service, a Durable Object
// or a Workflow, in their latest and their deployed versions. It reads all histories of the account.
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

// references returns the bindings of s that refer to the Worker of that name, each binding name once.
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

// refersTo reports whether b refers to the Worker of that name.
func refersTo(b binding.Binding, name string) bool {
	keys := map[binding.Kind]string{
		"service": "service", "durable_object_namespace": "script_name", "workflow": "script_name",
	}
	key, refers := keys[b.Kind()]
	text, _ := b.Attributes()
	var attributes map[string]any
	return refers && json.Unmarshal([]byte(text.Reveal()), &attributes) == nil && attributes[key] == name
}

func (a *Account) unreferenced(ctx context.Context, name string) error {
	list, err := a.References(ctx, name)
	if err == nil && len(list) > 0 {
		err = &Error{Worker: name, Err: &ReferencedError{list}}
	}
	return err
}

// history returns the History of a Worker, the same one as long as the Worker has that name.
func (a *Account) history(id, name string) *History {
	a.mu.Lock()
	defer a.mu.Unlock()
	h, ok := a.open[id]
	if !ok || h.Cached().Worker() != name {
		h = newHistory(a.store, a.logOf(id), name, a.o)
		a.open[id] = h
	}
	return h
}

func (a *Account) forget(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.open, id)
}
