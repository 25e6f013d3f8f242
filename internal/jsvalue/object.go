package jsvalue

import "iter"

// Object is a JavaScript object: properties in JavaScript's order, each with the place of its key in the source.
//
// An Object is not safe for concurrent changes; once nothing changes it any more, any number of goroutines may read it.
// The methods that read take a nil Object for an empty one.
type Object struct {
	properties Map[property]
}

type property struct {
	value  Value
	offset int // of the key in the source, -1 if unknown
}

// NewObject returns an empty object.
func NewObject() *Object { return new(Object) }

// Set assigns value to key. A key that is there already keeps its place. The key's offset in the source is unknown; see
// SetAt.
func (o *Object) Set(key string, value Value) { o.SetAt(key, value, -1) }

// SetAt is Set with the byte offset of the key in the source.
func (o *Object) SetAt(key string, value Value, offset int) {
	o.properties.Set(key, property{value, offset})
}

// Own returns the value of key, and whether o has that property.
func (o *Object) Own(key string) (Value, bool) {
	if o == nil {
		return Value{}, false
	}
	p, ok := o.properties.Get(key)
	return p.value, ok
}

// Get returns the value of key, undefined if o does not have that property.
func (o *Object) Get(key string) Value {
	v, _ := o.Own(key)
	return v
}

// KeyOffset returns the byte offset of the key in the source, and whether it is known.
func (o *Object) KeyOffset(key string) (int, bool) {
	if o == nil {
		return 0, false
	}
	p, ok := o.properties.Get(key)
	if !ok || p.offset < 0 {
		return 0, false
	}
	return p.offset, true
}

// Keys returns the names of the properties in JavaScript's order. The caller owns the slice.
func (o *Object) Keys() []string {
	if o == nil {
		return nil
	}
	return o.properties.Keys()
}

// All returns the properties in the order of Keys.
func (o *Object) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if o == nil {
			return
		}
		for key, p := range o.properties.All() {
			if !yield(key, p.value) {
				return
			}
		}
	}
}

// Len returns the number of properties.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return o.properties.Len()
}
