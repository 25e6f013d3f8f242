package jsvalue

import (
	"iter"
	"slices"
	"strconv"
)

// Object is a JavaScript object: own properties in JavaScript's order, and a prototype.
//
// An Object is not safe for concurrent changes; once nothing changes it any more, any number of goroutines may read it.
type Object struct {
	entries []property
	index   map[string]int // key -> place in entries; nil while there are few
	deleted int
	indexed bool    // whether some key is integer-like
	proto   *Object // a prototype other than Object.prototype
	bare    bool    // whether there is no prototype at all
	closed  bool    // whether proto hides the setter of __proto__
}

type property struct {
	key    string
	value  Value
	offset int // of the key in the source, -1 if unknown or deleted
	gone   bool
}

// NewObject returns an empty object, as {} does: it inherits the names of [PrototypeNames].
func NewObject() *Object { return new(Object) }

// NewBareObject returns an empty object that inherits nothing, as Object.create(null) does. The tables that
// wrangler's TOML parser makes are of this sort.
func NewBareObject() *Object {
	o := NewObject()
	o.bare = true
	return o
}

// Grow makes room for so many more properties, so that setting them takes no more memory than that.
func (o *Object) Grow(n int) {
	o.entries = slices.Grow(o.entries, n)
	if o.index == nil && len(o.entries)+n > few {
		o.makeIndex(len(o.entries) + n)
	}
}

// Set assigns value to key as an own property. A key that is there already keeps its place.
// The key's offset in the source is unknown; see SetAt.
func (o *Object) Set(key string, value Value) { o.SetAt(key, value, -1) }

// SetAt is Set with the byte offset of the key in the source.
func (o *Object) SetAt(key string, value Value, offset int) {
	if i, ok := o.place(key); ok {
		o.entries[i].value, o.entries[i].offset = value, offset
		return
	}
	if _, ok := ArrayIndex(key); ok {
		o.indexed = true
	}
	o.entries = append(o.entries, property{key: key, value: value, offset: offset})
	o.enter(key)
}

// place returns where in entries the own property key is, and whether o has it.
func (o *Object) place(key string) (int, bool) {
	if o.index != nil {
		i, ok := o.index[key]
		return i, ok
	}
	for i := range o.entries {
		if e := &o.entries[i]; e.key == key && !e.gone {
			return i, true
		}
	}
	return 0, false
}

// enter puts the last of the entries into the index, which it makes when it is time for one.
func (o *Object) enter(key string) {
	if o.index != nil {
		o.index[key] = len(o.entries) - 1
		return
	}
	if len(o.entries) > few {
		o.makeIndex(2 * few)
	}
}

func (o *Object) makeIndex(size int) {
	o.index = make(map[string]int, size)
	for i, e := range o.entries {
		if !e.gone {
			o.index[e.key] = i
		}
	}
}

// Assign does what the statement o[key] = value does, with the byte offset of the key in the source. It is SetAt, but
// for the key "__proto__", which is no ordinary key as long as o inherits its setter: see SetPrototype.
func (o *Object) Assign(key string, value Value, offset int) {
	if key == protoKey && o.inheritsSetter() {
		o.SetPrototype(value)
		return
	}
	o.SetAt(key, value, offset)
}

// SetPrototype makes v the prototype of o, as an assignment to o.__proto__ does: an object becomes the prototype,
// null takes it away, and any other value changes nothing. The prototype must be complete. Of an array, o inherits the
// elements and the length; the methods of arrays are not modelled.
func (o *Object) SetPrototype(v Value) {
	switch v.kind {
	case ObjectKind:
		o.proto, o.bare = v.object, false
	case Array:
		o.proto, o.bare = arrayObject(v.Items()), false
	case Null:
		o.proto, o.bare = nil, true
	default:
		return
	}
	o.closed = o.proto != nil && !o.proto.inheritsSetter()
}

const protoKey = "__proto__"

// inheritsSetter reports whether an assignment to o.__proto__ sets the prototype. It does not for an object that
// inherits nothing, nor where the key is an own property of the object or of a prototype.
func (o *Object) inheritsSetter() bool {
	_, own := o.place(protoKey)
	return !own && !o.bare && !o.closed
}

// arrayObject returns an object that has the properties of an array of items.
func arrayObject(items []Value) *Object {
	o := NewObject()
	for i, v := range items {
		o.Set(strconv.Itoa(i), v)
	}
	o.Set("length", NumberValue(float64(len(items))))
	return o
}

// Delete removes the own property key, if it is there.
func (o *Object) Delete(key string) {
	i, ok := o.place(key)
	if !ok {
		return
	}
	delete(o.index, key)
	o.entries[i] = property{gone: true}
	o.deleted++
}

// Own returns the own property key, and whether o has it. A nil Object has none.
func (o *Object) Own(key string) (Value, bool) {
	if o == nil {
		return Value{}, false
	}
	i, ok := o.place(key)
	if !ok {
		return Value{}, false
	}
	return o.entries[i].value, true
}

// Get returns what o.key is in JavaScript: the own property, or what the prototypes give, or undefined.
func (o *Object) Get(key string) Value {
	v, _ := o.find(key)
	return v
}

// Has reports what the operator in says: whether o or one of its prototypes has the property key.
func (o *Object) Has(key string) bool {
	_, ok := o.find(key)
	return ok
}

func (o *Object) find(key string) (Value, bool) {
	for p := o; p != nil; p = p.proto {
		if v, ok := p.Own(key); ok {
			return v, true
		}
		if p.proto == nil && !p.bare {
			return o.inherited(key)
		}
	}
	return Value{}, false
}

// inherited returns the property of Object.prototype that o inherits. Its __proto__ is the prototype of o.
func (o *Object) inherited(key string) (Value, bool) {
	if key == "__proto__" && o.proto != nil {
		return ObjectValue(o.proto), true
	}
	return inherited(key)
}

// Enumerable returns the names that a for-in loop goes through: the own ones, then those that only prototypes have.
// The caller owns the slice.
func (o *Object) Enumerable() []string {
	names := o.Keys()
	if o == nil || o.proto == nil {
		return names
	}
	seen := make(map[string]bool, len(names))
	for p := o; p != nil; p = p.proto {
		for _, key := range p.Keys() {
			if p != o && !seen[key] {
				names = append(names, key)
			}
			seen[key] = true
		}
	}
	return names
}

// Keys returns the names of the own properties in JavaScript's order: the integer-like ones ascending, then the
// others as they were added. The caller owns the slice.
func (o *Object) Keys() []string {
	if o == nil {
		return nil
	}
	keys := make([]string, 0, o.Len())
	for _, e := range o.entries {
		if !e.gone {
			keys = append(keys, e.key)
		}
	}
	if o.indexed {
		slices.SortStableFunc(keys, CompareKeys)
	}
	return keys
}

// All returns the own properties in the order of Keys. A nil Object has none.
func (o *Object) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for _, k := range o.Keys() {
			if v, _ := o.Own(k); !yield(k, v) {
				return
			}
		}
	}
}

// Len returns the number of own properties.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return len(o.entries) - o.deleted
}

// KeyOffset returns the byte offset in the source of the own property's key, and whether it is known.
func (o *Object) KeyOffset(key string) (int, bool) {
	if o == nil {
		return 0, false
	}
	i, ok := o.place(key)
	if !ok || o.entries[i].offset < 0 {
		return 0, false
	}
	return o.entries[i].offset, true
}
