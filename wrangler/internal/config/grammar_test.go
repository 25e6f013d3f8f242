package config_test

import (
	"strconv"
	"strings"
)

func workerName(g *generator) string {
	return strconv.Quote(g.pick("w", "my-worker", "w_1", "", "|", "Upper", "-x", "ends with space "))
}

// valuesOf makes an object from names to values of one sort.
func valuesOf(p piece, names ...string) piece {
	return func(g *generator) string {
		var parts []string
		for range g.IntN(4) {
			parts = append(parts, strconv.Quote(g.pick(names...))+":"+g.maybe(p))
		}
		if g.toml {
			parts = parts[:min(len(parts), 1)]
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
}

var (
	varNames = []string{"VA", "VB", "VC", "1", "é", "", "a-b"}
	varValue = either(anyText, anyNum, anyBool, raw("null", "[1]", `{"x":{"y":1}}`, `"{}"`))

	durableList = obj(
		must("bindings", list(obj(must("name", name), must("class_name", str("C", "D", "E")),
			may("script_name", str("s", "")),
			wrong("environment", anyText)))),
	)
	workflowMembers = []member{may("script_name", anyText)}
	workflowNames   = str("w1", "w2", "w3", "w4", "w5", "w6", "w7", strings.Repeat("x", 64), "|", "-bad", "", "a b",
		strings.Repeat("x", 65))
	queuesPiece = obj(
		may("producers", bind(must("queue", str("q", "r", "|", "")), may("delivery_delay", anyNum))),
	)
	unsafePiece = obj(
		may("bindings", list(obj(must("name", name),
			must("type", str("ratelimit", "metadata", "kv_namespace", "hello_world", "x", "y")),
			may("data", varValue)))),
	)
	singlePiece = obj(must("binding", name), may("remote", anyBool))
	r2Piece     = bind(must("bucket_name", str("good-name", "good-name2", "|", "Bad_Name", "ab", "")),
		may("preview_bucket_name", str("good-name", "|", "x")),
		may("jurisdiction", anyText))
	servicePiece = bind(must("service", anyText), may("environment", str("e", "")), may("entrypoint", str("E", "")),
		may("props", raw("{}", "null", `{"a":1}`, "0")), may("cross_account_grant", anyText))
	dispatchPiece = bind(may("namespace", anyText), may("outbound",
		either(obj(must("service", anyText), may("environment", anyText), may("parameters", list(anyText))), raw("null"))))
)

// levelMembers are the fields of every level.
var levelMembers = []member{
	other("account_id", str("a", "")),
	other("workers_dev", anyBool),
	other("compatibility_date", str("2024-01-01")),
	other("compatibility_flags", list(str("nodejs_compat"))),
	other("build", obj(may("command", str("make")))),
	other("triggers", obj(may("crons", list(str("* * * * *"))))),
	other("limits", obj(may("cpu_ms", raw("10")))),
	other("observability", obj(must("enabled", anyBool))),
	other("migrations", raw(`[{"tag":"v1","new_classes":["C"]}]`)),
	other("define", valuesOf(anyText, "D1", "D2", "D3")),
	other("tail_consumers", list(obj(must("service", anyText)))),
	other("no_bundle", anyBool),
	must("main", str("src/index.js", "")),
	must("assets", obj(may("directory", anyText), may("binding", name))),
	must("vars", valuesOf(varValue, varNames...)),
	must("vars", valuesOf(varValue, varNames...)),
	must("vars", valuesOf(varValue, "A", "B", "|", "ASSETS", "constructor")),
	must("secrets", obj(may("required", list(str("SA", "SB", "SC", "SD", "SE", "SF", "|", "VA"))))),
	must("durable_objects", durableList),
	must("workflows", bind(append([]member{must("name", workflowNames), must("class_name", anyText)},
		workflowMembers...)...)),
	must("kv_namespaces", bind(must("id", anyText), may("preview_id", anyText))),
	must("kv_namespaces", bind()),
	must("send_email", list(obj(must("name", name), may("destination_address", anyText),
		wrong("allowed_destination_addresses", list(anyText)),
		may("allowed_sender_addresses", list(anyText)), may("remote", anyBool)))),
	must("queues", queuesPiece),
	must("r2_buckets", r2Piece),
	must("d1_databases", bind(may("database_id", anyText), may("database_name", anyText),
		may("preview_database_id", anyText),
		may("migrations_dir", anyText), may("database_internal_env", anyText), may("jurisdiction", anyText),
		may("migrations_table", anyText))),
	must("vectorize", bind(must("index_name", anyText))),
	must("ai_search_namespaces", bind(must("namespace", anyText))),
	must("ai_search", bind(must("instance_name", anyText))),
	must("agent_memory", bind(must("namespace", anyText))),
	must("hyperdrive", bind(must("id", anyText), may("localConnectionString", anyText))),
	must("services", servicePiece),
	must("analytics_engine_datasets", bind(may("dataset", str("d", "|", "")))),
	must("dispatch_namespaces", dispatchPiece),
	must("mtls_certificates", bind(must("certificate_id", str("c", "|", "")))),
	must("unsafe", unsafePiece),
	must("browser", singlePiece),
	must("analytics", singlePiece),
	must("ai", obj(must("binding", name), may("remote", anyBool), may("staging", anyBool), may("raw", anyBool))),
	must("images", singlePiece),
	must("stream", singlePiece),
	must("media", singlePiece),
	must("pipelines", bind(must("stream", str("s", "|", "")), may("pipeline", anyText))),
	must("k2", bind(must("stream", anyText))),
	must("secrets_store_secrets",
		list(obj(must("binding", name), must("store_id", anyText), must("secret_name", anyText)))),
	must("artifacts", bind(must("namespace", anyText))),
	must("unsafe_hello_world", list(obj(must("binding", name), may("enable_timer", anyBool)))),
	must("flagship", bind(may("app_id", anyText))),
	must("worker_loaders", list(obj(must("binding", name)))),
	must("ratelimits", list(obj(must("name", name), must("namespace_id", anyText),
		must("simple", obj(must("limit", anyNum), must("period", raw("10", "60", "|", "5"))))))),
	must("vpc_services", bind(must("service_id", anyText))),
	must("vpc_networks", bind(must("tunnel_id", anyText))),
	must("vpc_networks", bind(wrong("tunnel_id", anyText), must("network_id", anyText))),
	must("version_metadata", obj(must("binding", name))),
	other("logfwdr", func(g *generator) string {
		return `{"bindings":` + list(obj(must("name", name), must("destination", anyText)))(g) + "}"
	}),
}

// topMembers are the fields of the top level only.
var topMembers = []member{
	must("keep_vars", anyBool),
	must("pages_build_output_dir", str("dist")),
	other("$schema", anyText),
	other("dev", obj(may("ip", anyText), may("port", raw("8787")))),
	other("wasm_modules", valuesOf(anyText, "M1", "M2")),
	other("text_blobs", valuesOf(anyText, "T1", "T2", "A")),
	other("data_blobs", valuesOf(anyText, "D1", "D2", "B")),
	other("targetEnvironment", str("staging", "prod")),
	other("topLevelName", anyText),
	other("definedEnvironments", list(anyText)),
}

// oddMembers are fields that are wrong in themselves, or unknown.
var oddMembers = []member{must("legacy_env", anyBool), must("bogus", anyNum), must("Vars", anyNum)}
