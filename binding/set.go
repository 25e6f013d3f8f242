package binding

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

// Set is an immutable collection of valid bindings with distinct names, in the byte order of their
// names. The zero Set is empty. Sets that are made from one another share their bindings.
type Set struct {
	list []Binding // sorted by name, never written to once it is in a Set; nil if empty
}

// NewSet returns the Set of bs, which may be in any order. If some of bs are invalid or have the
// same name, it fails with a [*SetError] that lists them.
func NewSet(bs ...Binding) (Set, error) { return Set{}.With(bs...) }

// MustSet is like [NewSet] but panics if it fails. It is for examples and tables of tests.
func MustSet(bs ...Binding) Set {
	s, err := NewSet(bs...)
	if err != nil {
		panic(fmt.Sprintf("binding.MustSet: %v", err))
	}
	return s
}

// With returns s with bs added. They replace the bindings of the same names in s. With fails as
// [NewSet] does.
func (s Set) With(bs ...Binding) (Set, error) {
	added := sorted(bs)
	if !valid(added) {
		return Set{}, newSetError(bs)
	}
	return s.Merge(Set{added}), nil
}

// Without returns s without the bindings of the given names. A name that s does not have changes
// nothing.
func (s Set) Without(names ...string) Set {
	gone := make(map[string]bool, len(names))
	for _, name := range names {
		gone[name] = true
	}
	return s.Filter(func(b Binding) bool { return !gone[b.Name()] })
}

// Filter returns the Set of the bindings of s for which keep returns true. It calls keep once for
// each, in the order of names.
func (s Set) Filter(keep func(Binding) bool) Set {
	drop := func(b Binding) bool { return !keep(b) }
	first := slices.IndexFunc(s.list, drop)
	if first < 0 {
		return s
	}
	kept := append(make([]Binding, 0, len(s.list)-1), s.list[:first]...)
	for _, b := range s.list[first+1:] {
		if keep(b) {
			kept = append(kept, b)
		}
	}
	return setOf(kept)
}

// Merge returns the bindings of s and of other. If both have a name, it returns that of other.
func (s Set) Merge(other Set) Set {
	if len(s.list) == 0 {
		return other
	}
	if len(other.list) == 0 {
		return s
	}
	merged, rest := make([]Binding, 0, len(s.list)+len(other.list)), s.list
	for _, b := range other.list { // few, most of the time
		i, found := search(rest, b.r.name)
		merged = append(append(merged, rest[:i]...), b)
		if found {
			i++
		}
		rest = rest[i:]
	}
	return Set{append(merged, rest...)}
}

// Inherit returns s with each binding of kind Inherit replaced by the one of base that it stands
// for, under the name that it has in s. Base is the Set of the latest version.
//
// It fails with an [*InheritError] for the Inherit bindings that name another version, and for those
// whose binding base lacks or has as an Inherit binding.
func (s Set) Inherit(base Set) (Set, error) {
	return s.InheritFunc(func(name, version string) (Binding, bool) {
		if version != latest {
			return Binding{}, false
		}
		return base.Lookup(name)
	})
}

// InheritFunc is like Inherit, with a function that finds bindings. Find returns the binding with that
// name in that version of the Worker, and whether there is one. The version is "latest" or an ID.
func (s Set) InheritFunc(find func(name, version string) (Binding, bool)) (Set, error) {
	if !slices.ContainsFunc(s.list, isInherit) {
		return s, nil
	}
	list := slices.Clone(s.list)
	for i, b := range list {
		if !isInherit(b) {
			continue
		}
		if found, ok := find(b.Origin()); ok && found.fault() == nil {
			list[i] = found.renamed(b.Name())
		}
	}
	if err := inheritError(list); err != nil {
		return Set{}, err
	}
	return Set{list}, nil
}

// Lookup returns the binding with that name, and whether there is one.
func (s Set) Lookup(name string) (Binding, bool) {
	i, ok := search(s.list, name)
	if !ok {
		return Binding{}, false
	}
	return s.list[i], true
}

// search returns the place of a name in a sorted list, and whether it is there.
func search(list []Binding, name string) (int, bool) {
	return slices.BinarySearchFunc(list, name, func(b Binding, name string) int {
		return strings.Compare(b.r.name, name)
	})
}

// All returns the bindings in the byte order of their names.
func (s Set) All() iter.Seq[Binding] { return slices.Values(s.list) }

// Names returns the names in byte order, in a slice that the caller owns.
func (s Set) Names() []string {
	names := make([]string, len(s.list))
	for i, b := range s.list {
		names[i] = b.Name()
	}
	return names
}

// Len returns the number of bindings.
func (s Set) Len() int { return len(s.list) }

// Equal reports whether s and other have Equal bindings.
func (s Set) Equal(other Set) bool { return slices.EqualFunc(s.list, other.list, Binding.Equal) }

// String returns the names and kinds, in the form "[API_HOST (plain_text), API_KEY (secret_text)]".
func (s Set) String() string {
	list := make([]string, len(s.list))
	for i, b := range s.list {
		list[i] = b.String()
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// Format writes what String returns, for every verb and flag.
func (s Set) Format(f fmt.State, verb rune) { io.WriteString(f, s.String()) }

// MarshalJSON returns a JSON array of what [Binding.MarshalJSON] returns.
func (s Set) MarshalJSON() ([]byte, error) { return json.Marshal(append([]Binding{}, s.list...)) }

// UnmarshalJSON always fails with [ErrRedacted], since the output of MarshalJSON has no values.
func (s *Set) UnmarshalJSON([]byte) error { return ErrRedacted }

// setOf returns the Set of a sorted list. It makes an empty one the zero Set, so that
// reflect.DeepEqual agrees with Equal.
func setOf(list []Binding) Set {
	if len(list) == 0 {
		return Set{}
	}
	return Set{list}
}

// sorted returns a sorted copy of bs, nil if bs is empty.
func sorted(bs []Binding) []Binding {
	if len(bs) == 0 {
		return nil
	}
	list := slices.Clone(bs)
	slices.SortStableFunc(list, func(a, b Binding) int { return strings.Compare(a.Name(), b.Name()) })
	return list
}

// valid reports whether a sorted list has valid bindings with distinct names only.
func valid(list []Binding) bool {
	for i, b := range list {
		if b.fault() != nil || i > 0 && b.Name() == list[i-1].Name() {
			return false
		}
	}
	return true
}

func isInherit(b Binding) bool { return b.r.kind == Inherit }

// pairs returns, for each name of s or other, in the order of names, the binding of s and that of
// other. A missing binding is the zero Binding.
func pairs(s, other Set) iter.Seq2[Binding, Binding] {
	return func(yield func(Binding, Binding) bool) {
		a, b := s.list, other.list
		for len(a) > 0 || len(b) > 0 {
			var left, right Binding
			order := compareHeads(a, b)
			if order <= 0 {
				left, a = a[0], a[1:]
			}
			if order >= 0 {
				right, b = b[0], b[1:]
			}
			if !yield(left, right) {
				return
			}
		}
	}
}

// compareHeads compares the first names of two sorted lists, not both empty; an empty list comes
// last.
func compareHeads(a, b []Binding) int {
	if len(a) == 0 || len(b) == 0 {
		return cmp.Compare(len(b), len(a))
	}
	return strings.Compare(a[0].r.name, b[0].r.name)
}
