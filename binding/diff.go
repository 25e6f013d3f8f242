package binding

import (
	"fmt"
	"strings"
)

// Diff lists the differences between two Sets or Envs, in the byte order of names. It contains no
// values. It is empty if the two are Equal.
type Diff []Change

// Change is the difference under one name. It contains no value.
type Change struct {
	Name   string `json:"name"`
	Before Kind   `json:"before,omitempty"` // "" if the name is added
	After  Kind   `json:"after,omitempty"`  // "" if the name is removed

	// ValueChanged reports whether both sides have the name and the code of the Worker can see a
	// difference: another text, or JSON in place of text. It is false for a var that became a secret
	// of the same text. JSON and attributes are compared as bytes.
	ValueChanged bool `json:"value_changed,omitempty"`
}

// Added reports whether only the later side has the name.
func (c Change) Added() bool { return c.Before == "" }

// Removed reports whether only the earlier side has the name.
func (c Change) Removed() bool { return c.After == "" }

// KindChanged reports whether both sides have the name, with different kinds.
func (c Change) KindChanged() bool { return !c.Added() && !c.Removed() && c.Before != c.After }

// Diff returns the changes that turn s into other.
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
	c := Change{Name: before.Name(), Before: before.Kind(), After: after.Kind()}
	switch {
	case c.Added():
		c.Name = after.Name()
	case !c.Removed():
		c.ValueChanged = !before.asVar().Equal(after.asVar())
	}
	return c
}

// String returns a line for each change, see [Change.String].
func (d Diff) String() string {
	lines := make([]string, len(d))
	for i, c := range d {
		lines[i] = c.String()
	}
	return strings.Join(lines, "\n")
}

// String returns the change with a sign in front: "+ NAME (kind)" for an added name, "- NAME
// (kind)" for a removed one, "~ NAME (kind)" for a changed value, and "~ NAME (plain_text to
// secret_text, same value)" for a changed kind that makes no difference to the code.
func (c Change) String() string {
	name, before, after := quoted(c.Name), quoted(string(c.Before)), quoted(string(c.After))
	switch {
	case c.Added():
		return fmt.Sprintf("+ %s (%s)", name, after)
	case c.Removed():
		return fmt.Sprintf("- %s (%s)", name, before)
	case !c.KindChanged():
		return fmt.Sprintf("~ %s (%s)", name, after)
	case c.ValueChanged:
		return fmt.Sprintf("~ %s (%s to %s)", name, before, after)
	}
	return fmt.Sprintf("~ %s (%s to %s, same value)", name, before, after)
}
