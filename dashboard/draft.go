package dashboard

import (
	"errors"
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/version"
)

// Bounds of a draft.
const (
	maxRows       = 1000    // changes
	maxDraftBytes = 8 << 20 // in values
	maxName       = 255     // in a new name, in bytes
	maxFindings   = 100     // of a pasted file
)

// draft is what a user has entered of a change of one Worker's variables and secrets. It is immutable:
// each form that is sent makes another one, so that an older form in another tab still refers to what
// it shows. Forms have only the ID of the draft, so that no page has the values of secrets.
type draft struct {
	id     string
	first  string // ID of the first draft of the change
	worker string
	base   string // ID of the version to change
	seen   seen   // of the history, when the base was chosen

	hidden   map[secret]bool   // the current secrets: no page shows an old text that is one of them
	changed  map[string]change // by name, of bindings that the base has
	added    []change          // in the order of their rows
	pasted   int               // variables in the file that was pasted last
	findings []devvars.Finding // of that file, the first ones
}

// change is a change of one binding.
type change struct {
	name   string
	kind   binding.Kind
	value  binding.Value // zero keeps the value of the base
	remove bool
	hidden bool // whether no page shows the value of the base
}

// change returns the change of b, a binding of the base.
func (d draft) change(b binding.Binding) change {
	if c, ok := d.changed[b.Name()]; ok {
		return c
	}
	value, _ := b.Value()
	return change{name: b.Name(), kind: b.Kind(), hidden: d.hidden[secret{b.Name(), value}]}
}

// size returns the number of changes and of bytes in their values.
func (d draft) size() (rows, bytes int) {
	for _, c := range d.changes() {
		rows, bytes = rows+1, bytes+len(c.name)+len(c.value.Reveal())
	}
	return rows, bytes
}

// changes returns the changes of bindings that the base has, by name, and then the others.
func (d draft) changes() []change {
	var list []change
	for _, name := range slices.Sorted(maps.Keys(d.changed)) {
		list = append(list, d.changed[name])
	}
	return append(list, d.added...)
}

// The causes of errors about drafts.
var (
	errNoName  = errors.New("name is missing")
	errName    = errors.New("name is too long")
	errNoValue = errors.New("value is missing")
	errTaken   = errors.New("name is taken")
)

// edit returns the change of the base. It fails with the causes above.
func (d draft) edit(base binding.Set, m version.Meta) (version.Edit, error) {
	e := version.Edit{Base: d.base, Meta: m, SkipUnchanged: true}
	var errs []error
	for _, c := range d.changes() {
		old, taken := base.Lookup(c.name)
		_, changed := d.changed[c.name]
		switch {
		case taken && !changed:
			errs = append(errs, &version.Error{Binding: c.name, Err: errTaken})
		case c.name == "" && !c.remove && old.Kind() == "":
			errs = append(errs, errNoName)
		case !changed && len(c.name) > maxName:
			errs = append(errs, &version.Error{Binding: c.name, Err: errName})
		case c.remove:
			e.Unset = append(e.Unset, c.name)
		case !c.value.IsZero():
			e.Set = append(e.Set, c.binding())
		case c.kind == old.Kind():
		case encrypts(old.Kind(), c.kind):
			e.Encrypt = append(e.Encrypt, c.name)
		default:
			errs = append(errs, &version.Error{Binding: c.name, Err: errNoValue})
		}
	}
	return e, errors.Join(errs...)
}

// encrypts reports whether a binding of one kind can become one of the other kind without a new value.
func encrypts(from, to binding.Kind) bool {
	return from == binding.PlainText && to == binding.SecretText
}

// rebase returns d as a change of another base.
func (d draft) rebase(id string, base binding.Set, s seen) draft {
	d.base, d.seen = id, s
	all := d.changes()
	d.changed, d.added = make(map[string]change), nil
	for _, c := range all {
		old, has := base.Lookup(c.name)
		switch {
		case has && !old.Kind().IsResource():
			d.changed[c.name] = c
		case !c.remove:
			d.added = append(d.added, c)
		}
	}
	return d
}

func (c change) binding() binding.Binding {
	switch c.kind {
	case binding.JSON:
		return binding.JSONVar(c.name, c.value.Reveal())
	case binding.PlainText:
		return binding.Var(c.name, c.value.Reveal())
	}
	return binding.Secret(c.name, c.value.Reveal())
}
