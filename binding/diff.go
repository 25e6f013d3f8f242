package binding

// Diff lists what is different between two Sets, in the byte order of names. It has no values in it. It is
// empty if the Sets are Equal.
type Diff []Change

// Change is what became of one name. It has no value in it.
type Change struct {
	Name   string `json:"name"`
	Before Kind   `json:"before,omitempty"` // "" if the name is added
	After  Kind   `json:"after,omitempty"`  // "" if the name is removed

	// ValueChanged tells, of a name in both Sets, whether the code of the Worker may find something else under
	// it: a different text, or JSON in place of text. It is false for a var that became a secret of the same
	// text. JSON and attributes are compared as bytes.
	ValueChanged bool `json:"value_changed,omitempty"`
}

// Added reports whether the name is only in the later Set.
func (c Change) Added() bool { return c.Before == "" }

// Removed reports whether the name is only in the earlier Set.
func (c Change) Removed() bool { return c.After == "" }

// KindChanged reports whether the name is in both Sets, with different kinds.
func (c Change) KindChanged() bool { return !c.Added() && !c.Removed() && c.Before != c.After }

// Diff returns what changes when other takes the place of s.
func (s Set) Diff(other Set) Diff {
	var d Diff
	for before, after := range pairs(s, other) {
		if !before.Equal(after) {
			d = append(d, change(before, after))
		}
	}
	return d
}

func change(before, after Binding) Change {
	both := before.r != nil && after.r != nil
	name := before.Name()
	if before.r == nil {
		name = after.Name()
	}
	return Change{
		Name:         name,
		Before:       before.Kind(),
		After:        after.Kind(),
		ValueChanged: both && !before.sameToCode(after),
	}
}
