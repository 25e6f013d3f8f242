package devvars

import (
	"iter"
	"strings"
)

// LostReferences returns a finding of [LostReference] for each value of f from which e, the
// expansion of f and perhaps of other files, removed a reference because nothing has the name in
// it: $abc in HASH=$2b$10$abc, for example. Its position is that of the first such reference. The
// name in it is not shown, since it may be a piece of the value.
//
// A value that another file replaces has no finding. The time is linear in the length of the text.
func (f *File) LostReferences(e *Expansion) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		c, lost := f.get(), e.get().lost
		if len(lost) == 0 {
			return
		}
		at := newLocator(c.text)
		for i := range c.assignments {
			a := &c.assignments[i]
			key := c.key(a)
			loss, ok := lost[key]
			if !ok || c.find(key) != a || c.value(a) != loss.value || c.isFragment(a) ||
				c.ignores(int(a.start), int(a.valueEnd), LostReference) {
				continue
			}
			offset := int(a.value) + dollar(c.raw(a), strings.Count(loss.value[:loss.offset], "$"))
			if !yield(LostReference.Info().Finding(at.position(offset), key)) {
				return
			}
		}
	}
}

// dollar returns the position of the dollar sign in raw, the text of a value, that is number n in the
// value, from 0. Decoding a value keeps all dollar signs and adds none.
func dollar(raw string, n int) int {
	for i := range len(raw) {
		if raw[i] == '$' {
			if n == 0 {
				return i
			}
			n--
		}
	}
	return 0
}
