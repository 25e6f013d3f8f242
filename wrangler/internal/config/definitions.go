package config

import "github.com/workerenv/workerenv/internal/jsvalue"

// definitions are the fields that the top level and every environment can have, in the order in which the reference
// validates them.
var definitions = []definition{
	{name: "route", rule: route, noEmpty: true},
	{name: "account_id", rule: is(text), noEmpty: true},
	{name: "routes", rule: routes},
	{name: "workers_dev", rule: is(boolean)},
	{name: "preview_urls", rule: is(boolean)},
	{name: "build", rule: anything, finish: build},
	{name: "compatibility_date", rule: compatibilityDate},
	{name: "compatibility_flags", rule: texts, fallback: noItems},
	{name: "jsx_factory", rule: is(text)},
	{name: "jsx_fragment", rule: is(text)},
	{name: "tsconfig", rule: is(text), finish: joinable},
	{name: "rules", rule: moduleRules, fallback: noItems},
	{name: "name", rule: workerName},
	{name: "main", rule: is(text), finish: resolved},
	{name: "find_additional_modules", rule: is(boolean)},
	{name: "preserve_file_names", rule: is(boolean)},
	{name: "base_dir", rule: is(text), finish: resolved},
	{name: "triggers", rule: triggers},
	{name: "assets", rule: assets},
	{name: "limits", rule: limits},
	{name: "placement", rule: placement},

	{name: "vars", own: true, rule: vars, fallback: noFields},
	{name: "secrets", own: true, rule: requiredSecrets},
	{name: "define", own: true, rule: define, fallback: noFields},
	{name: "durable_objects", own: true, rule: durableObjects, fallback: noFields, finish: withBindings},
	{name: "workflows", own: true, rule: every(bindings(workflow), uniqueNames), fallback: noItems},
	{name: "migrations", rule: migrations, fallback: noItems},
	{name: "exports", rule: exports, fallback: noFields},
	{name: "kv_namespaces", own: true, rule: bindings(kvNamespace), fallback: noItems},
	{name: "cloudchamber", own: true, rule: cloudchamber, fallback: noFields},
	{name: "containers", own: true, rule: containers},
	{name: "send_email", own: true, rule: bindings(sendEmail), fallback: noItems},
	{name: "queues", own: true, rule: queues, fallback: noFields},
	{name: "connect", own: true, rule: connect, fallback: noItems},
	{name: "r2_buckets", own: true, rule: bindings(r2Bucket), fallback: noItems},
	{name: "d1_databases", own: true, rule: bindings(d1Database), fallback: noItems},
	{name: "vectorize", own: true, rule: bindings(vectorizeIndex), fallback: noItems},
	{name: "ai_search_namespaces", own: true, rule: bindings(aiSearchNamespace), fallback: noItems},
	{name: "ai_search", own: true, rule: bindings(aiSearch), fallback: noItems},
	{name: "agent_memory", own: true, rule: bindings(agentMemory), fallback: noItems},
	{name: "hyperdrive", own: true, rule: bindings(hyperdrive), fallback: noItems},
	{name: "services", own: true, rule: bindings(service), fallback: noItems},
	{name: "analytics_engine_datasets", own: true, rule: bindings(analyticsEngine), fallback: noItems},
	{name: "dispatch_namespaces", own: true, rule: bindings(dispatchNamespace), fallback: noItems},
	{name: "mtls_certificates", own: true, rule: bindings(mtlsCertificate), fallback: noItems},
	{name: "tail_consumers", own: true, rule: tailConsumers},
	{name: "streaming_tail_consumers", own: true, rule: streamingTailConsumers},
	{name: "unsafe", own: true, rule: unsafe, fallback: noFields},
	{name: "browser", own: true, rule: single},
	{name: "analytics", own: true, rule: single},
	{name: "ai", own: true, rule: ai},
	{name: "images", own: true, rule: single},
	{name: "stream", own: true, rule: single},
	{name: "media", own: true, rule: single},
	{name: "pipelines", own: true, rule: bindings(pipeline), fallback: noItems},
	{name: "k2", own: true, rule: bindings(k2Stream), fallback: noItems},
	{name: "secrets_store_secrets", own: true, rule: bindings(secretsStoreSecret), fallback: noItems},
	{name: "artifacts", own: true, rule: bindings(artifacts), fallback: noItems},
	{name: "unsafe_hello_world", own: true, rule: bindings(helloWorld), fallback: noItems},
	{name: "flagship", own: true, rule: bindings(flagship), fallback: noItems},
	{name: "worker_loaders", own: true, rule: bindings(workerLoader), fallback: noItems},
	{name: "ratelimits", own: true, rule: bindings(rateLimit), fallback: noItems},
	{name: "vpc_services", own: true, rule: bindings(vpcService), fallback: noItems},
	{name: "vpc_networks", own: true, rule: bindings(vpcNetwork), fallback: noItems},
	{name: "version_metadata", own: true, rule: versionMetadata},

	{name: "logfwdr", rule: logfwdr, fallback: noBindings},
	{name: "no_bundle", rule: is(boolean)},
	{name: "minify", rule: is(boolean)},
	{name: "keep_names", rule: is(boolean)},
	{name: "first_party_worker", rule: is(boolean)},
	{name: "logpush", rule: is(boolean)},
	{name: "upload_source_maps", rule: is(boolean)},
	{name: "observability", rule: observability},
	{name: "access", rule: access},
	{name: "cache", rule: cache},
	{name: "compliance_region", rule: oneOf("public", "fedramp_high")},
	{name: "python_modules", rule: pythonModules},
	{name: "previews", rule: previews},
}

var definitionNames = func() []string {
	names := make([]string, len(definitions))
	for i, d := range definitions {
		names[i] = d.name
	}
	return names
}()

// levelRules look at several fields of a level, after all of them.
var levelRules = []func(l *level){
	warnOfNoLifecycle,
	refuseMigrationsWithExports,
	refuseWorkflowConflicts,
	linkContainers,
}

// What the reference takes for a field that is not there. Nothing changes these.
var (
	noItems    = jsvalue.ArrayValue([]jsvalue.Value{})
	noFields   = jsvalue.ObjectValue(jsvalue.NewObject())
	noBindings = func() jsvalue.Value {
		o := jsvalue.NewObject()
		o.Set("bindings", noItems)
		return jsvalue.ObjectValue(o)
	}()
)

func anything(node) bool { return true }

// settingRules are about the fields that only the top level can have, up to where the reference looks at the level.
var settingRules = []rule{
	field("send_metrics", is(boolean)),
	field("dependencies_instrumentation", instrumentation),
	field("keep_vars", is(boolean)),
	field("addresses", maybe(listOf(text))),
	field("pages_build_output_dir", is(text)),
	field("$schema", is(text)),
}

// settingNames are the other fields that do not count as unknown at the top level. Some of them are fields of the
// reference's own result, which it does not tell from those of the file.
var settingNames = []string{
	"configPath", "userConfigPath", "topLevelName", "definedEnvironments", "targetEnvironment",
	"pages_build_output_dir", "send_metrics", "dependencies_instrumentation", "keep_vars", "addresses",
	"dev", "site", "alias", "wasm_modules", "text_blobs", "data_blobs", "env", "$schema",
}

func instrumentation(n node) bool {
	if n.isUndefined() {
		return true
	}
	if !object.of(n.value) {
		return n.mustBe("an object")
	}
	return every(
		optional("enabled", boolean),
		field("exclude_packages", maybe(listOf(text))),
		fields("enabled", "exclude_packages"),
	)(n)
}
