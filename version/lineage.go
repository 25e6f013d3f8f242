package version

import (
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// span is how many deltas are read anew each time, rather than to keep the bindings of more versions.
const span = 8

// derived returns what derives from base, which may be nil, by a delta.
func derived(base *version, d delta, code *Code) *version {
	v := &version{code: code}
	v.derive(base, d)
	return v
}

// derive makes v what derives from base, which may be nil, by a delta. Code that is missing, or equal, is that of base.
func (v *version) derive(base *version, d delta) {
	v.base, v.delta = base, d
	if base == nil {
		return
	}
	v.depth = base.depth + 1
	if v.code == nil || v.code.equal(base.code) {
		v.code = base.code
	}
}

// changesNothing reports whether v has a base and is equal to it. Its delta is to be one that the rules made: those
// that have been read may set what is set already.
func (v *version) changesNothing() bool {
	return v.base != nil && v.delta == nil && v.code == v.base.code
}

// replaced returns what derives from base, which may be nil, with other bindings in the place of its own.
func replaced(base *version, bindings binding.Set, code *Code) *version {
	v := derived(base, between(Version{base}.Bindings(), bindings), code)
	v.set.Store(&bindings)
	return v
}

// bindings returns all bindings of v. They are put together at the first call, and kept.
func (v *version) bindings() binding.Set { return v.compose(span) }

// compose puts the deltas of v and of its ancestors upon the bindings of the first ancestor that has them ready, or whose
// depth is a multiple of far. That one gets its own in the same way, from ancestors farther away, and keeps them too. So
// to ask for the bindings of one version is to read each delta before it once; and to ask for those of all versions, in
// whatever order, is to read each delta a few times for every power of span that there are versions.
func (v *version) compose(far int) binding.Set {
	if set := v.set.Load(); set != nil {
		return *set
	}
	c := composition{set: make([]binding.Binding, 0, span)}
	c.add(v.delta)
	ancestor := v.base
	for ; ancestor != nil && ancestor.depth%far != 0 && ancestor.set.Load() == nil; ancestor = ancestor.base {
		c.add(ancestor.delta)
	}
	var base binding.Set
	if ancestor != nil {
		base = ancestor.compose(far * span)
	}
	set := c.upon(base)
	v.set.Store(&set)
	return set
}

// composition is what deltas amount to, added from the newest to the oldest.
type composition struct {
	set     []binding.Binding
	removed []string
	names   map[string]bool // those of set and removed; nil for a few
}

// fewNames is how many names are looked through, rather than found in a map.
const fewNames = 16

func (c *composition) add(d delta) {
	for e := range d.entries() {
		switch {
		case c.has(e.name):
			continue
		case e.removed:
			c.removed = append(c.removed, e.name)
		default:
			c.set = append(c.set, e.binding())
		}
		c.index(e.name)
	}
}

func (c *composition) has(name string) bool {
	if c.names != nil {
		return c.names[name]
	}
	isName := func(b binding.Binding) bool { return b.Name() == name }
	return slices.ContainsFunc(c.set, isName) || slices.Contains(c.removed, name)
}

// index notes a name that has been added.
func (c *composition) index(name string) {
	if c.names != nil {
		c.names[name] = true
		return
	}
	if len(c.set)+len(c.removed) <= fewNames {
		return
	}
	c.names = make(map[string]bool)
	for _, b := range c.set {
		c.names[b.Name()] = true
	}
	for _, name := range c.removed {
		c.names[name] = true
	}
}

func (c *composition) upon(base binding.Set) binding.Set {
	set, _ := without(base, c.removed).With(c.set...) // what is in a delta has been checked
	return set
}

// lookup returns the entry of what bindings has under name, and whether there is something. As long as a version that has
// its bindings ready is near, those of v are not put together for it.
func (v *version) lookup(name string) (entry, bool) {
	near := v
	for left := 2 * span; near != nil && near.set.Load() == nil; near = near.base {
		e, found, n := near.delta.find(name, left)
		if found {
			return e, !e.removed
		}
		if left -= n + 1; left < 0 {
			near = v
			break
		}
	}
	b, ok := Version{near}.Bindings().Lookup(name)
	return entry{name: name, kind: b.Kind(), text: textOf(b).Reveal()}, ok
}
