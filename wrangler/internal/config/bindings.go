package config

import "github.com/workerenv/workerenv/internal/jsvalue"

// Binding is one binding as deploy and dev start from it.
type Binding struct {
	Name string
	// Type is wrangler's own word for the kind, such as "plain_text", "json", "kv_namespace" or "d1". For an unsafe
	// binding it is "unsafe_" and whatever the configuration says. A field "type" of the configuration, which is
	// unknown to wrangler and only warned of, takes its place; it is "" if that is no string.
	Type string
	// Fields are the fields of the binding but for its name and type: those of the configuration, unknown ones
	// included. A var has the field "value", a module the field "source" with a "path" from the directory of the
	// configuration file.
	Fields *jsvalue.Object
	Key    string // path of the binding, such as "env.staging.kv_namespaces[0]"
	Offset int    // in the source, -1 if unknown

	typeless bool // the field "type" is no string
}

// shape is how a field holds bindings.
type shape uint8

const (
	listShape   shape = iota // an array; each has its name in a field
	nestedShape              // an array in a field of an object
	oneShape                 // one binding, which has its name in a field
	mapShape                 // an object from names to values
)

// boundFields are the fields that make bindings, in the order in which the reference goes through its result. A
// binding takes the place of an earlier one of the same name.
var boundFields = []struct {
	field  string
	shape  shape
	inside string // for nestedShape: the field with the array
	name   string // the field with the name
	kind   string
}{
	{field: "assets", shape: oneShape, name: "binding", kind: "assets"},
	{field: "vars", shape: mapShape},
	{field: "durable_objects", shape: nestedShape, inside: "bindings", name: "name", kind: "durable_object_namespace"},
	{field: "workflows", name: "binding", kind: "workflow"},
	{field: "kv_namespaces", name: "binding", kind: "kv_namespace"},
	{field: "send_email", name: "name", kind: "send_email"},
	{field: "queues", shape: nestedShape, inside: "producers", name: "binding", kind: "queue"},
	{field: "r2_buckets", name: "binding", kind: "r2_bucket"},
	{field: "d1_databases", name: "binding", kind: "d1"},
	{field: "vectorize", name: "binding", kind: "vectorize"},
	{field: "ai_search_namespaces", name: "binding", kind: "ai_search_namespace"},
	{field: "ai_search", name: "binding", kind: "ai_search"},
	{field: "agent_memory", name: "binding", kind: "agent_memory"},
	{field: "hyperdrive", name: "binding", kind: "hyperdrive"},
	{field: "services", name: "binding", kind: "service"},
	{field: "analytics_engine_datasets", name: "binding", kind: "analytics_engine"},
	{field: "dispatch_namespaces", name: "binding", kind: "dispatch_namespace"},
	{field: "mtls_certificates", name: "binding", kind: "mtls_certificate"},
	{field: "unsafe", shape: nestedShape, inside: "bindings", name: "name", kind: unsafePrefix},
	{field: "browser", shape: oneShape, name: "binding", kind: "browser"},
	{field: "analytics", shape: oneShape, name: "binding", kind: "analytics"},
	{field: "ai", shape: oneShape, name: "binding", kind: "ai"},
	{field: "images", shape: oneShape, name: "binding", kind: "images"},
	{field: "stream", shape: oneShape, name: "binding", kind: "stream"},
	{field: "media", shape: oneShape, name: "binding", kind: "media"},
	{field: "pipelines", name: "binding", kind: "pipeline"},
	{field: "k2", name: "binding", kind: "k2"},
	{field: "secrets_store_secrets", name: "binding", kind: "secrets_store_secret"},
	{field: "artifacts", name: "binding", kind: "artifacts"},
	{field: "unsafe_hello_world", name: "binding", kind: "unsafe_hello_world"},
	{field: "flagship", name: "binding", kind: "flagship"},
	{field: "worker_loaders", name: "binding", kind: "worker_loader"},
	{field: "ratelimits", name: "name", kind: "ratelimit"},
	{field: "vpc_services", name: "binding", kind: "vpc_service"},
	{field: "vpc_networks", name: "binding", kind: "vpc_network"},
	{field: "version_metadata", shape: oneShape, name: "binding", kind: "version_metadata"},
	{field: "logfwdr", shape: nestedShape, inside: "bindings", name: "name", kind: "logfwdr"},
	{field: "wasm_modules", shape: mapShape, kind: "wasm_module"},
	{field: "text_blobs", shape: mapShape, kind: "text_blob"},
	{field: "data_blobs", shape: mapShape, kind: "data_blob"},
}

// unsafePrefix starts the type of a binding that wrangler does not know.
const unsafePrefix = "unsafe_"

// bindingSet collects bindings by name, in JavaScript's order.
type bindingSet struct {
	places *jsvalue.Object // name -> index in list
	list   []Binding
}

func (s *bindingSet) add(b Binding) {
	if b.Name == "__proto__" {
		return
	}
	if i, ok := s.places.Own(b.Name); ok {
		s.list[int(i.Float())] = b
		return
	}
	s.places.Set(b.Name, jsvalue.NumberValue(float64(len(s.list))))
	s.list = append(s.list, b)
}

func (s *bindingSet) ordered() []Binding {
	list := make([]Binding, 0, len(s.list))
	for _, i := range s.places.All() {
		list = append(list, s.list[int(i.Float())])
	}
	return list
}

// bindings returns all bindings that the result makes.
func (r *result) bindings() []Binding {
	set := &bindingSet{places: jsvalue.NewObject()}
	for _, f := range boundFields {
		n := r.field(f.field)
		switch f.shape {
		case listShape:
			set.addEach(n, f.name, f.kind)
		case nestedShape:
			set.addEach(n.deep(f.inside), f.name, f.kind)
		case oneShape:
			set.addObject(n, f.name, f.kind)
		case mapShape:
			set.addValues(n, f.kind)
		}
	}
	return set.ordered()
}

func (s *bindingSet) addEach(list node, name, kind string) {
	for i := range list.value.Items() {
		s.addObject(list.at(i), name, kind)
	}
}

// addObject adds the binding that an object describes. What the object says of "type" wins.
func (s *bindingSet) addObject(n node, nameField, kind string) {
	name, ok := boundName(n, nameField, kind)
	if !ok {
		return
	}
	b := Binding{Name: name, Type: kind, Fields: jsvalue.NewObject(), Key: n.key, Offset: n.offset}
	switch kind {
	case "assets":
	case "send_email":
		b.copyEmail(n)
	case "queue":
		b.set("queue_name", n.property("queue"))
		b.copyFields(n, nameField)
	case unsafePrefix:
		b.Type += n.property("type").Text()
		b.copyFields(n, nameField, "type")
	default:
		b.copyFields(n, nameField)
	}
	s.add(b)
}

// boundName returns the name of a binding. A producer of a queue can do without: its name is then "undefined".
func boundName(n node, nameField, kind string) (string, bool) {
	if !n.isObject() {
		return "", false
	}
	name := n.property(nameField)
	switch {
	case kind == "queue":
		return toText(name)
	case kind == "assets" && name.Text() == "":
		return "", false
	}
	return name.Text(), name.Is(jsvalue.String)
}

func (b *Binding) set(name string, v jsvalue.Value) {
	if !v.IsUndefined() {
		b.Fields.Set(name, v)
	}
}

// copyFields takes the own fields of n but for some.
func (b *Binding) copyFields(n node, except ...string) {
	for _, name := range without(keys(n.value), except) {
		v := n.property(name)
		if name == "type" {
			b.Type, b.typeless = v.Text(), !v.Is(jsvalue.String)
			continue
		}
		b.set(name, v)
	}
}

// copyEmail takes the fields of a binding to send email, and one kind of destination.
func (b *Binding) copyEmail(n node) {
	names := []string{"allowed_sender_addresses", "remote", "destination_address"}
	if n.property("destination_address").IsUndefined() {
		names[2] = "allowed_destination_addresses"
	}
	for _, name := range names {
		b.set(name, n.property(name))
	}
}

// addValues adds one binding for each field of n: vars if kind is "", else modules.
func (s *bindingSet) addValues(n node, kind string) {
	if n.value.IsNullish() {
		return
	}
	for _, child := range n.children() {
		b := Binding{Name: child.name, Type: kind, Fields: jsvalue.NewObject(), Key: child.key, Offset: child.offset}
		switch {
		case kind != "":
			source := jsvalue.NewObject()
			source.Set("path", child.value)
			b.set("source", jsvalue.ObjectValue(source))
		case child.value.Is(jsvalue.String):
			b.Type = "plain_text"
			b.set("value", child.value)
		default:
			b.Type = "json"
			b.set("value", child.value)
		}
		s.add(b)
	}
}
