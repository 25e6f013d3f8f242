// Package jsvalue models the JavaScript values that wrangler holds after it has read a configuration file.
//
// wrangler is a JavaScript program, and some of what it does with a configuration is what JavaScript does: integer-like
// keys come first in an object, an overwritten key keeps its place, and a number is a double.
//
// Values know where in the source they came from, as a byte offset. Strings are UTF-8; a lone surrogate, which
// UTF-8 cannot hold, is U+FFFD.
package jsvalue

import "math"

// Kind is the type of a Value, finer than JavaScript's typeof.
type Kind uint8

// The kinds of values. The zero Kind is Undefined.
const (
	Undefined Kind = iota
	Null
	Bool
	Number
	String
	Array
	ObjectKind
	Date // a TOML date or time
)

// Value is one JavaScript value. It is immutable except through an Object that it refers to.
// The zero Value is undefined.
type Value struct {
	kind   Kind
	offset uint32   // 1 + byte offset in the source, 0 if unknown
	number float64  // Number; 1 for a true Bool
	text   string   // String; ISO form of a Date
	items  *[]Value // Array; a pointer, so that all other values are smaller
	object *Object  // ObjectKind
}

// NullValue returns null.
func NullValue() Value { return Value{kind: Null} }

// BoolValue returns a boolean.
func BoolValue(b bool) Value {
	v := Value{kind: Bool}
	if b {
		v.number = 1
	}
	return v
}

// NumberValue returns a number. NaN, the infinities and negative zero are numbers like any other.
func NumberValue(f float64) Value { return Value{kind: Number, number: f} }

// StringValue returns a string. s must be valid UTF-8.
func StringValue(s string) Value { return Value{kind: String, text: s} }

// ArrayValue returns an array that holds items, which the caller must not change afterwards.
func ArrayValue(items []Value) Value { return Value{kind: Array, items: &items} }

// ObjectValue returns a reference to o. A nil o is undefined.
func ObjectValue(o *Object) Value {
	if o == nil {
		return Value{}
	}
	return Value{kind: ObjectKind, object: o}
}

// DateValue returns a date whose JSON form is the string iso.
func DateValue(iso string) Value { return Value{kind: Date, text: iso} }

// At returns v with the byte offset of its first character in the source, counted from 0. An offset of more than four
// billion, which is eight times what a text of Node.js can have, is not kept.
func (v Value) At(offset int) Value {
	v.offset = 0
	if uint64(offset) < math.MaxUint32 {
		v.offset = uint32(offset) + 1
	}
	return v
}

// Offset returns the byte offset of v in its source, and whether it is known.
func (v Value) Offset() (int, bool) { return int(v.offset) - 1, v.offset > 0 }

// Kind returns the kind of v.
func (v Value) Kind() Kind { return v.kind }

// Is reports whether v is of kind k.
func (v Value) Is(k Kind) bool { return v.kind == k }

// Float returns the number that v is, or NaN if v is not a number.
func (v Value) Float() float64 {
	if v.kind != Number {
		return math.NaN()
	}
	return v.number
}

// IsTrue reports whether v is the boolean true.
func (v Value) IsTrue() bool { return v.kind == Bool && v.number != 0 }

// Text returns the text of a string, and "" for every other kind.
func (v Value) Text() string {
	if v.kind != String {
		return ""
	}
	return v.text
}

// Items returns the elements of an array, nil for every other kind. The caller must not change them.
func (v Value) Items() []Value {
	if v.items == nil {
		return nil
	}
	return *v.items
}

// Object returns the object that v refers to, nil if v is not a plain object.
func (v Value) Object() *Object { return v.object }

// IsUndefined reports whether v is undefined.
func (v Value) IsUndefined() bool { return v.kind == Undefined }

// IsNullish reports whether v is undefined or null, as the operator ?? asks.
func (v Value) IsNullish() bool { return v.kind == Undefined || v.kind == Null }

// Truthy reports whether v counts as true in a condition.
func (v Value) Truthy() bool {
	switch v.kind {
	case Undefined, Null:
		return false
	case Bool:
		return v.number != 0
	case Number:
		return v.number != 0 && !math.IsNaN(v.number)
	case String:
		return v.text != ""
	}
	return true
}

// Describe names the type of v for an error message, with its article: "a string", "null", "an array".
// It never shows the value.
func (v Value) Describe() string {
	switch v.kind {
	case Undefined:
		return "nothing"
	case Null:
		return "null"
	case Bool:
		return "a boolean"
	case Number:
		return "a number"
	case String:
		return "a string"
	case Array:
		return "an array"
	case Date:
		return "a date"
	}
	return "an object"
}
