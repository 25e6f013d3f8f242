package config

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// holder is a binding, a var or a secret with its name.
type holder struct {
	name  string
	words string // the kind
	node  node
}

// holders yields what has a name that no other may have.
func (l *level) holders() iter.Seq[holder] {
	return func(yield func(holder) bool) {
		for _, k := range kinds {
			if !k.comparesNames() {
				continue
			}
			n := l.field(k.field)
			for _, b := range k.bindings(n) {
				if name := b.get(k.nameMember()); name.isString() && !yield(holder{name.text(), k.words, name}) {
					return
				}
			}
			if k.shape == names && !yieldMembers(n, k.words, yield) {
				return
			}
		}
		if !yieldMembers(l.field("vars"), "Environment Variable", yield) {
			return
		}
		for _, name := range l.field("secrets").get("required").items() {
			if name.isString() && !yield(holder{name.text(), "Secret", name}) {
				return
			}
		}
	}
}

func yieldMembers(n node, words string, yield func(holder) bool) bool {
	for name := range n.value.Object().All() {
		if !yield(holder{name, words, n.get(name)}) {
			return false
		}
	}
	return true
}

// checkNames requires that the names of bindings are distinct, and not reserved by the platform.
func (l *level) checkNames() {
	var count jsvalue.Map[int]
	repeated := false
	for h := range l.holders() {
		switch {
		case jsvalue.IsPrototypeName(h.name):
			l.check.fail(h.node, RuleReserved, `is the name "`+h.name+`", over which wrangler fails, since every JavaScript `+
				"object has a property of that name; choose another")
			continue
		case h.name == "ASSETS" && l.isPagesProject():
			l.check.fail(h.node, RuleReserved, "is the name ASSETS, which Pages projects reserve; give the "+h.words+
				" binding another name")
		}
		n, again := count.Get(h.name)
		count.Set(h.name, n+1)
		repeated = repeated || again
	}
	if repeated {
		l.checkRepeated(&count)
	}
}

// checkRepeated reports the names that count has more than once.
func (l *level) checkRepeated(count *jsvalue.Map[int]) {
	var byName jsvalue.Map[[]holder]
	for h := range l.holders() {
		if n, _ := count.Get(h.name); n > 1 {
			list, _ := byName.Get(h.name)
			byName.Set(h.name, append(list, h))
		}
	}
	for name, list := range byName.All() {
		l.check.refuseDuplicates(name, list)
	}
}

// isPagesProject reports whether the top level is a Pages project. An environment cannot say so.
func (l *level) isPagesProject() bool { return cmp.Or(l.top, l).isPages() }

func (c *check) refuseDuplicates(name string, list []holder) {
	var once, repeated []string
	for _, h := range list {
		switch {
		case !slices.Contains(once, h.words):
			once = append(once, h.words)
		case !slices.Contains(repeated, h.words):
			repeated = append(repeated, h.words)
		}
	}
	last := list[len(list)-1].node
	cure := "give each a name of its own"
	if env := c.environmentAbove(last); env != "" {
		field, _, _ := strings.Cut(last.key, "[")
		cure = "this one is of the top level although it stands below [env." + env + "]; write [[env." + env + "." + field +
			"]] if it is meant for that environment, or else give it another name"
	}
	before := len(c.problems)
	if len(once) > 1 {
		c.fail(last, RuleUnique, `"`+name+`" is the name of `+enumeration(once)+" bindings; "+cure)
	}
	for _, words := range repeated {
		c.fail(last, RuleUnique, `"`+name+`" is the name of several `+words+" bindings; "+cure)
	}
	for i := range c.problems[before:] {
		c.problems[before+i].Other = max(list[0].node.offset, 0)
	}
}
