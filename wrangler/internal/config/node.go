package config

import (
	"strconv"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// node is a value of the configuration together with its place.
type node struct {
	value  jsvalue.Value
	key    string // path from the root
	offset int    // in the source, -1 if unknown
}

// get returns the member name of n, which is undefined if n is not an object or does not have it.
func (n node) get(name string) node {
	object := n.value.Object()
	value, _ := object.Own(name)
	member := node{value, name, n.offset}
	if n.key != "" {
		member.key = n.key + "." + name
	}
	if at, ok := value.Offset(); ok {
		member.offset = at
	} else if at, ok := object.KeyOffset(name); ok {
		member.offset = at
	}
	return member
}

// items returns the elements of an array.
func (n node) items() []node {
	values := n.value.Items()
	nodes := make([]node, len(values))
	for i, value := range values {
		nodes[i] = node{value, n.key + "[" + strconv.Itoa(i) + "]", n.offset}
		if at, ok := value.Offset(); ok {
			nodes[i].offset = at
		}
	}
	return nodes
}

// has reports whether n has the member name, of whatever value.
func (n node) has(name string) bool { return !n.get(name).value.IsUndefined() }

// text returns the string that n is, "" if it is none.
func (n node) text() string { return n.value.Text() }

func (n node) isString() bool    { return n.value.Is(jsvalue.String) }
func (n node) isObject() bool    { return n.value.Is(jsvalue.ObjectKind) }
func (n node) isUndefined() bool { return n.value.IsUndefined() }

// check collects the problems of a configuration.
type check struct {
	options  Options
	problems []Problem

	environments []envHeader // of a TOML file, in the order of the text
}

func (c *check) fail(n node, r Rule, text string) {
	c.problems = append(c.problems, Problem{Severity: Error, Rule: r, Key: n.key, Offset: n.offset, Text: text})
}

func (c *check) warn(n node, r Rule, text string) {
	c.problems = append(c.problems, Problem{Severity: Warning, Rule: r, Key: n.key, Offset: n.offset, Text: text})
}

// mustBe reports that n is not what it must be: an article and a noun.
func (c *check) mustBe(n node, what string) {
	c.fail(n, RuleType, "must be "+what+", but is "+n.value.Describe())
}

// wantObject and wantArray report whether n has that type, and an error if it has not.
func (c *check) wantObject(n node) bool {
	if !n.isObject() {
		c.mustBe(n, "an object")
	}
	return n.isObject()
}

func (c *check) wantArray(n node) bool {
	if !n.value.Is(jsvalue.Array) {
		c.mustBe(n, "an array")
	}
	return n.value.Is(jsvalue.Array)
}

// wantStrings requires an array of strings.
func (c *check) wantStrings(n node) {
	if !c.wantArray(n) {
		return
	}
	for _, item := range n.items() {
		if !item.isString() {
			c.mustBe(item, "a string")
		}
	}
}
