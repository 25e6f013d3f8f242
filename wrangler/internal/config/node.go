package config

import (
	"strconv"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// node is a value of the configuration together with where it stands. Whatever is found wrong about it goes to its
// level.
type node struct {
	level  *level
	value  jsvalue.Value
	key    string // path from the root
	name   string // last part of key
	offset int    // in the source, -1 if unknown
	apart  bool   // the reference does not compare it with the top level
}

// get returns the field name of n. It is a TypeError if n is null or undefined.
func (n node) get(name string) node {
	field := n
	field.value = n.property(name)
	field.key, field.name = n.path(name), name
	field.offset = n.offsetOf(name, field.value)
	return field
}

// at returns the i-th element of the array n.
func (n node) at(i int) node {
	item := n
	item.value = n.value.Items()[i]
	item.name = "[" + strconv.Itoa(i) + "]"
	item.key += item.name
	item.offset = startOf(item.value, n.offset)
	return item
}

// property returns the value of the field name of n, as get does.
func (n node) property(name string) jsvalue.Value {
	value, ok := property(n.value, name)
	if !ok {
		n.throw("read \"" + name + "\" of")
	}
	return value
}

// has is the operator in. It is a TypeError unless n is an object.
func (n node) has(name string) bool {
	found, ok := contains(n.value, name)
	if !ok {
		n.throw("look for \"" + name + "\" in")
	}
	return found
}

// entries returns the own fields of n. It is a TypeError if n is null or undefined.
func (n node) entries() []entry {
	list, ok := entries(n.value)
	if !ok {
		n.throw("list the fields of")
	}
	return list
}

// children returns the own fields of n as nodes.
func (n node) children() []node {
	list := n.entries()
	nodes := make([]node, len(list))
	for i, e := range list {
		nodes[i] = n
		nodes[i].value, nodes[i].name = e.value, e.name
		nodes[i].key, nodes[i].offset = n.path(e.name), n.offsetOf(e.name, e.value)
	}
	return nodes
}

// text returns the value as a template literal shows it, for the TypeError that comes of some; the text itself must
// not be shown.
func (n node) text() string {
	s, ok := toText(n.value)
	if !ok {
		n.throw("make a text of")
	}
	return s
}

// number returns the value as an operator such as < sees it.
func (n node) number() float64 {
	f, ok := toNumber(n.value)
	if !ok {
		n.throw("make a number of")
	}
	return f
}

func (n node) path(name string) string {
	if n.key == "" {
		return name
	}
	return n.key + "." + name
}

// offsetOf returns where the field name with the given value is, or else where n is.
func (n node) offsetOf(name string, value jsvalue.Value) int {
	if at, ok := value.Offset(); ok {
		return at
	}
	if at, ok := n.value.Object().KeyOffset(name); ok {
		return at
	}
	return n.offset
}

func startOf(v jsvalue.Value, otherwise int) int {
	if at, ok := v.Offset(); ok {
		return at
	}
	return otherwise
}

// isArray, isRecord and isObject are the three ideas of an object that the reference has.
func (n node) isArray() bool  { return n.value.Is(jsvalue.Array) }
func (n node) isRecord() bool { return n.isObject() && !n.isArray() }
func (n node) isObject() bool { return n.value.TypeOf() == "object" && !n.value.IsNullish() }

func (n node) isUndefined() bool { return n.value.IsUndefined() }

// fail reports an error about n. It returns false, so that a rule can return it.
func (n node) fail(r Rule, text string) bool {
	n.level.report(Problem{Error, r, n.key, "", n.offset, text})
	return false
}

// warn reports a warning about n.
func (n node) warn(r Rule, text string) {
	n.level.report(Problem{Warning, r, n.key, "", n.offset, text})
}

// failAt and warnAt are about the field name of n, which need not be there.
func (n node) failAt(name string, r Rule, text string) bool {
	value, _ := property(n.value, name)
	n.level.report(Problem{Error, r, n.path(name), "", n.offsetOf(name, value), text})
	return false
}

func (n node) warnAt(name string, r Rule, text string) {
	value, _ := property(n.value, name)
	n.level.report(Problem{Warning, r, n.path(name), "", n.offsetOf(name, value), text})
}

// mustBe reports that n is not what it must be: an article and a noun.
func (n node) mustBe(what string) bool {
	return n.fail(RuleType, "must be "+what+", but is "+n.value.Describe())
}

// throw records that the reference throws a TypeError here, since it cannot do to n what it wants to.
func (n node) throw(what string) {
	n.throwText("is " + n.value.Describe() + ", over which wrangler fails with a TypeError: it cannot " + what + " it")
}

func (n node) throwText(text string) {
	n.level.check.throw(Problem{Error, RuleJavaScript, n.key, n.level.env, n.offset, text})
}
