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

func (t *table[T]) Set(name string, item T) {
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

func (t *table[T]) Get(name string) (T, bool) {
	item, ok := t.items[name]
	return item, ok
}

func (t *table[T]) Len() int { return len(t.names) }

func (t *table[T]) All() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		names := slices.Clone(t.names)
		if t.indexed {
			slices.SortStableFunc(names, jsvalue.CompareKeys)
		}
		for _, name := range names {
			if !yield(name, t.items[name]) {
				return
			}
		}
	}
}
