package version

// additions are the items that a Tx adds to a trail, found by ID: a few by a look at each, many by an index.
type additions[T identified] struct {
	items  []T
	places map[string]int // nil for a few
}

// fewAdditions is how many additions have no index.
const fewAdditions = 8

func (a *additions[T]) find(id string) (item T, ok bool) {
	if a.places != nil {
		place, ok := a.places[id]
		if ok {
			item = a.items[place]
		}
		return item, ok
	}
	for _, item := range a.items {
		if item.ident() == id {
			return item, true
		}
	}
	return item, false
}

// add adds an item, whose ID is new.
func (a *additions[T]) add(item T) {
	a.items = append(a.items, item)
	switch {
	case a.places != nil:
		a.places[item.ident()] = len(a.items) - 1
	case len(a.items) > fewAdditions:
		a.places = make(map[string]int)
		for i, item := range a.items {
			a.places[item.ident()] = i
		}
	}
}

// cut takes all but the first n items away.
func (a *additions[T]) cut(n int) {
	for _, item := range a.items[n:] {
		delete(a.places, item.ident())
	}
	if n == 0 {
		a.places = nil
	}
	a.items = a.items[:n]
}
