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
		must("bindings", list(obj(must("name", name), must("class_name", str("C", "D", "E")), may("script_name", str("s", "")),
			wrong("environment", anyText)))),
	)
	workflowMembers = []member{
		may("script_name", anyText),
		may("limits", obj(may("steps", raw("1", "25000", "25001", "|", "0", "1.5")))),
		may("concurrency", obj(may("limit", raw("1", "|", "0", "2.5")))),
		may("schedules", raw(`"* * * * *"`, `["a","b"]`, "|", `[]`, `""`, `["a",""]`, `["a",1]`)),
		may("default_retention", obj(may("success_retention", raw("1", `"3 days"`, "|", `""`, "0")), may("error_retention", raw("5", "|", "0", "1.5", "-1")))),
		may("jurisdiction", str("eu", "us", "fedramp", "|", "xx")),
	}
	workflowNames = str("w1", "w2", "w3", "w4", "w5", "w6", "w7", strings.Repeat("x", 64), "|", "-bad", "", "a b", strings.Repeat("x", 65))
	exportEntry   = either(
		obj(must("type", str("durable-object")), must("storage", str("sqlite", "legacy-kv", "|", "x")),
			may("state", str("created", "|", "expecting-transfer")), wrong("container", str("c1", "c2", "w-c", "")),
			wrong("transfer_from", str("s"))),
		obj(must("type", str("durable-object")), must("state", str("deleted"))),
		obj(must("type", str("durable-object")), must("state", str("renamed")), must("renamed_to", str("F", "|", "C", "D", "9x", ""))),
		obj(must("type", str("durable-object")), must("state", str("transferred", "|", "expecting-transfer", "odd")),
			must("transferred_to", str("s")), wrong("transfer_from", str("s")), wrong("storage", str("sqlite"))),
		obj(must("type", str("durable-object")), must("state", str("expecting-transfer")), must("transfer_from", str("s")),
			must("storage", str("sqlite"))),
		obj(must("type", str("worker")), may("cache", obj(must("enabled", anyBool)))),
		obj(append([]member{must("type", str("workflow")), must("name", workflowNames)}, workflowMembers[1:]...)...),
		obj(must("type", str("worker", "|", "other"))),
	)
	sshPiece  = obj(must("enabled", anyBool), may("port", raw("22", "65535", "|", "0", "65536", "1.5", `"22"`)))
	keysPiece = list(obj(must("name", anyText), must("public_key", str("ssh-ed25519 A", "SSH-ED25519 B", "|", "ssh-rsa X", ""))))
	logsPiece = obj(may("enabled", anyBool), may("head_sampling_rate", raw("0", "0.5", "1", "|", "2", "-1", `"7"`, `"x"`)),
		may("invocation_logs", anyBool), may("destinations", list(anyText)), may("persist", anyBool))
	observabilityPiece = obj(must("enabled", anyBool), may("head_sampling_rate", raw("0", "0.5", "1", "|", "1.5", "-0.1")),
		may("redact_query_string", anyBool), may("issues", obj(may("enabled", anyBool))), may("logs", logsPiece),
		may("traces", logsPiece))
	containerLogs = obj(must("enabled", raw("true", "|", "false")), may("logs", obj(may("enabled", raw("true", "|", "false")))),
		may("target_instance_percentage", raw("1", "50", "99", "|", "100", "0.5")), wrong("target_instance_count", raw("1", "5", "0", "1.5", "1e300")))
	imagePiece = either(
		obj(must("dockerfile", str("./Dockerfile", "|", "")), may("build_context", str(".", "|", "")), may("build_vars", raw(`{"A":"b"}`, "{}", "|", `{"A":1}`, "null", "[]"))),
		obj(must("image", str("registry.cloudflare.com/acc/repo@sha256:"+strings.Repeat("a", 64), "|", "docker.io/x:1",
			"registry.fed.cloudflare.com/acc/repo@sha256:"+strings.Repeat("0", 64),
			"registry.cloudflare.com/repo@sha256:"+strings.Repeat("a", 64)))),
	)
	managedPiece = obj(must("scheduling_policy", str("durable_object")), must("class_name", str("C", "D", "|", "")), may("name", str("c1", "c2")),
		may("images", valuesOf(imagePiece, "i", "j", "|", "")), may("observability", obj(must("enabled", anyBool), wrong("target_instance_count", anyNum))), may("ssh", sshPiece),
		may("authorized_keys", keysPiece),
		may("unsafe", obj(may("configuration", obj(may("experimental_flags", list(anyText)))))))
	plainPiece = obj(must("image", either(str("docker.io/httpd:1", "docker.io/httpd:1", "registry.cloudflare.com/a/b:1"), imageText)),
		must("class_name", str("C", "D", "E")), may("name", str("c1", "c2", "c3")), may("max_instances", raw("3", "4", "|", "0", "-1")),
		may("instance_type", either(str("lite", "dev", "standard", "standard-4", "|", "huge"),
			obj(may("vcpu", anyNum), may("memory_mib", anyNum), may("disk_mb", anyNum)))),
		may("rollout_step_percentage", raw("5", "100", "[10,100]", "[]", "|", "7", "[50,20,100]", "[10]", "[5,100]", `["a",100]`, "[100,null]", `["50",20]`)),
		may("rollout_kind", str("full_auto", "none", "|", "x")), may("rollout_active_grace_period", raw("0", "5", "|", "-1")),
		may("image_vars", raw(`{"A":"b"}`)), may("observability", containerLogs),
		may("scheduling_policy", str("regional", "moon", "default", "|", "x")), may("instances", anyNum), may("durable_objects", raw("{}")),
		may("wrangler_ssh", sshPiece), may("ssh", sshPiece), may("authorized_keys", keysPiece), may("trusted_user_ca_keys", keysPiece),
		may("unsafe", raw("{}", "null", "|", "[]", "5")), may("image_build_context", anyText),
		may("constraints", obj(wrong("tier", anyNum), may("tiers", list(anyNum)), may("jurisdiction", str("eu", "us", "", "|", "x")),
			may("regions", list(str("ENAM", "weur", "|", "nowhere"))))),
		may("configuration", obj(may("image", imageText), wrong("disk", raw(`"2GB"`)), wrong("vcpu", anyNum), may("labels", anyNum))))
	containersPiece = list(either(plainPiece, managedPiece))
	queuesPiece     = obj(
		may("producers", bind(must("queue", str("q", "r", "|", "")), may("delivery_delay", anyNum))),
		may("consumers", list(obj(must("queue", anyText), may("type", str("worker", "|", "http_pull")), may("max_batch_size", anyNum),
			may("max_retries", anyNum), may("dead_letter_queue", anyText), may("retry_delay", anyNum)))))
	placementPiece = either(
		obj(must("mode", str("off", "smart", "|", "targeted", "x")), wrong("hint", str("h", "")), wrong("region", str("r", "")), wrong("host", str("h")),
			wrong("hostname", str("h"))),
		obj(must("mode", str("smart", "|", "off")), may("hint", str("h", ""))), obj(must("region", str("r", "|", ""))),
		obj(must("mode", str("off", "smart"))))
	unsafePiece = obj(
		may("bindings", list(obj(must("name", name), must("type", str("ratelimit", "metadata", "kv_namespace", "hello_world", "x", "y")),
			may("data", varValue)))),
		may("metadata", raw(`{"a":1}`)),
		may("capnp", either(obj(must("compiled_schema", anyText)), obj(must("base_path", anyText), must("source_schemas", list(anyText))))))
	singlePiece = obj(must("binding", name), may("remote", anyBool))
	r2Piece     = bind(must("bucket_name", str("good-name", "good-name2", "|", "Bad_Name", "ab", "")), may("preview_bucket_name", str("good-name", "|", "x")),
		may("jurisdiction", anyText), may("local_dev", obj(may("experimental_s3_credentials",
			obj(must("accessKeyId", anyText), must("secretAccessKey", anyText))))))
	servicePiece = bind(must("service", anyText), may("environment", str("e", "")), may("entrypoint", str("E", "")),
		may("props", raw("{}", "null", `{"a":1}`, "0")), may("cross_account_grant", anyText),
		may("dev", obj(must("plugin", obj(must("package", anyText), must("name", anyText))), may("options", raw("{}")))))
	dispatchPiece = bind(may("namespace", anyText), may("outbound",
		either(obj(must("service", anyText), may("environment", anyText), may("parameters", list(anyText))), raw("null"))))
)

// imageText makes what may be an image, and mostly is none.
func imageText(g *generator) string {
	return strconv.Quote(g.pick("docker.io/httpd:1", "host:/x:1", "user@host/x:1", "|", "./Dockerfile", "httpd:latest", "https://docker.io/httpd:1", "docker.io/httpd", "a b/c:1", "[::1]/x:1",
		"[::1:2]:80/x:1", "1.2.3.4/x:1", "1.2.3.4.5/x:1", "256.1.1.1/x:1", "0x7f.1/x:1", "host:99999/x:1",
		"ho%41st/x:1", "ho%zzst/x:1", "ho^st/x:1", "", "/x:1", "//host/x:1", "host?x:1", "a..b/x:1", ".", "x\\y:1", "1.2.3.08/x:1", "@/x:1"))
}

// levelMembers are the fields of every level.
var levelMembers = []member{
	must("route", either(routePiece, str(""))),
	must("account_id", str("a", "")),
	must("routes", list(routePiece)),
	must("workers_dev", anyBool),
	must("preview_urls", anyBool),
	must("build", obj(may("command", str("make", "")), may("cwd", anyText), may("watch_dir", either(anyText, list(anyText))))),
	must("compatibility_date", str("2024-01-01", "2024", "Jan 1 2020", "|", "2024–01–01", "bad", "2024-13-01", "")),
	must("compatibility_flags", list(str("nodejs_compat", "python_workers"))),
	must("jsx_factory", anyText),
	must("jsx_fragment", anyText),
	must("tsconfig", str("tsconfig.json", "")),
	must("rules", list(obj(must("type", str("Text", "Data", "ESModule", "|", "PythonModule")), must("globs", list(anyText)), may("fallthrough", anyBool)))),
	must("main", str("src/index.js", "|", "x.py", "")),
	must("find_additional_modules", anyBool),
	must("preserve_file_names", anyBool),
	must("base_dir", anyText),
	must("triggers", obj(may("crons", list(anyText)), may("events", list(obj(must("type", str("cf.artifacts.repo.pushed", "|", "x")),
		may("filter", obj(may("namespace", str("n", "|", "")), may("repo_name", str("r")))),
		must("targets", some(obj(must("type", str("workflow")), must("workflow_name", str("w", "|", ""))))))))),
	),
	must("assets", obj(may("directory", anyText), may("binding", name), may("html_handling", str("none", "|", "x")),
		may("not_found_handling", str("none", "404-page", "|", "x")), may("base_path", anyText),
		may("run_worker_first", either(anyBool, list(anyText))))),
	must("limits", obj(may("cpu_ms", anyNum), may("subrequests", anyNum))),
	must("placement", placementPiece),
	must("vars", valuesOf(varValue, varNames...)),
	must("vars", valuesOf(varValue, varNames...)),
	must("vars", valuesOf(varValue, "A", "B", "|", "ASSETS", "constructor", "binding", "bindings", "__proto__")),
	must("secrets", obj(may("required", list(str("SA", "SB", "SC", "SD", "SE", "SF", "|", "VA"))))),
	must("define", valuesOf(anyText, "D1", "D2", "D3")),
	must("durable_objects", either(durableList, obj(
		may("code_update_strategy", obj(must("mode", str("immediate", "deferred", "|", "x")), may("max_delay", raw("0", "1", "86400", "0.001", "|", "86401", "0.0001", "1.0005", "-1"))))))),
	must("workflows", bind(append([]member{must("name", workflowNames), must("class_name", anyText)}, workflowMembers...)...)),
	must("migrations", list(obj(must("tag", anyText), may("new_classes", list(anyText)), may("new_sqlite_classes", list(anyText)),
		may("renamed_classes", list(obj(must("from", anyText), must("to", anyText)))),
		may("transferred_classes", list(obj(must("from", anyText), must("from_script", anyText), must("to", anyText)))),
		may("deleted_classes", list(anyText))))),
	must("exports", valuesOf(exportEntry, "C", "D", "E", "|", "", "type", "constructor")),
	must("kv_namespaces", bind(must("id", anyText), may("preview_id", anyText))),
	must("kv_namespaces", bind()),
	must("cloudchamber", obj(may("memory", anyText), may("image", anyText), may("location", anyText), may("ipv4", anyBool), may("vcpu", anyNum),
		wrong("instance_type", str("lite", "|", "x")))),
	must("containers", containersPiece),
	must("send_email", list(obj(must("name", name), may("destination_address", anyText), wrong("allowed_destination_addresses", list(anyText)),
		may("allowed_sender_addresses", list(anyText)), may("remote", anyBool)))),
	must("queues", queuesPiece),
	must("connect", list(obj(must("protocol", str("tcp", "udp", "|", "x")), must("port", raw("1", "80", "443", "8080", "|", "0", "70000", "1.5")), may("address", anyText),
		may("idle_timeout_ms", raw("0", "1", "4294967295", "|", "4294967296", "-1")), may("max_pending_bytes", raw("0", "9", "|", "1.5"))))),
	must("r2_buckets", r2Piece),
	must("d1_databases", bind(may("database_id", anyText), may("database_name", anyText), may("preview_database_id", anyText),
		may("migrations_dir", anyText), may("database_internal_env", anyText), may("jurisdiction", anyText), may("migrations_table", anyText))),
	must("vectorize", bind(must("index_name", anyText))),
	must("ai_search_namespaces", bind(must("namespace", anyText))),
	must("ai_search", bind(must("instance_name", anyText))),
	must("agent_memory", bind(must("namespace", anyText))),
	must("hyperdrive", bind(must("id", anyText), may("localConnectionString", anyText))),
	must("services", servicePiece),
	must("analytics_engine_datasets", bind(may("dataset", str("d", "|", "")))),
	must("dispatch_namespaces", dispatchPiece),
	must("mtls_certificates", bind(must("certificate_id", str("c", "|", "")))),
	must("tail_consumers", list(obj(must("service", anyText), may("environment", anyText)))),
	must("streaming_tail_consumers", list(obj(must("service", anyText)))),
	must("unsafe", unsafePiece),
	must("browser", singlePiece),
	must("analytics", singlePiece),
	must("ai", obj(must("binding", name), may("remote", anyBool), may("staging", anyBool), may("raw", anyBool))),
	must("images", singlePiece),
	must("stream", singlePiece),
	must("media", singlePiece),
	must("pipelines", bind(must("stream", str("s", "|", "")), may("pipeline", anyText))),
	must("k2", bind(must("stream", anyText))),
	must("secrets_store_secrets", list(obj(must("binding", name), must("store_id", anyText), must("secret_name", anyText)))),
	must("artifacts", bind(must("namespace", anyText))),
	must("unsafe_hello_world", list(obj(must("binding", name), may("enable_timer", anyBool)))),
	must("flagship", bind(may("app_id", anyText))),
	must("worker_loaders", list(obj(must("binding", name)))),
	must("ratelimits", list(obj(must("name", name), must("namespace_id", anyText), must("simple", obj(must("limit", anyNum), must("period", raw("10", "60", "|", "5"))))))),
	must("vpc_services", bind(must("service_id", anyText))),
	must("vpc_networks", bind(must("tunnel_id", anyText))),
	must("vpc_networks", bind(wrong("tunnel_id", anyText), must("network_id", anyText))),
	must("version_metadata", obj(must("binding", name))),
	must("logfwdr", obj(must("bindings", list(obj(must("name", name), must("destination", anyText)))), wrong("schema", raw(`null`, `"x"`)))),
	must("no_bundle", anyBool),
	must("minify", anyBool),
	must("keep_names", anyBool),
	must("first_party_worker", anyBool),
	must("logpush", anyBool),
	must("upload_source_maps", anyBool),
	must("observability", observabilityPiece),
	must("access", obj(may("dev", obj(must("aud", anyText), may("identity", raw("{}")))))),
	must("cache", obj(must("enabled", anyBool), may("cross_version_cache", anyBool))),
	must("compliance_region", str("public", "fedramp_high", "|", "x")),
	must("python_modules", obj(may("exclude", list(anyText)))),
	must("previews", previewsPiece),
}

func previewsPiece(g *generator) string {
	members := g.some(previewMembers, g.IntN(5))
	return obj(members...)(g)
}

// previewMembers are some of the fields of previews.
var previewMembers = []member{
	must("vars", valuesOf(varValue, varNames...)), must("define", valuesOf(anyText, "D1", "D2")), must("placement", placementPiece),
	must("durable_objects", durableList), must("queues", queuesPiece), must("r2_buckets", r2Piece), must("unsafe", unsafePiece),
	must("services", servicePiece), must("browser", singlePiece), must("ai", singlePiece), must("media", singlePiece),
	must("version_metadata", singlePiece), must("containers", containersPiece), must("logpush", anyBool),
	must("observability", observabilityPiece), must("limits", obj(may("cpu_ms", anyNum))), must("cache", obj(must("enabled", anyBool))),
	must("tail_consumers", list(obj(must("service", anyText)))), must("streaming_tail_consumers", list(obj(must("service", anyText)))),
	must("workflows", bind(must("name", workflowNames), must("class_name", anyText))), must("kv_namespaces", bind(must("id", anyText))),
	must("vpc_networks", bind(must("tunnel_id", anyText))), must("dispatch_namespaces", dispatchPiece),
	must("ratelimits", list(obj(must("name", name)))), must("k2", bind(must("stream", anyText))), must("pipelines", bind(must("stream", anyText))),
	must("containers", list(obj(must("class_name", str("C", "D")), must("image", str("docker.io/httpd:1"))))),
}

func routePiece(g *generator) string {
	return either(anyText, obj(must("pattern", anyText), must("zone_id", anyText), wrong("zone_name", anyText), wrong("custom_domain", anyBool),
		wrong("enabled", anyBool), wrong("previews_enabled", anyBool)), obj(must("pattern", anyText), may("zone_id", anyText),
		must("custom_domain", anyBool), may("enabled", anyBool), may("previews_enabled", anyBool)), obj(must("pattern", anyText), must("custom_domain", anyBool)))(g)
}

// topMembers are the fields of the top level only.
var topMembers = []member{
	must("send_metrics", anyBool),
	must("dependencies_instrumentation", obj(may("enabled", anyBool), may("exclude_packages", list(anyText)))),
	must("keep_vars", anyBool),
	must("addresses", list(anyText)),
	must("pages_build_output_dir", str("dist")),
	must("$schema", anyText),
	must("dev", obj(may("ip", anyText), may("port", anyNum), may("inspector_port", anyNum), may("local_protocol", str("http", "https", "|", "ftp")),
		may("upstream_protocol", str("http", "https", "|", "ftp")), may("host", anyText), may("enable_containers", anyBool), may("container_engine", anyText),
		may("generate_types", anyBool), may("inspector_ip", anyText))),
	must("site", obj(must("bucket", anyText), may("include", list(anyText)), may("exclude", list(anyText)), wrong("entry-point", str("ws", "")))),
	must("alias", valuesOf(anyText, "a", "b")),
	must("wasm_modules", valuesOf(anyText, "M1", "M2", "|", "binding")),
	must("text_blobs", valuesOf(anyText, "T1", "T2", "A")),
	must("data_blobs", valuesOf(anyText, "D1", "D2", "B")),
	must("configPath", anyText),
	must("targetEnvironment", str("staging", "prod")),
	must("topLevelName", anyText),
	must("definedEnvironments", list(anyText)),
	must("env", raw("{}", "null")),
}

// some makes an array of one or two, and sometimes of none.
func some(p piece) piece {
	return func(g *generator) string {
		if g.chance(g.wrong) {
			return "[]"
		}
		return "[" + strings.Join([]string{g.maybe(p), g.maybe(p)}[g.IntN(2):], ",") + "]"
	}
}

// oddMembers are fields that are wrong in themselves.
var oddMembers = []member{must("node_compat", anyBool), must("legacy_env", anyBool), must("route", str("x")), must("bogus", anyNum)}
