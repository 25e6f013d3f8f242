package config

import (
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// rule is a statement about a value. It reports what does not hold, and returns whether all holds. A rule may return
// true in spite of what it reported, where the reference goes on.
type rule func(n node) bool

// kind is a type as JavaScript's typeof names it. null and arrays are objects.
type kind string

const (
	text    kind = "string"
	number  kind = "number"
	boolean kind = "boolean"
	object  kind = "object"
)

func (k kind) of(v jsvalue.Value) bool { return v.TypeOf() == string(k) }

// every applies all rules, whatever the others say.
func every(rules ...rule) rule {
	return func(n node) bool {
		ok := true
		for _, r := range rules {
			ok = r(n) && ok
		}
		return ok
	}
}

// inTurn applies the rules up to the first that does not hold.
func inTurn(rules ...rule) rule {
	return func(n node) bool {
		for _, r := range rules {
			if !r(n) {
				return false
			}
		}
		return true
	}
}

// maybe applies the rules only to a value that is there.
func maybe(rules ...rule) rule {
	r := every(rules...)
	return func(n node) bool { return n.isUndefined() || r(n) }
}

// field applies the rules to a field.
func field(name string, rules ...rule) rule {
	r := every(rules...)
	return func(n node) bool { return r(n.get(name)) }
}

// record is an object that is no array, and its rules.
func record(rules ...rule) rule {
	r := every(rules...)
	return func(n node) bool {
		if !n.isRecord() {
			return n.mustBe("an object")
		}
		return r(n)
	}
}

// entity is an object, for which the reference also takes an array, and its rules.
func entity(rules ...rule) rule {
	r := every(rules...)
	return func(n node) bool {
		if !n.isObject() {
			return n.mustBe("an object")
		}
		return r(n)
	}
}

// is wants a value of the given type, if there is one.
func is(want kind) rule {
	return func(n node) bool {
		return n.isUndefined() || want.of(n.value) || n.mustBe(article(want))
	}
}

// oneOf wants one of some texts, if there is a value.
func oneOf(choices ...string) rule {
	return func(n node) bool {
		if n.isUndefined() || n.value.Is(jsvalue.String) && slices.Contains(choices, n.value.Text()) {
			return true
		}
		return n.fail(RuleChoice, "must be one of "+quoted(choices))
	}
}

// required wants a field of the given type, and among the choices if there are some.
func required(name string, want kind, choices ...string) rule {
	return func(n node) bool {
		value := n.property(name)
		switch {
		case value.IsUndefined():
			return n.failAt(name, RuleRequired, "is required; set it to "+article(want))
		case !want.of(value):
			return n.failAt(name, RuleType, "must be "+article(want)+", but is "+value.Describe())
		case len(choices) > 0 && !slices.Contains(choices, value.Text()):
			return n.failAt(name, RuleChoice, "must be one of "+quoted(choices))
		}
		return true
	}
}

// optional is required, for a field that is there.
func optional(name string, want kind, choices ...string) rule {
	r := required(name, want, choices...)
	return func(n node) bool { return n.property(name).IsUndefined() || r(n) }
}

// nonEmpty wants a text that is not empty in the field, if it is there.
func nonEmpty(name string) rule {
	return func(n node) bool {
		value := n.property(name)
		if value.IsUndefined() || value.Text() != "" {
			return true
		}
		return n.failAt(name, RuleType, "must be a string that is not empty")
	}
}

// filled wants a text that is not empty in the field.
func filled(name string) rule {
	return func(n node) bool {
		if n.property(name).Text() != "" {
			return true
		}
		return n.failAt(name, RuleRequired, "is required; set it to a string that is not empty")
	}
}

// listOf wants an array of the given type.
func listOf(want kind) rule {
	return each(func(n node) bool {
		return want.of(n.value) || n.mustBe(article(want))
	})
}

// each wants an array with elements that obey the rule.
func each(r rule) rule {
	return func(n node) bool {
		if !n.isArray() {
			return n.mustBe("an array")
		}
		ok := true
		for i := range n.value.Items() {
			ok = r(n.at(i)) && ok
		}
		return ok
	}
}

// texts wants an array of texts, and reports once whatever is wrong about it.
func texts(n node) bool {
	if n.isUndefined() {
		return true
	}
	notText := func(v jsvalue.Value) bool { return !v.Is(jsvalue.String) }
	if n.isArray() && !slices.ContainsFunc(n.value.Items(), notText) {
		return true
	}
	return n.fail(RuleType, "must be an array of strings")
}

// known warns of fields that are none of those named. It holds only if there are none such, unlike fields.
func known(names ...string) rule {
	return func(n node) bool {
		unknown := without(keys(n.value), names)
		if len(unknown) == 0 {
			return true
		}
		if len(unknown) == 1 {
			n.warnAt(unknown[0], RuleUnknownField, "is a field that wrangler does not know; remove it")
			return false
		}
		n.warn(RuleUnknownField, "has fields that wrangler does not know, "+quoted(unknown)+"; remove them")
		return false
	}
}

// fields is known where the reference goes on as if nothing had happened.
func fields(names ...string) rule {
	r := known(names...)
	return func(n node) bool { r(n); return true }
}

// without returns the names that are not among those taken away.
func without(names, taken []string) []string {
	var rest []string
	for _, name := range names {
		if !slices.Contains(taken, name) {
			rest = append(rest, name)
		}
	}
	return rest
}

// exclusive wants at most one of two fields.
func exclusive(one, other string) rule {
	return func(n node) bool {
		if n.has(one) && n.has(other) {
			return n.fail(RuleConflict, `has both "`+one+`" and "`+other+`"; keep one of them`)
		}
		return true
	}
}

// atLeastOne wants one of some fields, each given by its path below n and all of the same type, to be there and of
// that type.
func atLeastOne(want kind, paths ...string) rule {
	return func(n node) bool {
		missing := true
		var wrong []node
		for _, path := range paths {
			f := n.deep(path)
			if want.of(f.value) {
				return true
			}
			missing = missing && f.isUndefined()
			wrong = append(wrong, f)
		}
		if missing {
			return n.fail(RuleRequired, "needs one of "+quoted(paths))
		}
		for _, f := range wrong {
			f.mustBe(article(want))
		}
		return false
	}
}

// deep returns the field at a path of names with dots. Nothing is below null or undefined.
func (n node) deep(path string) node {
	for name := range strings.SplitSeq(path, ".") {
		if n.value.IsNullish() {
			n.value = undefined
			n.key = n.path(name)
			continue
		}
		n = n.get(name)
	}
	return n
}
