package wrangler

import (
	"iter"
	"slices"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// table maps names to things in the order of a JavaScript object: names that are integers first, ascending, then the
// others as they were first set. The zero table is empty and ready.
type table[T any] struct {
	names   []string
	items   map[string]T
	indexed bool // whether some name is an integer
}

// set makes item what name stands for. A name that is there already keeps its place.
func (t *table[T]) set(name string, item T) {
	if t.items == nil {
		t.items = map[string]T{}
	}
	if _, ok := t.items[name]; !ok {
		t.names = append(t.names, name)
		_, index := jsvalue.ArrayIndex(name)
		t.indexed = t.indexed || index
	}
	t.items[name] = item
}

// reserve makes room for n names in an empty table, which takes less than to grow to it.
func (t *table[T]) reserve(n int) {
	if len(t.names) == 0 && n > 0 {
		t.items, t.names = make(map[string]T, n), make([]string, 0, n)
	}
}

func (t *table[T]) get(name string) (T, bool) {
	item, ok := t.items[name]
	return item, ok
}

func (t *table[T]) len() int { return len(t.names) }

// order returns the names in their order.
func (t *table[T]) order() []string { return ordered(slices.Clone(t.names), t.indexed) }

// before returns the names of t and those of other in the order of an object to which those of t are added first.
func (t *table[T]) before(other *table[T]) []string {
	names := append(make([]string, 0, len(t.names)+len(other.names)), t.names...)
	for _, name := range other.names {
		if _, there := t.items[name]; !there {
			names = append(names, name)
		}
	}
	return ordered(names, t.indexed || other.indexed)
}

// ordered puts the integers among names first, ascending, if there are any.
func ordered(names []string, indexed bool) []string {
	if indexed {
		slices.SortStableFunc(names, jsvalue.CompareKeys)
	}
	return names
}

func (t *table[T]) all() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for _, name := range t.order() {
			if !yield(name, t.items[name]) {
				return
			}
		}
	}
}
