package version

import (
	"iter"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
)

// delta is what a version changes of the bindings of its base, as a record has it: a message Version, of which only the
// fields versionUnset and versionSet count. The closure is what no printer looks into. The zero delta changes nothing.
//
// Histories are kept in this form, since most bindings of a long one are never asked for: they are made when they are.
type delta func() string

// entry is what a delta says of one name.
type entry struct {
	name    string
	removed bool         // then the rest is empty
	kind    binding.Kind // else
	text    string       // what textOf gives of the binding
}

func deltaOf(text string) delta {
	if text == "" {
		return nil
	}
	return func() string { return text }
}

func (d delta) text() string {
	if d == nil {
		return ""
	}
	return d()
}

// entries returns what d says of each name. The texts share the memory of d.
func (d delta) entries() iter.Seq[entry] {
	return func(yield func(entry) bool) {
		in := reader{rest: d.text()}
		for f := range in.fields() {
			if e, ok := entryOf(f); ok && !yield(e) {
				return
			}
		}
	}
}

// entryOf returns the entry that f is, and whether it is one.
func entryOf(f field) (e entry, ok bool) {
	switch f.tag {
	case tagBytes(versionUnset):
		return entry{name: f.s, removed: true}, true
	case tagBytes(versionSet):
		return decodeEntry(f.s)
	}
	return entry{}, false
}

// decodeEntry reads a message Binding, and reports whether it is one.
func decodeEntry(message string) (e entry, ok bool) {
	in := reader{rest: message}
	for f := range in.fields() {
		switch f.tag {
		case tagBytes(bindingName):
			e.name = f.s
		case tagBytes(bindingKind):
			e.kind = knownKind(f.s)
		case tagBytes(bindingText):
			e.text = f.s
		}
	}
	return e, !in.bad
}

// knownKind returns the kind in memory of its own for the kinds that are frequent.
func knownKind(s string) binding.Kind {
	switch k := binding.Kind(s); k {
	case binding.SecretText:
		return binding.SecretText
	case binding.PlainText:
		return binding.PlainText
	case binding.JSON:
		return binding.JSON
	default:
		return k
	}
}

// binding returns the binding that e sets, in memory of its own. What is none is no binding that a Set takes.
func (e entry) binding() binding.Binding {
	name := strings.Clone(e.name)
	switch e.kind {
	case binding.PlainText:
		return binding.Var(name, e.text)
	case binding.JSON:
		return binding.JSONVar(name, e.text)
	case binding.SecretText:
		return binding.Secret(name, e.text)
	}
	return binding.Resource(binding.Kind(strings.Clone(string(e.kind))), name, e.text)
}

// isValid reports whether a Set takes the binding that e sets, if it sets one. A text goes with every text.
func (e entry) isValid() bool {
	if e.removed || e.kind == binding.PlainText || e.kind == binding.SecretText {
		return true
	}
	_, err := binding.NewSet(e.binding())
	return err == nil
}

// is reports whether e sets a binding Equal to b.
func (e entry) is(b binding.Binding) bool {
	return !e.removed && e.name == b.Name() && e.kind == b.Kind() && e.text == textOf(b).Reveal()
}

// find looks for name in the first entries, little more than most, and tells at how many it has looked.
func (d delta) find(name string, most int) (e entry, found bool, n int) {
	for e := range d.entries() {
		if e.name == name {
			return e, true, n
		}
		if n++; n > most {
			break
		}
	}
	return entry{}, false, n
}

// between returns the delta from one Set to another.
func between(base, set binding.Set) delta {
	w := new(writer)
	for _, c := range base.Diff(set) {
		if c.Removed() {
			w.item(versionUnset, c.Name)
			continue
		}
		b, _ := set.Lookup(c.Name)
		w.binding(b)
	}
	return deltaOf(string(w.b))
}

// edits returns the delta that sets and unsets bindings of base, in the order of names, as between does. What would
// change nothing is not in it.
func edits(base *version, set binding.Set, unset []string) delta {
	names := append(set.Names(), unset...)
	slices.Sort(names)
	w := &writer{make([]byte, 0, 128)}
	for _, name := range slices.Compact(names) {
		b, isSet := set.Lookup(name)
		old, exists := base.lookup(name)
		switch {
		case isSet && !(exists && old.is(b)):
			w.binding(b)
		case !isSet && exists:
			w.item(versionUnset, name)
		}
	}
	return deltaOf(string(w.b))
}

// binding writes a binding that a version sets.
func (w *writer) binding(b binding.Binding) {
	w.message(versionSet, func() {
		w.text(bindingName, b.Name())
		w.text(bindingKind, string(b.Kind()))
		w.text(bindingText, textOf(b).Reveal())
	})
}

// textOf returns all that a binding has beside its name and kind.
func textOf(b binding.Binding) binding.Value {
	if text, ok := b.Value(); ok {
		return text
	}
	attributes, _ := b.Attributes()
	return attributes
}
