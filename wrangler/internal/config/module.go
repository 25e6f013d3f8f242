package config

import "github.com/workerenv/workerenv/internal/jsvalue"

// build validates the field "build" and returns what environments inherit of it. It is validated once more in each
// of them, and so are its errors reported.
func build(n node) jsvalue.Value {
	if n.value.IsNullish() {
		n.value = noFields
	}
	fields("command", "cwd", "watch_dir")(n)
	optional("command", text)(n)
	optional("cwd", text)(n)
	watched := n.get("watch_dir")
	if watched.isArray() {
		listOf(text)(watched)
	} else {
		is(text)(watched)
	}
	o := jsvalue.NewObject()
	o.Set("command", n.property("command"))
	o.Set("cwd", n.property("cwd"))
	o.Set("watch_dir", watched.watchedPaths(n.property("command").Truthy()))
	return jsvalue.ObjectValue(o)
}

// watchedPaths returns texts in place of whatever is to be watched, as the reference does if there is a command.
func (n node) watchedPaths(command bool) jsvalue.Value {
	if !command || n.isUndefined() || n.level.check.options.Path == "" {
		return n.value
	}
	if !n.isArray() {
		return jsvalue.StringValue(n.text())
	}
	paths := make([]jsvalue.Value, len(n.value.Items()))
	for i := range paths {
		paths[i] = jsvalue.StringValue(n.at(i).text())
	}
	return jsvalue.ArrayValue(paths)
}

// moduleRules validates the field "rules". Nothing that counts as false is looked at.
func moduleRules(n node) bool {
	return !n.value.Truthy() || each(moduleRule)(n)
}

var moduleRule = entity(
	func(n node) bool {
		return required("type", text, "ESModule", "CommonJS", "CompiledWasm", "Text", "Data")(n)
	},
	field("globs", listOf(text)),
	optional("fallthrough", boolean),
)

// workerName validates the field "name": lower case, digits, dashes and underscores.
func workerName(n node) bool {
	if n.level.check.options.dispatched() {
		return is(text)(n)
	}
	if n.isUndefined() || text.of(n.value) && isWorkerName(n.value.Text()) {
		return true
	}
	return n.fail(RuleFormat, "must be a string of lower-case letters, digits, dashes and underscores "+
		"that does not start with a dash")
}

func isWorkerName(s string) bool {
	for i, c := range s {
		if c == '-' && i == 0 || !isNameRune(c) {
			return false
		}
	}
	return true
}

func isNameRune(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

// limits validates the field "limits". Nothing that counts as false is looked at.
func limits(n node) bool {
	return !n.value.Truthy() || every(optional("cpu_ms", number), optional("subrequests", number))(n)
}

func pythonModules(n node) bool {
	return maybe(record(func(n node) bool {
		return n.has("exclude") && texts(n.get("exclude"))
	}))(n)
}

var assets = maybe(entity(
	optional("directory", text),
	optional("binding", text),
	optional("html_handling", text, "auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"),
	optional("not_found_handling", text, "single-page-application", "404-page", "none"),
	optional("base_path", text),
	field("run_worker_first", workerFirst),
	known("directory", "binding", "html_handling", "not_found_handling", "base_path", "run_worker_first"),
))

func workerFirst(n node) bool {
	switch {
	case n.isUndefined() || boolean.of(n.value):
		return true
	case n.isArray():
		return listOf(text)(n)
	}
	return n.mustBe("true, false or an array of strings")
}

var cache = maybe(entity(
	required("enabled", boolean),
	optional("cross_version_cache", boolean),
	known("enabled", "cross_version_cache"),
))

var access = maybe(entity(
	optional("dev", object),
	known("dev"),
	func(n node) bool {
		dev := n.get("dev")
		return !dev.isObject() || every(
			required("aud", text),
			optional("identity", object),
			known("aud", "identity"),
		)(dev)
	},
))
