package config

import (
	"math"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// durableObjects validates the field "durable_objects", in which "bindings" may be missing.
func durableObjects(n node) bool {
	return maybe(record(
		fields("bindings", "code_update_strategy"),
		func(n node) bool {
			if !n.has("bindings") {
				n.value = withBindings(n)
			}
			return durableObjectList(n)
		},
		field("code_update_strategy", maybe(updateStrategy)),
	))(n)
}

var durableObjectList = bindingList(durableObject)

// durableObject says "remote" is unknown, although it validates it.
var durableObject = entity(
	required("name", text), required("class_name", text), optional("script_name", text),
	optional("environment", text), environmentOfScript, remote,
	fields("class_name", "environment", "name", "script_name"),
)

func environmentOfScript(n node) bool {
	if n.has("environment") && !n.has("script_name") {
		return n.failAt("environment", RuleConflict, `needs "script_name" beside it`)
	}
	return true
}

// maxUpdateDelay is in seconds.
const maxUpdateDelay = 24 * 60 * 60

var updateStrategy = record(
	fields("mode", "max_delay"),
	required("mode", text, "immediate", "deferred"),
	optional("max_delay", number),
	field("max_delay", updateDelay),
)

// updateDelay wants seconds of up to a day, with a precision of milliseconds.
func updateDelay(n node) bool {
	if !number.of(n.value) {
		return true
	}
	seconds := n.value.Float()
	if !(seconds >= 0 && seconds <= maxUpdateDelay) {
		return n.fail(RuleRange, "must be from 0 to 86400 seconds")
	}
	exact := seconds * 1e3
	whole := math.Floor(exact + 0.5)
	if seconds > 0 && whole == 0 || math.Abs(exact-whole) > 1e-6 {
		return n.fail(RuleRange, "must be a whole number of milliseconds")
	}
	return true
}

// withBindings makes sure that durable_objects has the field "bindings".
func withBindings(n node) jsvalue.Value {
	o := jsvalue.NewObject()
	list, _ := entries(n.value)
	for _, e := range list {
		o.SetAt(e.name, e.value, n.offsetOf(e.name, e.value))
	}
	if found, _ := property(n.value, "bindings"); found.IsNullish() {
		o.Set("bindings", noItems)
	} else if _, own := o.Own("bindings"); !own {
		o.Set("bindings", found)
	}
	return jsvalue.ObjectValue(o)
}

// logfwdr validates the field "logfwdr".
func logfwdr(n node) bool {
	return inTurn(bindingList(logDestination), func(n node) bool {
		if n.value.IsNullish() || n.property("schema").IsUndefined() {
			return true
		}
		return n.failAt("schema", RuleRemoved, `is no longer supported; use "unsafe.capnp" instead`)
	})(n)
}

var logDestination = entity(required("name", text), required("destination", text), fields("destination", "name"))

// migrations validates the field "migrations".
func migrations(n node) bool { return n.value.IsNullish() || each(migration)(n) }

var migration = every(
	fields("tag", "new_classes", "new_sqlite_classes", "renamed_classes", "deleted_classes", "transferred_classes"),
	required("tag", text),
	field("new_classes", maybe(listOf(text))),
	field("new_sqlite_classes", maybe(listOf(text))),
	field("renamed_classes", maybe(moves("from", "to"))),
	field("transferred_classes", maybe(moves("from", "from_script", "to"))),
	field("deleted_classes", maybe(listOf(text))),
)

// moves wants an array of objects with some texts, and reports once whatever is wrong about it.
func moves(names ...string) rule {
	return func(n node) bool {
		if !n.isArray() || !n.areMoves(names) {
			return n.fail(RuleType, "must be an array of objects with the strings "+quoted(names))
		}
		return true
	}
}

func (n node) areMoves(names []string) bool {
	for i := range n.value.Items() {
		item := n.at(i)
		if !object.of(item.value) {
			return false
		}
		for _, name := range names {
			if !item.isField(name, text) {
				return false
			}
		}
	}
	return true
}

// warnOfNoLifecycle warns of Durable Objects of this Worker for which there are neither migrations nor exports.
func warnOfNoLifecycle(l *level) {
	list := l.field("durable_objects").get("bindings")
	if !list.isArray() {
		return
	}
	var classes []string
	allText := true
	for i := range list.value.Items() {
		binding := list.at(i)
		if binding.property("script_name").Truthy() {
			continue
		}
		class := binding.property("class_name")
		if class.Is(jsvalue.String) && l.exportsClass(class.Text()) {
			continue
		}
		classes = append(classes, binding.key)
		allText = allText && class.Is(jsvalue.String)
	}
	if len(classes) == 0 || l.hasMigrations() || !allText {
		return
	}
	list.warn(RuleMissing, "has Durable Objects of this Worker ("+strings.Join(classes, ", ")+
		`) whose classes have no live entry in "exports"; add one of type "durable-object" for each`)
}

// exportsClass reports whether there is a live export of a Durable Object class.
func (l *level) exportsClass(class string) bool {
	export := l.field("exports").get(class)
	return !export.isUndefined() && export.property("type").Text() == "durable-object" && export.isLive()
}

// isLive reports whether the export is of a class that exists now.
func (n node) isLive() bool {
	state := n.property("state")
	return state.IsNullish() || state.Text() == "created" || state.Text() == "expecting-transfer"
}

// hasMigrations is migrations.length > 0, of whatever the migrations are.
func (l *level) hasMigrations() bool { return l.field("migrations").get("length").number() > 0 }

func refuseMigrationsWithExports(l *level) {
	if !l.hasMigrations() {
		return
	}
	for _, export := range l.field("exports").children() {
		if export.property("type").Text() == "durable-object" {
			l.field("migrations").fail(RuleConflict,
				`cannot stand beside "exports" of Durable Objects; keep one of them`)
			return
		}
	}
}
