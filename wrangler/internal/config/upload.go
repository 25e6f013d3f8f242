package config

import (
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// Resource is a binding as deploy uploads it.
type Resource struct {
	Name string
	// Kind is the API's word for the kind, such as "kv_namespace". It is "inherit" if the configuration does not say
	// which resource is meant; see Pending.
	Kind string
	// Attributes are the fields of the upload but for "name" and "type", in the reference's order.
	Attributes *jsvalue.Object
	// Pending is the field that lacks, such as "id", if the configuration does not say which resource is meant, and ""
	// otherwise. A dry run then uploads an "inherit" binding. A real deployment asks the API: if the Worker has such a
	// binding already, that is inherited; otherwise wrangler creates the resource, or connects one, and uploads its
	// identifier.
	Pending string
	Key     string // path of the binding in the configuration
	Offset  int    // in the source, -1 if unknown
}

// upload is how a type of bindings is uploaded.
type upload struct {
	kind       string   // Binding.Type
	as         string   // type in the upload, "" if it is the same
	first      bool     // only the first one is uploaded
	pending    string   // the field without which the resource is to be provided
	needs      []string // one of these has to be there
	attributes []attribute
	make       func(b Binding, to *jsvalue.Object) // instead of attributes
}

// attribute is a field of an upload.
type attribute struct {
	name   string
	from   string // the field of the binding, "" if it is called the same
	truthy bool   // left out if it counts as false
}

// uploads are the types in the order in which the reference uploads them. Before them come inherited bindings, vars of
// plain text, JSON vars and secrets; after them come unsafe bindings.
var uploads = []upload{
	{kind: "kv_namespace", pending: "id", attributes: []attribute{{name: "namespace_id", from: "id"}, {name: "raw"}}},
	{kind: "send_email", attributes: []attribute{
		{name: "allowed_sender_addresses"}, {name: "destination_address"}, {name: "allowed_destination_addresses"}}},
	{kind: "durable_object_namespace", attributes: []attribute{
		{name: "class_name"}, {name: "script_name", truthy: true}, {name: "environment", truthy: true}}},
	{kind: "workflow", attributes: []attribute{
		{name: "workflow_name", from: "name"}, {name: "class_name"}, {name: "script_name"}, {name: "raw"}}},
	{kind: "queue", pending: "queue_name", attributes: []attribute{
		{name: "queue_name"}, {name: "delivery_delay"}, {name: "raw"}}},
	{kind: "r2_bucket", pending: "bucket_name", attributes: []attribute{
		{name: "bucket_name"}, {name: "jurisdiction"}, {name: "raw"}}},
	{kind: "d1", pending: "database_id", attributes: []attribute{
		{name: "id", from: "database_id"}, {name: "internalEnv", from: "database_internal_env"}, {name: "raw"}}},
	{kind: "vectorize", attributes: []attribute{{name: "index_name"}, {name: "raw"}}},
	{kind: "ai_search_namespace", pending: "namespace", attributes: []attribute{{name: "namespace"}}},
	{kind: "ai_search", attributes: []attribute{{name: "instance_name"}}},
	{kind: "agent_memory", pending: "namespace", attributes: []attribute{{name: "namespace"}}},
	{kind: "hyperdrive", attributes: []attribute{{name: "id"}}},
	{kind: "secrets_store_secret", attributes: []attribute{{name: "store_id"}, {name: "secret_name"}}},
	{kind: "artifacts", attributes: []attribute{{name: "namespace"}}},
	{kind: "unsafe_hello_world", attributes: []attribute{{name: "enable_timer"}}},
	{kind: "flagship", pending: "app_id", attributes: []attribute{{name: "app_id"}}},
	{kind: "ratelimit", attributes: []attribute{{name: "namespace_id"}, {name: "simple"}}},
	{kind: "vpc_service", attributes: []attribute{{name: "service_id"}}},
	{kind: "vpc_network", attributes: []attribute{{name: "tunnel_id"}, {name: "network_id"}}},
	{kind: "service", attributes: []attribute{{name: "service"}, {name: "cross_account_grant"},
		{name: "environment", truthy: true}, {name: "entrypoint", truthy: true}, {name: "props", truthy: true}}},
	{kind: "analytics_engine", attributes: []attribute{{name: "dataset"}}},
	{kind: "dispatch_namespace", pending: "namespace", make: uploadDispatch},
	{kind: "mtls_certificate", attributes: []attribute{{name: "certificate_id"}}},
	{kind: "pipeline", as: "pipelines", needs: []string{"stream", "pipeline"}, make: uploadPipeline},
	{kind: "k2", attributes: []attribute{{name: "stream"}}},
	{kind: "worker_loader"},
	{kind: "logfwdr", attributes: []attribute{{name: "destination"}}},
	{kind: "wasm_module", needs: []string{"source"}, make: uploadPart},
	{kind: "browser", first: true, attributes: []attribute{{name: "raw"}}},
	{kind: "analytics", first: true},
	{kind: "ai", first: true, attributes: []attribute{{name: "staging"}, {name: "raw"}}},
	{kind: "images", first: true, attributes: []attribute{{name: "raw"}}},
	{kind: "stream", first: true},
	{kind: "media", first: true},
	{kind: "version_metadata", first: true},
	{kind: "assets", first: true},
	{kind: "text_blob", needs: []string{"source"}, make: uploadPart},
	{kind: "data_blob", needs: []string{"source"}, make: uploadPart},
}

// Resources returns the bindings in list as wrangler 4.164.0 uploads them, without those that hold texts themselves:
// vars, secrets and inherited bindings, which come before all of these.
//
// The list must be in JavaScript's order and have each name once, as Config.Bindings has; that is also how it must be
// after something was added or replaced on the way.
//
// There is a problem for each binding over which the reference throws an exception here: one with a field "type" that
// makes it another kind of binding than the one that was validated.
func Resources(list []Binding) ([]Resource, []Problem) {
	byType := map[string][]Binding{}
	var problems []Problem
	for _, b := range list {
		byType[b.Type] = append(byType[b.Type], b)
		if b.typeless {
			problems = append(problems, b.refused(`wrangler fails with a TypeError, since its field "type" is no string; remove it`))
		}
	}
	var resources []Resource
	for _, u := range uploads {
		of := byType[u.kind]
		if u.first && len(of) > 1 {
			of = of[:1]
		}
		for _, b := range of {
			if u.lacks(b) {
				problems = append(problems, b.refused(`wrangler fails, since the binding lacks `+quoted(u.needs)))
			}
			resources = append(resources, u.resource(b))
		}
	}
	return append(resources, unsafeResources(list)...), problems
}

func (b Binding) refused(text string) Problem {
	return Problem{Severity: Error, Rule: RuleJavaScript, Key: b.Key, Offset: b.Offset, Text: text}
}

// lacks reports whether the binding has none of the fields that it needs to be uploaded at all.
func (u upload) lacks(b Binding) bool {
	for _, name := range u.needs {
		if b.Fields.Get(name).Truthy() {
			return false
		}
	}
	return len(u.needs) > 0
}

func (u upload) resource(b Binding) Resource {
	r := Resource{Name: b.Name, Kind: u.kind, Attributes: jsvalue.NewObject(), Key: b.Key, Offset: b.Offset}
	if u.as != "" {
		r.Kind = u.as
	}
	if u.pending != "" && b.Fields.Get(u.pending).IsNullish() {
		r.Kind, r.Pending = "inherit", u.pending
		return r
	}
	if u.make != nil {
		u.make(b, r.Attributes)
		return r
	}
	for _, a := range u.attributes {
		a.copy(b.Fields, r.Attributes)
	}
	return r
}

func (a attribute) copy(from, to *jsvalue.Object) {
	name := a.from
	if name == "" {
		name = a.name
	}
	v, _ := from.Own(name)
	if v.IsUndefined() || a.truthy && !v.Truthy() {
		return
	}
	to.Set(a.name, v)
}

func uploadPart(b Binding, to *jsvalue.Object) { to.Set("part", jsvalue.StringValue(b.Name)) }

func uploadPipeline(b Binding, to *jsvalue.Object) {
	name := "stream"
	if !b.Fields.Get(name).Truthy() {
		name = "pipeline"
	}
	attribute{name: name}.copy(b.Fields, to)
}

func uploadDispatch(b Binding, to *jsvalue.Object) {
	attribute{name: "namespace"}.copy(b.Fields, to)
	outbound, _ := b.Fields.Own("outbound")
	if !outbound.Truthy() {
		return
	}
	worker := jsvalue.NewObject()
	attribute{name: "service"}.copy(outbound.Object(), worker)
	attribute{name: "environment"}.copy(outbound.Object(), worker)
	o := jsvalue.NewObject()
	o.Set("worker", jsvalue.ObjectValue(worker))
	if names, ok := outbound.Object().Own("parameters"); ok {
		o.Set("params", named(names.Items()))
	}
	to.Set("outbound", jsvalue.ObjectValue(o))
}

// named makes an object with a name of each text.
func named(names []jsvalue.Value) jsvalue.Value {
	list := make([]jsvalue.Value, len(names))
	for i, name := range names {
		o := jsvalue.NewObject()
		o.Set("name", name)
		list[i] = jsvalue.ObjectValue(o)
	}
	return jsvalue.ArrayValue(list)
}

// unsafeResources are uploaded as they are.
func unsafeResources(list []Binding) []Resource {
	var resources []Resource
	for _, b := range list {
		kind, unsafe := strings.CutPrefix(b.Type, unsafePrefix)
		if !unsafe || b.Type == "unsafe_hello_world" {
			continue
		}
		resources = append(resources, Resource{Name: b.Name, Kind: kind, Attributes: b.Fields, Key: b.Key, Offset: b.Offset})
	}
	return resources
}
