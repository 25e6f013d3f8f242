package config

// previewFields are the fields of "previews" in the order in which the reference validates them.
var previewFields = []struct {
	name string
	rule rule
}{
	{"vars", vars},
	{"define", define},
	{"placement", placement},
	{"durable_objects", maybe(record(fields("bindings"), durableObjectList))},
	{"workflows", every(bindings(workflow), uniqueNames)},
	{"kv_namespaces", bindings(kvNamespace)},
	{"send_email", bindings(sendEmail)},
	{"queues", queues},
	{"d1_databases", bindings(d1Database)},
	{"r2_buckets", bindings(r2Bucket)},
	{"vectorize", bindings(vectorizeIndex)},
	{"ai_search_namespaces", bindings(aiSearchNamespace)},
	{"ai_search", bindings(aiSearch)},
	{"hyperdrive", bindings(hyperdrive)},
	{"services", bindings(service)},
	{"analytics_engine_datasets", bindings(analyticsEngine)},
	{"dispatch_namespaces", bindings(dispatchNamespace)},
	{"mtls_certificates", bindings(mtlsCertificate)},
	{"tail_consumers", tailConsumers},
	{"streaming_tail_consumers", streamingTailConsumers},
	{"unsafe", maybe(unsafe)},
	{"browser", maybe(single)},
	{"analytics", maybe(single)},
	{"ai", maybe(ai)},
	{"images", maybe(single)},
	{"stream", maybe(single)},
	{"media", maybe(single)},
	{"pipelines", bindings(pipeline)},
	{"secrets_store_secrets", bindings(secretsStoreSecret)},
	{"k2", bindings(k2Stream)},
	{"artifacts", bindings(artifacts)},
	{"unsafe_hello_world", bindings(helloWorld)},
	{"flagship", bindings(flagship)},
	{"worker_loaders", bindings(workerLoader)},
	{"ratelimits", bindings(rateLimit)},
	{"vpc_services", bindings(vpcService)},
	{"version_metadata", maybe(versionMetadata)},
	{"containers", maybe(previewContainers)},
	{"logpush", is(boolean)},
	{"observability", observability},
	{"limits", limits},
	{"cache", cache},
}

var previewNames = func() []string {
	names := make([]string, len(previewFields))
	for i, f := range previewFields {
		names[i] = f.name
	}
	return names
}()

// previews validates the field "previews", an environment of its own kind. Nothing in it is compared with the top
// level.
func previews(n node) bool {
	n.apart = true
	return maybe(record(known(previewNames...), func(n node) bool {
		ok := true
		for _, f := range previewFields {
			ok = f.rule(n.get(f.name)) && ok
		}
		return ok
	}))(n)
}
