package syntax

// definition is what the reference remembers of a name while it reads a document: how it came to be, and whether it
// may be defined again. A definition is made for every table and every value outside of inline tables.
type definition struct {
	kind    definitionKind
	defined bool                   // by a header of its own or by a value; not just on the way to another name
	names   map[string]*definition // nil if there are none
	last    *definition            // the table that the last header of an array of tables began
	count   int                    // of the tables in an array of tables
}

type definitionKind uint8

const (
	byDottedKey definitionKind = iota // a value, or a table on the way to one
	byHeader                          // [name], or a table on the way to one
	byArray                           // [[name]]
	onArrayPath                       // a table on the way to an array of tables
)

// define enters what a key or a header defines, under the names of keys in d. It returns the definition, nil if the
// reference does not allow it, and how many tables and values it made.
func (d *definition) define(keys []string, kind definitionKind) (defined *definition, made int) {
	known := false
	for i, key := range keys {
		if i > 0 {
			d = d.enter(kind)
		}
		if d == nil {
			return nil, made
		}
		var next *definition
		next, known = d.names[key]
		switch {
		case known && next.isValue():
			return nil, made
		case !known:
			next = d.add(key, kind, i == len(keys)-1)
			made++
		}
		d = next
	}
	if kind == byArray {
		made++
	}
	return d.claim(kind, known), made
}

func (d *definition) isValue() bool { return d.kind == byDottedKey && d.defined }

// enter returns the table that d is for a name in it, nil if it may not have one more.
func (d *definition) enter(kind definitionKind) *definition {
	switch {
	case kind == byDottedKey && (d.kind == byHeader || d.kind == byArray):
		return nil // a header's table is open to its own section only
	case d.kind == byArray:
		return d.last
	}
	return d
}

func (d *definition) add(key string, kind definitionKind, isLast bool) *definition {
	if kind == byArray && !isLast {
		kind = onArrayPath
	}
	next := &definition{kind: kind}
	if d.names == nil {
		d.names = map[string]*definition{}
	}
	d.names[key] = next
	return next
}

// claim marks d as defined, unless it is already or is something else.
func (d *definition) claim(kind definitionKind, known bool) *definition {
	switch {
	case d.kind != kind && !(kind == byHeader && d.kind == onArrayPath):
		return nil
	case kind == byArray:
		d.defined = true
		d.last = &definition{kind: byHeader, defined: true}
		d.count++
		return d.last
	case d.defined || kind == byDottedKey && known:
		return nil
	}
	d.defined = true
	return d
}

// path returns the path that keys lead along, with the index of the last table in each array.
func (d *definition) path(keys []string) path {
	var p path
	for _, key := range keys {
		p = append(p, keyStep(key))
		if d = d.names[key]; d == nil {
			d = &definition{}
		}
		if d.kind == byArray {
			p = append(p, indexStep(d.count-1))
			d = d.last
		}
	}
	return p
}

// inlineTable is what the reference remembers of the names in an inline table. A nil inlineTable is a value, which
// may not be defined again nor added to.
type inlineTable struct{ names map[string]*inlineTable }

func newInlineTable() *inlineTable { return &inlineTable{names: map[string]*inlineTable{}} }

// define enters a value under keys, and reports whether the reference allows it.
func (t *inlineTable) define(keys []string) bool {
	for i, key := range keys {
		isLast := i == len(keys)-1
		next, known := t.names[key]
		if known && (next == nil || isLast) {
			return false
		}
		if !known && !isLast {
			next = newInlineTable()
		}
		t.names[key] = next
		t = next
	}
	return true
}
