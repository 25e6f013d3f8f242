package jsvalue

import "strconv"

// prototype is what an Object inherits from.
type prototype struct {
	proto  *Object // a prototype other than Object.prototype
	bare   bool    // whether there is no prototype at all
	closed bool    // whether proto hides the setter of __proto__
}

const protoKey = "__proto__"

// NewBareObject returns an empty object that inherits nothing, as Object.create(null) does. The tables that
// wrangler's TOML parser makes are of this sort.
func NewBareObject() *Object {
	o := NewObject()
	o.bare = true
	return o
}

// Assign does what the statement o[key] = value does, with the byte offset of the key in the source. It is SetAt,
// except for the key "__proto__", which sets the prototype as long as o inherits its setter: see SetPrototype.
func (o *Object) Assign(key string, value Value, offset int) {
	if key == protoKey && o.inheritsSetter() {
		o.SetPrototype(value)
		return
	}
	o.SetAt(key, value, offset)
}

// SetPrototype makes v the prototype of o, as an assignment to o.__proto__ does: an object becomes the prototype,
// null takes it away, and any other value changes nothing. Of an array, o inherits the elements and the length.
func (o *Object) SetPrototype(v Value) {
	switch v.kind {
	case ObjectKind:
		o.proto, o.bare = v.object, false
	case Array:
		o.proto, o.bare = NewObject(), false
		for i, item := range v.Items() {
			o.proto.Set(strconv.Itoa(i), item)
		}
		o.proto.Set("length", NumberValue(float64(len(v.Items()))))
	case Null:
		o.proto, o.bare = nil, true
	default:
		return
	}
	o.closed = o.proto != nil && !o.proto.inheritsSetter()
}

// inheritsSetter reports whether an assignment to o.__proto__ sets the prototype.
func (o *Object) inheritsSetter() bool {
	_, own := o.Own(protoKey)
	return !own && !o.bare && !o.closed
}

// Get returns what o.key is in JavaScript: the own property, or what the prototypes give, or undefined.
func (o *Object) Get(key string) Value {
	v, _ := o.find(key)
	return v
}

// Has reports whether o or one of its prototypes has the property key.
func (o *Object) Has(key string) bool {
	_, ok := o.find(key)
	return ok
}

func (o *Object) find(key string) (Value, bool) {
	for p := o; p != nil; p = p.proto {
		if v, ok := p.Own(key); ok {
			return v, true
		}
		if p.proto != nil || p.bare {
			continue
		}
		switch {
		case key == protoKey && o.proto != nil:
			return ObjectValue(o.proto), true
		case key == protoKey:
			return ObjectValue(NewObject()), true
		case IsPrototypeName(key):
			return Value{kind: Function, text: key}, true
		}
	}
	return Value{}, false
}
