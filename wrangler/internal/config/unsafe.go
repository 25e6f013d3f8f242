package config

import "slices"

// unsafe validates the field "unsafe". It stops at most of the faults.
func unsafe(n node) bool {
	return record(inTurn(
		func(n node) bool { return n.property("bindings").IsUndefined() || unsafeList(n) },
		field("metadata", maybe(record())),
		field("capnp", maybe(record(capnp))),
		fields("bindings", "metadata", "capnp"),
	))(n)
}

var unsafeList = bindingList(entity(required("name", text), unsafeType))

// safeTypes are the types of bindings for which there is a field.
var safeTypes = []string{
	"plain_text", "secret_text", "json", "wasm_module", "data_blob", "text_blob", "browser", "analytics", "ai",
	"ai_search_namespace", "ai_search", "agent_memory", "kv_namespace", "durable_object_namespace", "d1_database",
	"r2_bucket", "service", "logfwdr", "mtls_certificate", "pipeline", "k2", "worker_loader", "vpc_service", "flagship",
	"vpc_network", "stream", "media", "artifacts",
}

func unsafeType(n node) bool {
	if !required("type", text)(n) {
		return false
	}
	kind := n.property("type").Text()
	if slices.Contains(safeTypes, kind) {
		n.warnAt("type", RuleDeprecated, "is a type that wrangler supports; declare the binding in the field for it")
	}
	if kind == "metadata" && n.isField("name", text) {
		n.warnAt("type", RuleDeprecated, `is deprecated; use the field "version_metadata"`)
	}
	return true
}

// capnp wants either a compiled schema or what to compile it from.
func capnp(n node) bool {
	if n.has("compiled_schema") {
		if n.has("base_path") || n.has("source_schemas") {
			return n.fail(RuleConflict, `has "compiled_schema" beside "base_path" or "source_schemas"; keep one`)
		}
		return required("compiled_schema", text)(n)
	}
	required("base_path", text)(n)
	return listOf(text)(n.get("source_schemas"))
}
