package config

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// The reference reads a configuration with JavaScript's operators, and these are they. The bool is false where
// JavaScript throws a TypeError.

var undefined jsvalue.Value

// method stands for any function that a prototype has.
var method = jsvalue.NewObject().Get("valueOf")

// property is v.name.
func property(v jsvalue.Value, name string) (jsvalue.Value, bool) {
	switch v.Kind() {
	case jsvalue.Undefined, jsvalue.Null:
		return undefined, false
	case jsvalue.ObjectKind:
		return v.Object().Get(name), true
	}
	if found, ok := ownElement(v, name); ok {
		return found, true
	}
	switch {
	case name == "__proto__":
		return jsvalue.ObjectValue(jsvalue.NewObject()), true
	case inPrototype(v.Kind(), name):
		return method, true
	}
	return undefined, true
}

// contains is the operator in: name in v.
func contains(v jsvalue.Value, name string) (found, ok bool) {
	switch v.Kind() {
	case jsvalue.ObjectKind:
		return v.Object().Has(name), true
	case jsvalue.Array, jsvalue.Date, jsvalue.Function:
		_, own := ownElement(v, name)
		return own || inPrototype(v.Kind(), name), true
	}
	return false, false
}

// ownElement finds the properties that arrays and strings have of their own: the elements and the length.
func ownElement(v jsvalue.Value, name string) (jsvalue.Value, bool) {
	length, isList := listLength(v)
	if !isList {
		return undefined, false
	}
	if name == "length" {
		return jsvalue.NumberValue(float64(length)), true
	}
	i, ok := jsvalue.ArrayIndex(name)
	if !ok || int64(i) >= int64(length) {
		return undefined, false
	}
	if v.Is(jsvalue.Array) {
		return v.Items()[i], true
	}
	return jsvalue.StringValue(codeUnit(v.Text(), int(i))), true
}

// listLength returns the length of an array or string, in elements or UTF-16 code units.
func listLength(v jsvalue.Value) (int, bool) {
	switch v.Kind() {
	case jsvalue.Array:
		return len(v.Items()), true
	case jsvalue.String:
		return jsvalue.UTF16Len(v.Text()), true
	}
	return 0, false
}

// codeUnit returns the i-th UTF-16 code unit of s; half of a pair is U+FFFD.
func codeUnit(s string, i int) string {
	for _, r := range s {
		n := jsvalue.UTF16Len(string(r))
		if i < n && n == 1 {
			return string(r)
		}
		if i < n {
			return "\uFFFD"
		}
		i -= n
	}
	return ""
}

// keys is Object.keys(v), for null and undefined none.
func keys(v jsvalue.Value) []string {
	if v.Is(jsvalue.ObjectKind) {
		return v.Object().Keys()
	}
	n, _ := listLength(v)
	names := make([]string, n)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

type entry struct {
	name  string
	value jsvalue.Value
}

// entries is Object.entries(v).
func entries(v jsvalue.Value) ([]entry, bool) {
	if v.IsNullish() {
		return nil, false
	}
	if v.Is(jsvalue.String) {
		return textEntries(v.Text()), true
	}
	names := keys(v)
	list := make([]entry, len(names))
	for i, name := range names {
		value, _ := property(v, name)
		list[i] = entry{name, value}
	}
	return list, true
}

// textEntries has one entry for each UTF-16 code unit of s.
func textEntries(s string) []entry {
	var list []entry
	add := func(s string) {
		list = append(list, entry{strconv.Itoa(len(list)), jsvalue.StringValue(s)})
	}
	for _, r := range s {
		if r <= 0xFFFF {
			add(string(r))
			continue
		}
		add("\uFFFD")
		add("\uFFFD")
	}
	return list
}

// toText is String(v), which is also what a template literal and a property key make of v.
func toText(v jsvalue.Value) (string, bool) {
	switch v.Kind() {
	case jsvalue.Undefined:
		return "undefined", true
	case jsvalue.String:
		return v.Text(), true
	case jsvalue.Number:
		return numberText(v.Float()), true
	case jsvalue.Array:
		return joined(v.Items(), ",")
	case jsvalue.ObjectKind:
		return "[object Object]", v.Object().Get("toString").Is(jsvalue.Function)
	}
	return v.JSON(), true
}

func numberText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return jsvalue.NumberValue(f).JSON()
}

// joined is Array.prototype.join.
func joined(items []jsvalue.Value, separator string) (string, bool) {
	texts := make([]string, len(items))
	for i, item := range items {
		if item.IsNullish() {
			continue
		}
		text, ok := toText(item)
		if !ok {
			return "", false
		}
		texts[i] = text
	}
	return strings.Join(texts, separator), true
}

// toNumber is Number(v).
func toNumber(v jsvalue.Value) (float64, bool) {
	switch v.Kind() {
	case jsvalue.Undefined, jsvalue.Function:
		return math.NaN(), true
	case jsvalue.Null:
		return 0, true
	case jsvalue.Bool:
		if v.IsTrue() {
			return 1, true
		}
		return 0, true
	case jsvalue.Number:
		return v.Float(), true
	case jsvalue.Date:
		return dateNumber(v), true
	}
	text, ok := toText(v)
	return textNumber(text), ok
}

// dateNumber returns a number that compares with the small numbers of a configuration as the time value of a TOML date
// does. A time without a date is one of the year 0.
func dateNumber(v jsvalue.Value) float64 {
	iso := strings.Trim(v.JSON(), `"`)
	if len(iso) < 5 || iso[4] != '-' || iso < "1970" {
		return -1e12
	}
	return 1e12
}

// whiteSpace is what JavaScript trims.
const whiteSpace = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

// textNumber is Number(s) of a string.
func textNumber(s string) float64 {
	s = strings.Trim(s, whiteSpace)
	if s == "" {
		return 0
	}
	switch strings.TrimLeft(s, "+-") {
	case "Infinity":
		if len(s) <= len("+Infinity") {
			return math.Inf(1 - 2*strings.Count(s, "-"))
		}
	}
	if len(s) > 2 && s[0] == '0' && strings.ContainsRune("xXoObB", rune(s[1])) {
		return radixNumber(s)
	}
	if strings.Trim(s, "0123456789.eE+-") != "" {
		return math.NaN()
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

func radixNumber(s string) float64 {
	base := map[byte]float64{'x': 16, 'o': 8, 'b': 2}[s[1]|0x20]
	n := 0.0
	for _, c := range []byte(s[2:]) {
		digit := strings.IndexByte("0123456789abcdef", lowerASCII(c))
		if digit < 0 || float64(digit) >= base {
			return math.NaN()
		}
		n = n*base + float64(digit)
	}
	return n
}

func lowerASCII(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// identity returns what tells v from other primitive values in a JavaScript Set. The bool is false for objects: those
// that are compared come from different places of a file, so that no two are the same.
func identity(v jsvalue.Value) (string, bool) {
	switch v.Kind() {
	case jsvalue.Undefined, jsvalue.Null, jsvalue.Bool, jsvalue.String, jsvalue.Number:
		text, _ := toText(v)
		return v.TypeOf() + " " + text, true
	}
	return "", false
}

// The methods that an environment can be mistaken for, where "env" is an array or a string.
var (
	arrayMethods = []string{
		"at", "concat", "copyWithin", "entries", "every", "fill", "filter", "find", "findIndex", "findLast",
		"findLastIndex", "flat", "flatMap", "forEach", "includes", "indexOf", "join", "keys", "lastIndexOf", "map",
		"pop", "push", "reduce", "reduceRight", "reverse", "shift", "slice", "some", "sort", "splice",
		"toReversed", "toSorted", "toSpliced", "unshift", "values", "with",
	}
	stringMethods = []string{
		"anchor", "at", "big", "blink", "bold", "charAt", "charCodeAt", "codePointAt", "concat", "endsWith", "fixed",
		"fontcolor", "fontsize", "includes", "indexOf", "isWellFormed", "italics", "lastIndexOf", "link",
		"localeCompare", "match", "matchAll", "normalize", "padEnd", "padStart", "repeat", "replace", "replaceAll",
		"search", "slice", "small", "split", "startsWith", "strike", "sub", "substr", "substring", "sup",
		"toLocaleLowerCase", "toLocaleUpperCase", "toLowerCase", "toUpperCase", "toWellFormed", "trim", "trimEnd",
		"trimLeft", "trimRight", "trimStart",
	}
	numberMethods = []string{"toExponential", "toFixed", "toPrecision"}
)

// inPrototype reports whether the prototypes of a value of kind k, other than a plain object, have a property name.
func inPrototype(k jsvalue.Kind, name string) bool {
	switch {
	case jsvalue.IsPrototypeName(name):
		return true
	case k == jsvalue.Array:
		return slices.Contains(arrayMethods, name)
	case k == jsvalue.String:
		return slices.Contains(stringMethods, name)
	case k == jsvalue.Number:
		return slices.Contains(numberMethods, name)
	case k == jsvalue.Function:
		return name == "name" || name == "length"
	}
	return false
}

// isInteger is Number.isInteger(v).
func isInteger(v jsvalue.Value) bool {
	f := v.Float()
	return !math.IsInf(f, 0) && math.Trunc(f) == f
}

// enumerable returns the names that a for-in loop goes through.
func enumerable(v jsvalue.Value) []string {
	if v.Is(jsvalue.ObjectKind) {
		return v.Object().Enumerable()
	}
	return keys(v)
}
