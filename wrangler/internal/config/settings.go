package config

import (
	"path/filepath"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// readSettings validates the fields that only the top level can have, as far as the reference looks at them after
// the environment.
func (r *result) readSettings() {
	root := r.top.raw
	r.settings = jsvalue.NewObject()
	dev(root.get("dev"))
	r.readSite(root.get("site"))
	aliases(root.get("alias"))
	for _, name := range []string{"wasm_modules", "text_blobs", "data_blobs"} {
		n := root.get(name)
		r.settings.SetAt(name, modulePaths(n), n.offset)
	}
}

// warnUnknownSettings warns of the fields of the top level that nobody reads.
func (r *result) warnUnknownSettings() {
	r.top.warnUnknown(append(settingNames[:len(settingNames):len(settingNames)], definitionNames...))
}

var devFields = []string{
	"ip", "port", "inspector_port", "inspector_ip", "local_protocol", "upstream_protocol", "host",
	"enable_containers", "container_engine", "generate_types",
}

// dev validates the field "dev".
func dev(n node) {
	if n.value.IsNullish() {
		return
	}
	every(
		fields(devFields...),
		optional("ip", text),
		optional("port", number),
		optional("inspector_port", number),
		optional("inspector_ip", text),
		optional("local_protocol", text, "http", "https"),
		upstreamProtocol,
		optional("host", text),
		optional("enable_containers", boolean),
		optional("container_engine", text),
		optional("generate_types", boolean),
	)(n)
}

// upstreamProtocol takes the local protocol for its default, so that a wrong one is reported twice.
func upstreamProtocol(n node) bool {
	name := "upstream_protocol"
	if n.property(name).IsUndefined() {
		name = "local_protocol"
	}
	return optional(name, text, "http", "https")(n)
}

// readSite validates the field "site".
func (r *result) readSite(n node) {
	if n.isUndefined() {
		return
	}
	fields("bucket", "include", "exclude", "entry-point")(n)
	required("bucket", text)(n)
	field("include", maybe(listOf(text)))(n)
	field("exclude", maybe(listOf(text)))(n)
	optional("entry-point", text)(n)
	entry := n.get("entry-point")
	entry.text()
	if n.has("entry-point") {
		entry.warn(RuleDeprecated, `is deprecated; remove it, and set the field "main" of the top level`)
	}
	r.checkEntryPoint(n, entry)
}

// checkEntryPoint wants one entry point, of a site or of the Worker.
func (r *result) checkEntryPoint(site, entry node) {
	main, old := r.active.field("main").value.Truthy(), entry.value.Truthy()
	switch {
	case !main && !old:
		site.warn(RuleDeprecated, `has no entry point, so that "workers-site" is taken; set the field "main" of the top level`)
	case main && old:
		entry.fail(RuleConflict, `serves the same purpose as the field "main"; remove it`)
	}
	if r.options.Path != "" {
		joinable(entry)
	}
}

// aliases validates the field "alias".
func aliases(n node) {
	switch {
	case n.isUndefined():
	case !object.of(n.value):
		n.mustBe("an object")
	default:
		for _, e := range n.entries() {
			if !e.value.Is(jsvalue.String) {
				n.failAt(e.name, RuleType, "must be a string, but is "+e.value.Describe())
			}
		}
	}
}

// modulePaths validates a field that maps names to files, and returns those that are right, with paths from the
// directory of the configuration.
func modulePaths(n node) jsvalue.Value {
	if n.isUndefined() {
		return undefined
	}
	paths := jsvalue.NewObject()
	for _, e := range n.entries() {
		switch {
		case e.value.IsUndefined():
		case !e.value.Is(jsvalue.String):
			n.failAt(e.name, RuleType, "must be a string, but is "+e.value.Describe())
		case n.level.check.options.Path != "" && e.name != "__proto__":
			paths.SetAt(e.name, jsvalue.StringValue(relativePath(e.value.Text())), n.offsetOf(e.name, e.value))
		}
	}
	return jsvalue.ObjectValue(paths)
}

// relativePath returns what path.relative says of a path in the directory that it starts at. An absolute path is one
// in it, too.
func relativePath(path string) string {
	path = filepath.Clean(strings.TrimLeft(path, "/"))
	if path == "." {
		return ""
	}
	return path
}
