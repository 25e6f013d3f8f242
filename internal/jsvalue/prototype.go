package jsvalue

import "slices"

// prototypeNames are the properties of Object.prototype in Node.js 22, in byte order.
var prototypeNames = []string{
	"__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__",
	"constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
	"toLocaleString", "toString", "valueOf",
}

// IsPrototypeName reports whether every plain object inherits a property of that name.
func IsPrototypeName(name string) bool {
	_, ok := slices.BinarySearch(prototypeNames, name)
	return ok
}
