package config

import (
	"slices"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// exports validates the field "exports": what the Worker's classes and entry points are.
func exports(n node) bool {
	if n.value.IsNullish() {
		return true
	}
	if !n.isRecord() {
		return n.mustBe("an object")
	}
	ok := true
	for _, export := range n.children() {
		ok = entity(exportEntry)(export) && ok
	}
	return ok
}

func exportEntry(n node) bool {
	switch n.property("type").Text() {
	case "durable-object":
		return durableObjectExport(n)
	case "worker":
		return workerExport(n)
	case "workflow":
		return workflowExport(n)
	}
	return n.failAt("type", RuleChoice, `must be one of "durable-object", "worker", "workflow"`)
}

var workerExport = every(
	known("type", "cache"),
	field("cache", maybe(record(required("enabled", boolean), known("enabled")))),
)

// exportStates are the rules of a Durable Object class in each state that it can be in.
var exportStates = map[string]rule{
	"created":     every(exportStorage, exportContainer, only("type", "state", "storage", "container")),
	"deleted":     only("type", "state"),
	"renamed":     every(filled("renamed_to"), newClassName, only("type", "state", "renamed_to")),
	"transferred": every(filled("transferred_to"), only("type", "state", "transferred_to")),
	"expecting-transfer": every(exportStorage, filled("transfer_from"), exportContainer,
		only("type", "state", "storage", "transfer_from", "container")),
}

var exportStateNames = []string{"created", "deleted", "renamed", "transferred", "expecting-transfer"}

func durableObjectExport(n node) bool {
	ok := n.name != "" || n.fail(RuleFormat, "must have a name that is not empty")
	state := n.get("state")
	name := state.value.Text()
	if state.isUndefined() {
		name = "created"
	}
	r, found := exportStates[name]
	if !found {
		return state.fail(RuleChoice, "must be one of "+quoted(exportStateNames))
	}
	return r(n) && ok
}

func exportStorage(n node) bool {
	return required("storage", text, "sqlite", "legacy-kv")(n)
}

// exportContainer wants the name of a container, if there is one, for a class that can have one.
func exportContainer(n node) bool {
	container := n.get("container")
	switch {
	case container.isUndefined():
		return true
	case container.value.Text() == "":
		return container.fail(RuleType, "must be a string that is not empty, the name of a container")
	case n.property("storage").Text() == "legacy-kv":
		return container.fail(RuleConflict, `needs "storage" to be "sqlite"`)
	}
	return true
}

var identifier = pattern(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

// newClassName wants the name that a class gets to be one, and a new one.
func newClassName(n node) bool {
	to := n.get("renamed_to")
	if to.value.Text() == "" {
		return true
	}
	ok := identifier().MatchString(to.value.Text()) || to.fail(RuleFormat, "must be a JavaScript identifier")
	if to.value.Text() == n.name {
		return to.fail(RuleConflict, "must not be the name of the class itself")
	}
	return ok
}

// only refuses every field but those named.
func only(names ...string) rule {
	return func(n node) bool {
		ok := true
		for _, name := range keys(n.value) {
			if !slices.Contains(names, name) {
				ok = n.failAt(name, RuleConflict, "is not allowed in this state; only "+quoted(names)+" are")
			}
		}
		return ok
	}
}

// exportsOf returns the exports of one type, whatever "exports" is.
func (l *level) exportsOf(kind string) []node {
	var list []node
	for _, export := range l.field("exports").children() {
		if !export.value.IsNullish() && export.property("type").Text() == kind && export.name != "__proto__" {
			list = append(list, export)
		}
	}
	return list
}

// refuseWorkflowConflicts wants the exported Workflows to have different names.
func refuseWorkflowConflicts(l *level) {
	first := map[string]string{}
	for _, export := range l.exportsOf("workflow") {
		name := export.get("name")
		if !name.value.Is(jsvalue.String) {
			continue
		}
		if other, found := first[name.value.Text()]; found {
			name.fail(RuleUnique, `is the name of the Workflow "`+other+`" too; give each a name of its own`)
			continue
		}
		first[name.value.Text()] = export.key
	}
}
