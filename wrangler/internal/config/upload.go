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
	// Attributes are the members of the upload without "name" and "type", in wrangler's order.
	Attributes *jsvalue.Object
	// Pending is the missing member, such as "id", if the configuration does not say which resource is meant, and ""
	// otherwise. A dry run then uploads an "inherit" binding. A real deployment asks the API: it inherits the binding
	// of that name if the Worker has one; otherwise it creates or finds the resource, and uploads its identifier.
	Pending string
	Key     string // path of the binding in the configuration
	Offset  int    // in the source, -1 if unknown
}

// attribute is a member of an upload. An undefined value is left out.
type attribute struct {
	name  string
	value jsvalue.Value
}

// Resources returns the bindings in list as wrangler 4.164.0 uploads them, without vars, secrets and inherited
// bindings, which it uploads before all of these. The list must be in JavaScript's order and have each name once, as
// Config.Bindings has.
func Resources(list []Binding) []Resource {
	byType := map[string][]Binding{}
	for _, b := range list {
		byType[b.Type] = append(byType[b.Type], b)
	}
	var resources []Resource
	for _, k := range byUpload {
		for _, b := range byType[k.kind] {
			resources = append(resources, k.resource(b))
		}
	}
	for _, b := range list {
		if b.isUnsafe() {
			kind := strings.TrimPrefix(b.Type, unsafePrefix)
			resources = append(resources,
				Resource{Name: b.Name, Kind: kind, Attributes: b.Fields, Key: b.Key, Offset: b.Offset})
		}
	}
	return resources
}

func (k kind) resource(b Binding) Resource {
	r := Resource{Name: b.Name, Kind: k.uploadedAs(), Attributes: jsvalue.NewObject(), Key: b.Key, Offset: b.Offset}
	if k.pending != "" && !b.has(k.pending) {
		r.Kind, r.Pending = "inherit", k.pending
		return r
	}
	attributes := k.uploadMembers
	if k.upload != nil {
		attributes = k.upload
	}
	for _, a := range attributes(b) {
		if !a.value.IsUndefined() {
			r.Attributes.Set(a.name, a.value)
		}
	}
	return r
}

// member returns a member of b, undefined if there is none.
func (b Binding) member(name string) jsvalue.Value {
	v, _ := b.Fields.Own(name)
	return v
}

func (b Binding) has(name string) bool { return !b.member(name).IsNullish() }

// uploadMembers makes the attributes that the table lists for the kind.
func (k kind) uploadMembers(b Binding) []attribute {
	list := make([]attribute, 0, len(k.attributes))
	for _, a := range k.attributes {
		a, notEmpty := strings.CutSuffix(a, "?")
		name, from, renamed := strings.Cut(a, "=")
		if !renamed {
			from = name
		}
		if value := b.member(from); !notEmpty || value.Truthy() {
			list = append(list, attribute{name, value})
		}
	}
	return list
}

func uploadPart(b Binding) []attribute {
	return []attribute{{"part", jsvalue.StringValue(b.Name)}}
}

// uploadPipeline uploads the stream, or the pipeline as it was formerly called.
func uploadPipeline(b Binding) []attribute {
	if stream := b.member("stream"); stream.Truthy() {
		return []attribute{{"stream", stream}}
	}
	return []attribute{{"pipeline", b.member("pipeline")}}
}

func uploadDispatch(b Binding) []attribute {
	list := []attribute{{"namespace", b.member("namespace")}}
	outbound := b.member("outbound").Object()
	if outbound == nil {
		return list
	}
	worker := jsvalue.NewObject()
	for _, name := range []string{"service", "environment"} {
		if v, ok := outbound.Own(name); ok {
			worker.Set(name, v)
		}
	}
	o := jsvalue.NewObject()
	o.Set("worker", jsvalue.ObjectValue(worker))
	if parameters, ok := outbound.Own("parameters"); ok {
		var params []jsvalue.Value
		for _, name := range parameters.Items() {
			param := jsvalue.NewObject()
			param.Set("name", name)
			params = append(params, jsvalue.ObjectValue(param))
		}
		o.Set("params", jsvalue.ArrayValue(params))
	}
	return append(list, attribute{"outbound", jsvalue.ObjectValue(o)})
}
