package config

import (
	"github.com/workerenv/workerenv/internal/jsvalue"
)

// workflow is a binding to a Workflow.
var workflow = entity(
	required("binding", text),
	required("name", text), workflowName,
	required("class_name", text), optional("script_name", text),
	workflowSettings,
	fields("binding", "name", "class_name", "script_name", "limits", "concurrency", "schedules", "default_retention",
		"jurisdiction"),
)

// workflowExport is an entry of "exports" that declares a Workflow.
var workflowExport = every(
	required("name", text), workflowName,
	workflowSettings,
	fields("type", "name", "limits", "concurrency", "schedules", "default_retention", "jurisdiction"),
)

var workflowSettings = every(
	field("schedules", schedules),
	field("limits", maybe(record(field("steps", maybe(steps)), fields("steps")))),
	field("default_retention", maybe(record(
		field("success_retention", maybe(retention)), field("error_retention", maybe(retention)),
		fields("success_retention", "error_retention"),
	))),
	field("concurrency", maybe(record(field("limit", maybe(positive)), fields("limit")))),
	field("jurisdiction", oneOf("eu", "fedramp", "us")),
)

var workflowPattern = pattern(`^[a-zA-Z0-9_][a-zA-Z0-9-_]*$`)

// workflowName wants the form of the name of a Workflow, if it is a text.
func workflowName(n node) bool {
	name := n.property("name").Text()
	if !n.property("name").Is(jsvalue.String) || len(name) <= 64 && workflowPattern().MatchString(name) {
		return true
	}
	return n.failAt("name", RuleFormat, "must be 1 to 64 letters, digits, underscores and hyphens, "+
		"and must not start with a hyphen")
}

// schedules wants a text or an array of texts, none of them empty.
func schedules(n node) bool {
	switch {
	case n.isUndefined():
		return true
	case n.value.Is(jsvalue.String):
		return n.value.Text() != "" || n.fail(RuleFormat, "must not be empty")
	case !n.isArray():
		return n.mustBe("a string or an array of strings")
	case len(n.value.Items()) == 0:
		return n.fail(RuleFormat, "must not be empty")
	case !texts(n):
		return false
	}
	for _, item := range n.value.Items() {
		if item.Text() == "" {
			return n.fail(RuleFormat, "must not have empty strings")
		}
	}
	return true
}

// maxSteps is what production allows.
const maxSteps = 25000

func steps(n node) bool {
	if !positive(n) {
		return false
	}
	if n.value.Float() > maxSteps {
		n.warn(RuleRange, "is more than 25000, which is all that production allows")
	}
	return true
}

// positive wants an integer above 0.
func positive(n node) bool {
	return isInteger(n.value) && n.value.Float() >= 1 || n.fail(RuleRange, "must be a positive integer")
}

// retention wants milliseconds, or a text such as "3 days".
func retention(n node) bool {
	if isInteger(n.value) && n.value.Float() > 0 || n.value.Text() != "" {
		return true
	}
	return n.fail(RuleRange, `must be a positive integer of milliseconds or a duration such as "3 days"`)
}

// uniqueNames wants the elements of an array to have different names.
func uniqueNames(n node) bool {
	if !n.isArray() {
		return true
	}
	count := map[string]int{}
	repeated := false
	for _, name := range n.column("name") {
		if id, ok := identity(name.value); ok {
			count[id]++
			repeated = repeated || count[id] > 1
		}
	}
	if repeated {
		return n.fail(RuleUnique, `has elements of the same "name"; give each a name of its own`)
	}
	return true
}
