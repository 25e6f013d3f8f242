package config

import (
	"github.com/workerenv/workerenv/internal/jsvalue"
)

// remote says whether local development uses the real thing.
var remote = optional("remote", boolean)

// The bindings that are elements of an array, by kind.
var (
	kvNamespace = entity(
		required("binding", text), nonEmpty("id"), optional("preview_id", text), remote,
		fields("binding", "id", "preview_id", "remote"),
	)
	sendEmail = entity(
		required("name", text), optional("destination_address", text),
		optional("allowed_destination_addresses", object), optional("allowed_sender_addresses", object),
		exclusive("destination_address", "allowed_destination_addresses"), remote,
		fields("allowed_sender_addresses", "allowed_destination_addresses", "destination_address", "name", "binding", "remote"),
	)
	queueProducer = inTurn(
		entity(known("binding", "queue", "delivery_delay", "remote")),
		every(
			required("binding", text), nonEmpty("queue"), optional("delivery_delay", number),
			ignored("delivery_delay", `has no effect; use "wrangler queues update" instead`), remote,
		),
	)
	d1Database = entity(
		required("binding", text), optional("database_id", text), optional("preview_database_id", text), remote,
		optional("migrations_pattern", text), optional("database_name", text), optional("jurisdiction", text),
		optional("migrations_dir", text), optional("migrations_table", text), optional("database_internal_env", text),
		fields("binding", "database_id", "database_internal_env", "database_name", "jurisdiction", "migrations_dir",
			"migrations_pattern", "migrations_table", "preview_database_id", "remote"),
	)
	vectorizeIndex    = simple("index_name")
	aiSearchNamespace = simple("namespace")
	aiSearch          = simple("instance_name")
	agentMemory       = simple("namespace")
	hyperdrive        = entity(
		required("binding", text), required("id", text), remote,
		fields("binding", "id", "localConnectionString", "remote"),
	)
	service = entity(
		required("binding", text), required("service", text), optional("environment", text),
		optional("entrypoint", text), field("dev", maybe(servicePlugin)), ignoredRemote, remote,
	)
	analyticsEngine = entity(
		required("binding", text), nonEmpty("dataset"), fields("binding", "dataset", "remote"), remote,
	)
	dispatchNamespace = entity(
		required("binding", text), optional("namespace", text), outbound, remote,
	)
	mtlsCertificate = entity(
		required("binding", text), filled("certificate_id"), fields("binding", "certificate_id", "remote"), remote,
	)
	k2Stream = record(
		required("binding", text), required("stream", text), remote, alwaysRemote, fields("binding", "stream", "remote"),
	)
	secretsStoreSecret = entity(
		required("binding", text), required("store_id", text), required("secret_name", text),
		fields("binding", "store_id", "secret_name"),
	)
	artifacts = entity(
		required("binding", text), required("namespace", text), fields("binding", "namespace", "remote"), remote,
	)
	helloWorld = entity(
		required("binding", text), optional("enable_timer", boolean), fields("binding", "enable_timer"),
	)
	flagship = entity(
		required("binding", text), optional("app_id", text), fields("binding", "app_id", "remote"), remote,
	)
	workerLoader = entity(required("binding", text), fields("binding"))
	rateLimit    = entity(
		required("name", text), required("namespace_id", text), field("simple", entity(
			required("limit", number), required("period", number), tenOrSixty, fields("limit", "period"),
		)), fields("name", "namespace_id", "simple"),
	)
	vpcService = entity(
		required("binding", text), required("service_id", text), fields("binding", "service_id", "remote"),
	)
	vpcNetwork = entity(
		required("binding", text), tunnelOrNetwork, fields("binding", "tunnel_id", "network_id", "remote"),
	)
	pipeline = entity(
		required("binding", text), pipelineStream, remote, fields("binding", "stream", "pipeline", "remote"),
	)
)

// The bindings that are the value of a field.
var (
	single          = record(required("binding", text), remote, fields("binding", "remote"))
	ai              = record(required("binding", text), remote)
	versionMetadata = record(required("binding", text))
)

// simple is a binding with one field that says what it is bound to.
func simple(name string) rule {
	return entity(required("binding", text), required(name, text), remote, fields("binding", name, "remote"))
}

// ignored warns of a field that has no effect.
func ignored(name, text string) rule {
	return func(n node) bool {
		if !n.property(name).IsUndefined() {
			n.warnAt(name, RuleIgnored, text)
		}
		return true
	}
}

func isFalse(v jsvalue.Value) bool { return v.Is(jsvalue.Bool) && !v.IsTrue() }

func alwaysRemote(n node) bool {
	if isFalse(n.property("remote")) {
		return n.failAt("remote", RuleChoice, "must be true or left out; a K2 binding always uses the real stream")
	}
	return true
}

func tenOrSixty(n node) bool {
	switch n := n.get("period"); n.value.Float() {
	case 10, 60:
		return true
	default:
		return !number.of(n.value) || n.fail(RuleChoice, "must be 10 or 60")
	}
}

// servicePlugin validates what stands in for a service in local development.
var servicePlugin = record(
	field("plugin", record(required("package", text), required("name", text))),
	field("options", maybe(record())),
)

func ignoredRemote(n node) bool {
	if !n.property("dev").IsUndefined() && n.property("remote").IsTrue() {
		n.warnAt("remote", RuleIgnored, `has no effect beside "dev"; remove one of them`)
	}
	return true
}

// outbound validates the Worker that requests of dispatched Workers go through. It stops at the first fault.
func outbound(n node) bool {
	if !n.has("outbound") {
		return true
	}
	n = n.get("outbound")
	if n.value.IsNullish() {
		n.value = noFields
	}
	return entity(inTurn(
		required("service", text),
		optional("environment", text),
		field("parameters", maybe(listOf(text))),
	))(n)
}

func tunnelOrNetwork(n node) bool {
	tunnel, network := n.has("tunnel_id"), n.has("network_id")
	switch {
	case tunnel && network:
		return exclusive("tunnel_id", "network_id")(n)
	case tunnel:
		return required("tunnel_id", text)(n)
	case network:
		return required("network_id", text)(n)
	}
	return n.fail(RuleRequired, `needs one of "tunnel_id", "network_id"`)
}

// pipelineStream wants a stream, or a pipeline as it was formerly called.
func pipelineStream(n node) bool {
	if n.property("stream").Text() != "" {
		return true
	}
	if n.property("pipeline").Text() != "" {
		n.warnAt("pipeline", RuleDeprecated, `is deprecated; rename it to "stream"`)
		return true
	}
	return n.failAt("stream", RuleRequired, "is required; set it to a string that is not empty")
}

var bucketName = pattern(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`)

var r2Bucket = entity(
	bucketNames,
	optional("jurisdiction", text), remote, localBucket,
	fields("binding", "bucket_name", "preview_bucket_name", "jurisdiction", "remote", "local_dev"),
)

// bucketNames looks at the form of each name only as long as nothing else is wrong.
func bucketNames(n node) bool {
	ok := every(required("binding", text), nonEmpty("bucket_name"))(n)
	ok = ok && isBucketName("bucket_name")(n)
	ok = optional("preview_bucket_name", text)(n) && ok
	return ok && isBucketName("preview_bucket_name")(n)
}

// localBucket validates the field "local_dev".
func localBucket(n node) bool {
	if !n.has("local_dev") {
		return true
	}
	return entity(
		func(n node) bool { n.warnExperimental("experimental_s3_credentials"); return true },
		localCredentials,
		fields("experimental_s3_credentials"),
	)(n.get("local_dev"))
}

func localCredentials(n node) bool {
	if !n.has("experimental_s3_credentials") {
		return true
	}
	n = n.get("experimental_s3_credentials")
	if n.isObject() && n.isField("accessKeyId", text) && n.isField("secretAccessKey", text) {
		return true
	}
	return n.fail(RuleType, `must be an object with the strings "accessKeyId" and "secretAccessKey"`)
}

func isBucketName(name string) rule {
	return func(n node) bool {
		if !n.has(name) || bucketName().MatchString(n.property(name).Text()) {
			return true
		}
		return n.failAt(name, RuleFormat, "must be 3 to 63 lower-case letters, digits and hyphens, "+
			"with a letter or digit at each end")
	}
}
