package jsvalue

import "slices"

// prototypeNames is what Object.prototype has in Node.js 22.
var prototypeNames = []string{
	"__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__",
	"constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
	"toLocaleString", "toString", "valueOf",
}

// PrototypeNames returns the names that every plain object inherits, in byte order. The caller owns the slice.
func PrototypeNames() []string { return slices.Clone(prototypeNames) }

// IsPrototypeName reports whether every plain object inherits a property of that name.
func IsPrototypeName(name string) bool {
	_, ok := slices.BinarySearch(prototypeNames, name)
	return ok
}
