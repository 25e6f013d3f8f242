package config

import (
	"cmp"
	"slices"
)

// shape is how a field holds bindings.
type shape uint8

const (
	list   shape = iota // an array of bindings, or an object whose member inside is one
	single              // one binding
	names               // an object from names to values
)

// kind is a kind of bindings: the field of the configuration that makes them, its rules, and how they are uploaded.
type kind struct {
	field  string
	kind   string // Binding.Type
	shape  shape
	inside string // for a list: the member that holds the array, "" if the field does
	name   string // the member with the binding's name, "binding" if ""
	words  string // what messages call the kind

	inherited bool // environments inherit the field
	topOnly   bool // environments cannot have the field
	nameless  bool // the name may be missing, and then there is no binding
	members   []member
	check     func(*check, node) // of one binding, beyond members

	order      int      // place in the upload; see byUpload
	as         string   // type in the upload, "" if it is kind
	pending    string   // the member without which wrangler finds or creates the resource
	attributes []string // of the upload: "name" or "name=member"; with "?" an empty value is left out
	upload     func(Binding) []attribute

	dev     int  // place in the env of wrangler dev, from 1; 0 if wrangler dev does not have the kind
	guarded bool // wrangler deploy --strict refuses to replace a secret of the deployed Worker by it
}

// kinds are the kinds of resources of wrangler 4.164.0, in the order in which it collects them: a binding replaces an
// earlier one of the same name. Vars come after assets.
var kinds = []kind{
	{field: "assets", kind: "assets", shape: single, words: "Assets", inherited: true, nameless: true,
		members: []member{may("directory")}, order: 36, dev: 13},
	{field: "durable_objects", kind: "durable_object_namespace", inside: "bindings", name: "name", words: "Durable Object",
		members: []member{must("class_name"), may("script_name"), may("environment"), remote},
		check:   checkDurableObject,
		order:   3, attributes: []string{"class_name", "script_name?", "environment?"}, dev: 7, guarded: true},
	{field: "workflows", kind: "workflow", words: "Workflow",
		members: []member{must("name"), must("class_name"), may("script_name")}, check: checkWorkflow,
		order:      4,
		attributes: []string{"workflow_name=name", "class_name", "script_name", "raw"}, dev: 14, guarded: true},
	{field: "kv_namespaces", kind: "kv_namespace", words: "KV Namespace",
		members: []member{mayBe("id", nonEmpty), may("preview_id"), remote},
		order:   1, pending: "id", attributes: []string{"namespace_id=id", "raw"}, dev: 8, guarded: true},
	{field: "send_email", kind: "send_email", name: "name", words: "Send Email",
		members: []member{may("destination_address"),
			mayBe("allowed_destination_addresses", aList), mayBe("allowed_sender_addresses", aList), remote},
		check: exclusive("destination_address", "allowed_destination_addresses"), order: 2,
		attributes: []string{"allowed_sender_addresses", "destination_address", "allowed_destination_addresses"},
		dev:        18},
	{field: "queues", kind: "queue", inside: "producers", words: "Queue",
		members: []member{mayBe("queue", nonEmpty), mayBe("delivery_delay", aNumber), remote},
		order:   5, pending: "queue",
		attributes: []string{"queue_name=queue", "delivery_delay", "raw"}, dev: 9, guarded: true},
	{field: "r2_buckets", kind: "r2_bucket", words: "R2 Bucket",
		members: []member{mayBe("bucket_name", nonEmpty), may("preview_bucket_name"), may("jurisdiction"), remote},
		check:   checkBucket,
		order:   6, pending: "bucket_name",
		attributes: []string{"bucket_name", "jurisdiction", "raw"}, dev: 10, guarded: true},
	{field: "d1_databases", kind: "d1", words: "D1 Database",
		members: []member{may("database_id"),
			may("preview_database_id"), may("database_name"), may("jurisdiction"), may("migrations_pattern"),
			may("migrations_dir"), may("migrations_table"), may("database_internal_env"), remote},
		order: 7, pending: "database_id",
		attributes: []string{"id=database_id", "internalEnv=database_internal_env", "raw"}, dev: 6, guarded: true},
	{field: "vectorize", kind: "vectorize", words: "Vectorize Index", members: []member{must("index_name"), remote},
		order: 8, attributes: []string{"index_name", "raw"}, dev: 29, guarded: true},
	{field: "ai_search_namespaces", kind: "ai_search_namespace", words: "AI Search Namespace",
		members: []member{must("namespace"), remote},
		order:   9, pending: "namespace", attributes: []string{"namespace"}, dev: 24, guarded: true},
	{field: "ai_search", kind: "ai_search", words: "AI Search Instance",
		members: []member{must("instance_name"), remote},
		order:   10, attributes: []string{"instance_name"}, dev: 23, guarded: true},
	{field: "agent_memory", kind: "agent_memory", words: "Agent Memory", members: []member{must("namespace"), remote},
		order: 11, pending: "namespace", attributes: []string{"namespace"}, dev: 22, guarded: true},
	{field: "hyperdrive", kind: "hyperdrive", words: "Hyperdrive Config", members: []member{must("id"), remote},
		order: 12, attributes: []string{"id"}, dev: 11},
	{field: "services", kind: "service", words: "Worker",
		members:    []member{must("service"), may("environment"), may("entrypoint"), remote},
		order:      20,
		attributes: []string{"service", "cross_account_grant", "environment?", "entrypoint?", "props?"},
		dev:        4, guarded: true},
	{field: "analytics_engine_datasets", kind: "analytics_engine", words: "Analytics Engine Dataset",
		members: []member{mayBe("dataset", nonEmpty), remote},
		order:   21, attributes: []string{"dataset"}, dev: 19},
	{field: "dispatch_namespaces", kind: "dispatch_namespace", words: "Dispatch Namespace",
		members: []member{may("namespace"), remote}, check: checkDispatch,
		order: 22, pending: "namespace", upload: uploadDispatch, dev: 26, guarded: true},
	{field: "mtls_certificates", kind: "mtls_certificate", words: "mTLS Certificate",
		members: []member{mustBe("certificate_id", nonEmpty), remote},
		order:   23, attributes: []string{"certificate_id"}, dev: 32, guarded: true},
	{field: "unsafe", kind: "unsafe", inside: "bindings", name: "name", words: "Unsafe Metadata",
		members: []member{must("type")}},
	{field: "browser", kind: "browser", shape: single, words: "Browser Run", members: []member{remote},
		order: 29, attributes: []string{"raw"}, dev: 25, guarded: true},
	{field: "analytics", kind: "analytics", shape: single, words: "Analytics SQL", members: []member{remote},
		order: 30, dev: 20, guarded: true},
	{field: "ai", kind: "ai", shape: single, words: "AI", members: []member{remote},
		order: 31, attributes: []string{"staging", "raw"}, dev: 21, guarded: true},
	{field: "images", kind: "images", shape: single, words: "Images", members: []member{remote}, order: 32,
		attributes: []string{"raw"}, dev: 27},
	{field: "stream", kind: "stream", shape: single, words: "Stream", members: []member{remote}, order: 33, dev: 28},
	{field: "media", kind: "media", shape: single, words: "Media", members: []member{remote}, order: 34, dev: 37},
	{field: "pipelines", kind: "pipeline", words: "Pipeline", members: []member{remote}, check: checkPipeline,
		order: 24, as: "pipelines", upload: uploadPipeline, dev: 15},
	{field: "k2", kind: "k2", words: "K2 Stream", members: []member{must("stream"), remote}, check: checkK2,
		order: 25, attributes: []string{"stream"}, dev: 16},
	{field: "secrets_store_secrets", kind: "secrets_store_secret", words: "Secrets Store Secret",
		members: []member{must("store_id"), must("secret_name")},
		order:   13, attributes: []string{"store_id", "secret_name"}, dev: 17},
	{field: "artifacts", kind: "artifacts", words: "Artifacts", members: []member{must("namespace"), remote},
		order: 14, attributes: []string{"namespace"}, dev: 35},
	{field: "unsafe_hello_world", kind: "unsafe_hello_world", words: "Hello World",
		members: []member{mayBe("enable_timer", aBoolean)},
		order:   15, attributes: []string{"enable_timer"}, dev: 33},
	{field: "flagship", kind: "flagship", words: "Flagship", members: []member{may("app_id"), remote},
		order: 16, pending: "app_id", attributes: []string{"app_id"}, dev: 34},
	{field: "worker_loaders", kind: "worker_loader", words: "Worker Loader", order: 26, dev: 36},
	{field: "ratelimits", kind: "ratelimit", name: "name", words: "Rate Limit",
		members: []member{must("namespace_id")}, check: checkRateLimit,
		order: 17, attributes: []string{"namespace_id", "simple"}, dev: 12},
	{field: "vpc_services", kind: "vpc_service", words: "VPC Service", members: []member{must("service_id")},
		order: 18, attributes: []string{"service_id"}, dev: 31, guarded: true},
	{field: "vpc_networks", kind: "vpc_network", words: "VPC Network",
		members: []member{may("tunnel_id"), may("network_id")}, check: checkNetwork,
		order: 19, attributes: []string{"tunnel_id", "network_id"}, dev: 30, guarded: true},
	{field: "version_metadata", kind: "version_metadata", shape: single, words: "Worker Version Metadata",
		order: 35, dev: 38},
	{field: "logfwdr", kind: "logfwdr", inside: "bindings", name: "name", words: "logfwdr", inherited: true,
		members: []member{must("destination")},
		order:   27, attributes: []string{"destination"}},
	{field: "wasm_modules", kind: "wasm_module", shape: names, words: "Wasm Module", topOnly: true, order: 28,
		upload: uploadPart, dev: 1},
	{field: "text_blobs", kind: "text_blob", shape: names, words: "Text Blob", topOnly: true, order: 37,
		upload: uploadPart, dev: 2},
	{field: "data_blobs", kind: "data_blob", shape: names, words: "Data Blob", topOnly: true, order: 38,
		upload: uploadPart, dev: 3},
}

// byUpload are the kinds in the order in which wrangler uploads them. Inherited bindings, vars and secrets come before
// them; unsafe bindings, which have no place, come after them.
var byUpload = func() []kind {
	sorted := slices.DeleteFunc(slices.Clone(kinds), func(k kind) bool { return k.order == 0 })
	slices.SortFunc(sorted, func(a, b kind) int { return cmp.Compare(a.order, b.order) })
	return sorted
}()

// pagesAssets is the place of the ASSETS binding of a Pages project in the env of wrangler dev, after services.
const pagesAssets = 5

func (k kind) uploadedAs() string { return cmp.Or(k.as, k.kind) }
func (k kind) nameMember() string { return cmp.Or(k.name, "binding") }

// comparesNames reports whether wrangler compares the names of the kind with those of other kinds. It looks for them in
// the member "binding" of an array, where these have none.
func (k kind) comparesNames() bool { return k.shape != list || k.inside != "" || k.name == "" }

// kindOf returns the kind of the bindings in a field, the zero kind if the field makes none.
func kindOf(field string) kind {
	for _, k := range kinds {
		if k.field == field {
			return k
		}
	}
	return kind{}
}

// bindings returns the nodes of the bindings that the field n holds.
func (k kind) bindings(n node) []node {
	switch {
	case n.isUndefined() || k.shape == names:
		return nil
	case k.shape == single:
		return []node{n}
	case k.inside != "":
		return n.get(k.inside).items()
	}
	return n.items()
}
